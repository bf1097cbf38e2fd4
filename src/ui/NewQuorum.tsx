// ui: what the person sees; speaks the protocol like any other client. This file: choosing the people who approve, how
// many of them it takes, and what for; then their sheets, once.

import { Plus } from 'lucide'
import { useState } from 'preact/hooks'
import { quorumGroups } from '../protocol/outputs.ts'
import { shareBounds } from './AddKeySlot.tsx'
import { call } from './call.ts'
import { NumberField, TextField } from './Field.tsx'
import { FormEnd } from './FormEnd.tsx'
import { Icon } from './Icon.tsx'
import { NewShares } from './NewSheets.tsx'
import { ProofField, useProving } from './Proof.tsx'
import { QuorumRuleFields, type QuorumRules, rulesInput, rulesProblem } from './QuorumRules.tsx'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

interface Wanted extends QuorumRules {
  /** As they are typed; empty ones are nobody. */
  readonly names: readonly string[]
  readonly threshold: number
}

interface Made {
  readonly setId: string
  readonly shares: readonly (readonly string[])[]
}

const atFirst: Wanted = { names: ['', '', ''], threshold: 2, groups: quorumGroups, minutes: 15 }

const holdersOf = ({ names }: Wanted): string[] =>
  names.map((name) => name.trim()).filter((name) => name !== '')

function problemOf(wanted: Wanted): string | null {
  const { length } = holdersOf(wanted)
  if (length < shareBounds.least) return t('quorum_too_few_people')
  if (wanted.threshold > length) return t('quorum_too_many_needed')
  return rulesProblem(wanted)
}

export function NewQuorum({ onDone }: { readonly onDone: () => void }) {
  const [wanted, setWanted] = useState(atFirst)
  const [made, setMade] = useState<Made | null>(null)
  const proving = useProving()
  const task = useTask()
  const set = (next: Partial<Wanted>) => setWanted({ ...wanted, ...next })
  const make = () =>
    task.run(async () => {
      const problem = problemOf(wanted) ?? proving.problem()
      if (problem) return task.fail(problem)
      const Proof = await proving.prove()
      const { SetId, Shares } = await call('keyhearth:CreateQuorum', {
        Proof,
        Holders: holdersOf(wanted),
        Threshold: wanted.threshold,
        ...rulesInput(wanted),
      })
      proving.clear()
      setMade({ setId: SetId, shares: Shares })
    })
  if (made) return <Sheets made={made} wanted={wanted} onDone={onDone} />
  return (
    <form class="inset stack" autocomplete="off" onSubmit={onSubmit(make)}>
      <h3>{t('quorum_begin')}</h3>
      <People names={wanted.names} onNames={(names) => set({ names })} />
      <NumberField
        label={t('quorum_threshold')}
        value={wanted.threshold}
        onValue={(threshold) => set({ threshold })}
        least={shareBounds.least}
        most={wanted.names.length}
      />
      <QuorumRuleFields rules={wanted} onRules={set} />
      <p class="hint warn">{t('quorum_loss')}</p>
      <ProofField of={proving} label={t('quorum_proof')} />
      <FormEnd task={task} words={t('quorum_make')} onCancel={onDone} />
    </form>
  )
}

function People({
  names,
  onNames,
}: {
  readonly names: readonly string[]
  readonly onNames: (names: readonly string[]) => void
}) {
  return (
    <fieldset class="plain stack">
      <legend>{t('quorum_people')}</legend>
      <p class="hint">{t('quorum_people_hint')}</p>
      {names.map((name, i) => (
        <TextField
          // Places, not people: each is typed where it stands.
          key={i}
          label={t('quorum_person', [String(i + 1)])}
          value={name}
          maxLength={100}
          autofocus={i === 0}
          onValue={(next) => onNames(names.map((one, at) => (at === i ? next : one)))}
        />
      ))}
      {names.length < shareBounds.most && (
        <div>
          <button type="button" class="quiet" onClick={() => onNames([...names, ''])}>
            <Icon of={Plus} />
            {t('quorum_person_more')}
          </button>
        </div>
      )}
    </fieldset>
  )
}

function Sheets({
  made,
  wanted,
  onDone,
}: {
  readonly made: Made
  readonly wanted: Wanted
  readonly onDone: () => void
}) {
  const names = holdersOf(wanted)
  const counts = [String(wanted.threshold), String(names.length)] as const
  const whose = names.map((name, i) => t('quorum_sheet_of', [String(i + 1), name])).join(', ')
  return (
    <NewShares
      shares={made.shares}
      set={made.setId}
      lead={t('quorum_sheets_lead', [...counts, whose])}
      note={t('quorum_sheets_note', [...counts])}
      onDone={onDone}
    />
  )
}
