// codec: pure conversions between bytes and their written forms. This file: the values that stand in DER
// elements (ITU-T X.690 sections 8 and 11): numbers, object identifiers, strings, times. Readers are strict
// and throw `DerError`.

import type { Bytes } from './bytes.ts'
import { DerError, derElement, type Element, tags } from './der.ts'
import { decodeUtf8, encodeUtf8 } from './text.ts'

function fail(why: string): never {
  throw new DerError(why)
}

const tagged = ({ tag, content }: Element, wanted: number): Bytes =>
  tag === wanted ? content : fail(`tag ${tag} where ${wanted} belongs`)

// Writing

export const derSequence = (...members: readonly Uint8Array[]): Bytes =>
  derElement(tags.sequence, ...members)

/** SET OF: the members in the order of their encodings (X.690 section 11.6), whatever the order given. */
export const derSetOf = (...members: readonly Uint8Array[]): Bytes =>
  derElement(tags.set, ...[...members].sort(compareBytes))

/** As octet strings, the shorter padded with zeros at its end. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const length = Math.max(left.byteLength, right.byteLength)
  for (let at = 0; at < length; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** @param magnitude of a number that is not negative, big-endian */
export function derUnsigned(magnitude: Uint8Array): Bytes {
  const first = magnitude.findIndex((byte) => byte !== 0)
  const digits = first < 0 ? Uint8Array.of(0) : magnitude.subarray(first)
  const sign = (digits[0] ?? 0) & 0x80 ? Uint8Array.of(0) : new Uint8Array(0)
  return derElement(tags.integer, sign, digits)
}

/** @param value whole, from 0 to 2^53 - 1 */
export function derNumber(value: number): Bytes {
  const digits: number[] = []
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256)
  return derUnsigned(Uint8Array.from(digits))
}

export const derBoolean = (value: boolean): Bytes =>
  derElement(tags.boolean, Uint8Array.of(value ? 0xff : 0))

export const derNull = (): Bytes => derElement(tags.null)

export const derOctets = (bytes: Uint8Array): Bytes => derElement(tags.octetString, bytes)

/** Whole bytes. */
export const derBits = (bytes: Uint8Array): Bytes =>
  derElement(tags.bitString, Uint8Array.of(0), bytes)

/** The content of a BIT STRING with a name for each bit: no zero bits at its end (X.690 section 11.2.2). */
export function namedBits(set: readonly number[]): Bytes {
  if (set.length === 0) return Uint8Array.of(0)
  const last = Math.max(...set)
  const bytes = new Uint8Array(2 + Math.floor(last / 8))
  bytes[0] = 7 - (last % 8)
  for (const bit of set) {
    const at = 1 + Math.floor(bit / 8)
    bytes[at] = (bytes[at] ?? 0) | (0x80 >> (bit % 8))
  }
  return bytes
}

/** @param dotted such as `1.2.840.113549` */
export function derOid(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return derElement(
    tags.objectIdentifier,
    Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)),
  )
}

function base128(arc: number): number[] {
  const digits = [arc % 128]
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
    digits.unshift(0x80 | (left % 128))
  }
  return digits
}

export const derUtf8 = (text: string): Bytes => derElement(tags.utf8String, encodeUtf8(text))

export const derIa5 = (text: string): Bytes => derElement(tags.ia5String, encodeUtf8(text))

/** UTCTime up to 2049, GeneralizedTime from 2050 (RFC 5280 section 4.1.2.5); whole seconds. */
export function derTime(ms: number): Bytes {
  const year = new Date(ms).getUTCFullYear()
  if (year >= 2050 || year < 1950) return derGeneralizedTime(ms)
  return derElement(tags.utcTime, encodeUtf8(timeDigits(ms).slice(2)))
}

const derGeneralizedTime = (ms: number): Bytes =>
  derElement(tags.generalizedTime, encodeUtf8(timeDigits(ms)))

