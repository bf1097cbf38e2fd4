// documents: signed documents of every form, made and verified; pure: runs in plain Node. This file: what a file in DER
// or BER is, by the tags at its beginning. The readers of each kind look at the rest, and say what is wrong with it.

import type { Bytes } from '../codec/bytes.ts'
import { tags } from '../codec/der.ts'
import { encodeHex } from '../codec/text.ts'

export type DerKind =
  | 'cms-der'
  | 'certificate'
  | 'certificate-request'
  | 'certificate-list'
  | 'key-file'

interface Peeked {
  readonly tag: number
  readonly start: number
  /** Beyond the bytes that are here, perhaps. */
  readonly end: number
}

const none: Peeked = { tag: -1, start: 0, end: 0 }

/** @param first the beginning of the file: a certificate shows itself behind the name of its issuer */
export function recogniseDer(first: Bytes): DerKind | null {
  const [outer = none] = peek(first, 0, first.byteLength)
  if (outer.tag !== tags.sequence) return null
  const [a = none, b = none, c = none] = inside(first, outer)
  if (a.tag === tags.objectIdentifier) return isCms(first, a) ? 'cms-der' : null
  if (a.tag === tags.integer) return isPrivateKey(first, a, b, c) ? 'key-file' : null
  if (a.tag !== tags.sequence) return null
  if (beginsWithOid(first, a)) return isKeyInfo(b) ? 'key-file' : null
  // What is signed stands first, then the algorithm, where that is not too far away to be seen.
  return b === none || beginsWithOid(first, b) ? signedKind(first, a) : null
}

/** RFC 5652, and the kinds of content that S/MIME adds (RFC 8551): 1.2.840.113549.1.7 and .1.9.16.1. */
const isCms = (first: Bytes, { start, end }: Peeked): boolean =>
  /^2a864886f70d01(07|091001)..$/.test(encodeHex(first.subarray(start, Math.min(end, start + 16))))

/** PKCS #12 (version 3), PKCS #8 (0 or 1), PKCS #1 (0) and SEC 1 (1). */
function isPrivateKey(first: Bytes, version: Peeked, second: Peeked, third: Peeked): boolean {
  if (version.end !== version.start + 1) return false
  const number = first[version.start]
  if (number === 3) return beginsWithOid(first, second)
  if (number !== 0 && number !== 1) return false
  if (second.tag === tags.sequence) {
    return beginsWithOid(first, second) && third.tag === tags.octetString
  }
  return number === 0
    ? second.tag === tags.integer && (third === none || third.tag === tags.integer)
    : second.tag === tags.octetString
}

/** Encrypted PKCS #8 (RFC 5958 section 3), or a public key. */
const isKeyInfo = ({ tag }: Peeked): boolean => tag === tags.octetString || tag === tags.bitString

const isTime = ({ tag }: Peeked): boolean => tag === tags.utcTime || tag === tags.generalizedTime

/** RFC 5280 sections 4.1 and 5.1, RFC 2986 section 4.1. */
function signedKind(first: Bytes, signed: Peeked): DerKind | null {
  const [a = none, b = none, c = none, d = none] = inside(first, signed)
  if (a.tag === tags.explicit0) return 'certificate'
  if (beginsWithOid(first, a)) return isTime(c) ? 'certificate-list' : null
  if (a.tag !== tags.integer || b.tag !== tags.sequence || c.tag !== tags.sequence) return null
  if (!beginsWithOid(first, b)) return 'certificate-request'
  if (isTime(d)) return 'certificate-list'
  return d.tag === tags.sequence ? 'certificate' : null
}

const beginsWithOid = (first: Bytes, element: Peeked): boolean =>
  element.tag === tags.sequence && inside(first, element)[0]?.tag === tags.objectIdentifier

const inside = (first: Bytes, { start, end }: Peeked): readonly Peeked[] => peek(first, start, end)

/** No shape that is looked for has more. */
const mostPeeked = 4

/** Elements one after another, as many as can be seen; BER of indefinite length as well. */
function peek(first: Bytes, from: number, to: number): readonly Peeked[] {
  const found: Peeked[] = []
  const last = Math.min(to, first.byteLength)
  for (let at = from; at + 2 <= last && found.length < mostPeeked; ) {
    const [tag, length] = [first[at] ?? 0, first[at + 1] ?? 0]
    const digits = length > 0x80 ? first.subarray(at + 2, at + 2 + (length & 0x7f)) : []
    // Where it ends is not known, and so nothing behind it.
    if (length === 0x80) return [...found, { tag, start: at + 2, end: to }]
    if (digits.length > 4) break
    const start = at + 2 + digits.length
    const bytes = length < 0x80 ? length : [...digits].reduce((sum, one) => sum * 256 + one, 0)
    found.push({ tag, start, end: start + bytes })
    at = start + bytes
  }
  return found
}
