// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: encrypting under
// symmetric KMS keys. Each message has an AES-256 key of its own, derived by HKDF-SHA-256 (RFC 5869) from
// the material and a random salt, as AWS KMS does: random IVs then never wear the material out.

import type { Bytes } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { aesGcm, notExtractable, open, seal } from './binding.ts'
import type { Use, WrappedMaterial } from './materials.ts'
import type { UnlockedVault } from './unlocked.ts'

export interface Sealed {
  readonly salt: Bytes
  readonly ciphertext: Bytes
}

const derive: Use = { algorithm: 'HKDF', usages: ['deriveKey'] }
const info = encodeUtf8('keyhearth/1 kms message')

async function messageKey(vault: UnlockedVault, material: WrappedMaterial, salt: Bytes) {
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt, info },
    await vault.materials.key(material, derive),
    aesGcm,
    notExtractable,
    ['encrypt', 'decrypt'],
  )
}

export async function encryptUnder(
  vault: UnlockedVault,
  material: WrappedMaterial,
  aad: Bytes,
  plaintext: Bytes,
): Promise<Sealed> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  return { salt, ciphertext: await seal(await messageKey(vault, material, salt), aad, plaintext) }
}

/** The plaintext, or `null` where key, additional data or ciphertext do not belong together. */
export async function decryptUnder(
  vault: UnlockedVault,
  material: WrappedMaterial,
  aad: Bytes,
  { salt, ciphertext }: Sealed,
): Promise<Bytes | null> {
  return open(await messageKey(vault, material, salt), aad, ciphertext)
}
