// codec: pure conversions between bytes and their written forms. This file: DER (ITU-T X.690): elements with
// tags of one byte and definite lengths in their shortest form. What stands in them: derValues.ts.

import { type Bytes, concatBytes } from './bytes.ts'

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
  /** Context-specific, as primitive (IMPLICIT) and constructed. */
  implicit0: 0x80,
  implicit1: 0x81,
  implicit2: 0x82,
  explicit0: 0xa0,
  explicit1: 0xa1,
  explicit2: 0xa2,
  explicit3: 0xa3,
} as const

export interface Element {
  readonly tag: number
  /** In place: good while nobody writes to the bytes it was read from. */
  readonly content: Bytes
  /** Tag, length and content, in place. */
  readonly der: Bytes
}

/** Bytes that are no DER, or DER of another shape than was asked for. */
export class DerError extends Error {
  override readonly name = 'DerError'
  readonly code = 'not-der'
}

/** Four bytes of length, less the sign. */
const mostBytes = 0x7fff_ffff

function lengthOf(bytes: number): Bytes {
  if (bytes < 0x80) return Uint8Array.of(bytes)
  const digits: number[] = []
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256)
  return Uint8Array.of(0x80 | digits.length, ...digits)
}

/** Of an element whose content stands elsewhere, and can be longer than what is held. */
export const derHeader = (tag: number, bytes: number): Bytes =>
  concatBytes(Uint8Array.of(tag), lengthOf(bytes))

export function derElement(tag: number, ...content: readonly Uint8Array[]): Bytes {
  const bytes = content.reduce((sum, part) => sum + part.byteLength, 0)
  if (bytes > mostBytes) throw new RangeError('DER: longer than anything here')
  return concatBytes(derHeader(tag, bytes), ...content)
}

/** More than any list has but those of revoked certificates: empty members would cost as much as full ones. */
const mostMembers = 10_000

/** The elements one after another, or `null` where the bytes are not DER to their very end, or more than `most`. */
export function readDer(bytes: Bytes, most = mostMembers): Element[] | null {
  const elements: Element[] = []
  let at = 0
  while (at < bytes.byteLength) {
    if (elements.length === most) return null
    const header = readHeader(bytes, at)
    if (!header || header.end > bytes.byteLength) return null
    elements.push({
      tag: header.tag,
      content: bytes.subarray(header.start, header.end),
      der: bytes.subarray(at, header.end),
    })
    at = header.end
  }
  return elements
}

/** Shortest form only (X.690 section 10.1), and at most four bytes of it. */
function readHeader(bytes: Bytes, at: number): { tag: number; start: number; end: number } | null {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return null
  if (first < 0x80) return { tag, start: at + 2, end: at + 2 + first }
  const count = first & 0x7f
  const start = at + 2 + count
  if (count === 0 || count > 4 || start > bytes.byteLength) return null
  const length = bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0)
  const isShortest = length >= 0x80 && bytes[at + 2] !== 0
  return isShortest && length <= mostBytes ? { tag, start, end: start + length } : null
}

/** The members of the one element of that tag that the bytes are, or `null`. */
export function readDerMembers(bytes: Bytes, tag: number): Element[] | null {
  const elements = readDer(bytes)
  const [only] = elements ?? []
  return elements?.length === 1 && only?.tag === tag ? readDer(only.content) : null
}

/**
 * The members of a constructed element, taken one after the other. Whatever does not fit throws
 * `DerError`, so that a reader above can name the fields in the order of the specification.
 */
export class DerFields {
  readonly #elements: readonly Element[]
  #at = 0

  private constructor(elements: readonly Element[]) {
    this.#elements = elements
  }

  /** @param bytes elements one after another */
  static in(bytes: Bytes, most?: number): DerFields {
    const elements = readDer(bytes, most)
    if (!elements) throw new DerError('these are no DER elements')
    return new DerFields(elements)
  }

  /** The members of the one element that the bytes are. */
  static whole(der: Bytes, tag: number = tags.sequence): DerFields {
    return DerFields.in(onlyElement(der, tag).content)
  }

  get remaining(): number {
    return this.#elements.length - this.#at
  }

  /** The tag of what comes next, or `null` at the end. */
  get nextTag(): number | null {
    return this.#elements[this.#at]?.tag ?? null
  }

  any(): Element {
    const element = this.#elements[this.#at++]
    if (!element) throw new DerError('a field is missing')
    return element
  }

  take(tag: number): Element {
    const element = this.any()
    if (element.tag !== tag) throw new DerError(`tag ${element.tag} where ${tag} belongs`)
    return element
  }

  optional(tag: number): Element | null {
    return this.nextTag === tag ? this.any() : null
  }

  /** The members of the next element, which has that tag. */
  open(tag: number = tags.sequence, most?: number): DerFields {
    return DerFields.in(this.take(tag).content, most)
  }

  openOptional(tag: number, most?: number): DerFields | null {
    return this.nextTag === tag ? this.open(tag, most) : null
  }

  /** Everything that is left. */
  rest(): readonly Element[] {
    const rest = this.#elements.slice(this.#at)
    this.#at = this.#elements.length
    return rest
  }

  end(): void {
    if (this.remaining > 0) throw new DerError('something stands behind the last field')
  }
}

/** @throws DerError where the bytes are not one element of that tag, and nothing else */
export function onlyElement(der: Bytes, tag?: number): Element {
  const [element, ...more] = readDer(der) ?? []
  if (!element || more.length > 0) throw new DerError('not one element')
  if (tag !== undefined && element.tag !== tag) throw new DerError(`tag ${element.tag} for ${tag}`)
  return element
}
