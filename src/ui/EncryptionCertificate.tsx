// ui: what the person sees; speaks the protocol like any other client. This file: what others need to encrypt to the
// person: a certificate for that, made where there is none.

import { FileBadge } from 'lucide'
import { canEncryptTo } from '../documents/index.ts'
import { hashOf } from './address.ts'
import { SaveButtons } from './CertificateCard.tsx'
import { kept, keyOfArn, loadCertificates } from './certificateList.ts'
import { nameWords, untilWords } from './certificateWords.ts'
import { isEncryptionKey } from './encryptionKeys.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { useShown } from './shown.ts'
import { status } from './status.ts'
import { t } from './words.ts'

export function EncryptionCertificate() {
  const { error } = useShown(loadCertificates, [status.value])
  const own = (kept.value?.certificates ?? []).filter(({ entry, certificate }) => {
    const key = keyOfArn(entry.KeyId)
    return entry.Kind === 'own' && key && isEncryptionKey(key) && canEncryptTo(certificate)
  })
  return (
    <section class="stack" aria-labelledby="encryption-certificate">
      <h2 id="encryption-certificate">{t('envelope_own')}</h2>
      <p class="hint">{own.length > 0 ? t('envelope_own_hint') : t('envelope_own_none')}</p>
      {own.map((one) => (
        <div class="row" key={one.entry.CertificateId}>
          <strong>
            <bdi>{nameWords(one.certificate.subject)}</bdi>
          </strong>
          <span class="hint">{t('certificates_until_day', [untilWords(one.certificate)])}</span>
          <SaveButtons kept={one} />
        </div>
      ))}
      {kept.value && own.length === 0 && (
        <div class="row">
          <a
            class="button"
            href={hashOf(['documents', 'certificates', 'new'], { for: 'encryption' })}
          >
            <Icon of={FileBadge} />
            {t('envelope_make_own')}
          </a>
        </div>
      )}
      <ErrorAlert error={error} />
    </section>
  )
}
