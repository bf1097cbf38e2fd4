// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: keys for ECDH (framework/raw-ecdh-keyring.md, "Curve Specification", "ECC Keys"): read from
// what the caller has, checked, and with the compressed point that messages name them by.

import { p256, p384, p521 } from '@noble/curves/nist.js'
import { type Bytes, equalBytes, unshared } from '../codec/bytes.ts'
import { compressPoint } from '../codec/ecdsa.ts'
import { EncryptionSdkError } from './errors.ts'
import { decodePem } from './pem.ts'

/** By KMS's names; `name` is what is derived with. */
const curves = {
  ECC_NIST_P256: { namedCurve: 'P-256', name: 'p256', coordinateBytes: 32, points: p256.Point },
  ECC_NIST_P384: { namedCurve: 'P-384', name: 'p384', coordinateBytes: 48, points: p384.Point },
  ECC_NIST_P521: { namedCurve: 'P-521', name: 'p521', coordinateBytes: 66, points: p521.Point },
} as const

export type EcdhCurveSpec = keyof typeof curves
export type EcdhCurve = (typeof curves)[EcdhCurveSpec]

export interface EcdhPublicKey {
  readonly key: CryptoKey
  readonly compressed: Bytes
}

export interface EcdhKeyPair extends EcdhPublicKey {
  readonly privateKey: CryptoKey
}

const algorithm = ({ namedCurve }: EcdhCurve) => ({ name: 'ECDH', namedCurve })

/** @throws EncryptionSdkError `invalid` */
export function curveOf(spec: EcdhCurveSpec): EcdhCurve {
  if (Object.hasOwn(curves, spec)) return curves[spec]
  throw new EncryptionSdkError('invalid', `ECDH knows no curve ${spec}.`)
}

/** @throws EncryptionSdkError `invalid` */
export function assertEcdhKey(curve: EcdhCurve, key: CryptoKey, type: 'public' | 'private'): void {
  const { name, namedCurve } = key.algorithm as EcKeyAlgorithm
  const fits = name === 'ECDH' && namedCurve === curve.namedCurve && key.type === type
  const usable = type === 'public' ? key.extractable : key.usages.includes('deriveBits')
  if (fits && usable) return
  const use = type === 'public' ? 'that can be read' : 'for deriveBits'
  throw new EncryptionSdkError(
    'invalid',
    `A ${type} ECDH key ${use} on ${curve.namedCurve} is needed.`,
  )
}

/** @param given a CryptoKey, or SubjectPublicKeyInfo in DER. @throws EncryptionSdkError `invalid` */
export async function publicKeyOf(
  curve: EcdhCurve,
  given: CryptoKey | Uint8Array,
): Promise<EcdhPublicKey> {
  const key =
    given instanceof Uint8Array ? await importEcdhKey(curve, 'spki', unshared(given)) : given
  assertEcdhKey(curve, key, 'public')
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', key))
  return { key, compressed: compressPoint(point) }
}

/** @throws EncryptionSdkError `malformed` where it is no point of the curve */
export async function publicKeyOfPoint(
  curve: EcdhCurve,
  compressed: Bytes,
): Promise<EcdhPublicKey> {
  try {
    const point = unshared(curve.points.fromBytes(compressed).toBytes(false))
    const key = await crypto.subtle.importKey('raw', point, algorithm(curve), true, [])
    return { key, compressed }
  } catch {
    throw new EncryptionSdkError('malformed', 'The message names a public key that is none.')
  }
}

async function importEcdhKey(
  curve: EcdhCurve,
  format: 'spki' | 'pkcs8',
  der: Bytes,
): Promise<CryptoKey> {
  const usages = format === 'spki' ? [] : (['deriveBits'] as const)
  try {
    return await crypto.subtle.importKey(format, der, algorithm(curve), true, usages)
  } catch {
    throw new EncryptionSdkError('invalid', `The key is none on ${curve.namedCurve}.`)
  }
}

/** @param given a pair, or PKCS #8 as PEM. @throws EncryptionSdkError `invalid` */
export async function keyPairOf(
  curve: EcdhCurve,
  given: CryptoKeyPair | string,
): Promise<EcdhKeyPair> {
  if (typeof given === 'string') return keyPairOfPem(curve, given)
  const { privateKey } = given
  const pair = { ...(await publicKeyOf(curve, given.publicKey)), privateKey }
  await assertBelongTogether(curve, pair)
  return pair
}

async function keyPairOfPem(curve: EcdhCurve, pem: string): Promise<EcdhKeyPair> {
  const readable = await importEcdhKey(curve, 'pkcs8', decodePem('pkcs8', pem))
  const {
    kty = '',
    crv = '',
    x = '',
    y = '',
    d = '',
  } = await crypto.subtle.exportKey('jwk', readable)
  const point = { kty, crv, x, y }
  const extractable = false
  const [publicKey, privateKey] = await Promise.all([
    crypto.subtle.importKey('jwk', point, algorithm(curve), true, []),
    crypto.subtle.importKey('jwk', { ...point, d }, algorithm(curve), extractable, ['deriveBits']),
  ])
  return { ...(await publicKeyOf(curve, publicKey)), privateKey }
}

export async function ephemeralKeyPair(curve: EcdhCurve): Promise<EcdhKeyPair> {
  const extractable = false
  const pair = await crypto.subtle.generateKey(algorithm(curve), extractable, ['deriveBits'])
  return { ...(await publicKeyOf(curve, pair.publicKey)), privateKey: pair.privateKey }
}

/** The x coordinate of the point both sides get (NIST SP 800-56A section 5.7.1.2). */
export async function sharedSecret(
  { coordinateBytes }: EcdhCurve,
  privateKey: CryptoKey,
  other: EcdhPublicKey,
): Promise<Bytes> {
  const parameters = { name: 'ECDH', public: other.key }
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, privateKey, coordinateBytes * 8))
}

/** A private key that cannot be read shows by agreeing with a stranger whether the public one is its own. */
async function assertBelongTogether(curve: EcdhCurve, pair: EcdhKeyPair): Promise<void> {
  const stranger = await ephemeralKeyPair(curve)
  const [one, other] = await Promise.all([
    sharedSecret(curve, pair.privateKey, stranger),
    sharedSecret(curve, stranger.privateKey, pair),
  ])
  if (equalBytes(one, other)) return
  throw new EncryptionSdkError('invalid', 'Private and public key do not belong together.')
}
