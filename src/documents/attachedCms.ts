// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: the content inside a CMS message, of any length, which is never held as a whole: what is signed is the same
// with the content inside or beside it (RFC 5652 section 5.4), so a message is taken apart into the one and the other, or
// put together from them. All lengths are known beforehand, as DER wants them.

import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { DerFields, derElement, derHeader, type Element, tags } from '../codec/der.ts'
import { derSequence } from '../codec/derValues.ts'

/** Content of `length` bytes within elements whose beginnings are `head`; `tail` is what stands behind it. */
interface Around {
  readonly head: Bytes
  readonly length: number
  readonly tail: Bytes
}

function wrapped(
  { head, length, tail }: Around,
  tag: number,
  before: readonly Element[] = [],
  behind: readonly Element[] = [],
): Around {
  const first = concatBytes(...before.map(({ der }) => der))
  const last = concatBytes(...behind.map(({ der }) => der))
  const inside = first.byteLength + length + last.byteLength
  const header = derHeader(tag, inside)
  return {
    head: concatBytes(header, first, head),
    length: header.byteLength + inside,
    tail: concatBytes(tail, last),
  }
}

/**
 * @param detached CMS SignedData without content, DER
 * @param bytes how long the content is
 * @returns what stands before the content and behind it, in the same message with the content inside
 * @throws DerError
 */
export function aroundContent(detached: Bytes, bytes: number): readonly [Bytes, Bytes] {
  const [type, explicit] = DerFields.whole(detached).rest()
  const signedData = DerFields.whole(explicit?.content ?? detached)
  const [version, algorithms, content] = [signedData.any(), signedData.any(), signedData.any()]
  const contentType = DerFields.in(content.content).any()
  const octets = wrapped(
    { head: new Uint8Array(), length: bytes, tail: new Uint8Array() },
    tags.octetString,
  )
  const inside = wrapped(wrapped(octets, tags.explicit0), tags.sequence, [contentType])
  const message = wrapped(inside, tags.sequence, [version, algorithms], signedData.rest())
  const { head, tail } = wrapped(
    wrapped(message, tags.explicit0),
    tags.sequence,
    type ? [type] : [],
  )
  return [head, tail]
}

/** Certificates, lists and signatures, which are held. */
const mostBehindBytes = 64 * 1024 * 1024
/** All that stands before the content. */
const mostBeforeBytes = 64 * 1024

/**
 * @returns the message as if the content were beside it, and the content; `null` for anything but DER of that shape
 * (others write BER, which says nowhere where the content ends). Rejects where the Blob cannot be read.
 */
export async function withoutContent(
  file: Blob,
): Promise<{ readonly detached: Bytes; readonly content: Blob } | null> {
  const first = new Uint8Array(await file.slice(0, mostBeforeBytes).arrayBuffer())
  const message = enter(first, 0, file.size, tags.sequence)
  const type = message && elementAt(first, message.start)
  const explicit = type && enter(first, type.end, message.end, tags.explicit0)
  const signedData = explicit && enter(first, explicit.start, explicit.end, tags.sequence)
  const version = signedData && elementAt(first, signedData.start)
  const algorithms = version && elementAt(first, version.end)
  const inside = algorithms && headerAt(first, algorithms.end)
  const contentType = inside && elementAt(first, inside.start)
  const holder = contentType && enter(first, contentType.end, inside.end, tags.explicit0)
  const octets = holder && enter(first, holder.start, holder.end, tags.octetString)
  if (!type || !octets || inside?.tag !== tags.sequence) return null
  if (file.size - octets.end > mostBehindBytes) return null
  const behind = new Uint8Array(await file.slice(octets.end).arrayBuffer())
  const beside = derSequence(version.der, algorithms.der, derSequence(contentType.der), behind)
  return {
    detached: derSequence(type.der, derElement(tags.explicit0, beside)),
    content: file.slice(octets.start, octets.end),
  }
}

interface Header {
  readonly tag: number
  readonly start: number
  readonly end: number
}

/** Lengths as X.690 section 10.1 has them; of what is longer than 2^48, nobody has one. */
function headerAt(first: Bytes, at: number): Header | null {
  const [tag, length] = [first[at], first[at + 1]]
  if (tag === undefined || length === undefined) return null
  if (length < 0x80) return { tag, start: at + 2, end: at + 2 + length }
  const digits = first.subarray(at + 2, at + 2 + (length & 0x7f))
  const start = at + 2 + digits.byteLength
  const bytes = digits.reduce((sum, digit) => sum * 256 + digit, 0)
  const isDer = digits.byteLength === (length & 0x7f) && digits[0] !== 0 && bytes >= 0x80
  return isDer && digits.byteLength <= 6 ? { tag, start, end: start + bytes } : null
}

/** One that ends where it must, so that nothing hides behind it. */
function enter(first: Bytes, at: number, end: number, tag: number): Header | null {
  const found = headerAt(first, at)
  return found?.tag === tag && found.end === end ? found : null
}

/** One that is here as a whole. */
function elementAt(first: Bytes, at: number): (Header & { readonly der: Bytes }) | null {
  const found = headerAt(first, at)
  if (!found || found.end > first.byteLength) return null
  return { ...found, der: first.slice(at, found.end) }
}
