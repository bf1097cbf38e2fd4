// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: RC2 in CBC mode, decryption alone (RFC 2268): old PKCS #12 files are under it.
//
// PITABLE of section 2 is a shuffle of 0 to 255 by the digits of pi; written out, as nothing shorter gives it.

import type { Bytes } from '../codec/bytes.ts'
import { decodeHex } from '../codec/text.ts'

const table = decodeHex(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2' +
    '179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82' +
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626' +
    '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7' +
    '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec' +
    'c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9' +
    '0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
)
const at = (index: number): number => table[index & 0xff] ?? 0

/** Section 2. @returns 64 words of 16 bits */
function expand(key: Uint8Array, effectiveBits: number): Uint16Array {
  const bytes = new Uint8Array(128)
  bytes.set(key)
  const get = (index: number): number => bytes[index] ?? 0
  const length = key.byteLength
  for (let i = length; i < 128; i++) bytes[i] = at(get(i - 1) + get(i - length))
  const effective = Math.ceil(effectiveBits / 8)
  const mask = 0xff >> (8 * effective - effectiveBits)
  bytes[128 - effective] = at(get(128 - effective) & mask)
  for (let i = 127 - effective; i >= 0; i--) bytes[i] = at(get(i + 1) ^ get(i + effective))
  return Uint16Array.from({ length: 64 }, (_, i) => get(2 * i) | (get(2 * i + 1) << 8))
}

const shifts = [1, 2, 3, 5] as const

/** Section 4: sixteen rounds of mixing, backwards, and two of mashing between them. */
function decryptBlock(r: Uint16Array, key: Uint16Array): void {
  const word = (index: number): number => r[index & 3] ?? 0
  let j = 63
  for (let round = 15; round >= 0; round--) {
    for (let i = 3; i >= 0; i--) {
      const shift = shifts[i as 0 | 1 | 2 | 3]
      const turned = (word(i) >>> shift) | (word(i) << (16 - shift))
      const mixed = (word(i + 3) & word(i + 2)) + (~word(i + 3) & word(i + 1))
      r[i] = turned - (key[j--] ?? 0) - mixed
    }
    if (round !== 11 && round !== 5) continue
    for (let i = 3; i >= 0; i--) r[i] = word(i) - (key[word(i + 3) & 63] ?? 0)
  }
}

/** @param encrypted whole blocks of eight bytes. @returns with its padding */
export function rc2CbcDecrypt(
  key: Uint8Array,
  bits: number,
  iv: Uint8Array,
  encrypted: Bytes,
): Bytes {
  const words = expand(key, bits)
  const out = new Uint8Array(encrypted.byteLength)
  for (let start = 0; start < encrypted.byteLength; start += 8) {
    const block = Uint16Array.from(
      { length: 4 },
      (_, i) => (encrypted[start + 2 * i] ?? 0) | ((encrypted[start + 2 * i + 1] ?? 0) << 8),
    )
    decryptBlock(block, words)
    const before = start === 0 ? iv : encrypted.subarray(start - 8, start)
    for (let i = 0; i < 8; i++) {
      out[start + i] = ((block[i >> 1] ?? 0) >> (8 * (i & 1))) ^ (before[i] ?? 0)
    }
  }
  return out
}
