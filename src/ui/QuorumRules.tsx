// ui: what the person sees; speaks the protocol like any other client. This file: what needs the approval of several
// people, and how long a request waits for them: chosen with them, and changed later.

import { useState } from 'preact/hooks'
import { type Quorum, type QuorumGroup, quorumGroups } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { FormEnd } from './FormEnd.tsx'
import { say } from './Notices.tsx'
import { ProofField, useProving } from './Proof.tsx'
import { groupWords, waitWords } from './quorumWords.ts'
import { SelectField } from './SelectField.tsx'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

export interface QuorumRules {
  readonly groups: readonly QuorumGroup[]
  readonly minutes: number
}

export const rulesProblem = ({ groups }: QuorumRules): string | null =>
  groups.length === 0 ? t('quorum_nothing_chosen') : null

export const rulesInput = ({ groups, minutes }: QuorumRules) => ({
  Groups: [...groups],
  ExpiryMinutes: minutes,
})

const waits = Object.entries(waitWords)

export function QuorumRuleFields({
  rules,
  onRules,
}: {
  readonly rules: QuorumRules
  readonly onRules: (next: Partial<QuorumRules>) => void
}) {
  const { groups, minutes } = rules
  const turn = (group: QuorumGroup, on: boolean) =>
    onRules({ groups: quorumGroups.filter((one) => (one === group ? on : groups.includes(one))) })
  return (
    <>
      <fieldset class="plain stack tight">
        <legend>{t('quorum_groups')}</legend>
        {quorumGroups.map((group) => (
          <label class="check" key={group}>
            <input
              type="checkbox"
              checked={groups.includes(group)}
              onChange={({ currentTarget }) => turn(group, currentTarget.checked)}
            />
            {groupWords[group]}
          </label>
        ))}
        <p class="hint">{t('quorum_always')}</p>
      </fieldset>
      <SelectField
        label={t('quorum_expiry')}
        value={String(minutes)}
        options={waits}
        onValue={(chosen) => onRules({ minutes: Number(chosen) })}
      />
    </>
  )
}

/** Less of it needs the approval of the people themselves, more does not. */
export function ChangeRules({
  quorum: { Groups, ExpiryMinutes },
  onDone,
}: {
  readonly quorum: Quorum
  readonly onDone: () => void
}) {
  const [rules, setRules] = useState<QuorumRules>({ groups: Groups, minutes: ExpiryMinutes })
  const proving = useProving()
  const task = useTask()
  const save = () =>
    task.run(async () => {
      const problem = rulesProblem(rules) ?? proving.problem()
      if (problem) return task.fail(problem)
      const Proof = await proving.prove()
      await call('keyhearth:UpdateQuorum', { Proof, ...rulesInput(rules) })
      proving.clear()
      onDone()
      say(t('quorum_changed'))
    })
  return (
    <form class="inset stack" autocomplete="off" onSubmit={onSubmit(save)}>
      <h3>{t('quorum_change')}</h3>
      <p class="hint">{t('quorum_change_lead')}</p>
      <QuorumRuleFields rules={rules} onRules={(next) => setRules({ ...rules, ...next })} />
      <ProofField of={proving} label={t('quorum_change_proof')} />
      <FormEnd task={task} words={t('quorum_change_save')} onCancel={onDone} />
    </form>
  )
}
