// interchange: files of other password managers, read and written; pure. This file: bytes to text. Exports are
// UTF-8, but spreadsheets save what they opened as UTF-16, with and without a mark at the start.

import { refuse } from './refusal.ts'

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

/** How many bytes are looked at where there is no mark. */
const lookedAt = 512

export function decodeText(bytes: Uint8Array): string {
  try {
    // `ignoreBOM: false` takes the mark off.
    return new TextDecoder(encodingOf(bytes), { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    return refuse('bad-encoding')
  }
}

function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  // A header's letters are ASCII: in UTF-16 every second byte is zero, and UTF-8 has no zero at all.
  let even = 0
  let odd = 0
  for (const [at, byte] of bytes.subarray(0, lookedAt).entries()) {
    if (byte === 0) at % 2 === 0 ? even++ : odd++
  }
  if (odd > even) return 'utf-16le'
  return even > odd ? 'utf-16be' : 'utf-8'
}
