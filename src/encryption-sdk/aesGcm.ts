// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: AES-GCM of 128, 192 and 256 bits. WebCrypto does it wherever it can; Chromium's has no
// AES-192, so there a library does, with the key's bytes in JavaScript.

import { gcm } from '@noble/ciphers/aes.js'
import { type Bytes, unshared } from '../codec/bytes.ts'
import { type AesGcm, webCryptoGcm } from './webCryptoGcm.ts'

export type AesUsage = 'encrypt' | 'decrypt'

/** By the library; the key's bytes are copied. */
export function libraryGcm(keyBytes: Bytes): AesGcm {
  const key = keyBytes.slice()
  return {
    seal: async (iv, additionalData, content) =>
      unshared(gcm(key, iv, additionalData).encrypt(content)),
    open: async (iv, additionalData, sealed) =>
      unshared(gcm(key, iv, additionalData).decrypt(sealed)),
  }
}

/** By WebCrypto, in a key that cannot be read again; by the library where it refuses the length. */
export async function importAesGcm(keyBytes: Bytes, ...usages: AesUsage[]): Promise<AesGcm> {
  const extractable = false
  try {
    return webCryptoGcm(
      await crypto.subtle.importKey('raw', keyBytes, 'AES-GCM', extractable, usages),
    )
  } catch (error) {
    if (keyBytes.byteLength !== 24) throw error
    return libraryGcm(keyBytes)
  }
}

/** The key that HKDF derives; its bytes stay out of JavaScript, but for those of AES-192. */
export async function deriveAesGcm(
  hkdf: HkdfParams,
  base: CryptoKey,
  keyBytes: 16 | 24 | 32,
  ...usages: AesUsage[]
): Promise<AesGcm> {
  if (keyBytes === 24) {
    const bits = await crypto.subtle.deriveBits(hkdf, base, keyBytes * 8)
    return importAesGcm(new Uint8Array(bits), ...usages)
  }
  const extractable = false
  const algorithm = { name: 'AES-GCM', length: keyBytes * 8 }
  return webCryptoGcm(await crypto.subtle.deriveKey(hkdf, base, algorithm, extractable, usages))
}
