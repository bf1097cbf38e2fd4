// interchange: files of other password managers, read and written; pure. This file: unpacks deflate and gzip, never more
// than was agreed: a few kilobytes can unpack to gigabytes.

import { Gunzip, Inflate } from 'fflate'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { refuse } from './refusal.ts'

/** What is pushed at once: deflate makes at most about a thousand times as much of it. */
const pieceBytes = 16 * 1024

/** Refuses as `too-large` what unpacks to more than `most` bytes, and as `damaged` what does not unpack. */
export function unpack(packed: Bytes, form: 'deflate' | 'gzip', most: number): Bytes {
  const parts: Uint8Array[] = []
  let total = 0
  const stream = form === 'gzip' ? new Gunzip() : new Inflate()
  stream.ondata = (part) => {
    total += part.byteLength
    parts.push(part)
  }
  let at = 0
  do {
    const end = Math.min(at + pieceBytes, packed.byteLength)
    try {
      stream.push(packed.subarray(at, end), end === packed.byteLength)
    } catch {
      refuse('damaged')
    }
    if (total > most) refuse('too-large')
    at = end
  } while (at < packed.byteLength)
  return concatBytes(...parts)
}
