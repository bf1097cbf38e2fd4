// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: HKDF (RFC 5869), from a
// secret of the vault or from what two keys agree on.

import type { Bytes } from '../codec/bytes.ts'
import type { DerivationMechanism } from '../protocol/keySpecs.ts'
import { agree } from './agreement.ts'
import { algorithmOf, type HashName } from './algorithms.ts'
import { notExtractable } from './binding.ts'
import type { WrappedMaterial } from './materials.ts'
import type { UnlockedVault } from './unlocked.ts'

const hashes = {
  HKDF_SHA_256: 'SHA-256',
  HKDF_SHA_384: 'SHA-384',
  HKDF_SHA_512: 'SHA-512',
} as const satisfies Record<DerivationMechanism, HashName>

export interface Derivation {
  readonly mechanism: DerivationMechanism
  readonly salt: Bytes
  readonly info: Bytes
  readonly bytes: number
  /** The other's, subject public key info; of keys that agree alone. */
  readonly otherPublicKey: Bytes | null
}

/** `null` where the other's public key is none of this key's curve. */
export async function deriveBytes(
  vault: UnlockedVault,
  material: WrappedMaterial,
  { mechanism, salt, info, bytes, otherPublicKey }: Derivation,
): Promise<Bytes | null> {
  const base = await baseOf(vault, material, otherPublicKey)
  if (!base) return null
  const how = { name: 'HKDF', hash: hashes[mechanism], salt, info }
  return new Uint8Array(await crypto.subtle.deriveBits(how, base, bytes * 8))
}

async function baseOf(
  vault: UnlockedVault,
  material: WrappedMaterial,
  otherPublicKey: Bytes | null,
): Promise<CryptoKey | null> {
  if (algorithmOf(material.spec).family === 'secret') {
    return vault.materials.key(material, { algorithm: 'HKDF', usages: ['deriveBits'] })
  }
  const shared = otherPublicKey && (await agree(vault, material, otherPublicKey))
  if (!shared) return null
  const base = await crypto.subtle.importKey('raw', shared, 'HKDF', notExtractable, ['deriveBits'])
  shared.fill(0)
  return base
}
