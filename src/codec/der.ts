// codec: pure conversions between bytes and their written forms. This file: DER (ITU-T X.690), as far as
// keys need it: tags of one byte, definite lengths in their shortest form.

import { type Bytes, concatBytes } from './bytes.ts'

export const tags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  sequence: 0x30,
  /** Context-specific, as primitive (IMPLICIT) and constructed. */
  implicit0: 0x80,
  explicit0: 0xa0,
  explicit1: 0xa1,
} as const

export interface Element {
  readonly tag: number
  readonly content: Bytes
}

function lengthOf(bytes: number): Bytes {
  if (bytes < 0x80) return Uint8Array.of(bytes)
  if (bytes < 0x100) return Uint8Array.of(0x81, bytes)
  return Uint8Array.of(0x82, bytes >> 8, bytes & 0xff)
}

export function derElement(tag: number, ...content: readonly Uint8Array[]): Bytes {
  const body = concatBytes(...content)
  if (body.byteLength > 0xffff) throw new RangeError('DER: longer than any key')
  return concatBytes(Uint8Array.of(tag), lengthOf(body.byteLength), body)
}

/** The elements one after another, or `null` where the bytes are not DER to their very end. */
export function readDer(bytes: Bytes): Element[] | null {
  const elements: Element[] = []
  let at = 0
  while (at < bytes.byteLength) {
    const header = readHeader(bytes, at)
    if (!header || header.end > bytes.byteLength) return null
    elements.push({ tag: header.tag, content: bytes.slice(header.start, header.end) })
    at = header.end
  }
  return elements
}

/** Shortest form only (X.690 section 10.1); no length a key could not have. */
function readHeader(bytes: Bytes, at: number): { tag: number; start: number; end: number } | null {
  const [tag, first, second, third] = bytes.subarray(at, at + 4)
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return null
  if (first < 0x80) return { tag, start: at + 2, end: at + 2 + first }
  if (first === 0x81 && second !== undefined && second >= 0x80) {
    return { tag, start: at + 3, end: at + 3 + second }
  }
  if (first === 0x82 && second !== undefined && third !== undefined && second > 0) {
    return { tag, start: at + 4, end: at + 4 + second * 256 + third }
  }
  return null
}

/** The members of the one element of that tag that the bytes are, or `null`. */
export function readDerMembers(bytes: Bytes, tag: number): Element[] | null {
  const elements = readDer(bytes)
  const [only] = elements ?? []
  return elements?.length === 1 && only?.tag === tag ? readDer(only.content) : null
}
