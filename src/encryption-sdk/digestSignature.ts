// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the footer's signature of a stream, over a digest that is there already. WebCrypto always
// hashes by itself, all at once; so a library does it.

import { p256, p384 } from '@noble/curves/nist.js'
import type { Bytes } from '../codec/bytes.ts'
import { ecdsaFromDer, ecdsaToDer } from '../codec/ecdsa.ts'
import { decodeBase64Url } from '../codec/text.ts'
import { EncryptionSdkError } from './errors.ts'
import type { Signature } from './suites.ts'

const curves = { 'P-256': p256, 'P-384': p384 } as const
/** The digest is signed as it is; low and high s are both valid (FIPS 186-5 section 6.4). */
const overDigest = { prehash: false, lowS: false } as const

/** @throws EncryptionSdkError `invalid` where the key cannot be read */
export async function signDigest(
  { curve }: Signature,
  key: CryptoKey,
  digest: Bytes,
): Promise<Bytes> {
  if (!key.extractable) {
    throw new EncryptionSdkError('invalid', 'A stream needs a signing key that can be read.')
  }
  const { d = '' } = await crypto.subtle.exportKey('jwk', key)
  const scalar = decodeBase64Url(d)
  const p1363 = curves[curve].sign(digest, scalar, overDigest)
  scalar.fill(0)
  return ecdsaToDer(p1363)
}

export async function verifyDigest(
  { curve, coordinateBytes }: Signature,
  key: CryptoKey,
  digest: Bytes,
  der: Bytes,
): Promise<boolean> {
  const p1363 = ecdsaFromDer(der, coordinateBytes)
  if (!p1363) return false
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', key))
  return curves[curve].verify(p1363, digest, point, overDigest)
}
