// pdf: PDF files read strictly, signed and compared; pure. This file: reads objects out of bytes (ISO 32000-2 sections
// 7.2 and 7.3). What is not PDF is refused: a reader that guesses sees another document than the next one.

import type { Bytes } from '../codec/bytes.ts'
import { fail } from './errors.ts'
import {
  isInteger,
  isKind,
  type PdfArray,
  type PdfDictionary,
  type PdfObject,
  type PdfStream,
  type PdfString,
} from './objects.ts'

/** Deeper than any honest object, and far from the end of the stack. */
const mostDepth = 128
/** Objects inside one indirect object. */
const mostNodes = 4_000_000

const isWhitespaceTable = new Uint8Array(256)
for (const code of [0, 9, 10, 12, 13, 32]) isWhitespaceTable[code] = 1
const isDelimiterTable = new Uint8Array(256)
for (const char of '()<>[]{}/%') isDelimiterTable[char.charCodeAt(0)] = 1

export const isWhitespace = (code: number | undefined): boolean =>
  code !== undefined && isWhitespaceTable[code] === 1
const isRegular = (code: number | undefined): boolean =>
  code !== undefined && isWhitespaceTable[code] === 0 && isDelimiterTable[code] === 0
export const isDigit = (code: number | undefined): boolean =>
  code !== undefined && code >= 0x30 && code <= 0x39

