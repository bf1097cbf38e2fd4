// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: private keys of any form, made into PKCS #8 (RFC 5958), and which key spec each is of.

import type { Bytes } from '../codec/bytes.ts'
import { DerError, DerFields, derElement, onlyElement, tags } from '../codec/der.ts'
import {
  derBits,
  derNull,
  derNumber,
  derOctets,
  derOid,
  derSequence,
  derUnsigned,
  readNumber,
  readOctets,
  readOid,
  readUnsigned,
} from '../codec/derValues.ts'
import type { KeySpec } from '../protocol/keySpecs.ts'
import { readAlgorithm } from './algorithmIdentifier.ts'
import { type Curve, curveOfOid, curves } from './curves.ts'
import { keyOids } from './writePublicKey.ts'

const specOfCurve: Readonly<Record<Curve, KeySpec>> = {
  'P-256': 'ECC_NIST_P256',
  'P-384': 'ECC_NIST_P384',
  'P-521': 'ECC_NIST_P521',
  secp256k1: 'ECC_SECG_P256K1',
}

const specOfOid: ReadonlyMap<string, KeySpec> = new Map([
  [keyOids.ed25519, 'ECC_NIST_EDWARDS25519'],
  ['2.16.840.1.101.3.4.3.17', 'ML_DSA_44'],
  ['2.16.840.1.101.3.4.3.18', 'ML_DSA_65'],
  ['2.16.840.1.101.3.4.3.19', 'ML_DSA_87'],
  ['2.16.840.1.101.3.4.4.1', 'ML_KEM_512'],
  ['2.16.840.1.101.3.4.4.2', 'ML_KEM_768'],
  ['2.16.840.1.101.3.4.4.3', 'ML_KEM_1024'],
] as const)

const rsaSpecs: ReadonlyMap<number, KeySpec> = new Map([
  [2048, 'RSA_2048'],
  [3072, 'RSA_3072'],
  [4096, 'RSA_4096'],
] as const)

/**
 * `null`: a key that no KMS key can be.
 * @throws DerError where the bytes are no PKCS #8
 */
export function keySpecOf(pkcs8: Bytes): KeySpec | null {
  const bits = rsaBitsOf(pkcs8)
  if (bits !== null) return rsaSpecs.get(bits) ?? null
  const found = curveOfPkcs8(pkcs8)
  return found ? specOfCurve[found.curve] : (specOfOid.get(partsOf(pkcs8).oid) ?? null)
}

function partsOf(pkcs8: Bytes) {
  const fields = DerFields.whole(pkcs8)
  readNumber(fields.take(tags.integer))
  const { oid, parameters } = readAlgorithm(fields.take(tags.sequence))
  return { oid, parameters, key: readOctets(fields.take(tags.octetString)) }
}

/** Of the modulus; `null` where it is no RSA key. @throws DerError */
export function rsaBitsOf(pkcs8: Bytes): number | null {
  const { oid, key } = partsOf(pkcs8)
  return oid === keyOids.rsa ? modulusBits(key) : null
}

/** The curve and the ECPrivateKey; `null` where it is none of a curve that is known here. @throws DerError */
export function curveOfPkcs8(pkcs8: Bytes): { readonly curve: Curve; readonly key: Bytes } | null {
  const { oid, parameters, key } = partsOf(pkcs8)
  if (oid !== keyOids.ec) return null
  const named = parameters?.[0] === tags.objectIdentifier ? readOid(onlyElement(parameters)) : ''
  const curve = curveOfOid(named)
  return curve && { curve, key }
}

function modulusBits(key: Bytes): number {
  const fields = DerFields.whole(key)
  fields.take(tags.integer)
  const modulus = readUnsigned(fields.take(tags.integer))
  return modulus.byteLength * 8 - Math.clz32(modulus[0] ?? 0) + 24
}

const pkcs8 = (algorithm: readonly Bytes[], key: Bytes): Bytes =>
  derSequence(derNumber(0), derSequence(...algorithm), derOctets(key))

/** @param key RSAPrivateKey, DER (RFC 8017 appendix A.1.2) */
export function fromPkcs1(key: Bytes): Bytes {
  const fields = DerFields.whole(key)
  const numbers = fields.rest().map(readUnsigned)
  if (numbers.length !== 9) throw new DerError('no RSA key of two primes')
  return pkcs8([derOid(keyOids.rsa), derNull()], key)
}

/** In the order of RFC 8017 appendix A.1.2. */
export const fromRsaNumbers = (numbers: readonly Uint8Array[]): Bytes =>
  fromPkcs1(derSequence(derNumber(0), ...numbers.map(derUnsigned)))

/** @param key ECPrivateKey, DER, which names its curve (RFC 5915 section 3) */
export function fromSec1(key: Bytes): Bytes {
  const fields = DerFields.whole(key)
  if (readNumber(fields.take(tags.integer)) !== 1) throw new DerError('no EC key of version 1')
  readOctets(fields.take(tags.octetString))
  const curve = fields.open(tags.explicit0).take(tags.objectIdentifier)
  return pkcs8([derOid(keyOids.ec), curve.der], key)
}

/** @param point uncompressed */
export function fromScalar(curve: Curve, scalar: Uint8Array, point: Uint8Array): Bytes {
  const key = derSequence(
    derNumber(1),
    derOctets(scalar),
    derElement(tags.explicit1, derBits(point)),
  )
  return pkcs8([derOid(keyOids.ec), derOid(curves[curve].oid)], key)
}
