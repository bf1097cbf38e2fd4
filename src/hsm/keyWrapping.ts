// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: keys under keys, as other
// security modules exchange them: AES key wrap (RFC 3394), the same with padding (RFC 5649), RSAES-OAEP, and an AES
// key under RSA that wraps the rest (PKCS #11, CKM_RSA_AES_KEY_WRAP). No browser has AES key wrap with padding, so
// the bytes of AES wrapping keys are visible to JavaScript for the call.

import { aeskw, aeskwp } from '@noble/ciphers/aes.js'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { WrappingMechanism } from '../protocol/keySpecs.ts'
import type { HashName } from './algorithms.ts'
import { notExtractable } from './binding.ts'
import type { WrappedMaterial } from './materials.ts'
import type { UnlockedVault } from './unlocked.ts'

type AesMechanism = Extract<WrappingMechanism, `AES_${string}`>

const isAes = (mechanism: WrappingMechanism): mechanism is AesMechanism =>
  mechanism.startsWith('AES_')

const aesWrap = (mechanism: AesMechanism, kek: Bytes) =>
  mechanism === 'AES_KEY_WRAP' ? aeskw(kek) : aeskwp(kek)

const oaep = (hash: HashName) => ({ name: 'RSA-OAEP', hash })

/** Under any RSA key, of this vault or another's. @throws DOMException where the secret is too long for it */
export async function wrapToRsa(
  publicKey: Bytes,
  mechanism: Exclude<WrappingMechanism, AesMechanism>,
  secret: Bytes,
): Promise<Bytes> {
  const how = oaep('SHA-256')
  const key = await crypto.subtle.importKey('spki', publicKey, how, notExtractable, ['encrypt'])
  const seal = async (bytes: Bytes) => new Uint8Array(await crypto.subtle.encrypt(how, key, bytes))
  if (mechanism === 'RSAES_OAEP_SHA_256') return seal(secret)
  const kek = crypto.getRandomValues(new Uint8Array(32))
  try {
    return concatBytes(await seal(kek), aeskwp(kek).encrypt(secret))
  } finally {
    kek.fill(0)
  }
}

/**
 * @param publicKey of the wrapping key, where it is one of a pair
 * @returns `null` where the secret's length is none that the mechanism takes
 */
export async function wrapUnder(
  { materials }: UnlockedVault,
  { material, publicKey }: { readonly material: WrappedMaterial; readonly publicKey: Bytes | null },
  mechanism: WrappingMechanism,
  secret: Bytes,
): Promise<Bytes | null> {
  try {
    if (!isAes(mechanism)) return publicKey && (await wrapToRsa(publicKey, mechanism, secret))
    return await materials.withRevealedBytes(material, (kek) =>
      concatBytes(aesWrap(mechanism, kek).encrypt(secret)),
    )
  } catch (error) {
    return nullUnlessOurs(error)
  }
}

/** What libraries and browsers throw is that the bytes do not fit; damage in the vault is told as such. */
function nullUnlessOurs(error: unknown): null {
  if (error instanceof KeyhearthError) throw error
  return null
}

/** The wrapped secret, or `null` where it is not one that was wrapped under this key by this mechanism. */
export async function unwrapUnder(
  vault: UnlockedVault,
  material: WrappedMaterial,
  mechanism: WrappingMechanism,
  wrapped: Bytes,
): Promise<Bytes | null> {
  try {
    if (isAes(mechanism)) {
      return await vault.materials.withRevealedBytes(material, (kek) =>
        concatBytes(aesWrap(mechanism, kek).decrypt(wrapped)),
      )
    }
    const viaAes = mechanism === 'RSA_AES_KEY_WRAP_SHA_256'
    return await unwrapByRsa(vault, material, { hash: 'SHA-256', viaAes }, wrapped)
  } catch (error) {
    return nullUnlessOurs(error)
  }
}

interface RsaWrapping {
  readonly hash: HashName
  /** An AES key stands first, and wraps the rest. */
  readonly viaAes: boolean
}

/** Fails, in whatever way, where the wrapped bytes are not of this key. */
export async function unwrapByRsa(
  { materials }: UnlockedVault,
  material: WrappedMaterial,
  { hash, viaAes }: RsaWrapping,
  wrapped: Bytes,
): Promise<Bytes> {
  const how = oaep(hash)
  const key = await materials.key(material, { algorithm: how, usages: ['decrypt'] })
  if (!viaAes) return new Uint8Array(await crypto.subtle.decrypt(how, key, wrapped))
  const first = Number(material.spec.slice('RSA_'.length)) / 8
  const kek = new Uint8Array(await crypto.subtle.decrypt(how, key, wrapped.slice(0, first)))
  try {
    return concatBytes(aeskwp(kek).decrypt(wrapped.subarray(first)))
  } finally {
    kek.fill(0)
  }
}
