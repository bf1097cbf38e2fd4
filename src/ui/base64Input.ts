// ui: what the person sees; speaks the protocol like any other client. This file: bytes as people paste
// them. Pure.

import { decodeBase64, decodeHex } from '../codec/text.ts'

/** Base64, white space aside; `null` where it is none. */
export function readBase64(text: string): Uint8Array<ArrayBuffer> | null {
  const plain = text.replace(/\s+/g, '')
  if (plain === '') return null
  try {
    return decodeBase64(plain)
  } catch {
    return null
  }
}

/** Hexadecimal digits or base64; `null` where it is neither. */
export function readBytes(text: string): Uint8Array<ArrayBuffer> | null {
  const plain = text.replace(/[\s:]+/g, '')
  if (plain.length % 2 === 0 && /^[0-9a-fA-F]+$/.test(plain)) return decodeHex(plain.toLowerCase())
  return readBase64(text)
}
