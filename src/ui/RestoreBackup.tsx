// ui: what the person sees; speaks the protocol like any other client. This file: a vault back from its backup, in a
// browser that has none or a damaged one: the file, what opens it, what is in it, a new passphrase.

import { useState } from 'preact/hooks'
import { BackupReport, isWhole } from './BackupReport.tsx'
import { type Kept, type Progress, type ReadBackup, readBackup } from './backupWork.ts'
import { call } from './call.ts'
import { PassphraseField } from './Field.tsx'
import { FileChoice } from './FileChoice.tsx'
import { KeptInput, useKept } from './KeptInput.tsx'
import { NewPassphraseFields, useNewPassphrase } from './NewPassphrase.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { ProgressBar } from './ProgressBar.tsx'
import { goTo } from './route.ts'
import { refresh, status } from './status.ts'
import { onSubmit, useTask } from './task.ts'
import { lookThrough } from './VaultHealth.tsx'
import { t } from './words.ts'

type Step =
  | { readonly is: 'choosing' }
  | { readonly is: 'opening'; readonly file: File }
  | { readonly is: 'deciding'; readonly read: ReadBackup }

export function RestoreBackup() {
  const [step, setStep] = useState<Step>({ is: 'choosing' })
  const again = () => setStep({ is: 'choosing' })
  return (
    <section class="card stack narrow" aria-labelledby="restore">
      <h2 id="restore">{t('restore_heading')}</h2>
      {status.value?.Vault !== 'missing' && <p class="hint warn">{t('restore_damaged')}</p>}
      {step.is === 'choosing' && (
        <>
          <p class="lead">{t('restore_lead')}</p>
          <FileChoice
            label={t('restore_heading')}
            words={t('backup_drop')}
            onFile={(file) => setStep({ is: 'opening', file })}
          />
        </>
      )}
      {step.is === 'opening' && (
        <OpenBackup
          file={step.file}
          onRead={(read) => setStep({ is: 'deciding', read })}
          onCancel={again}
        />
      )}
      {step.is === 'deciding' && <Decide read={step.read} onCancel={again} />}
    </section>
  )
}

function OpenBackup({
  file,
  onRead,
  onCancel,
}: {
  readonly file: File
  readonly onRead: (read: ReadBackup) => void
  readonly onCancel: () => void
}) {
  const kept = useKept()
  const [byPassphrase, setByPassphrase] = useState(false)
  const [passphrase, setPassphrase] = useState('')
  const [progress, setProgress] = useState<Progress | null>(null)
  const task = useTask()
  const read = () =>
    task.run(async () => {
      const problem = byPassphrase ? passphrase === '' && t('unlock_empty') : kept.problem()
      if (problem) return task.fail(problem)
      const opener: Kept = byPassphrase ? { BackupPassphrase: passphrase } : kept.kept
      setProgress({ done: 0, all: file.size })
      const found = await readBackup(file, 'replace', opener, setProgress).finally(() =>
        setProgress(null),
      )
      onRead(found)
    })
  return (
    <form class="stack" autocomplete="off" onSubmit={onSubmit(read)}>
      <p>{t('restore_opens', [file.name])}</p>
      {byPassphrase ? (
        <PassphraseField
          label={t('restore_passphrase')}
          value={passphrase}
          onValue={setPassphrase}
          autofocus
        />
      ) : (
        <KeptInput of={kept} autofocus />
      )}
      <div>
        <button type="button" class="link" onClick={() => setByPassphrase(!byPassphrase)}>
          {byPassphrase ? t('restore_by_recovery') : t('restore_by_passphrase')}
        </button>
      </div>
      {progress && <ProgressBar progress={progress} label={t('backup_reading')} />}
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="submit" class="primary" disabled={task.busy} aria-busy={task.busy}>
          {t('restore_open')}
        </button>
        <button type="button" disabled={task.busy} onClick={onCancel}>
          {t('restore_other')}
        </button>
      </div>
    </form>
  )
}

function Decide({
  read: { restoreId, review },
  onCancel,
}: {
  readonly read: ReadBackup
  readonly onCancel: () => void
}) {
  const passphrase = useNewPassphrase()
  const task = useTask()
  const restore = () =>
    task.run(async () => {
      const problem = passphrase.problem()
      if (problem) return task.fail(problem)
      await call('keyhearth:RestoreBackup', {
        RestoreId: restoreId,
        Passphrase: passphrase.value,
      })
      await navigator.storage.persist()
      await refresh()
      void lookThrough()
      say(t('restore_done'))
      goTo('secrets')
    })
  return (
    <form class="stack" autocomplete="off" onSubmit={onSubmit(restore)}>
      <BackupReport review={review} />
      {isWhole(review) && (
        <NewPassphraseFields
          of={passphrase}
          label={t('recover_new')}
          repeatLabel={t('recover_repeat')}
          autofocus
        />
      )}
      <ErrorAlert error={task.error} />
      <div class="row">
        {isWhole(review) && (
          <button type="submit" class="primary" disabled={task.busy} aria-busy={task.busy}>
            {t('restore_button')}
          </button>
        )}
        <button type="button" disabled={task.busy} onClick={onCancel}>
          {t('restore_other')}
        </button>
      </div>
    </form>
  )
}
