// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: sealing.
//
// AES-256-GCM (NIST SP 800-38D) with a random 96-bit IV before the ciphertext. What a sealed value
// belongs to is its additional data, so it opens in that one place and nowhere else.

import { type Bytes, concatBytes, joinUnambiguously } from '../codec/bytes.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { subtle, type Usage } from './webCrypto.ts'

const ivBytes = 12
const tagBytes = 16

export const aesGcm = { name: 'AES-GCM', length: 256 } as const
export const notExtractable = false
/** Only ever for a key that is wrapped in the next line and then dropped. */
export const extractableToWrap = true

/** Additional data: the format's name and the place, unambiguously joined. */
export const bindTo = (...place: readonly string[]): Bytes =>
  joinUnambiguously('keyhearth/1', ...place)

const gcm = (iv: Bytes, additionalData: Bytes) => ({
  name: 'AES-GCM',
  iv,
  additionalData,
  tagLength: tagBytes * 8,
})

const freshIv = (): Bytes => crypto.getRandomValues(new Uint8Array(ivBytes))

export async function seal(key: CryptoKey, binding: Bytes, plaintext: Bytes): Promise<Bytes> {
  const iv = freshIv()
  return concatBytes(
    iv,
    new Uint8Array(await crypto.subtle.encrypt(gcm(iv, binding), key, plaintext)),
  )
}

/** The plaintext, or `null` where the key, the place or the bytes are not the ones that were sealed. */
export async function open(key: CryptoKey, binding: Bytes, sealed: Bytes): Promise<Bytes | null> {
  if (sealed.byteLength < ivBytes + tagBytes) return null
  const [iv, ciphertext] = [sealed.subarray(0, ivBytes), sealed.subarray(ivBytes)]
  try {
    return new Uint8Array(await crypto.subtle.decrypt(gcm(iv, binding), key, ciphertext))
  } catch {
    return null
  }
}

/** Wraps a key without its bytes ever being in JavaScript. */
export async function wrap(
  by: CryptoKey,
  binding: Bytes,
  key: CryptoKey,
  format: KeyFormat = 'raw',
): Promise<Bytes> {
  const iv = freshIv()
  return concatBytes(
    iv,
    new Uint8Array(await crypto.subtle.wrapKey(format, key, by, gcm(iv, binding))),
  )
}

type KeyFormat = 'raw' | 'pkcs8'

export interface UnwrapAs {
  readonly format?: KeyFormat
  readonly algorithm: AlgorithmIdentifier
  readonly extractable: boolean
  readonly usages: readonly Usage[]
}

/** The wrapped key, or `null` where it does not open (as `open`). */
export async function unwrap(
  by: CryptoKey,
  binding: Bytes,
  wrapped: Bytes,
  as: UnwrapAs,
): Promise<CryptoKey | null> {
  if (wrapped.byteLength < ivBytes + tagBytes) return null
  const iv = wrapped.slice(0, ivBytes)
  try {
    return await subtle().unwrapKey(
      as.format ?? 'raw',
      wrapped.slice(ivBytes),
      by,
      gcm(iv, binding),
      as.algorithm,
      as.extractable,
      as.usages,
    )
  } catch {
    return null
  }
}

export function damaged(what: string): KeyhearthError {
  return new KeyhearthError('record-damaged', { what })
}
