// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: shared secrets, by
// ECDH on the NIST curves (NIST SP 800-56A section 5.7.1.2) and by ML-KEM (FIPS 203).

import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { type KeyAlgorithmName, readPkcs8, readSpki } from '../codec/keyInfo.ts'
import type { KeySpec } from '../protocol/keySpecs.ts'
import { algorithmOf, implementationOf, type SpecAlgorithm } from './algorithms.ts'
import { notExtractable } from './binding.ts'
import { mlKem } from './libraryKeys.ts'
import type { WrappedMaterial } from './materials.ts'
import type { UnlockedVault } from './unlocked.ts'
import { subtle } from './webCrypto.ts'

/** The x coordinate of the shared point, or `null` where the other key is none of this curve. */
export async function agree(
  vault: UnlockedVault,
  material: WrappedMaterial,
  otherPublicKey: Bytes,
): Promise<Bytes | null> {
  const row: SpecAlgorithm = algorithmOf(material.spec)
  if (row.family !== 'ec') throw new TypeError(`${material.spec} does not agree`)
  const algorithm = { name: 'ECDH', namedCurve: row.curve }
  const key = await vault.materials.key(material, { algorithm, usages: ['deriveBits'] })
  try {
    const other = await crypto.subtle.importKey('spki', otherPublicKey, algorithm, true, [])
    const how = { name: 'ECDH', public: other }
    return new Uint8Array(await crypto.subtle.deriveBits(how, key, row.bytes * 8))
  } catch {
    return null
  }
}

interface Kem {
  readonly name: KeyAlgorithmName
  readonly ciphertextBytes: number
  readonly byBrowser: boolean
}

function kemOf(spec: KeySpec): Kem {
  const row: SpecAlgorithm = algorithmOf(spec)
  if (row.family !== 'ml-kem') throw new TypeError(`${spec} does not encapsulate`)
  const { name, ciphertextBytes } = row
  const byBrowser = implementationOf(spec, 'ENCAPSULATE_DECAPSULATE') === 'WebCrypto'
  return { name, ciphertextBytes, byBrowser }
}

export interface Encapsulated {
  readonly sharedSecret: Bytes
  readonly ciphertext: Bytes
}

export async function encapsulateTo(spec: KeySpec, publicKey: Bytes): Promise<Encapsulated> {
  const { name, byBrowser } = kemOf(spec)
  if (!byBrowser) {
    const bytes = readSpki(name, publicKey)
    if (!bytes) throw new TypeError('the key is not of its spec')
    const { cipherText, sharedSecret } = mlKem(name).encapsulate(bytes)
    return { sharedSecret: concatBytes(sharedSecret), ciphertext: concatBytes(cipherText) }
  }
  const usages = ['encapsulateBits'] as const
  const key = await subtle().importKey('spki', publicKey, { name }, notExtractable, usages)
  const { sharedKey, ciphertext } = await subtle().encapsulateBits({ name }, key)
  return { sharedSecret: new Uint8Array(sharedKey), ciphertext: new Uint8Array(ciphertext) }
}

/**
 * The shared secret, or `null` where the ciphertext has the wrong length. One that was changed gives
 * another secret, by design (FIPS 203 section 6.3, implicit rejection).
 */
export async function decapsulateUnder(
  vault: UnlockedVault,
  material: WrappedMaterial,
  ciphertext: Bytes,
): Promise<Bytes | null> {
  const { name, ciphertextBytes, byBrowser } = kemOf(material.spec)
  if (ciphertext.byteLength !== ciphertextBytes) return null
  if (!byBrowser) {
    const open = (secret: Bytes) => decapsulateByLibrary(name, secret, ciphertext)
    return vault.materials.withRevealedBytes(material, open)
  }
  const use = { algorithm: { name }, usages: ['decapsulateBits'] } as const
  const key = await vault.materials.key(material, use)
  return new Uint8Array(await subtle().decapsulateBits({ name }, key, ciphertext))
}

function decapsulateByLibrary(name: KeyAlgorithmName, pkcs8: Bytes, ciphertext: Bytes): Bytes {
  const seed = readPkcs8(name, pkcs8)
  if (!seed) throw new TypeError('the key is not of its spec')
  const { secretKey } = mlKem(name).keygen(seed)
  const shared = concatBytes(mlKem(name).decapsulate(ciphertext, secretKey))
  secretKey.fill(0)
  seed.fill(0)
  return shared
}
