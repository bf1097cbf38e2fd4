// ui: what the person sees; speaks the protocol like any other client. This file: approval by several people, among
// what keeps the vault safe: who they are and what needs them, and the end of it.

import { Users } from 'lucide'
import { useState } from 'preact/hooks'
import type { Quorum } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { FormEnd } from './FormEnd.tsx'
import { focusAgain } from './focus.ts'
import { Icon } from './Icon.tsx'
import { KeptInput, useKept } from './KeptInput.tsx'
import { NewQuorum } from './NewQuorum.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { ChangeRules } from './QuorumRules.tsx'
import { groupWords, waitWords } from './quorumWords.ts'
import { useShown } from './shown.ts'
import { status } from './status.ts'
import { onSubmit, useTask } from './task.ts'
import { dayWords, t } from './words.ts'

export function QuorumCard() {
  const [quorum, setQuorum] = useState<Quorum | null | undefined>(undefined)
  const [doing, setDoing] = useState<'choose' | 'change' | 'end' | null>(null)
  const task = useTask()
  const load = async () => setQuorum((await call('keyhearth:GetQuorum', {})).Quorum)
  const shown = useShown(load, [status.value])
  const done = () => {
    setDoing(null)
    task.run(shown.again)
    focusAgain('quorum-edit')
  }
  const error = task.error ?? shown.error
  // One whose record is damaged guards as before; what recovers the vault ends it.
  const isDamaged = quorum === undefined && error !== null
  return (
    <section class="card stack" aria-labelledby="quorum">
      <h2 id="quorum">{t('quorum_heading')}</h2>
      <p class="hint">{t('quorum_lead')}</p>
      <ErrorAlert error={error} />
      {quorum && <Facts quorum={quorum} />}
      {doing === 'choose' && <NewQuorum onDone={done} />}
      {doing === 'change' && quorum && <ChangeRules quorum={quorum} onDone={done} />}
      {doing === 'end' && <RemoveQuorum isDamaged={isDamaged} onDone={done} />}
      {doing === null && quorum === null && (
        <div class="row">
          <button type="button" id="quorum-edit" onClick={() => setDoing('choose')}>
            <Icon of={Users} />
            {t('quorum_begin')}
          </button>
        </div>
      )}
      {doing === null && (quorum || isDamaged) && (
        <div class="row">
          {quorum && (
            <button type="button" id="quorum-edit" onClick={() => setDoing('change')}>
              {t('quorum_change')}
            </button>
          )}
          <button type="button" onClick={() => setDoing('end')}>
            {t('quorum_end')}
          </button>
        </div>
      )}
    </section>
  )
}

function Facts({ quorum }: { readonly quorum: Quorum }) {
  const { Holders, Threshold, Groups, ExpiryMinutes, SetId, CreatedAt } = quorum
  const waits = waitWords[ExpiryMinutes]
  return (
    <div class="stack tight">
      <p>{t('quorum_who', [String(Threshold), String(Holders.length), Holders.join(', ')])}</p>
      <ul class="bullets" aria-label={t('quorum_groups')}>
        {Groups.map((group) => (
          <li key={group}>{groupWords[group]}</li>
        ))}
      </ul>
      {waits && <p class="hint">{t('quorum_waits', [waits])}</p>}
      <p class="hint">{`${t('slot_set', [SetId])} · ${t('slot_made', [dayWords(CreatedAt)])}`}</p>
    </div>
  )
}

/** By the people themselves, which leads to what waits for them, or by what recovers the vault. */
function RemoveQuorum({
  isDamaged,
  onDone,
}: {
  readonly isDamaged: boolean
  readonly onDone: () => void
}) {
  const [isLost, setLost] = useState(isDamaged)
  const kept = useKept()
  const task = useTask()
  const remove = () =>
    task.run(async () => {
      const problem = isLost ? kept.problem() : null
      if (problem) return task.fail(problem)
      await call('keyhearth:RemoveQuorum', isLost ? { RecoveryProof: kept.kept } : {})
      kept.clear()
      onDone()
      say(t('quorum_ended'))
    })
  return (
    <form class="inset stack" autocomplete="off" onSubmit={onSubmit(remove)}>
      <p>{isLost ? t('quorum_end_lost_lead') : t('quorum_end_lead')}</p>
      {isLost && <KeptInput of={kept} autofocus />}
      <FormEnd task={task} words={t('quorum_end_now')} onCancel={onDone} />
      <div>
        <button type="button" class="link" onClick={() => setLost(!isLost)}>
          {isLost ? t('quorum_not_lost') : t('quorum_lost')}
        </button>
      </div>
    </form>
  )
}
