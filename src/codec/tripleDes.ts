// codec: pure conversions between bytes and their written forms. This file: Triple DES in CBC mode (NIST SP 800-67),
// decryption alone, the one place that has it: old key files, old mail and old keys of security modules are under it.

import des from 'des.js'
import type { Bytes } from './bytes.ts'

/** What the library makes of them, one number a byte, is many times as large. */
const pieceBytes = 64 * 1024

/**
 * @param key three keys of eight bytes
 * @param encrypted whole blocks of eight bytes. @returns with its padding
 */
export function tripleDesCbcDecrypt(key: Uint8Array, iv: Uint8Array, encrypted: Bytes): Bytes {
  const cipher = des.CBC.instantiate(des.EDE).create({ type: 'decrypt', key, iv, padding: false })
  const out = new Uint8Array(encrypted.byteLength)
  let end = 0
  const put = (bytes: readonly number[]) => {
    out.set(bytes, end)
    end += bytes.length
  }
  for (let at = 0; at < encrypted.byteLength; at += pieceBytes) {
    put(cipher.update(encrypted.subarray(at, at + pieceBytes)))
  }
  put(cipher.final())
  return out
}
