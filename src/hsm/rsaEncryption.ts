// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: RSAES-OAEP
// (RFC 8017 section 7.1) with an empty label, by WebCrypto.

import type { Bytes } from '../codec/bytes.ts'
import { type OaepAlgorithm, oaepHash } from './algorithms.ts'
import { notExtractable } from './binding.ts'
import type { WrappedMaterial } from './materials.ts'
import type { UnlockedVault } from './unlocked.ts'

const oaep = (algorithm: OaepAlgorithm) => ({ name: 'RSA-OAEP', hash: oaepHash(algorithm) })

/** @throws DOMException OperationError where the plaintext is longer than the key takes */
export async function encryptToPublicKey(
  publicKey: Bytes,
  algorithm: OaepAlgorithm,
  plaintext: Bytes,
): Promise<Bytes> {
  const how = oaep(algorithm)
  const key = await crypto.subtle.importKey('spki', publicKey, how, notExtractable, ['encrypt'])
  return new Uint8Array(await crypto.subtle.encrypt(how, key, plaintext))
}

/** The plaintext, or `null` where the ciphertext is not one of this key and algorithm. */
export async function decryptByPrivateKey(
  vault: UnlockedVault,
  material: WrappedMaterial,
  algorithm: OaepAlgorithm,
  ciphertext: Bytes,
): Promise<Bytes | null> {
  const how = oaep(algorithm)
  const key = await vault.materials.key(material, { algorithm: how, usages: ['decrypt'] })
  try {
    return new Uint8Array(await crypto.subtle.decrypt(how, key, ciphertext))
  } catch {
    return null
  }
}
