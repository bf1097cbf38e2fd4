// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: whether the anchors vouch for the certificate of a signer, at a time, with the revocation data at hand.

import type { Batch } from '../certificates/batch.ts'
import { type Certificate, sameCertificate } from '../certificates/certificate.ts'
import { type Crl, readCrl } from '../certificates/crl.ts'
import { CertificateError } from '../certificates/errors.ts'
import { type OcspResponse, readOcspResponse } from '../certificates/ocsp.ts'
import { checkPath, type PathInput, type VerdictReason } from '../certificates/path.ts'
import type { Bytes } from '../codec/bytes.ts'

/** What there is to judge a signer by, whatever the form of the signature. */
export interface Evidence {
  /** Certificates that the person trusts: of authorities, or self-signed ones of signers. */
  readonly anchors: readonly Certificate[]
  /** In between, in any order. */
  readonly others: readonly Certificate[]
  readonly crls: readonly Crl[]
  readonly ocsp: readonly OcspResponse[]
  /** What the certificate must be for; `documentPurposes` where it is absent. */
  readonly extKeyUsage?: NonNullable<PathInput['extKeyUsage']>
  readonly allowInsecureSha1?: boolean
  /** Shared by documents that are judged one after another. */
  readonly batch?: Batch | undefined
}

export interface Trust {
  /** From the signer up, without the anchor; empty for a signer known by the key alone. */
  readonly chain: readonly Certificate[]
  readonly anchor: Certificate | null
  /** Why no trust is given; `null` where it is, or nobody could look. */
  readonly reason: VerdictReason | 'key-not-known' | null
  /** Of which certificate the reason speaks; `null` where of none. */
  readonly at: Certificate | null
  /** Of the signer's certificate at the time judged for. `not-applicable`: a key without certificate. */
  readonly validity: 'valid' | 'expired' | 'not-yet-valid' | 'not-checked' | 'not-applicable'
  /** Of the whole chain. `not-applicable`: nobody could revoke it, as the person trusts that very key or certificate. */
  readonly revocation: 'good' | 'revoked' | 'unknown' | 'not-applicable'
}

const signing = ['digitalSignature', 'nonRepudiation'] as const

/**
 * A certificate whose usage is limited must be for one of these: those that are for documents, for what people write, or
 * for programs. Whoever answers for a web server (serverAuth) or is let in somewhere (clientAuth) signs no documents.
 */
const documentPurposes = [
  'documentSigning',
  'adobeDocumentSigning',
  'microsoftDocumentSigning',
  'emailProtection',
  'codeSigning',
] as const

/**
 * For signing. Never throws for what the certificates hold.
 * @param time ms since 1970
 * @param now ms since 1970: of the question, where a time stamp proves an earlier time
 */
export async function judgeCertificate(
  certificate: Certificate,
  evidence: Evidence,
  time: number,
  now = time,
): Promise<Trust> {
  const { batch, ...given } = evidence
  const question = {
    certificate,
    extKeyUsage: documentPurposes,
    ...given,
    time,
    keyUsage: signing,
  }
  const check = (one: PathInput) => (batch ? batch.checkPath(one) : checkPath(one))
  const then = await check(question)
  // What was revoked by then stands in later lists, too, and perhaps not in those of then.
  const later =
    then.reason === null && now > time ? await check({ ...question, revocationTime: now }) : then
  const path = later.reason !== null || then.notChecked.length > 0 ? later : then
  const statuses = path.revocation.map(({ status }) => status)
  const isKnown = statuses.length > 0 && statuses.every((status) => status === 'good')
  const isAnchor = path.anchor !== null && sameCertificate(path.anchor, certificate)
  const unknown = isAnchor && path.reason === null ? 'not-applicable' : 'unknown'
  const { chain, anchor, reason, at } = path
  return {
    chain,
    anchor,
    reason,
    at,
    validity: validityOf(certificate, time),
    revocation: statuses.includes('revoked') ? 'revoked' : isKnown ? 'good' : unknown,
  }
}

function validityOf({ notBefore, notAfter }: Certificate, time: number): Trust['validity'] {
  if (time < notBefore) return 'not-yet-valid'
  return time > notAfter ? 'expired' : 'valid'
}

interface Enclosed {
  readonly certificates: readonly Certificate[]
  /** DER. */
  readonly crls: readonly Bytes[]
  readonly ocsp: readonly Bytes[]
}

/** With what a message or file brings itself; what cannot be read of that is none. */
export const withEnclosed = (evidence: Evidence, message: Enclosed): Evidence => ({
  ...evidence,
  others: [...message.certificates, ...evidence.others],
  crls: [...message.crls.flatMap((der) => readable(() => readCrl(der))), ...evidence.crls],
  ocsp: [...message.ocsp.flatMap(ocspOf), ...evidence.ocsp],
})

const ocspOf = (der: Bytes): readonly OcspResponse[] =>
  readable(() => readOcspResponse(der)).flatMap((one) => (typeof one === 'string' ? [] : [one]))

function readable<T>(read: () => T): readonly T[] {
  try {
    return [read()]
  } catch (error) {
    if (error instanceof CertificateError) return []
    throw error
  }
}
