// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: revocation lists of one's own authority, made (RFC 5280 section 5).

import type { Bytes } from '../codec/bytes.ts'
import { derElement, tags } from '../codec/der.ts'
import { derNumber, derSequence, derTime } from '../codec/derValues.ts'
import { type RevocationReason, reasonCodes } from './crl.ts'
import { type Authority, checkAuthority } from './makeCertificate.ts'
import { makeSigned, signerAlgorithm } from './makeSigned.ts'
import { keyIdOf, writeAuthorityKeyId, writeExtension } from './writeExtensions.ts'

export interface RevokedEntry {
  /** INTEGER content, as `Certificate.serialNumber`. */
  readonly serialNumber: Bytes
  /** ms since 1970. */
  readonly revokedAt: number
  readonly reason?: RevocationReason
}

export interface CrlContent {
  /** One more for each list of an authority (RFC 5280 section 5.2.3). */
  readonly number: number
  /** ms since 1970. */
  readonly thisUpdate: number
  readonly nextUpdate: number
  readonly revoked: readonly RevokedEntry[]
}

/**
 * @returns CertificateList, DER
 * @throws MakingError `not-the-issuer`
 */
export async function makeCrl(authority: Authority, content: CrlContent): Promise<Bytes> {
  checkAuthority(authority, 'cRLSign')
  const { certificate, signer } = authority
  const keyId = certificate.extensions.subjectKeyId ?? (await keyIdOf(certificate.publicKey))
  const extensions = derSequence(
    writeAuthorityKeyId(keyId),
    writeExtension('2.5.29.20', false, derNumber(content.number)),
  )
  const tbs = derSequence(
    derNumber(1),
    signerAlgorithm(signer),
    certificate.subject.der,
    derTime(content.thisUpdate),
    derTime(content.nextUpdate),
    // An empty list is not written (RFC 5280 section 5.1.2.6).
    ...(content.revoked.length > 0 ? [derSequence(...content.revoked.map(writeEntry))] : []),
    derElement(tags.explicit0, extensions),
  )
  return makeSigned(tbs, signer)
}

function writeEntry({ serialNumber, revokedAt, reason }: RevokedEntry): Bytes {
  const code = reason ? reasonCodes.indexOf(reason) : 0
  const value = derElement(tags.enumerated, Uint8Array.of(code))
  // `unspecified` is said by saying nothing (RFC 5280 section 5.3.1).
  const extensions = code > 0 ? [derSequence(writeExtension('2.5.29.21', false, value))] : []
  return derSequence(derElement(tags.integer, serialNumber), derTime(revokedAt), ...extensions)
}
