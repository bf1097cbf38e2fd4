// ui: what the person sees; speaks the protocol like any other client. This file: what there is to say of one signature, as
// lines with a label: for the screen, and for the report as PDF.

import { type Certificate, fingerprintOf, holderOf, serialText } from '../certificates/index.ts'
import { equalBytes } from '../codec/bytes.ts'
import { encodeHex } from '../codec/text.ts'
import { visible } from '../codec/visible.ts'
import {
  remarks,
  type SignatureReport,
  type TimeStampReport,
  type Trust,
} from '../documents/index.ts'
import type { Change, RevisionChanges } from '../pdf/index.ts'
import type { CertificateEntry } from '../protocol/outputs.ts'
import {
  findingWords,
  pdfKindWords,
  problemWords,
  reasonWords,
  revocationWords,
  validityWords,
  weaknessWords,
} from './verifyWords.ts'
import { dateWords, t } from './words.ts'

export interface Fact {
  readonly label: string
  readonly value: string
}

const when = (ms: number): string => dateWords(ms / 1000)

export const whoOf = ({ certificate, who }: SignatureReport): string =>
  visible((certificate ? holderOf(certificate) : who) ?? t('verify_doc_who_unknown'))

/** @param ours what the vault holds of the signer's certificate */
export function factsOf(report: SignatureReport, ours: CertificateEntry | null): readonly Fact[] {
  const { algorithm, weaknesses, coverage, pdf, comment, namespace } = report
  const isIntact = report.integrity === 'intact'
  const facts: (readonly [label: string, value: string | null])[] = [
    [t('verify_doc_who'), whoWords(report, ours)],
    [t('verify_doc_signed_at'), signedAt(report)],
    [t('verify_doc_stamp'), stampWords(report.timeStamp)],
    // Nobody vouches for a signature that does not fit.
    [t('verify_doc_trust'), isIntact ? trustWords(report) : null],
    [t('verify_doc_validity'), isIntact ? validityOf(report) : null],
    [t('verify_doc_revocation'), isIntact ? revocationOf(report) : null],
    [
      t('verify_doc_strength'),
      strengthWords(
        algorithm,
        weaknesses.map((one) => weaknessWords[one]),
      ),
    ],
    [t('verify_doc_covers'), isIntact ? coverageWords[coverage] : null],
    [t('verify_doc_purpose'), namespace],
    // minisign itself puts tabs between what it says there.
    [t('verify_doc_comment'), comment?.replaceAll('\t', ' ') ?? null],
    [t('verify_doc_reason_said'), pdf?.reason ?? null],
    [t('verify_doc_location_said'), pdf?.location ?? null],
    [t('verify_doc_level'), pdf?.docMdp ? levelWords[pdf.docMdp] : null],
  ]
  return facts.flatMap(([label, value]) => (value ? [{ label, value: visible(value) }] : []))
}

const levelWords = {
  1: t('verify_doc_level_1'),
  2: t('verify_doc_level_2'),
  3: t('verify_doc_level_3'),
} as const

function whoWords(report: SignatureReport, ours: CertificateEntry | null): string {
  if (report.integrity !== 'intact' && report.who) {
    return t('verify_doc_who_claimed', [whoOf(report)])
  }
  const whose = ours && (ours.Kind === 'own' ? t('verify_doc_own') : t('verify_doc_issued_here'))
  return whose ? t('verify_doc_validity_for', [whoOf(report), whose]) : whoOf(report)
}

function signedAt({ signingTime, timeStamp }: SignatureReport): string {
  if (signingTime === null) return t('verify_doc_signed_at_none')
  return timeStamp?.verdict === 'valid'
    ? t('verify_doc_signed_at_stamped', [when(signingTime)])
    : t('verify_doc_signed_at_claimed', [when(signingTime)])
}

function stampWords(stamp: TimeStampReport | null): string {
  if (!stamp) return t('verify_doc_stamp_none')
  const { verdict, time, who, problems, reason } = stamp
  if (time !== null && (verdict === 'valid' || verdict === 'incomplete')) {
    const said: [string, string] = [when(time), who ?? t('verify_doc_who_unknown')]
    return verdict === 'valid' ? t('verify_doc_stamp_good', said) : t('verify_doc_stamp_open', said)
  }
  const [problem] = problems
  const isUnknown = reason === null || reason === 'no-path'
  const why = problem ? problemWords[problem] : isUnknown ? null : reasonWords[reason]
  return t('verify_doc_stamp_bad', [why ?? t('verify_doc_stamp_bad_plain')])
}

function trustWords(report: SignatureReport): string {
  const { chain, anchor, reason, who, validity, certificate } = report
  // A key that is known has no certificate to look at.
  if (validity === 'not-applicable' && reason === null) {
    return t('verify_doc_trust_key', [who ?? ''])
  }
  if (reason !== null) return t('verify_doc_trust_none')
  if (!anchor) return t('verify_doc_trust_unchecked')
  if (report.revocation === 'not-applicable') return t('verify_doc_trust_self')
  const path = [...chain.filter((one) => one !== certificate), anchor]
  return path.map(holderOf).join(' → ')
}

function validityOf({ certificate, validity }: SignatureReport): string {
  const words = validityWords[validity]
  if (!certificate) return words
  const span = `${when(certificate.notBefore)} – ${when(certificate.notAfter)}`
  return t('verify_doc_validity_for', [words, span])
}

