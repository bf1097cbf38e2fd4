// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: what a person is told of one signature, in one form for all kinds of them. "valid" is said only where
// nothing was left unchecked.

import type { Certificate } from '../certificates/certificate.ts'
import type { Weakness } from '../certificates/strength.ts'
import type { Changes } from '../pdf/changes.ts'
import type { PdfSignature, SignatureProblem } from '../pdf/signatures.ts'
import type { Trust } from './judgeCertificate.ts'
import type { MinisignProblem } from './minisign.ts'
import type { SshProblem } from './sshSignature.ts'
import { type CmsProblem, cmsRemarks } from './verifyCms.ts'
import type { JwsProblem } from './verifyJws.ts'

export type SignedForm = 'cms' | 'pdf' | 'jws' | 'sshsig' | 'minisign'

/** What stands in the way of `valid`, as nobody could look at it with what is at hand. */
export type NotChecked =
  | 'content'
  | 'signature'
  /** Nobody could say whose key it is: no certificate of the signer is at hand, nor a key that could be the one. */
  | 'chain'
  | 'revocation'
  | 'time-stamp'
  | 'counter-signatures'

/** From the gravest to the best. */
export const verdicts = [
  /** Of a form that can deceive: it proves nothing (PDF alone). */
  'unsound',
  'altered',
  /** It holds for an earlier revision of the file, and does not allow what came later (PDF alone). */
  'changed-later',
  /** `reason` says why the signer is not to be trusted; or `weaknesses` or `problems` why the signature is not. */
  'not-trusted',
  /** Nothing speaks against it, but `notChecked` is not empty. */
  'incomplete',
  'valid',
] as const
export type Verdict = (typeof verdicts)[number]

export type ReportProblem =
  | CmsProblem
  | SignatureProblem
  | JwsProblem
  | SshProblem
  | MinisignProblem

export type TimeStampProblem =
  | CmsProblem
  /** The token cannot be read, or is none. */
  | 'not-a-time-stamp'
  /** It is over something else. */
  | 'imprint-mismatch'
  | 'unknown-imprint'
  /** RFC 3161 section 2.3: `timeStamping`, critical, and nothing beside it. */
  | 'not-an-authority'
  | 'unknown-version'
  | 'unknown-critical-extension'
  /** From later than the time of the question. */
  | 'in-the-future'
  /** RFC 3161 section 2.4.2 and RFC 5816: the token must name the certificate it is to be verified with. */
  | 'certificate-not-named'

/** An authority says that the signature was there at `time`. */
export interface TimeStampReport extends Trust {
  readonly verdict: Exclude<Verdict, 'unsound' | 'changed-later'>
  /** The authority's name, for people. */
  readonly who: string | null
  readonly integrity: 'intact' | 'altered' | 'not-checked'
  /** ms since 1970; `null` where it cannot be read. */
  readonly time: number | null
  readonly weaknesses: readonly Weakness[]
  readonly notChecked: readonly NotChecked[]
  readonly problems: readonly TimeStampProblem[]
}

/** A signature over the signature (RFC 5652 section 11.4). */
export interface CounterSignatureReport extends Trust {
  readonly verdict: Exclude<Verdict, 'unsound' | 'changed-later'>
  readonly who: string | null
  readonly integrity: 'intact' | 'altered' | 'not-checked'
  /** ms since 1970, as claimed. */
  readonly signingTime: number | null
  readonly weaknesses: readonly Weakness[]
  readonly notChecked: readonly NotChecked[]
  readonly problems: readonly CmsProblem[]
}

/** The place of a signature in a PDF, and what its writer says of it. */
export interface PdfPlace
  extends Pick<
    PdfSignature,
    'fieldName' | 'kind' | 'revision' | 'docMdp' | 'name' | 'reason' | 'location' | 'contactInfo'
  > {
  /** What came after it, revision by revision; `nothing` where it is over the whole file. */
  readonly changes: Changes
}

export interface SignatureReport extends Trust {
  readonly form: SignedForm
  readonly verdict: Verdict
  /** For people; `null` where no certificate or key of the signer is at hand. */
  readonly who: string | null
  readonly certificate: Certificate | null
  /** Of a signer without a certificate: `SHA256:…` (SSH), the id (minisign), the thumbprint (JWS). */
  readonly keyName: string | null
  readonly integrity: 'intact' | 'altered' | 'not-checked'
  /** ms since 1970: the time judged for. That of a time stamp that holds, else that of the question. */
  readonly time: number
  /** ms since 1970, as the signer claims. */
  readonly signingTime: number | null
  /** `null`: there is none. */
  readonly timeStamp: TimeStampReport | null
  readonly counterSignatures: readonly CounterSignatureReport[]
  /** For people; empty where it is not known. */
  readonly algorithm: string
  readonly weaknesses: readonly Weakness[]
  /** `part`: a file whose later bytes it does not speak of. */
  readonly coverage: 'whole' | 'part'
  readonly pdf: PdfPlace | null
  /** What the signature says it is for (SSH: `file`, `git`), signed. */
  readonly namespace: string | null
  /** Signed beside the content (minisign); visible characters alone. */
  readonly comment: string | null
  readonly notChecked: readonly NotChecked[]
  /** All that was found. Some are remarks, which take nothing from `valid`: see `remarks`. */
  readonly problems: readonly ReportProblem[]
}

/** What takes nothing from `valid`. */
export const remarks: ReadonlySet<ReportProblem | TimeStampProblem> = cmsRemarks

/** What there is where nobody vouches for anybody. */
export const noTrust: Trust = {
  chain: [],
  anchor: null,
  reason: null,
  at: null,
  validity: 'not-checked',
  revocation: 'unknown',
}

/** Of a signature of which nothing is known yet. */
export const bareReport = (form: SignedForm, now: number): SignatureReport => ({
  ...noTrust,
  form,
  verdict: 'incomplete',
  who: null,
  certificate: null,
  keyName: null,
  integrity: 'not-checked',
  time: now,
  signingTime: null,
  timeStamp: null,
  counterSignatures: [],
  algorithm: '',
  weaknesses: [],
  coverage: 'whole',
  pdf: null,
  namespace: null,
  comment: null,
  notChecked: ['signature', 'chain'],
  problems: [],
})

type Judged = Pick<SignatureReport, 'integrity' | 'reason' | 'notChecked' | 'weaknesses'> & {
  readonly problems: readonly (ReportProblem | TimeStampProblem)[]
}

/** Of one signature, whatever its form. */
export function verdictOf(report: Judged): TimeStampReport['verdict'] {
  const { integrity, reason, notChecked, weaknesses } = report
  if (integrity === 'altered') return 'altered'
  if (reason !== null) return 'not-trusted'
  if (integrity !== 'intact') return 'incomplete'
  // A signature that holds, and yet must not count here.
  const isGrave = report.problems.some((one) => !remarks.has(one))
  if (isGrave || weaknesses.length > 0) return 'not-trusted'
  return notChecked.length > 0 ? 'incomplete' : 'valid'
}

/** Of them all: the gravest. */
export const gravest = (found: readonly Verdict[]): Verdict | null =>
  verdicts.find((verdict) => found.includes(verdict)) ?? null
