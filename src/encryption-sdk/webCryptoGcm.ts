// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: AES-GCM as everything in this room uses it, and WebCrypto's.

import type { Bytes } from '../codec/bytes.ts'
import { tagBytes } from './suites.ts'

/** One key, with tags of 16 bytes behind the content. Both reject where a tag does not hold. */
export interface AesGcm {
  seal(iv: Bytes, additionalData: Bytes, content: Bytes): Promise<Bytes>
  open(iv: Bytes, additionalData: Bytes, sealed: Bytes): Promise<Bytes>
}

/** By WebCrypto. */
export function webCryptoGcm(key: CryptoKey): AesGcm {
  const parameters = (iv: Bytes, additionalData: Bytes) => ({
    name: 'AES-GCM',
    iv,
    additionalData,
    tagLength: tagBytes * 8,
  })
  return {
    async seal(iv, additionalData, content) {
      const sealed = await crypto.subtle.encrypt(parameters(iv, additionalData), key, content)
      return new Uint8Array(sealed)
    },
    async open(iv, additionalData, sealed) {
      const content = await crypto.subtle.decrypt(parameters(iv, additionalData), key, sealed)
      return new Uint8Array(content)
    },
  }
}
