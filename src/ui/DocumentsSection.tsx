// ui: what the person sees; speaks the protocol like any other client. This file: the manager's section "Documents":
// signing them, checking signatures, encrypting and decrypting, and the certificates of one's own and of others.

import { hashOf } from './address.ts'
import { later } from './Later.tsx'
import { route } from './route.ts'
import { Sides } from './Sides.tsx'
import { t } from './words.ts'

const Sign = later(async () => (await import('./SignDocuments.tsx')).SignDocuments)
const Verify = later(async () => (await import('./VerifyDocuments.tsx')).VerifyDocuments)
const Encrypt = later(async () => (await import('./EncryptDocuments.tsx')).EncryptDocuments)
const Decrypt = later(async () => (await import('./DecryptDocuments.tsx')).DecryptDocuments)
const Certificates = later(async () => (await import('./Certificates.tsx')).Certificates)

const sides = [
  { id: '', label: t('documents_sign'), view: Sign },
  { id: 'verify', label: t('documents_verify'), view: Verify },
  { id: 'encrypt', label: t('documents_encrypt'), view: Encrypt },
  { id: 'decrypt', label: t('documents_decrypt'), view: Decrypt },
  { id: 'certificates', label: t('documents_certificates'), view: Certificates },
] as const

export function DocumentsSection() {
  const [what = ''] = route.value.path
  const side = sides.find(({ id }) => id === what) ?? sides[0]
  const View = side.view
  return (
    <div class="stack">
      <h1 tabIndex={-1}>{t('manager_documents')}</h1>
      <Sides
        label={t('documents_sides')}
        sides={sides.map(({ id, label }) => ({
          href: hashOf(id === '' ? ['documents'] : ['documents', id]),
          label,
          here: id === side.id,
        }))}
      />
      <View />
    </div>
  )
}
