// ui: what the person sees; speaks the protocol like any other client. This file: to whom something is encrypted: the
// certificates that are kept and fit, and others out of files.

import { FileBadge, FilePlus2 } from 'lucide'
import { hashOf } from './address.ts'
import { nameWords, untilWords, validityOf, validityWords } from './certificateWords.ts'
import { bringRecipients, choose, chosen, type Recipient, recipients } from './encryptingJobs.ts'
import { envelopeErrorWords } from './envelopeWords.ts'
import { FileChooser } from './FileChooser.tsx'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { useTask } from './task.ts'
import { t } from './words.ts'

export function EncryptionRecipients() {
  const task = useTask()
  const all = recipients.value
  const to = all.filter(({ fingerprint }) => chosen.value.has(fingerprint))
  const hasOwn = all.some(({ from }) => from === 'own')
  return (
    <fieldset class="choices">
      <legend>{t('envelope_to')}</legend>
      {all.length === 0 && <p class="hint">{t('envelope_to_none')}</p>}
      {all.map((one) => (
        <Choice key={one.fingerprint} recipient={one} />
      ))}
      {to.length > 0 && to.every(({ from }) => from !== 'own') && (
        <p class="hint">{t('envelope_without_you')}</p>
      )}
      <div class="row">
        <FileChooser
          label={t('envelope_add')}
          icon={FilePlus2}
          what="file"
          onFiles={([given]) => given && task.run(() => bringRecipients(given.file))}
        />
        {!hasOwn && (
          <a
            class="button"
            href={hashOf(['documents', 'certificates', 'new'], { for: 'encryption' })}
          >
            <Icon of={FileBadge} />
            {t('envelope_make_own')}
          </a>
        )}
      </div>
      <ErrorAlert error={task.error && envelopeErrorWords(task.error)} />
    </fieldset>
  )
}

const fromWords = {
  own: t('envelope_from_own'),
  issued: t('envelope_from_issued'),
  trusted: t('envelope_from_trusted'),
  file: t('envelope_from_file'),
} as const satisfies Record<Recipient['from'], string>

function Choice({ recipient }: { readonly recipient: Recipient }) {
  const { certificate, fingerprint, from } = recipient
  const validity = validityOf(certificate, Date.now())
  const isInDate = validity === 'valid' || validity === 'soon'
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={chosen.value.has(fingerprint)}
        onChange={({ currentTarget }) => choose(fingerprint, currentTarget.checked)}
      />
      <span class="choice-words">
        <span class="label">
          <bdi>{nameWords(certificate.subject)}</bdi>
          <span class={from === 'file' ? 'badge wait' : 'badge'}>{fromWords[from]}</span>
          {!isInDate && <span class="badge bad">{validityWords[validity]}</span>}
        </span>
        <span class="hint">{t('certificates_until_day', [untilWords(certificate)])}</span>
        {from === 'file' && (
          <span class="hint">
            {t('envelope_compare')} <span class="mono">{fingerprint}</span>
          </span>
        )}
      </span>
    </label>
  )
}
