// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: what a person is told of one signature, in one form for all kinds of them. "valid" is said only where
// nothing was left unchecked.

import type { Certificate } from '../certificates/certificate.ts'
import { readCrl } from '../certificates/crl.ts'
import { CertificateError } from '../certificates/errors.ts'
import { readOcspResponse } from '../certificates/ocsp.ts'
import {
  checkPath,
  type PathInput,
  type PathVerdict,
  type VerdictReason,
} from '../certificates/path.ts'
import type { Weakness } from '../certificates/strength.ts'
import type { CmsProblem, CmsSignerVerdict, CmsVerdict } from './verifyCms.ts'

export type NotChecked =
  | 'content'
  | 'signature'
  | 'chain'
  | 'revocation'
  | 'time-stamp'
  | 'counter-signatures'

export interface SignatureReport {
  readonly form: 'cms' | 'pdf' | 'jws' | 'sshsig' | 'minisign'
  /** `incomplete`: nothing speaks against it, but `notChecked` is not empty. */
  readonly verdict: 'valid' | 'altered' | 'not-trusted' | 'incomplete'
  /** For people; `null` where no certificate or key of the signer is at hand. */
  readonly who: string | null
  readonly integrity: 'intact' | 'altered' | 'not-checked'
  readonly chain: readonly Certificate[]
  readonly anchor: Certificate | null
  /** Why no trust is given; `null` where it is, or nobody looked. */
  readonly reason: VerdictReason | null
  /** ms since 1970: the time judged for. */
  readonly time: number
  /** ms since 1970, as the signer claims. */
  readonly signingTime: number | null
  readonly validity: 'valid' | 'expired' | 'not-yet-valid' | 'not-checked'
  readonly revocation: 'good' | 'revoked' | 'unknown'
  readonly timeStamp: 'none' | 'not-checked'
  readonly weaknesses: readonly Weakness[]
  readonly coverage: 'whole' | 'part'
  readonly notChecked: readonly NotChecked[]
  readonly problems: readonly CmsProblem[]
}

export interface JudgeInput
  extends Pick<PathInput, 'anchors' | 'extKeyUsage' | 'allowInsecureSha1'> {
  readonly message: CmsVerdict
  readonly signer: CmsSignerVerdict
  /** ms since 1970 to judge for: now, or a time that is proved. Never the claimed one. */
  readonly time: number
  /** Beside those of the message. */
  readonly others?: readonly Certificate[]
}

/** Whom the anchors vouch for, at that time. Never throws for what the message holds. */
export async function judgeSigner(input: JudgeInput): Promise<SignatureReport> {
  const { signer, time } = input
  const path = signer.certificate ? await pathOf(input, signer.certificate) : null
  const notChecked = notCheckedOf(signer, path)
  const { certificate, integrity, signingTime, weaknesses, problems } = signer
  return {
    form: 'cms',
    verdict: verdictOf(integrity, path, notChecked, problems, weaknesses),
    who: certificate?.subject.text ?? null,
    integrity,
    chain: path?.chain ?? [],
    anchor: path?.anchor ?? null,
    reason: path?.reason ?? null,
    time,
    signingTime,
    validity: validityOf(certificate, time),
    revocation: revocationOf(path),
    timeStamp: signer.timeStamp ? 'not-checked' : 'none',
    weaknesses,
    coverage: 'whole',
    notChecked,
    problems,
  }
}

function pathOf(input: JudgeInput, certificate: Certificate): Promise<PathVerdict> {
  const { message, others = [], anchors, extKeyUsage, allowInsecureSha1, time } = input
  return checkPath({
    certificate,
    others: [...message.certificates, ...others],
    anchors,
    time,
    crls: message.crls.flatMap((der) => readable(() => readCrl(der))),
    ocsp: message.ocsp.flatMap((der) =>
      readable(() => readOcspResponse(der)).flatMap((one) =>
        typeof one === 'string' ? [] : [one],
      ),
    ),
    keyUsage: ['digitalSignature', 'nonRepudiation'],
    ...(extKeyUsage ? { extKeyUsage } : {}),
    ...(allowInsecureSha1 ? { allowInsecureSha1 } : {}),
  })
}

function readable<T>(read: () => T): readonly T[] {
  try {
    return [read()]
  } catch (error) {
    if (error instanceof CertificateError) return []
    throw error
  }
}

function notCheckedOf(signer: CmsSignerVerdict, path: PathVerdict | null): readonly NotChecked[] {
  const found: NotChecked[] = []
  if (signer.problems.includes('content-missing')) found.push('content')
  if (signer.integrity === 'not-checked') found.push('signature')
  if (!path) found.push('chain')
  if (revocationOf(path) === 'unknown') found.push('revocation')
  if (signer.timeStamp) found.push('time-stamp')
  if (signer.counterSignatures.length > 0) found.push('counter-signatures')
  return found
}

function verdictOf(
  integrity: SignatureReport['integrity'],
  path: PathVerdict | null,
  notChecked: readonly NotChecked[],
  problems: readonly CmsProblem[],
  weaknesses: readonly Weakness[],
): SignatureReport['verdict'] {
  if (integrity === 'altered') return 'altered'
  if (path && path.reason !== null) return 'not-trusted'
  if (integrity !== 'intact' || notChecked.length > 0 || problems.length > 0) return 'incomplete'
  return weaknesses.length > 0 ? 'not-trusted' : 'valid'
}

function validityOf(certificate: Certificate | null, time: number): SignatureReport['validity'] {
  if (!certificate) return 'not-checked'
  if (time < certificate.notBefore) return 'not-yet-valid'
  return time > certificate.notAfter ? 'expired' : 'valid'
}

function revocationOf(path: PathVerdict | null): SignatureReport['revocation'] {
  const statuses = path?.revocation ?? []
  if (statuses.some(({ status }) => status === 'revoked')) return 'revoked'
  const isKnown = statuses.length > 0 && statuses.every(({ status }) => status === 'good')
  return isKnown ? 'good' : 'unknown'
}
