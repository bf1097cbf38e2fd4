// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: 256 secret bits split
// among people (Shamir): shares as bytes and as words, each naming its set, number and threshold, and nobody.
//
// A share: version and purpose (1 byte), set (4), number (1), count (1), threshold (1), the share itself (33: 32
// and where on the curve it lies), and the first 4 bytes of SHA-256 over all of that. 45 bytes are 33 words of
// the list that recovery keys are written in, 11 bits a word, the last three bits zero.

import { sha256 } from '@noble/hashes/sha2.js'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { combine, split } from 'shamir-secret-sharing'
import { type Bytes, concatBytes, equalBytes } from '../codec/bytes.ts'
import { encodeHex } from '../codec/text.ts'
import { KeyhearthError } from '../protocol/errors.ts'

/** A share of one purpose never serves the other. */
const purposes = { recovery: 0x11, quorum: 0x12 } as const
export type SharePurpose = keyof typeof purposes

const headerBytes = 8
const shareBytes = 33
const checksumBytes = 4
const allBytes = headerBytes + shareBytes + checksumBytes
export const shareWords = 33
const bitsPerWord = 11

export interface Share {
  readonly purpose: SharePurpose
  /** 8 hex digits. */
  readonly setId: string
  readonly number: number
  readonly count: number
  readonly threshold: number
  readonly share: Bytes
}

const checksum = (body: Uint8Array): Bytes => sha256(body).slice(0, checksumBytes)

/** @returns the words of each share, in their order */
export async function splitIntoShares(
  secret: Bytes,
  purpose: SharePurpose,
  { threshold, count }: { readonly threshold: number; readonly count: number },
): Promise<{ readonly setId: string; readonly shares: readonly (readonly string[])[] }> {
  const set = crypto.getRandomValues(new Uint8Array(4))
  const parts = await split(secret, count, threshold)
  const shares = parts.map((part, i) => {
    const header = Uint8Array.of(purposes[purpose], ...set, i + 1, count, threshold)
    const body = concatBytes(header, new Uint8Array(part))
    part.fill(0)
    return writeWords(concatBytes(body, checksum(body)))
  })
  return { setId: encodeHex(set), shares }
}

function writeWords(bytes: Bytes): string[] {
  let bits = 0n
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte)
  bits <<= BigInt(shareWords * bitsPerWord - bytes.byteLength * 8)
  return Array.from({ length: shareWords }, (_, i) => {
    const shift = BigInt((shareWords - 1 - i) * bitsPerWord)
    return wordlist[Number((bits >> shift) & 0x7ffn)] ?? ''
  })
}

const positions: ReadonlyMap<string, number> = new Map(wordlist.map((word, i) => [word, i]))

function readWords(typed: string): Bytes | null {
  const words = typed
    .normalize('NFKD')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
  if (words.length !== shareWords) return null
  let bits = 0n
  for (const word of words) {
    const position = positions.get(word)
    if (position === undefined) return null
    bits = (bits << BigInt(bitsPerWord)) | BigInt(position)
  }
  const spare = BigInt(shareWords * bitsPerWord - allBytes * 8)
  if ((bits & ((1n << spare) - 1n)) !== 0n) return null
  bits >>= spare
  const bytes = new Uint8Array(allBytes)
  for (let i = allBytes - 1; i >= 0; i--) {
    bytes[i] = Number(bits & 0xffn)
    bits >>= 8n
  }
  return bytes
}

/**
 * A share as a person types it (any case, any spacing, with or without the words' numbers).
 * @throws KeyhearthError `share-malformed`
 */
export function readShare(typed: string): Share {
  const bytes = readWords(typed)
  const purpose = bytes && purposeOf(bytes[0])
  if (!bytes || !purpose) throw new KeyhearthError('share-malformed')
  const body = bytes.subarray(0, headerBytes + shareBytes)
  const [, , , , , number = 0, count = 0, threshold = 0] = bytes
  const isPlausible = threshold >= 2 && threshold <= count && number >= 1 && number <= count
  if (!isPlausible || !equalBytes(checksum(body), bytes.subarray(body.byteLength))) {
    throw new KeyhearthError('share-malformed')
  }
  const setId = encodeHex(bytes.subarray(1, 5))
  return { purpose, setId, number, count, threshold, share: body.slice(headerBytes) }
}

const purposeOf = (byte: number | undefined): SharePurpose | null => {
  if (byte === purposes.recovery) return 'recovery'
  return byte === purposes.quorum ? 'quorum' : null
}

/** @throws KeyhearthError `share-malformed`, `shares-mixed`, `shares-repeated` */
function readSharesOfOneSet(typed: readonly string[], purpose: SharePurpose): Share[] {
  const shares = typed.map(readShare)
  const [first] = shares
  if (shares.some((share) => share.purpose !== purpose)) {
    throw new KeyhearthError('share-of-other-kind')
  }
  const ofOneSet = (share: Share) =>
    share.setId === first?.setId &&
    share.count === first.count &&
    share.threshold === first.threshold
  if (!shares.every(ofOneSet)) throw new KeyhearthError('shares-mixed')
  if (new Set(shares.map(({ number }) => number)).size !== shares.length) {
    throw new KeyhearthError('shares-repeated')
  }
  return shares
}

/**
 * The secret that shares of one set make. Whether it is the right one, only its use tells.
 * @throws KeyhearthError `shares-too-few` besides those of `readSharesOfOneSet`
 */
export async function combineShares(
  typed: readonly string[],
  purpose: SharePurpose,
): Promise<{ readonly setId: string; readonly secret: Bytes }> {
  const shares = readSharesOfOneSet(typed, purpose)
  const [first] = shares
  if (!first || shares.length < first.threshold) {
    const missing = (first?.threshold ?? 2) - shares.length
    throw new KeyhearthError('shares-too-few', { missing: String(missing) })
  }
  try {
    const parts = shares.slice(0, first.threshold).map(({ share }) => share)
    return { setId: first.setId, secret: new Uint8Array(await combine(parts)) }
  } catch {
    // Two of one place on the curve, under different numbers: no set that was ever made.
    throw new KeyhearthError('shares-mixed')
  }
}