function hexValue(code: number | undefined): number {
  if (code === undefined) return -1
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

const escapes: ReadonlyMap<number, number> = new Map([
  [0x6e, 10],
  [0x72, 13],
  [0x74, 9],
  [0x62, 8],
  [0x66, 12],
])

/** Resolves a stream's `/Length`, which may stand elsewhere. */
export type LengthOf = (object: PdfObject | undefined) => number | undefined

export interface IndirectObject {
  readonly number: number
  readonly generation: number
  readonly object: PdfObject
  readonly start: number
  /** Behind `endobj`. */
  readonly end: number
}

export class Lexer {
  readonly bytes: Bytes
  at: number
  #nodesLeft = mostNodes

  constructor(bytes: Bytes, at = 0) {
    this.bytes = bytes
    this.at = at
  }

  /** Whitespace and comments (section 7.2.4). */
  skipBlank(): void {
    for (;;) {
      const code = this.bytes[this.at]
      if (isWhitespace(code)) this.at++
      else if (code === 0x25) this.#skipLine()
      else return
    }
  }

  skipWhitespace(): void {
    while (isWhitespace(this.bytes[this.at])) this.at++
  }

  #skipLine(): void {
    while (this.at < this.bytes.byteLength) {
      const code = this.bytes[this.at]
      if (code === 10 || code === 13) return
      this.at++
    }
  }

  /** Whether that word stands here. It must end here, too. */
  isAt(word: string): boolean {
    for (let i = 0; i < word.length; i++) {
      if (this.bytes[this.at + i] !== word.charCodeAt(i)) return false
    }
    return !isRegular(this.bytes[this.at + word.length])
  }

  take(word: string): boolean {
    if (!this.isAt(word)) return false
    this.at += word.length
    return true
  }

  /** Digits alone, at most 15 of them; `undefined` and no step where there are none. */
  unsigned(): number | undefined {
    const start = this.at
    let value = 0
    while (isDigit(this.bytes[this.at]) && this.at - start < 16) {
      value = value * 10 + (this.bytes[this.at] ?? 0) - 0x30
      this.at++
    }
    if (this.at - start < 16 && this.at > start && !isRegular(this.bytes[this.at])) return value
    this.at = start
    return undefined
  }

  object(depth = 0): PdfObject {
    if (depth > mostDepth) fail('limit', `nested deeper than ${mostDepth} at ${this.at}`)
    if (--this.#nodesLeft < 0) fail('limit', `more than ${mostNodes} objects in one`)
    this.skipBlank()
    const code = this.bytes[this.at]
    if (code === undefined) fail('truncated', `at ${this.at}`)
    switch (code) {
      case 0x2f:
        return { kind: 'name', name: this.#name() }
      case 0x28:
        return this.#literalString()
      case 0x3c:
        return this.bytes[this.at + 1] === 0x3c ? this.#dictionary(depth) : this.#hexString()
      case 0x5b:
        return this.#array(depth)
      default:
        return isDigit(code) ? this.#numberOrReference() : this.#word()
    }
  }

  #word(): PdfObject {
    if (this.take('true')) return true
    if (this.take('false')) return false
    if (this.take('null')) return null
    return this.#number()
  }

  #numberOrReference(): PdfObject {
    const start = this.at
    const number = this.unsigned()
    if (number !== undefined) {
      const behind = this.at
      this.skipWhitespace()
      const generation = this.unsigned()
      this.skipWhitespace()
      if (generation !== undefined && this.take('R')) {
        return { kind: 'reference', number, generation }
      }
      this.at = behind
      return number
    }
    this.at = start
    return this.#number()
  }

  #number(): number {
    const start = this.at
    while (isRegular(this.bytes[this.at]) && this.at - start < 64) this.at++
    const text = String.fromCharCode(...this.bytes.subarray(start, this.at))
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) fail('malformed', `no object at ${start}`)
    return Number(text)
  }

  #name(): string {
    const start = ++this.at
    while (isRegular(this.bytes[this.at])) this.at++
    if (this.at - start > 4096) fail('limit', `a name of ${this.at - start} bytes at ${start}`)
    const text = String.fromCharCode(...this.bytes.subarray(start, this.at))
    if (!text.includes('#')) return text
    return text.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
  }

  #literalString(): PdfString {
    const start = this.at++
    const out: number[] = []
    let open = 1
    for (;;) {
      const code = this.bytes[this.at++]
      if (code === undefined) fail('truncated', `inside a string that began at ${start}`)
      if (code === 0x5c) {
        this.#escape(out)
        continue
      }
      if (code === 0x28) open++
      else if (code === 0x29 && --open === 0) break
      // An end of line inside a string is one LF, however it is written (section 7.3.4.2).
      if (code === 13) {
        if (this.bytes[this.at] === 10) this.at++
        out.push(10)
      } else out.push(code)
    }
    return { kind: 'string', bytes: Uint8Array.from(out), isHex: false, start, end: this.at }
  }

  #escape(out: number[]): void {
    const code = this.bytes[this.at++]
    if (code === undefined) return
    if (code >= 0x30 && code <= 0x37) {
      let value = code - 0x30
      for (let i = 0; i < 2; i++) {
        const next = this.bytes[this.at] ?? 0
        if (next < 0x30 || next > 0x37) break
        value = value * 8 + next - 0x30
        this.at++
      }
      out.push(value & 0xff)
    } else if (code === 13) {
      if (this.bytes[this.at] === 10) this.at++
    } else if (code !== 10) out.push(escapes.get(code) ?? code)
  }

  #hexString(): PdfString {
    const start = this.at++
    let close = this.bytes.indexOf(0x3e, this.at)
    if (close < 0) {
      this.at = this.bytes.byteLength
      fail('truncated', `inside a string that began at ${start}`)
    }
    const out = new Uint8Array((close - this.at + 1) >> 1)
    let digits = 0
    for (; this.at < close; this.at++) {
      const code = this.bytes[this.at]
      const value = hexValue(code)
      if (value >= 0) {
        out[digits >> 1] = (out[digits >> 1] ?? 0) | (digits % 2 === 0 ? value << 4 : value)
        digits++
      } else if (!isWhitespace(code)) fail('malformed', `no hex digit at ${this.at}`)
    }
    this.at = ++close
    const bytes = out.subarray(0, (digits + 1) >> 1)
    return { kind: 'string', bytes, isHex: true, start, end: close }
  }

  #array(depth: number): PdfArray {
    this.at++
    const items: PdfObject[] = []
    for (;;) {
      this.skipBlank()
      if (this.bytes[this.at] === 0x5d) break
      items.push(this.object(depth + 1))
    }
    this.at++
    return { kind: 'array', items }
  }

  #dictionary(depth: number): PdfDictionary {
    this.at += 2
    const entries = new Map<string, PdfObject>()
    const duplicates: string[] = []
    for (;;) {
      this.skipBlank()
      const code = this.bytes[this.at]
      if (code === 0x3e && this.bytes[this.at + 1] === 0x3e) break
      if (code !== 0x2f)
        fail(code === undefined ? 'truncated' : 'malformed', `no key at ${this.at}`)
      const key = this.#name()
      if (entries.has(key)) duplicates.push(key)
      entries.set(key, this.object(depth + 1))
    }
    this.at += 2
    return { kind: 'dictionary', entries, duplicates }
  }

  /** `12 0 obj … endobj` (section 7.3.10). */
  indirect(lengthOf: LengthOf): IndirectObject {
    this.skipWhitespace()
    const start = this.at
    const header = this.objectHeader()
    if (!header) fail('malformed', `no object begins at ${start}`)
    const object = this.object()
    this.skipBlank()
    const whole =
      isKind(object, 'dictionary') && this.isAt('stream') ? this.#stream(object, lengthOf) : object
    this.skipBlank()
    if (!this.take('endobj')) fail('malformed', `object at ${start} does not end`)
    return { ...header, object: whole, start, end: this.at }
  }

  /** `12 0 obj`, or `undefined` where that does not stand here. */
  objectHeader(): { number: number; generation: number } | undefined {
    const number = this.unsigned()
    this.skipWhitespace()
    const generation = this.unsigned()
    this.skipWhitespace()
    return number !== undefined && generation !== undefined && this.take('obj')
      ? { number, generation }
      : undefined
  }

  #stream(entries: PdfDictionary, lengthOf: LengthOf): PdfStream {
    this.at += 'stream'.length
    // CR LF or LF; a CR alone is not allowed (section 7.3.8.1).
    if (this.bytes[this.at] === 13) this.at++
    if (this.bytes[this.at] !== 10) fail('malformed', `no line end behind stream at ${this.at}`)
    const start = ++this.at
    const length = lengthOf(entries.entries.get('Length'))
    if (!isInteger(length) || length < 0 || start + length > this.bytes.byteLength) {
      fail('malformed', `the stream at ${start} has no fitting length`)
    }
    this.at = start + length
    this.skipWhitespace()
    if (!this.take('endstream')) fail('malformed', `the stream at ${start} is not of its length`)
    return { kind: 'stream', dictionary: entries, raw: this.bytes.subarray(start, start + length) }
  }
}
