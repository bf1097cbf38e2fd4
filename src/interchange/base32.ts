// interchange: files of other password managers, read and written; pure. This file: base32 (RFC 4648 section 6) without
// padding, as secrets of one-time codes are written.

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export function base32(bytes: Uint8Array): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    for (; bits >= 5; bits -= 5) text += letters[(held >>> (bits - 5)) & 31]
    held &= 31
  }
  return bits === 0 ? text : text + letters[(held << (5 - bits)) & 31]
}
