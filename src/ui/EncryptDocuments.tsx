// ui: what the person sees; speaks the protocol like any other client. This file: the manager's "Encrypt" among the
// documents: files, to the holders of certificates, who open them with whatever program they have.

import { FileLock } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import type { SealingCipher } from '../documents/index.ts'
import { loadCertificates } from './certificateList.ts'
import { DocumentRows } from './DocumentRows.tsx'
import { EncryptionRecipients } from './EncryptionRecipients.tsx'
import { chosen, encryptAll, encrypting, recipients } from './encryptingJobs.ts'
import { envelopeErrorWords } from './envelopeWords.ts'
import { FileDrop } from './FileDrop.tsx'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { SelectField } from './SelectField.tsx'
import { status } from './status.ts'
import { useTask } from './task.ts'
import { t } from './words.ts'

const ciphers = [
  ['AES-256-GCM', t('envelope_gcm')],
  ['AES-256-CBC', t('envelope_cbc')],
] as const satisfies readonly (readonly [SealingCipher, string])[]

const rowWords = {
  label: t('envelope_files'),
  progress: (done: string, all: string) => t('envelope_progress', [done, all]),
  error: envelopeErrorWords,
}

export function EncryptDocuments() {
  const [cipher, setCipher] = useState<SealingCipher>('AES-256-GCM')
  const loading = useTask()
  const task = useTask()
  const changes = status.value
  useEffect(() => loading.run(loadCertificates), [changes])
  const jobs = encrypting.jobs.value
  const isDone = jobs.length > 0 && jobs.every(({ state }) => state.is === 'done')
  const to = recipients.value.filter(({ fingerprint }) => chosen.value.has(fingerprint))
  const encrypt = () => {
    if (to.length === 0) return task.fail(t('envelope_error_no_recipients'))
    task.run(() => encryptAll(to, cipher))
  }
  return (
    <div class="stack">
      <p class="lead">{t('envelope_lead')}</p>
      <FileDrop
        label={t('envelope_files')}
        onFiles={(given) => encrypting.add(given.map(({ file }) => file))}
      />
      <ErrorAlert error={loading.error} />
      {jobs.length > 0 && <DocumentRows of={encrypting} jobs={jobs} words={rowWords} />}
      {!isDone && <EncryptionRecipients />}
      {!isDone && jobs.length > 0 && (
        <>
          <SelectField
            label={t('envelope_how')}
            value={cipher}
            options={ciphers}
            onValue={setCipher}
          />
          {cipher === 'AES-256-CBC' && <p class="hint warn">{t('envelope_cbc_price')}</p>}
          <p class="hint">{t('envelope_who_hint')}</p>
        </>
      )}
      <ErrorAlert error={task.error} />
      {jobs.length > 0 && (
        <div class="row">
          {!isDone && (
            <button type="button" class="primary" disabled={task.busy} onClick={encrypt}>
              <Icon of={FileLock} />
              {t('text_encrypt')}
            </button>
          )}
          {encrypting.busy.value ? (
            <button type="button" onClick={encrypting.stop}>
              {t('sign_stop')}
            </button>
          ) : (
            <button type="button" class="quiet push" onClick={encrypting.clear}>
              {t('files_clear')}
            </button>
          )}
        </div>
      )}
    </div>
  )
}
