// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: certificates, made: self-signed ones, and those of one's own small authority.

import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { derElement, tags } from '../codec/der.ts'
import { derNumber, derSequence, derTime, derUnsigned } from '../codec/derValues.ts'
import type { Certificate } from './certificate.ts'
import { MakingError, makeSigned, signerAlgorithm } from './makeSigned.ts'
import { writeName } from './names.ts'
import { type CertificateRequest, isProved, type NameParts } from './request.ts'
import type { Signer } from './signer.ts'
import {
  keyIdOf,
  type Purposes,
  writeAuthorityKeyId,
  writeBasicConstraints,
  writePurposes,
  writeSubjectKeyId,
} from './writeExtensions.ts'

export interface Validity {
  /** ms since 1970; written in whole seconds. */
  readonly notBefore: number
  readonly notAfter: number
}

export interface AuthorityRights {
  /** For certificates that may issue others. */
  readonly isCa?: boolean
  /** How many authorities may stand below; any number where it is absent. */
  readonly pathLength?: number
}

/** A certificate that may issue, and its key. */
export interface Authority {
  readonly certificate: Certificate
  readonly signer: Signer
}

/** RFC 5280 section 4.1.2.2: positive, at most 20 bytes; 127 bits of it by chance. */
function randomSerial(): Bytes {
  const serial = crypto.getRandomValues(new Uint8Array(16))
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  return serial
}

/** @returns Certificate, DER */
export async function makeSelfSigned(
  signer: Signer,
  { subject, ...rest }: Purposes & Validity & AuthorityRights & { readonly subject: NameParts },
): Promise<Bytes> {
  const name = writeName(subject)
  const keyId = await keyIdOf(signer.publicKey)
  const { publicKey } = signer
  return makeCertificate(signer, {
    ...rest,
    issuer: name,
    subject: name,
    publicKey,
    keyId,
    issuerKeyId: keyId,
  })
}

/**
 * Subject and key are those of the request; what it is for, the issuer says.
 * @throws MakingError `no-proof-of-possession`, `not-the-issuer`
 */
export async function issueCertificate(
  authority: Authority,
  request: CertificateRequest,
  grant: Purposes & Validity & AuthorityRights,
): Promise<Bytes> {
  checkAuthority(authority, 'keyCertSign')
  if (!(await isProved(request))) throw new MakingError('no-proof-of-possession')
  const { subject, publicKey } = request
  return issue(authority, { ...grant, subject: subject.der, publicKey })
}

/**
 * For a key that is at hand, so that nothing has to be proved: those that decrypt cannot sign a request (RFC 4211
 * section 4.3 would have the authority encrypt to them).
 * @throws MakingError `not-the-issuer`
 */
export async function certifyKey(
  authority: Authority,
  { subject, publicKey }: { readonly subject: NameParts; readonly publicKey: Bytes },
  grant: Purposes & Validity,
): Promise<Bytes> {
  checkAuthority(authority, 'keyCertSign')
  return issue(authority, { ...grant, subject: writeName(subject), publicKey })
}

async function issue(
  { certificate, signer }: Authority,
  content: Omit<Content, 'issuer' | 'keyId' | 'issuerKeyId'>,
): Promise<Bytes> {
  return makeCertificate(signer, {
    ...content,
    issuer: certificate.subject.der,
    keyId: await keyIdOf(content.publicKey),
    issuerKeyId: certificate.extensions.subjectKeyId ?? (await keyIdOf(certificate.publicKey)),
  })
}

/** @throws MakingError `not-the-issuer` */
export function checkAuthority(
  { certificate, signer }: Authority,
  usage: 'keyCertSign' | 'cRLSign',
): void {
  const { basicConstraints, keyUsage } = certificate.extensions
  const mayIssue = basicConstraints?.isCa && (!keyUsage || keyUsage.has(usage))
  if (!mayIssue || !equalBytes(certificate.publicKey, signer.publicKey)) {
    throw new MakingError('not-the-issuer')
  }
}

interface Content extends Purposes, Validity, AuthorityRights {
  readonly issuer: Bytes
  readonly subject: Bytes
  readonly publicKey: Bytes
  readonly keyId: Bytes
  readonly issuerKeyId: Bytes
}

function makeCertificate(signer: Signer, content: Content): Promise<Bytes> {
  const extensions = derSequence(
    writeBasicConstraints(content.isCa ?? false, content.pathLength),
    ...writePurposes(content),
    writeSubjectKeyId(content.keyId),
    writeAuthorityKeyId(content.issuerKeyId),
  )
  const tbs = derSequence(
    derElement(tags.explicit0, derNumber(2)),
    derUnsigned(randomSerial()),
    signerAlgorithm(signer),
    content.issuer,
    derSequence(derTime(content.notBefore), derTime(content.notAfter)),
    content.subject,
    content.publicKey,
    derElement(tags.explicit3, extensions),
  )
  return makeSigned(tbs, signer)
}
