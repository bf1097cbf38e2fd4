// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: signing under KMS
// keys and verifying with their public keys. Signatures are written as AWS KMS writes them: ECDSA in DER
// (RFC 3279 section 2.2.3), Ed25519 and ML-DSA as their bytes.

import type { Bytes } from '../codec/bytes.ts'
import { ecdsaFromDer, ecdsaToDer } from '../codec/ecdsa.ts'
import type { KeySpec, SigningAlgorithm } from '../protocol/keySpecs.ts'
import { algorithmOf, implementationOf, type SpecAlgorithm, signingRow } from './algorithms.ts'
import { notExtractable } from './binding.ts'
import { signByLibrary, verifyByLibrary } from './librarySigning.ts'
import type { Use, WrappedMaterial } from './materials.ts'
import type { UnlockedVault } from './unlocked.ts'
import { subtle } from './webCrypto.ts'

/** `DIGEST`: the message is the digest. `EXTERNAL_MU`: it is ML-DSA's mu (FIPS 204 section 6.2). */
export type MessageType = 'RAW' | 'DIGEST' | 'EXTERNAL_MU'

export interface Signing {
  readonly spec: KeySpec
  readonly algorithm: SigningAlgorithm
  readonly messageType: MessageType
  readonly message: Bytes
}

/** WebCrypto hashes by itself, so only raw messages are for it, and only where it has the algorithm. */
const isForWebCrypto = ({ spec, messageType }: Signing): boolean =>
  messageType === 'RAW' && implementationOf(spec, 'SIGN_VERIFY') === 'WebCrypto'

interface WebCryptoSigning {
  readonly key: AlgorithmIdentifier
  readonly sign: AlgorithmIdentifier
}

function webCrypto({ spec, algorithm }: Signing): WebCryptoSigning {
  const row: SpecAlgorithm = algorithmOf(spec)
  const how = signingRow(algorithm).webCrypto
  switch (row.family) {
    case 'ec':
      return { key: { name: 'ECDSA', namedCurve: row.curve } as EcKeyImportParams, sign: how }
    case 'ed25519':
    case 'ml-dsa':
      return { key: { name: row.name }, sign: { name: row.name } }
    default:
      return { key: how, sign: how }
  }
}

const coordinateBytes = (spec: KeySpec): number | null => {
  const row: SpecAlgorithm = algorithmOf(spec)
  return row.family === 'ec' ? row.bytes : null
}

export async function signUnder(
  vault: UnlockedVault,
  material: WrappedMaterial,
  signing: Signing,
): Promise<Bytes> {
  if (!isForWebCrypto(signing)) {
    return vault.materials.withRevealedBytes(material, (secret) => signByLibrary(secret, signing))
  }
  const { key: algorithm, sign } = webCrypto(signing)
  const use: Use = { algorithm, usages: ['sign'] }
  const key = await vault.materials.key(material, use)
  const signature = new Uint8Array(await crypto.subtle.sign(sign, key, signing.message))
  return coordinateBytes(signing.spec) === null ? signature : ecdsaToDer(signature)
}

/** @param publicKey subject public key info, DER */
export async function verifyWith(
  publicKey: Bytes,
  signing: Signing,
  signature: Bytes,
): Promise<boolean> {
  if (!isForWebCrypto(signing)) return verifyByLibrary(publicKey, signing, signature)
  const bytes = coordinateBytes(signing.spec)
  const fixed = bytes === null ? signature : ecdsaFromDer(signature, bytes)
  if (!fixed) return false
  const { key: algorithm, sign } = webCrypto(signing)
  const usages = ['verify'] as const
  const key = await subtle().importKey('spki', publicKey, algorithm, notExtractable, usages)
  return crypto.subtle.verify(sign, key, fixed, signing.message)
}
