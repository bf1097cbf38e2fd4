// ui: what the person sees; speaks the protocol like any other client. This file: somebody's request, looked at and granted
// by the person's own authority.

import { useState } from 'preact/hooks'
import {
  CertificateError,
  type CertificateRequest,
  type ExtendedKeyUsage,
  extendedKeyUsages,
  type GeneralName,
  isProved,
  issueCertificate,
  readCertificate,
  readPem,
  readRequest,
  type WrittenName,
  weaknessesOf,
} from '../certificates/index.ts'
import type { Bytes } from '../codec/bytes.ts'
import { encodeHex } from '../codec/text.ts'
import { keepIssued } from './authorities.ts'
import { keptName } from './CertificateCard.tsx'
import { fileWordsOf } from './certificateErrors.ts'
import { savePem } from './certificateFiles.ts'
import { validityFor } from './certificateForm.ts'
import type { KeptCertificate } from './certificateList.ts'
import {
  extensionFacts,
  kindWords,
  nameWords,
  untilWords,
  weaknessWords,
  wholeName,
} from './certificateWords.ts'
import { FileChoice } from './FileChoice.tsx'
import { keySigner } from './keySigner.ts'
import { ErrorAlert, say } from './Notices.tsx'
import { goTo } from './route.ts'
import { CheckList, type Purpose, PurposeFields, type Years, YearsField } from './SubjectFields.tsx'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

const mostRequestBytes = 1024 * 1024

/** PEM or DER. @throws CertificateError */
function readRequestFile(bytes: Bytes): CertificateRequest {
  const blocks = readPem(bytes) ?? []
  const block = blocks.find(({ label }) => /^(NEW )?CERTIFICATE REQUEST$/.test(label))
  return readRequest(block?.bytes ?? bytes)
}

export function IssueCertificate({ issuer }: { readonly issuer: KeptCertificate }) {
  const [request, setRequest] = useState<CertificateRequest | null>(null)
  const task = useTask()
  const open = (file: File) =>
    task.run(async () => {
      setRequest(null)
      if (file.size > mostRequestBytes) throw new CertificateError('too-large')
      const read = readRequestFile(new Uint8Array(await file.arrayBuffer()))
      if (!(await isProved(read))) return task.fail(t('certificates_request_unproved'))
      setRequest(read)
    })
  return (
    <section class="stack roomy" aria-labelledby="issue-certificate">
      <h2 id="issue-certificate">{t('certificates_issue_from', [keptName(issuer)])}</h2>
      <p class="lead">{t('certificates_issue_lead')}</p>
      <FileChoice
        label={t('certificates_request_file')}
        words={t('certificates_request_drop')}
        onFile={open}
      />
      <ErrorAlert error={task.error && fileWordsOf(task.error, 'request')} />
      {request && <Grant key={encodeHex(request.signature)} issuer={issuer} request={request} />}
    </section>
  )
}

/** As a key that opens the list of names: two names of a kind are told apart by their text. */
const altName = (name: GeneralName): readonly (readonly [string, WrittenName])[] => {
  switch (name.kind) {
    case 'email':
    case 'dns':
    case 'uri':
      return [[name.text, { kind: name.kind, text: name.text }]]
    case 'ip':
      return [[name.address.join('.'), { kind: 'ip', address: name.address }]]
    default:
      return []
  }
}

const asked = (request: CertificateRequest, purpose: ExtendedKeyUsage): boolean =>
  request.extensions.extKeyUsage?.includes(extendedKeyUsages[purpose]) ?? false

/** A key of another program may both sign and decrypt. */
const encryptionUsages = ({ extensions }: CertificateRequest) =>
  (['keyEncipherment', 'keyAgreement'] as const).filter((one) => extensions.keyUsage?.has(one))

function Grant({
  issuer,
  request,
}: {
  readonly issuer: KeptCertificate
  readonly request: CertificateRequest
}) {
  const names = new Map((request.extensions.subjectAltName ?? []).flatMap(altName))
  const [granted, setGranted] = useState<readonly string[]>([...names.keys()])
  const wanted = (['documentSigning', 'emailProtection'] as const).filter((one) =>
    asked(request, one),
  )
  const [purposes, setPurposes] = useState<readonly Purpose[]>(wanted)
  const [years, setYears] = useState<Years>('1')
  const task = useTask()
  const weak = weaknessesOf(request.key, request.signatureAlgorithm)
  const validity = validityFor(Number(years), Date.now(), issuer.certificate.notAfter)
  const name = nameWords(request.subject)
  const issue = () =>
    task.run(async () => {
      const signer = await keySigner(issuer.entry.KeyId ?? '')
      const authority = { certificate: issuer.certificate, signer }
      const der = await issueCertificate(authority, request, {
        ...validity,
        altNames: granted.flatMap((text) => names.get(text) ?? []),
        keyUsage: ['digitalSignature', 'nonRepudiation', ...encryptionUsages(request)],
        extKeyUsage: purposes,
      })
      await keepIssued(issuer, der)
      say(t('certificates_issued_done', [name]))
      savePem(name, [readCertificate(der), issuer.certificate])
      goTo('documents', 'certificates')
    })
  return (
    <form class="stack" aria-label={t('certificates_request')} onSubmit={onSubmit(issue)}>
      <Asked request={request} />
      {weak.length > 0 ? (
        <p role="alert" class="bad-words">
          {weak.map((one) => weaknessWords[one]).join(' ')} {t('certificates_request_weak')}
        </p>
      ) : (
        <>
          {names.size > 0 && (
            <CheckList
              legend={t('certificates_grant_addresses')}
              options={[...names.keys()].map((text) => [text, text] as const)}
              chosen={granted}
              onChosen={setGranted}
            />
          )}
          <PurposeFields chosen={purposes} onChosen={setPurposes} />
          <div class="narrow">
            <YearsField value={years} onValue={setYears} />
          </div>
          <p class="hint">{t('certificates_grant_until', [untilWords(validity)])}</p>
          <ErrorAlert error={task.error} />
          <div class="row">
            <button type="submit" class="primary" disabled={task.busy} aria-busy={task.busy}>
              {t('certificates_issue_now')}
            </button>
          </div>
        </>
      )}
    </form>
  )
}

/** What stands in the request, which nobody has granted yet. */
function Asked({ request }: { readonly request: CertificateRequest }) {
  return (
    <div class="card">
      <h3>
        <bdi>{nameWords(request.subject)}</bdi>
      </h3>
      <p class="hint">{t('certificates_request_proved')}</p>
      <dl class="facts">
        <dt>{t('certificates_subject')}</dt>
        <dd>
          <bdi>{wholeName(request.subject)}</bdi>
        </dd>
        <dt>{t('certificates_kind')}</dt>
        <dd>{kindWords(request.key)}</dd>
        {extensionFacts(request).map(({ label, words }) => (
          <>
            <dt>{label}</dt>
            <dd>
              <bdi>{words}</bdi>
            </dd>
          </>
        ))}
      </dl>
    </div>
  )
}
