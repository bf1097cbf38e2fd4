// codec: pure conversions between bytes and their written forms. This file: BER (ITU-T X.690 section 8) as far as
// old programs write it, made into DER: lengths that are left open or too long, and strings in pieces. Only for
// files that are not themselves signed.

import { type Bytes, concatBytes } from './bytes.ts'
import { DerError, derElement, tags } from './der.ts'

/** PKCS #12 and CMS nest some twenty deep. */
const mostDepth = 48

/** Half a gibibyte in pieces of a KiB has half of them. */
const mostElements = 1_000_000

interface Budget {
  left: number
}

/** @throws DerError where the bytes are not exactly one BER element */
export function berToDer(bytes: Bytes): Bytes {
  const { der, end } = readElement(bytes, 0, 0, { left: mostElements })
  if (end !== bytes.byteLength) throw new DerError('something stands behind the element')
  return der
}

interface Header {
  readonly tag: number
  readonly start: number
  /** `null`: up to the end mark. */
  readonly end: number | null
}

function readHeader(bytes: Bytes, at: number): Header {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f)
    throw new DerError('no tag')
  if (first === 0x80) return { tag, start: at + 2, end: null }
  const count = first < 0x80 ? 0 : first & 0x7f
  const start = at + 2 + count
  if (count > 6) throw new DerError('a length that is too long')
  const digits = bytes.subarray(at + 2, start)
  const length = count === 0 ? first : digits.reduce((sum, byte) => sum * 256 + byte, 0)
  if (start + length > bytes.byteLength) throw new DerError('an element that breaks off')
  return { tag, start, end: start + length }
}

const isEndMark = (bytes: Bytes, at: number): boolean => bytes[at] === 0 && bytes[at + 1] === 0

function readElement(
  bytes: Bytes,
  at: number,
  depth: number,
  budget: Budget,
): { der: Bytes; end: number } {
  if (depth > mostDepth) throw new DerError('nested too deep')
  if (budget.left-- <= 0) throw new DerError('more elements than can be looked at')
  const { tag, start, end } = readHeader(bytes, at)
  const isConstructed = (tag & 0x20) !== 0
  if (!isConstructed) {
    if (end === null) throw new DerError('an open length without members')
    return { der: derElement(tag, bytes.subarray(start, end)), end }
  }
  const members: Bytes[] = []
  let next = start
  while (end === null ? !isEndMark(bytes, next) : next < end) {
    const member = readElement(bytes, next, depth + 1, budget)
    members.push(member.der)
    next = member.end
  }
  if (end !== null && next !== end) throw new DerError('a member that reaches beyond')
  return { der: joined(tag, members), end: end ?? next + 2 }
}

/** An OCTET STRING in pieces is one of its contents. */
function joined(tag: number, members: readonly Bytes[]): Bytes {
  if (tag !== (tags.octetString | 0x20)) return derElement(tag, ...members)
  return derElement(tags.octetString, ...members.map(contentOf))
}

function contentOf(der: Bytes): Bytes {
  const { tag, start } = readHeader(der, 0)
  if (tag !== tags.octetString) throw new DerError('a piece of another kind')
  return concatBytes(der.subarray(start))
}
