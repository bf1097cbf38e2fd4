// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: a key that may leave, wrapped
// for who receives it. Whether it may is the caller's to have asked. Its bytes are visible to JavaScript for the call.

import type { Bytes } from '../codec/bytes.ts'
import { wrapToRsa, wrapUnder } from './keyWrapping.ts'
import type { WrappedMaterial } from './materials.ts'
import type { UnlockedVault } from './unlocked.ts'

export type Receiver =
  /** RSA, subject public key info. */
  | { readonly publicKey: Bytes }
  /** An AES key of the vault that is there to wrap others. */
  | { readonly material: WrappedMaterial }

/** As weak as is still taken, and as long as imports use. */
const rsaBits = { least: 2048, most: 4096 } as const

/** `null` where the public key is none that will do. */
export async function wrapToExport(
  vault: UnlockedVault,
  material: WrappedMaterial,
  receiver: Receiver,
): Promise<Bytes | null> {
  if ('publicKey' in receiver && !(await isGoodRsaKey(receiver.publicKey))) return null
  return vault.materials.withRevealedBytes(material, (secret) =>
    'publicKey' in receiver
      ? wrapToRsa(receiver.publicKey, 'RSA_AES_KEY_WRAP_SHA_256', secret)
      : wrapUnder(vault, { ...receiver, publicKey: null }, 'AES_KEY_WRAP_PAD', secret),
  )
}

async function isGoodRsaKey(spki: Bytes): Promise<boolean> {
  const algorithm = { name: 'RSA-OAEP', hash: 'SHA-256' }
  try {
    const key = await crypto.subtle.importKey('spki', spki, algorithm, true, ['encrypt'])
    const { modulusLength } = key.algorithm as RsaKeyAlgorithm
    return modulusLength >= rsaBits.least && modulusLength <= rsaBits.most
  } catch {
    return false
  }
}