function revocationOf({ revocation, anchor, validity }: SignatureReport): string {
  // Of a key that nobody knows, nothing is known.
  if (revocation === 'not-applicable' && !anchor && validity !== 'not-applicable') {
    return revocationWords.unknown
  }
  return revocationWords[revocation]
}

function strengthWords(algorithm: string, weak: readonly string[]): string {
  if (algorithm === '') return [t('verify_doc_strength_unknown'), ...weak].join(' ')
  return weak.length > 0
    ? [`${algorithm}.`, ...weak].join(' ')
    : t('verify_doc_strength_good', [algorithm])
}

const coverageWords = {
  whole: t('verify_doc_covers_whole'),
  part: t('verify_doc_covers_part'),
} as const

/** Why it is not better; from the gravest on. */
export function whyOf(report: SignatureReport, withdrawnAt: number | null): readonly string[] {
  const { reason, weaknesses, problems } = report
  const all = [
    ...(withdrawnAt === null ? [] : [t('verify_doc_revoked_here', [dateWords(withdrawnAt)])]),
    // Remarks take nothing from what a signature is worth; they stand among the details.
    ...problems.filter((one) => !remarks.has(one)).map((one) => problemWords[one]),
    ...(reason ? [reasonWords[reason]] : []),
    ...weaknesses.map((one) => weaknessWords[one]),
  ]
  return [...new Set(all)]
}

export const revisionWords = ({ revision, isAllowed }: RevisionChanges): string =>
  revision === 0
    ? t('verify_doc_revision', ['?'])
    : isAllowed
      ? t('verify_doc_revision_allowed', [String(revision)])
      : t('verify_doc_revision_not_allowed', [String(revision)])

export function changeWords({ code, page, field, was, is }: Change): string {
  const where = [
    ...(page === null ? [] : [t('verify_doc_finding_page', [String(page)])]),
    ...(field === null ? [] : [t('verify_doc_finding_field', [visible(field)])]),
    ...(was === null && is === null
      ? []
      : [t('verify_doc_finding_value', [visible(was ?? ''), visible(is ?? '')])]),
  ]
  return where.length > 0 ? `${findingWords[code]} (${where.join(', ')})` : findingWords[code]
}

const isSame = (left: Certificate, right: Certificate | null): boolean =>
  right !== null && equalBytes(left.der, right.der)

export interface FactGroup {
  readonly heading: string
  readonly facts: readonly Fact[]
}

/** For who wants to know all of it. */
export async function detailsOf(report: SignatureReport): Promise<readonly FactGroup[]> {
  const { chain, anchor, certificate, keyName, pdf, algorithm, time, problems } = report
  const signer = certificate ?? chain[0] ?? null
  const above = chain.filter((one) => one !== signer)
  const certificates: (readonly [string, Certificate])[] = [
    ...(signer ? [[t('verify_doc_detail_signer'), signer] as const] : []),
    ...above.map((one, at) => [t('verify_doc_detail_certificate', [String(at + 2)]), one] as const),
    ...(anchor && !isSame(anchor, signer)
      ? [[t('verify_doc_detail_anchor'), anchor] as const]
      : []),
  ]
  const general: (readonly [string, string | null])[] = [
    [t('verify_doc_detail_algorithm'), algorithm || null],
    [t('verify_doc_detail_judged'), when(time)],
    [t('verify_doc_detail_key'), keyName],
    [t('verify_doc_detail_kind'), pdf && pdfKindWords[pdf.kind]],
    [t('verify_doc_detail_field'), pdf?.fieldName ?? null],
  ]
  const found = problems.map((one) => ({ label: one, value: problemWords[one] }))
  const nothing = { label: '', value: t('verify_doc_detail_nothing') }
  return [
    { heading: '', facts: general.flatMap(factOf) },
    ...(await Promise.all(certificates.map(certificateFacts))),
    ...report.counterSignatures.map(counterFacts),
    { heading: t('verify_doc_detail_problems'), facts: found.length > 0 ? found : [nothing] },
  ]
}

const factOf = ([label, value]: readonly [string, string | null]): readonly Fact[] =>
  value === null ? [] : [{ label, value: visible(value) }]

async function certificateFacts([heading, certificate]: readonly [string, Certificate]) {
  return {
    heading,
    facts: [
      { label: t('verify_doc_detail_subject'), value: visible(certificate.subject.text) },
      { label: t('verify_doc_detail_issuer'), value: visible(certificate.issuer.text) },
      { label: t('verify_doc_detail_serial'), value: serialText(certificate) },
      { label: t('verify_doc_detail_from'), value: when(certificate.notBefore) },
      { label: t('verify_doc_detail_to'), value: when(certificate.notAfter) },
      { label: t('verify_doc_detail_sha256'), value: await fingerprintWords(certificate) },
    ],
  }
}

/** In pairs, as other programs print it. */
export const fingerprintWords = async (certificate: Certificate): Promise<string> =>
  (
    encodeHex(await fingerprintOf(certificate))
      .toUpperCase()
      .match(/../g) ?? []
  ).join(':')

function counterFacts(counter: SignatureReport['counterSignatures'][number]): FactGroup {
  const trust: Trust = counter
  const facts = [
    [t('verify_doc_who'), counter.who],
    [t('verify_doc_signed_at'), counter.signingTime === null ? null : when(counter.signingTime)],
    [t('verify_doc_why'), trust.reason && reasonWords[trust.reason]],
  ] as const
  return { heading: t('verify_doc_detail_counter'), facts: facts.flatMap(factOf) }
}
