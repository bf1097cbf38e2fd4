// ui: what the person sees; speaks the protocol like any other client. This file: certificates out of a file: of a key of
// the person's own, or of somebody to trust.

import { useEffect, useState } from 'preact/hooks'
import { type Certificate, chainOf, sameCertificate } from '../certificates/index.ts'
import { CertificateFacts } from './CertificateFacts.tsx'
import { call } from './call.ts'
import {
  fingerprintText,
  isAuthority,
  keepOwn,
  kept,
  keyOfCertificate,
  loadCertificates,
  type OwnKey,
  ownKeys,
} from './certificateList.ts'
import { nameWords } from './certificateWords.ts'
import { ErrorAlert, say } from './Notices.tsx'
import { goTo } from './route.ts'
import { TrustForm } from './TrustForm.tsx'
import { useTask } from './task.ts'
import { t } from './words.ts'

/** What a person can look through; files of whole stores hold thousands. */
const mostShown = 20

interface Read {
  readonly certificate: Certificate
  readonly fingerprint: string
  readonly key: OwnKey | null
  readonly above: readonly Certificate[]
}

async function look(certificates: readonly Certificate[]): Promise<readonly Read[]> {
  const keys = await ownKeys()
  const shown = certificates.slice(0, mostShown)
  const read = await Promise.all(
    shown.map(async (certificate) => ({
      certificate,
      fingerprint: await fingerprintText(certificate),
      key: keyOfCertificate(keys, certificate),
      above: (await chainOf(certificate, certificates)).slice(1),
    })),
  )
  // What belongs to the person stands first.
  return [...read.filter(({ key }) => key), ...read.filter(({ key }) => !key)]
}

export function BroughtCertificates({
  certificates,
}: {
  readonly certificates: readonly Certificate[]
}) {
  const [read, setRead] = useState<readonly Read[]>([])
  const task = useTask()
  useEffect(() => task.run(async () => setRead(await look(certificates))), [certificates])
  return (
    <>
      <ErrorAlert error={task.error} />
      {certificates.length > mostShown && (
        <p class="hint">
          {t('certificates_first_ones', [String(mostShown), String(certificates.length)])}
        </p>
      )}
      {read.map((one) => (
        <article class="card" key={one.fingerprint} aria-label={nameWords(one.certificate.subject)}>
          <CertificateFacts {...one} name={nameWords(one.certificate.subject)} />
          <Choice read={one} others={certificates} />
        </article>
      ))}
    </>
  )
}

function Choice({
  read: { certificate, key, above },
  others,
}: {
  readonly read: Read
  readonly others: readonly Certificate[]
}) {
  const has = (kind: 'own' | 'trusted') =>
    kept.value?.certificates.some(
      (one) => one.entry.Kind === kind && sameCertificate(one.certificate, certificate),
    ) ?? false
  if (has('own')) return <p class="hint">{t('certificates_have_own')}</p>
  if (key) return <KeepOwn certificate={certificate} ownKey={key} others={others} />
  if (has('trusted')) return <p class="hint">{t('certificates_have_trusted')}</p>
  return <Trust certificate={certificate} above={above} />
}

function KeepOwn({
  certificate,
  ownKey: { row },
  others,
}: {
  readonly certificate: Certificate
  readonly ownKey: OwnKey
  readonly others: readonly Certificate[]
}) {
  const task = useTask()
  const keep = () =>
    task.run(async () => {
      await keepOwn(certificate, row.Arn, others)
      say(t('certificates_kept', [nameWords(certificate.subject)]))
      goTo('documents', 'certificates')
    })
  return (
    <>
      <p>{t('certificates_of_your_key', [row.name])}</p>
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="button" class="primary" disabled={task.busy} onClick={keep}>
          {t('certificates_keep')}
        </button>
      </div>
    </>
  )
}

function Trust({ certificate, above }: Pick<Read, 'certificate' | 'above'>) {
  const subject = nameWords(certificate.subject)
  const [asking, setAsking] = useState(false)
  const [name, setName] = useState(subject)
  const task = useTask()
  const trust = () =>
    task.run(async () => {
      const Chain = [certificate, ...above].map(({ der }) => der)
      await call('keyhearth:PutCertificate', { Kind: 'trusted', Chain, Name: name.trim() })
      await loadCertificates()
      say(t('certificates_trusted_done', [name.trim() || subject]))
    })
  if (!asking) {
    return (
      <div class="row">
        <button
          type="button"
          aria-label={t('certificates_trust_named', [subject])}
          onClick={() => setAsking(true)}
        >
          {t('certificates_trust')}
        </button>
      </div>
    )
  }
  return (
    <TrustForm
      task={task}
      warning={
        isAuthority(certificate)
          ? t('certificates_trust_authority')
          : t('certificates_trust_person')
      }
      name={name}
      onName={setName}
      onTrust={trust}
      onCancel={() => setAsking(false)}
    />
  )
}
