// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: HMAC (FIPS 198-1).
// WebCrypto has no SHA-224; there the key's bytes are visible to JavaScript for the call.

import { hmac } from '@noble/hashes/hmac.js'
import { sha224 } from '@noble/hashes/sha2.js'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import type { MacAlgorithm } from '../protocol/keySpecs.ts'
import { macHashes } from './algorithms.ts'
import type { WrappedMaterial } from './materials.ts'
import type { UnlockedVault } from './unlocked.ts'

export async function macUnder(
  vault: UnlockedVault,
  material: WrappedMaterial,
  algorithm: MacAlgorithm,
  message: Bytes,
): Promise<Bytes> {
  const hash = macHashes[algorithm]
  if (hash === 'SHA-224') {
    const make = (secret: Bytes) => concatBytes(hmac(sha224, secret, message))
    return vault.materials.withRevealedBytes(material, make)
  }
  const how = { name: 'HMAC', hash } as const
  const key = await vault.materials.key(material, { algorithm: how, usages: ['sign'] })
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, message))
}