const timeDigits = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`

// Reading

/** DER knows one true and one false (X.690 section 11.1). */
export function readBoolean(element: Element): boolean {
  const content = tagged(element, tags.boolean)
  const [value] = content
  if (content.byteLength !== 1 || (value !== 0 && value !== 0xff)) fail('no boolean')
  return value === 0xff
}

/** The content of an INTEGER in its shortest form: two's complement, big-endian. */
export function readInteger(element: Element, tag: number = tags.integer): Bytes {
  const content = tagged(element, tag)
  const [first, second = 0] = content
  if (first === undefined) fail('an integer without digits')
  const isPadded = first === 0 ? second < 0x80 : first === 0xff && second >= 0x80
  if (content.byteLength > 1 && isPadded) fail('an integer longer than it must be')
  return content
}

/** From 0 to 2^48 - 1. */
export function readNumber(element: Element, tag: number = tags.integer): number {
  const content = readInteger(element, tag)
  if ((content[0] ?? 0) >= 0x80 || content.byteLength > 6) fail('a number out of range')
  return content.reduce((sum, byte) => sum * 256 + byte, 0)
}

/** The magnitude, without the zero that keeps it positive. */
export function readUnsigned(element: Element): Bytes {
  const content = readInteger(element)
  if ((content[0] ?? 0) >= 0x80) fail('a negative number')
  return content[0] === 0 && content.byteLength > 1 ? content.subarray(1) : content
}

export const readOctets = (element: Element): Bytes => tagged(element, tags.octetString)

/** A BIT STRING of whole bytes. */
export function readBits(element: Element): Bytes {
  const content = tagged(element, tags.bitString)
  return content[0] === 0 ? content.subarray(1) : fail('a bit string with bits left over')
}

/** The numbers of the bits that are set. Unused bits must be zero (X.690 section 11.2.1). */
export function readNamedBits(content: Bytes): ReadonlySet<number> {
  const [unused] = content
  const last = content.at(-1) ?? 0
  if (unused === undefined || unused > 7 || (content.byteLength === 1 && unused > 0)) {
    fail('no bit string')
  }
  if (content.byteLength > 1 && last & ((1 << unused) - 1)) fail('unused bits that are set')
  const set = new Set<number>()
  for (let bit = 0; bit < (content.byteLength - 1) * 8 - unused; bit++) {
    if ((content[1 + Math.floor(bit / 8)] ?? 0) & (0x80 >> (bit % 8))) set.add(bit)
  }
  return set
}

/** Longest identifier: far longer than any in use. */
const mostOidBytes = 64

export const readOid = (element: Element): string => oidOf(tagged(element, tags.objectIdentifier))

/** Dotted, of the content of an OBJECT IDENTIFIER. Arcs may be longer than 53 bits (UUIDs under 2.25). */
export function oidOf(content: Bytes): string {
  if (content.byteLength === 0 || content.byteLength > mostOidBytes) fail('no identifier')
  const arcs: bigint[] = []
  let arc = 0n
  let isStart = true
  for (const byte of content) {
    if (isStart && byte === 0x80) fail('an arc longer than it must be')
    arc = (arc << 7n) | BigInt(byte & 0x7f)
    isStart = byte < 0x80
    if (!isStart) continue
    arcs.push(arc)
    arc = 0n
  }
  if (!isStart) fail('an identifier that breaks off')
  const [both = 0n, ...rest] = arcs
  const first = both < 80n ? both / 40n : 2n
  return [first, both - first * 40n, ...rest].join('.')
}

const latin1 = (bytes: Bytes): string =>
  Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')

function ascii(bytes: Bytes, allowed: RegExp): string {
  const text = latin1(bytes)
  return allowed.test(text) ? text : fail('a character that the string type has not')
}

/** Teletex is read as Latin-1, as everybody does. */
const stringReaders: Readonly<Record<number, (content: Bytes) => string>> = {
  [tags.utf8String]: utf8,
  // The type has no "@", "&", "_" or "*", but many certificates have them in it.
  [tags.printableString]: (content) => ascii(content, /^[\x20-\x7e]*$/),
  [tags.teletexString]: latin1,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: IA5 is all of ASCII.
  [tags.ia5String]: (content) => ascii(content, /^[\x00-\x7f]*$/),
  [tags.visibleString]: (content) => ascii(content, /^[\x20-\x7e]*$/),
  18: (content) => ascii(content, /^[0-9 ]*$/),
  [tags.bmpString]: (content) => wide(content, 2),
  [tags.universalString]: (content) => wide(content, 4),
}

function utf8(content: Bytes): string {
  try {
    return decodeUtf8(content)
  } catch {
    return fail('a text that is not UTF-8')
  }
}

function wide(content: Bytes, unitBytes: 2 | 4): string {
  if (content.byteLength % unitBytes !== 0) fail('a character that breaks off')
  let text = ''
  for (let at = 0; at < content.byteLength; at += unitBytes) {
    const unit = content.subarray(at, at + unitBytes).reduce((sum, byte) => sum * 256 + byte, 0)
    if (unit > 0x10ffff) fail('no character')
    text += unitBytes === 2 ? String.fromCharCode(unit) : String.fromCodePoint(unit)
  }
  return text
}

export const isString = ({ tag }: Element): boolean => Object.hasOwn(stringReaders, tag)

export const readString = ({ tag, content }: Element): string =>
  (stringReaders[tag] ?? (() => fail('no string')))(content)

/**
 * UTCTime or GeneralizedTime, with seconds and in UTC (RFC 5280 section 4.1.2.5).
 * @returns ms since 1970
 */
export function readTime(element: Element): number {
  const { tag, content } = element
  const text = latin1(content)
  if (tag === tags.generalizedTime) return timeOf(text)
  if (tag !== tags.utcTime) fail('no time')
  return timeOf(`${text < '50' ? '20' : '19'}${text}`)
}

/** Fractions of a second without trailing zeros (X.690 section 11.7), as time-stamps have them. */
function timeOf(text: string): number {
  const match =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{0,8}[1-9])?Z$/.exec(text) ?? fail('no time')
  const [, year, month, day, hour, minute, second, fraction = ''] = match
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const whole = Date.parse(`${written}Z`)
  // A day or hour that does not exist is not moved to one that does.
  if (Number.isNaN(whole) || new Date(whole).toISOString().slice(0, 19) !== written) fail('no time')
  return whole + (fraction ? Math.floor(Number(fraction) * 1000) : 0)
}
