// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: whether a private key is one to keep: of a kind and size that KMS has, strong enough, and whole. A key whose
// public half is not its own, or no point of its curve, would sign for somebody else or for nobody.

import { p256, p384, p521 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { type Bytes, concatBytes, equalBytes } from '../codec/bytes.ts'
import { DerFields, tags } from '../codec/der.ts'
import { readBits, readNumber, readOctets } from '../codec/derValues.ts'
import { type Curve, curves } from './curves.ts'
import { type KeyFileErrorCode, refuse } from './keyFileError.ts'
import { curveOfPkcs8, keySpecOf, rsaBitsOf } from './privateKeys.ts'

const leastRsaBits = 2048
const byName = { 'P-256': p256, 'P-384': p384, 'P-521': p521, secp256k1 } as const

/**
 * @returns why it is not to be kept, or `null`
 * @throws DerError where the bytes are no PKCS #8
 */
function faultOf(pkcs8: Bytes): KeyFileErrorCode | null {
  const bits = rsaBitsOf(pkcs8)
  if (bits !== null && bits < leastRsaBits) return 'too-weak'
  if (!keySpecOf(pkcs8)) return 'unknown-kind'
  const found = curveOfPkcs8(pkcs8)
  return found && !isPair(found.curve, found.key) ? 'not-a-pair' : null
}

/** @param key ECPrivateKey, DER (RFC 5915 section 3) */
function isPair(curve: Curve, key: Bytes): boolean {
  const fields = DerFields.whole(key)
  readNumber(fields.take(tags.integer))
  const written = readOctets(fields.take(tags.octetString))
  const missing = curves[curve].coordinateBytes - written.byteLength
  // Old tools leave out zeros in front.
  if (missing < 0) return false
  const scalar = concatBytes(new Uint8Array(missing), written)
  const { utils, getPublicKey } = byName[curve]
  if (!utils.isValidSecretKey(scalar)) return false
  const given = fields.rest().find(({ tag }) => tag === tags.explicit1)
  if (!given) return true
  const point = readBits(DerFields.in(given.content).take(tags.bitString))
  const compressed = point[0] === 2 || point[0] === 3
  return equalBytes(point, getPublicKey(scalar, compressed))
}

/** @throws KeyFileError */
export function assertKeepable(pkcs8: Bytes): void {
  const fault = faultOf(pkcs8)
  if (fault) refuse(fault)
}
