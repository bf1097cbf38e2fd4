// ui: what the person sees; speaks the protocol like any other client. This file: the first run.

import { call } from './call.ts'
import { Mark } from './Icon.tsx'
import { NewPassphraseFields, useNewPassphrase } from './NewPassphrase.tsx'
import { ErrorAlert } from './Notices.tsx'
import { RestoreLink } from './RestoreLink.tsx'
import { refresh } from './status.ts'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

export function CreateVault() {
  const passphrase = useNewPassphrase()
  const task = useTask()
  const create = () =>
    task.run(async () => {
      const problem = passphrase.problem()
      if (problem) return task.fail(problem)
      await call('keyhearth:CreateVault', { Passphrase: passphrase.value })
      // Asks the browser not to clear this storage when space is short; workers have no such call.
      await navigator.storage.persist()
      await refresh()
    })
  return (
    <main class="page centred">
      <Mark />
      <h1>{t('create_heading')}</h1>
      <p class="lead">{t('create_intro')}</p>
      <form class="stack" autocomplete="off" onSubmit={onSubmit(create)}>
        <NewPassphraseFields
          of={passphrase}
          label={t('passphrase')}
          repeatLabel={t('create_repeat')}
          autofocus
        />
        <ErrorAlert error={task.error} />
        <button type="submit" class="primary wide" disabled={task.busy} aria-busy={task.busy}>
          {task.busy ? t('create_busy') : t('create_button')}
        </button>
      </form>
      <RestoreLink words={t('create_restore')} />
    </main>
  )
}
