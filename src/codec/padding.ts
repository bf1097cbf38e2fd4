// codec: pure conversions between bytes and their written forms. This file: the padding of block ciphers in CBC mode
// (RFC 8018 section 6.1.1, step 4; RFC 5652 section 6.3).

import type { Bytes } from './bytes.ts'

/** As many bytes as were missing from the block, each of that number. `null` where they are not so. */
export function withoutPadding(padded: Bytes, blockBytes: number): Bytes | null {
  const last = padded.at(-1) ?? 0
  const fits = last > 0 && last <= blockBytes && last <= padded.byteLength
  const end = padded.byteLength - last
  return fits && padded.subarray(end).every((byte) => byte === last)
    ? padded.subarray(0, end)
    : null
}
