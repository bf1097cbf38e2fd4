// ui: what the person sees; speaks the protocol like any other client. This file: "prove that you can recover": the
// person gives what they kept, it opens the vault once more, and nothing else happens but that the day is noted.

import { useState } from 'preact/hooks'
import { call } from './call.ts'
import { FormEnd } from './FormEnd.tsx'
import { KeptInput, useKept } from './KeptInput.tsx'
import { say } from './Notices.tsx'
import { ReplaceRecoveryKey } from './RecoveryKey.tsx'
import { status } from './status.ts'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

const words = {
  shown: t('recovery_reminder'),
  unconfirmed: t('recovery_reminder'),
  confirmed: t('recovery_confirmed'),
  stale: t('recovery_stale'),
} as const

export function Recovery({ onChanged }: { readonly onChanged: () => Promise<void> }) {
  const [doing, setDoing] = useState<'rehearse' | 'replace' | null>(null)
  const stop = () => setDoing(null)
  return (
    <section class="card stack" aria-labelledby="recovery">
      <h2 id="recovery">{t('settings_recovery_heading')}</h2>
      {doing === 'replace' && <ReplaceRecoveryKey onCancel={stop} />}
      {doing === 'rehearse' && <Rehearse onChanged={onChanged} onDone={stop} />}
      {doing === null && (
        <>
          <p>{words[status.value?.Recovery ?? 'unconfirmed']}</p>
          <div class="row">
            <button type="button" class="primary" onClick={() => setDoing('rehearse')}>
              {t('rehearse_button')}
            </button>
            <button type="button" onClick={() => setDoing('replace')}>
              {t('recovery_make')}
            </button>
          </div>
        </>
      )}
    </section>
  )
}

function Rehearse({
  onChanged,
  onDone,
}: {
  readonly onChanged: () => Promise<void>
  readonly onDone: () => void
}) {
  const kept = useKept()
  const task = useTask()
  const prove = () =>
    task.run(async () => {
      const problem = kept.problem()
      if (problem) return task.fail(problem)
      await call('keyhearth:RehearseRecovery', { Proof: kept.kept })
      kept.clear()
      await onChanged()
      onDone()
      say(t('rehearse_done'))
    })
  return (
    <form class="stack" autocomplete="off" onSubmit={onSubmit(prove)}>
      <p class="hint">{t('rehearse_lead')}</p>
      <KeptInput of={kept} autofocus />
      <FormEnd task={task} words={t('rehearse_prove')} onCancel={onDone} />
    </form>
  )
}
