// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: whether a signature is that of a public key over a message, by what its AlgorithmIdentifier says.

import { ed25519 } from '@noble/curves/ed25519.js'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { tags } from '../codec/der.ts'
import { derBits, derSequence } from '../codec/derValues.ts'
import { ecdsaFromDer } from '../codec/ecdsa.ts'
import {
  type DigestName,
  digest,
  readPss,
  readSignatureAlgorithm,
  type SignatureAlgorithm,
} from './algorithms.ts'
import { type Curve, curves } from './curves.ts'
import { verifyDsa } from './dsa.ts'
import { type PublicKey, readPublicKey } from './publicKeys.ts'
import { rsaPublicKey } from './writePublicKey.ts'

export interface SignatureInput {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Bytes
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Bytes
  readonly message: Bytes
  /** ECDSA and DSA as DER. */
  readonly signature: Bytes
  /** Where the algorithm leaves it open: RSA in CMS (RFC 3370 section 3.2). */
  readonly digest?: DigestName
  /** SHA-1 no longer proves who signed: what is found good with it deserves that remark. */
  readonly allowInsecureSha1?: boolean
}

/** `weak-digest`: SHA-1 that was not allowed, or MD5. `unsupported`: nothing here can tell. */
export type SignatureVerdict = 'good' | 'bad' | 'weak-digest' | 'unsupported'

type KnownDigest = Parameters<typeof digest>[0]

export async function checkSignature(input: SignatureInput): Promise<SignatureVerdict> {
  try {
    const algorithm = readSignatureAlgorithm(input.algorithm)
    const key = readPublicKey(input.publicKey)
    const hash = algorithm.digest ?? input.digest ?? 'SHA-512'
    if (hash === 'MD5' || (hash === 'SHA-1' && !input.allowInsecureSha1)) return 'weak-digest'
    if (hash === 'SHA-224') return 'unsupported'
    if (algorithm.scheme === 'rsa-pkcs1' && !algorithm.digest && !input.digest) return 'unsupported'
    const good = await verifyBy(algorithm, key, hash, input)
    return good === null ? 'unsupported' : good ? 'good' : 'bad'
  } catch {
    // A signature or key that is not even well formed is one that does not fit.
    return 'bad'
  }
}

export const verifySignature = async (input: SignatureInput): Promise<boolean> =>
  (await checkSignature(input)) === 'good'

const mlDsa = { 'ml-dsa-44': ml_dsa44, 'ml-dsa-65': ml_dsa65, 'ml-dsa-87': ml_dsa87 } as const

/** `null`: nothing here can tell. */
async function verifyBy(
  algorithm: SignatureAlgorithm,
  key: PublicKey,
  hash: KnownDigest,
  { message, signature }: SignatureInput,
): Promise<boolean | null> {
  const { scheme } = algorithm
  switch (scheme) {
    case 'rsa-pkcs1':
      return key.kind === 'rsa' && verifyRsa('RSASSA-PKCS1-v1_5', key, hash, 0, message, signature)
    case 'rsa-pss': {
      const saltBytes = algorithm.saltBytes ?? 20
      if (!mayUsePss(key, hash, saltBytes)) return false
      return verifyRsa('RSA-PSS', key, hash, saltBytes, message, signature)
    }
    case 'ecdsa':
      if (key.kind !== 'ec') return false
      return key.curve && verifyEcdsa(key.curve, key.key, hash, message, signature)
    case 'dsa':
      return key.kind === 'dsa' && verifyDsa(key, await digest(hash, message), signature)
    case 'ed25519':
      // RFC 8032 section 5.1.7, without ZIP 215's leniency.
      return key.kind === scheme && ed25519.verify(signature, message, key.key, { zip215: false })
    case 'ml-dsa-44':
    case 'ml-dsa-65':
    case 'ml-dsa-87':
      return key.kind === scheme && mlDsa[scheme].verify(signature, message, key.key)
    case null:
      return null
  }
}

/** A key may be bound to parameters of its own (RFC 4055 section 3.3). */
function mayUsePss({ kind, algorithm }: PublicKey, hash: KnownDigest, saltBytes: number): boolean {
  if (kind === 'rsa') return true
  if (kind !== 'rsa-pss') return false
  if (!algorithm.parameters) return true
  const bound = readPss(algorithm.parameters)
  return bound.digest === hash && saltBytes >= bound.saltBytes
}

/** Beyond this, one signature could take minutes. */
const mostRsaBits = 16_384

async function verifyRsa(
  name: 'RSASSA-PKCS1-v1_5' | 'RSA-PSS',
  { key, bits }: PublicKey,
  hash: KnownDigest,
  saltLength: number,
  message: Bytes,
  signature: Bytes,
): Promise<boolean | null> {
  if (bits > mostRsaBits) return null
  // WebCrypto takes RSA keys under the general identifier alone.
  const spki = rsaPublicKey(key)
  const imported = await crypto.subtle.importKey('spki', spki, { name, hash }, false, ['verify'])
  return crypto.subtle.verify({ name, saltLength }, imported, signature, message)
}

const nistCurves = { 'P-256': p256, 'P-384': p384, 'P-521': p521 } as const

async function verifyEcdsa(
  curve: Curve,
  point: Bytes,
  hash: KnownDigest,
  message: Bytes,
  signature: Bytes,
): Promise<boolean> {
  if (curve === 'secp256k1') {
    const options = { prehash: false, lowS: false, format: 'der' } as const
    return secp256k1.verify(signature, await digest(hash, message), point, options)
  }
  const p1363 = ecdsaFromDer(signature, curves[curve].coordinateBytes)
  if (!p1363) return false
  // Not every browser takes compressed points.
  const whole =
    point[0] === 4 ? point : concatBytes(nistCurves[curve].Point.fromBytes(point).toBytes(false))
  const algorithm = { name: 'ECDSA', namedCurve: curve } as const
  const key = await crypto.subtle.importKey('raw', whole, algorithm, false, ['verify'])
  return crypto.subtle.verify({ name: 'ECDSA', hash }, key, p1363, message)
}

/** The key's own parameters, or `issuerKey`'s where it has none: DSA alone (RFC 5280 section 6.1.4 (f)). */
export function withParametersOf(publicKey: Bytes, issuerKey: Bytes | null): Bytes {
  const key = readPublicKey(publicKey)
  const isBare = !key.algorithm.parameters || key.algorithm.parameters[0] === tags.null
  if (!issuerKey || key.kind !== 'dsa' || !isBare) return publicKey
  const { algorithm, kind } = readPublicKey(issuerKey)
  return kind === 'dsa' ? derSequence(algorithm.der, derBits(key.key)) : publicKey
}
