// ui: what the person sees; speaks the protocol like any other client. This file: one certificate that is kept, or the
// public key of somebody who signs without one.

import { Download, Trash2 } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { unshared } from '../codec/bytes.ts'
import { decodeUtf8 } from '../codec/text.ts'
import type { CertificateEntry } from '../protocol/outputs.ts'
import { hashOf } from './address.ts'
import { readBrought, type SignerKey } from './bringIn.ts'
import { CertificateFacts } from './CertificateFacts.tsx'
import { call } from './call.ts'
import { saveDer, savePem } from './certificateFiles.ts'
import { type KeptCertificate, keyOfArn, loadCertificates } from './certificateList.ts'
import { nameWords } from './certificateWords.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { useTask } from './task.ts'
import { t } from './words.ts'

export const keptName = ({ entry, certificate }: KeptCertificate): string =>
  entry.Name || nameWords(certificate.subject)

export function CertificateCard({ kept }: { readonly kept: KeptCertificate }) {
  const name = keptName(kept)
  return (
    <article class="card" aria-label={name}>
      <CertificateFacts
        certificate={kept.certificate}
        above={kept.above}
        fingerprint={kept.fingerprint}
        name={name}
        more={<KeyFact arn={kept.entry.KeyId} />}
      />
      <div class="row">
        <SaveButtons kept={kept} />
        <RemoveButton entry={kept.entry} name={name} />
      </div>
    </article>
  )
}

function KeyFact({ arn }: { readonly arn: string | undefined }) {
  const key = keyOfArn(arn)
  if (arn === undefined) return null
  return (
    <>
      <dt>{t('certificates_key')}</dt>
      <dd>
        {key ? <a href={hashOf(['keys', key.KeyId])}>{key.name}</a> : t('certificates_key_gone')}
      </dd>
    </>
  )
}

export function SaveButtons({ kept }: { readonly kept: KeptCertificate }) {
  const { certificate, above } = kept
  const name = keptName(kept)
  return (
    <>
      <button
        type="button"
        aria-label={t('certificates_save_pem_of', [name])}
        onClick={() => savePem(name, [certificate, ...above])}
      >
        <Icon of={Download} />
        {t('certificates_save_pem')}
      </button>
      <button
        type="button"
        class="quiet"
        aria-label={t('certificates_save_der_of', [name])}
        onClick={() => saveDer(name, certificate)}
      >
        <Icon of={Download} />
        {t('certificates_save_der')}
      </button>
    </>
  )
}

export function RemoveButton({
  entry,
  name,
}: {
  readonly entry: CertificateEntry
  readonly name: string
}) {
  const task = useTask()
  const { CertificateId, Kind, KeyId, Chain, Name } = entry
  const back = async () => {
    const key = KeyId === undefined ? {} : { KeyId }
    await call('keyhearth:PutCertificate', { Kind, Chain: [...Chain], Name, ...key })
    await loadCertificates()
  }
  const remove = () =>
    task.run(async () => {
      await call('keyhearth:RemoveCertificate', { CertificateId })
      await loadCertificates()
      say(t('certificates_removed', [name]), back)
    })
  return (
    <>
      <button
        type="button"
        class="quiet push"
        disabled={task.busy}
        aria-label={t('certificates_remove_named', [name])}
        onClick={remove}
      >
        <Icon of={Trash2} />
        {t('certificates_remove')}
      </button>
      <ErrorAlert error={task.error} />
    </>
  )
}

/** The names by which they are known. */
const formNames = {
  ssh: 'OpenSSH',
  minisign: 'minisign',
  jwk: 'JSON Web Key',
} as const satisfies Record<SignerKey['form'], string>

export function SignerCard({ entry }: { readonly entry: CertificateEntry }) {
  const [signer, setSigner] = useState<SignerKey | null>(null)
  const [text] = entry.Chain
  useEffect(() => {
    if (text) void readSigner(text).then(setSigner)
  }, [entry])
  return (
    <article class="card" aria-label={entry.Name}>
      <header class="row">
        <h3>
          <bdi>{entry.Name}</bdi>
        </h3>
      </header>
      {signer && (
        <dl class="facts">
          <dt>{t('certificates_signs_with')}</dt>
          <dd>{formNames[signer.form]}</dd>
          <dt>{t('certificates_fingerprint')}</dt>
          <dd class="mono">{signer.fingerprint}</dd>
        </dl>
      )}
      {text && (
        <details>
          <summary>{t('certificates_signer_key')}</summary>
          <output class="mono">{decodeUtf8(text)}</output>
        </details>
      )}
      <div class="row">
        <RemoveButton entry={entry} name={entry.Name} />
      </div>
    </article>
  )
}

async function readSigner(bytes: Uint8Array): Promise<SignerKey | null> {
  const brought = await readBrought(unshared(bytes), undefined, {}).catch(() => null)
  return brought?.is === 'signer' ? brought.signer : null
}

/** Whatever it is: it can be taken away. */
export const UnreadCard = ({ entry }: { readonly entry: CertificateEntry }) => (
  <article class="card warn" aria-label={entry.Name || t('certificates_unread')}>
    <p>{t('certificates_unread_hint', [entry.Name || '–'])}</p>
    <div class="row">
      <RemoveButton entry={entry} name={entry.Name || t('certificates_unread')} />
    </div>
  </article>
)
