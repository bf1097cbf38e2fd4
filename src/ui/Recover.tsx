// ui: what the person sees; speaks the protocol like any other client. This file: recovering where the passphrase or this
// browser's key is gone.

import { call } from './call.ts'
import { KeptInput, useKept } from './KeptInput.tsx'
import { NewPassphraseFields, useNewPassphrase } from './NewPassphrase.tsx'
import { ErrorAlert } from './Notices.tsx'
import { RestoreLink } from './RestoreLink.tsx'
import { refresh } from './status.ts'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

/** Never offers a fresh vault: what is stored is still the person's. */
export function Recover({ onBack }: { readonly onBack?: () => void }) {
  const kept = useKept()
  const passphrase = useNewPassphrase()
  const task = useTask()
  const recover = () =>
    task.run(async () => {
      const problem = kept.problem() ?? passphrase.problem()
      if (problem) return task.fail(problem)
      await call('keyhearth:RecoverVault', { ...kept.kept, Passphrase: passphrase.value })
      await refresh()
    })
  return (
    <main class="page">
      <h1>{t('recover_heading')}</h1>
      <p class="lead">{onBack ? t('recover_intro') : t('recover_damaged')}</p>
      <form class="stack" autocomplete="off" onSubmit={onSubmit(recover)}>
        <KeptInput of={kept} autofocus />
        <NewPassphraseFields
          of={passphrase}
          label={t('recover_new')}
          repeatLabel={t('recover_repeat')}
        />
        <ErrorAlert error={task.error} />
        <div class="row">
          <button type="submit" class="primary" disabled={task.busy} aria-busy={task.busy}>
            {task.busy ? t('recover_busy') : t('recover_button')}
          </button>
          {onBack && (
            <button type="button" onClick={onBack}>
              {t('back')}
            </button>
          )}
        </div>
      </form>
      <RestoreLink words={t('recover_by_backup')} />
    </main>
  )
}
