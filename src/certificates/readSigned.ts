// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: what is signed, by which algorithm, and the signature: the one form of certificates, requests and
// lists (RFC 5280 section 4.1.1, RFC 2986 section 4.2).

import type { Bytes } from '../codec/bytes.ts'
import { DerFields, tags } from '../codec/der.ts'
import { readBits } from '../codec/derValues.ts'
import { readSignatureAlgorithm, type SignatureAlgorithm } from './algorithms.ts'
import { readStrictly } from './errors.ts'

export interface Signed {
  readonly der: Bytes
  /** What is signed, DER. */
  readonly tbs: Bytes
  readonly signatureAlgorithm: SignatureAlgorithm
  readonly signature: Bytes
}

/**
 * Takes a copy, so that later writes to `der` change nothing.
 * @throws CertificateError
 */
export function readSigned<Content>(
  der: Bytes,
  mostBytes: number,
  readContent: (signed: Signed) => Content,
): Signed & Content {
  return readStrictly(der, mostBytes, () => {
    const copy = der.slice()
    const outer = DerFields.whole(copy)
    const tbs = outer.take(tags.sequence).der
    const algorithm = outer.take(tags.sequence).der
    const signature = readBits(outer.take(tags.bitString))
    outer.end()
    const signatureAlgorithm = readSignatureAlgorithm(algorithm)
    const signed = { der: copy, tbs, signatureAlgorithm, signature }
    return { ...signed, ...readContent(signed) }
  })
}
