// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: the signatures
// that WebCrypto does not make: over digests, secp256k1, Ed25519ph, ML-DSA with an external mu, and ML-DSA
// where the browser lacks it. The key's bytes are visible to JavaScript for the call.

import { ed25519ph } from '@noble/curves/ed25519.js'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { type KeyAlgorithmName, readPkcs8, readSpki } from '../codec/keyInfo.ts'
import { decodeBase64Url } from '../codec/text.ts'
import { algorithmOf, type SpecAlgorithm, signingRow } from './algorithms.ts'
import { mlDsa } from './libraryKeys.ts'
import { type Padding, signDigest, verifyDigest } from './rsaDigest.ts'
import type { Signing } from './signing.ts'
import { asJwk, rsaImport } from './webCrypto.ts'

const nistCurves = { 'P-256': p256, 'P-384': p384, 'P-521': p521 } as const

/** As AWS: DER, and either of the two values of s that fit. */
const ecdsaOptions = { prehash: false, lowS: false, format: 'der' } as const

/** The digest itself: what the caller gave, or SHA-256 of it (secp256k1's only hash here). */
const digestOf = ({ messageType, message }: Signing): Uint8Array =>
  messageType === 'DIGEST' ? message : sha256(message)

function must<T>(found: T | null): T {
  if (found === null) throw new TypeError('the key is not of its spec')
  return found
}

const paddingOf = ({ algorithm }: Signing): Padding =>
  algorithm.startsWith('RSASSA_PSS') ? 'pss' : 'pkcs1'

/** RFC 8032 section 5.1.7, without ZIP 215's leniency. */
const strict = { zip215: false } as const

const hashOf = ({ algorithm }: Signing) => signingRow(algorithm).digest?.hash ?? 'SHA-512'

/** @param secret PKCS #8 */
export async function signByLibrary(secret: Bytes, signing: Signing): Promise<Bytes> {
  const row: SpecAlgorithm = algorithmOf(signing.spec)
  switch (row.family) {
    case 'rsa': {
      const jwk = await asJwk('pkcs8', secret, rsaImport)
      return signDigest(jwk, paddingOf(signing), hashOf(signing), signing.message)
    }
    case 'ec': {
      const jwk = await asJwk('pkcs8', secret, { name: 'ECDSA', namedCurve: row.curve })
      const scalar = decodeBase64Url(jwk.d ?? '')
      return own(nistCurves[row.curve].sign(signing.message, scalar, ecdsaOptions))
    }
    case 'secp256k1': {
      const scalar = must(readPkcs8(row.name, secret))
      return own(secp256k1.sign(digestOf(signing), scalar, ecdsaOptions))
    }
    // AWS hashes the digest it is given once more (API reference, Sign, MessageType).
    case 'ed25519':
      return own(ed25519ph.sign(signing.message, must(readPkcs8(row.name, secret))))
    case 'ml-dsa':
      return signMlDsa(row.name, must(readPkcs8(row.name, secret)), signing)
    default:
      throw new TypeError(`${signing.spec} does not sign`)
  }
}

const own = (bytes: Uint8Array): Bytes => concatBytes(bytes)

/** FIPS 204: hedged, as WebCrypto does it too. */
function signMlDsa(name: KeyAlgorithmName, seed: Bytes, { messageType, message }: Signing): Bytes {
  const scheme = mlDsa(name)
  const { secretKey } = scheme.keygen(seed)
  try {
    if (messageType !== 'EXTERNAL_MU') return own(scheme.sign(message, secretKey))
    return own(scheme.internal.sign(message, secretKey, { externalMu: true }))
  } finally {
    secretKey.fill(0)
  }
}

/** A signature that is not even well formed is one that does not fit. */
export async function verifyByLibrary(
  publicKey: Bytes,
  signing: Signing,
  signature: Bytes,
): Promise<boolean> {
  try {
    return await verify(publicKey, signing, signature)
  } catch {
    return false
  }
}

async function verify(publicKey: Bytes, signing: Signing, signature: Bytes): Promise<boolean> {
  const row: SpecAlgorithm = algorithmOf(signing.spec)
  const { message } = signing
  switch (row.family) {
    case 'rsa': {
      const jwk = await asJwk('spki', publicKey, rsaImport)
      return verifyDigest(jwk, paddingOf(signing), hashOf(signing), message, signature)
    }
    case 'ec': {
      const point = publicPoint(publicKey, row.bytes)
      return nistCurves[row.curve].verify(signature, message, point, ecdsaOptions)
    }
    case 'secp256k1': {
      const point = must(readSpki(row.name, publicKey))
      return secp256k1.verify(signature, digestOf(signing), point, ecdsaOptions)
    }
    case 'ed25519':
      return ed25519ph.verify(signature, message, must(readSpki(row.name, publicKey)), strict)
    case 'ml-dsa':
      return verifyMlDsa(row.name, must(readSpki(row.name, publicKey)), signing, signature)
    default:
      return false
  }
}

/** The uncompressed point ends a NIST curve's public key info. */
const publicPoint = (spki: Bytes, coordinateBytes: number): Bytes =>
  spki.slice(-(2 * coordinateBytes + 1))

function verifyMlDsa(
  name: KeyAlgorithmName,
  publicKey: Bytes,
  { messageType, message }: Signing,
  signature: Bytes,
): boolean {
  const scheme = mlDsa(name)
  return messageType === 'EXTERNAL_MU'
    ? scheme.internal.verify(signature, message, publicKey, { externalMu: true })
    : scheme.verify(signature, message, publicKey)
}
