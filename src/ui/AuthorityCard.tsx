// ui: what the person sees; speaks the protocol like any other client. This file: an authority of the person's own: whom
// it vouches for, and whom no more.

import { Download, FileBadge } from 'lucide'
import { useState } from 'preact/hooks'
import { makeCrl, type RevokedEntry, reasonCodes } from '../certificates/index.ts'
import { hashOf } from './address.ts'
import { keptName, RemoveButton, SaveButtons } from './CertificateCard.tsx'
import { CertificateFacts } from './CertificateFacts.tsx'
import { call } from './call.ts'
import { saveRevoked } from './certificateFiles.ts'
import { type KeptCertificate, loadCertificates } from './certificateList.ts'
import { nameWords, reasonWords, revocationReasons, untilWords } from './certificateWords.ts'
import { Icon } from './Icon.tsx'
import { keySigner } from './keySigner.ts'
import { ErrorAlert, say } from './Notices.tsx'
import { SelectField } from './SelectField.tsx'
import { onSubmit, useTask } from './task.ts'
import { dayWords, t } from './words.ts'

/** Those that this very certificate issued: a key may have had others before. */
const issuedBy = (
  { entry, certificate }: KeptCertificate,
  all: readonly KeptCertificate[],
): readonly KeptCertificate[] =>
  all.filter(
    (one) =>
      one.entry.Kind === 'issued' &&
      one.entry.KeyId === entry.KeyId &&
      one.certificate.issuer.key === certificate.subject.key,
  )

export function AuthorityCard({
  authority,
  all,
}: {
  readonly authority: KeptCertificate
  readonly all: readonly KeptCertificate[]
}) {
  const name = keptName(authority)
  const issued = issuedBy(authority, all)
  const { CertificateId } = authority.entry
  return (
    <article class="card" aria-label={name}>
      <CertificateFacts
        certificate={authority.certificate}
        fingerprint={authority.fingerprint}
        name={name}
      />
      <div class="row">
        <a
          class="button primary"
          href={hashOf(['documents', 'certificates', 'issue', CertificateId])}
        >
          <Icon of={FileBadge} />
          {t('certificates_issue')}
        </a>
        <SaveButtons kept={authority} />
        {issued.length === 0 && <RemoveButton entry={authority.entry} name={name} />}
      </div>
      {issued.length === 0 ? (
        <p class="hint">{t('certificates_issue_none')}</p>
      ) : (
        <ul class="stack" aria-label={t('certificates_issued_of', [name])}>
          {issued.map((one) => (
            <Issued key={one.entry.CertificateId} issued={one} />
          ))}
        </ul>
      )}
      <RevokedList authority={authority} issued={issued} />
    </article>
  )
}

function Issued({ issued }: { readonly issued: KeptCertificate }) {
  const { certificate, entry } = issued
  const [asking, setAsking] = useState(false)
  const name = keptName(issued)
  return (
    <li class="stack tight">
      <div class="row">
        <strong>
          <bdi>{name}</bdi>
        </strong>
        <span class="hint">{t('certificates_until_day', [untilWords(certificate)])}</span>
        {entry.RevokedAt !== undefined && (
          <span class="badge bad">
            {t('certificates_revoked_on', [
              dayWords(entry.RevokedAt),
              reasonWords(entry.RevocationReason ?? 0),
            ])}
          </span>
        )}
      </div>
      <details>
        <summary>{t('certificates_details_of', [name])}</summary>
        <CertificateFacts
          certificate={certificate}
          above={issued.above}
          fingerprint={issued.fingerprint}
          name={nameWords(certificate.subject)}
        />
      </details>
      <div class="row">
        <SaveButtons kept={issued} />
        {entry.RevokedAt === undefined && !asking && (
          <button
            type="button"
            class="danger"
            aria-label={t('certificates_revoke_named', [name])}
            onClick={() => setAsking(true)}
          >
            {t('certificates_revoke')}
          </button>
        )}
      </div>
      {asking && <Revoke issued={issued} onDone={() => setAsking(false)} />}
    </li>
  )
}

type ReasonCode = (typeof revocationReasons)[number][0]

function Revoke({
  issued,
  onDone,
}: {
  readonly issued: KeptCertificate
  readonly onDone: () => void
}) {
  const [reason, setReason] = useState<ReasonCode>('0')
  const task = useTask()
  const name = keptName(issued)
  const { CertificateId } = issued.entry
  const revoke = () =>
    task.run(async () => {
      await call('keyhearth:RevokeCertificate', { CertificateId, Reason: Number(reason) })
      await loadCertificates()
      onDone()
      say(t('certificates_revoked', [name]))
    })
  return (
    <form class="card warn" onSubmit={onSubmit(revoke)}>
      <p>{t('certificates_revoke_hint', [name])}</p>
      <SelectField
        label={t('certificates_reason')}
        value={reason}
        options={revocationReasons}
        onValue={setReason}
      />
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="submit" class="danger" disabled={task.busy}>
          {t('certificates_revoke_now')}
        </button>
        <button type="button" onClick={onDone}>
          {t('cancel')}
        </button>
      </div>
    </form>
  )
}

const listDays = 30
const dayMs = 24 * 60 * 60 * 1000

/** Pure, but for the signature. */
function revokedEntries(issued: readonly KeptCertificate[]): readonly RevokedEntry[] {
  return issued.flatMap(({ certificate: { serialNumber }, entry }) => {
    if (entry.RevokedAt === undefined) return []
    const reason = reasonCodes[entry.RevocationReason ?? 0] ?? 'unspecified'
    return [{ serialNumber, revokedAt: entry.RevokedAt * 1000, reason }]
  })
}

function RevokedList({
  authority,
  issued,
}: {
  readonly authority: KeptCertificate
  readonly issued: readonly KeptCertificate[]
}) {
  const task = useTask()
  const name = keptName(authority)
  const { certificate, entry } = authority
  const save = (form: 'pem' | 'der') =>
    task.run(async () => {
      const signer = await keySigner(entry.KeyId ?? '')
      const now = Date.now()
      const nextUpdate = now + listDays * dayMs
      // The clock as the number: it rises from list to list with nothing to remember (RFC 5280 section 5.2.3).
      const content = { number: now, thisUpdate: now, nextUpdate, revoked: revokedEntries(issued) }
      saveRevoked(name, await makeCrl({ certificate, signer }, content), form)
      say(t('certificates_list_saved', [dayWords(nextUpdate / 1000)]))
    })
  return (
    <div class="stack tight">
      <p class="hint">{t('certificates_list_hint')}</p>
      <div class="row">
        <button type="button" disabled={task.busy} onClick={() => save('pem')}>
          <Icon of={Download} />
          {t('certificates_list_pem')}
        </button>
        <button type="button" class="quiet" disabled={task.busy} onClick={() => save('der')}>
          <Icon of={Download} />
          {t('certificates_list_der')}
        </button>
      </div>
      <ErrorAlert error={task.error} />
    </div>
  )
}
