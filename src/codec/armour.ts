// codec: pure conversions between bytes and their written forms. This file: messages, and identity cards, as text.
//
//   -----BEGIN KEYHEARTH MESSAGE-----      or on one line:  keyhearth:<base64url>
//   base64 in 64 columns
//   -----END KEYHEARTH MESSAGE-----
//
// Writing is exact. Reading forgives what pages and mail do to text (pageText.ts) and any number of
// dashes. What it forgives carries no meaning; the message inside is authenticated, so nothing that
// was changed can pass as the message.

import type { Bytes } from './bytes.ts'
import { dash, isDash, PageText, type Place } from './pageText.ts'
import { decodeBase64Unpadded, decodeBase64Url, encodeBase64, encodeBase64Url } from './text.ts'

const columns = 64
/** What the markers say stands between them. */
export type Armoured = 'MESSAGE' | 'IDENTITY'
const scheme = 'keyhearth:'

export function armour(content: Uint8Array, what: Armoured = 'MESSAGE'): string {
  const label = `KEYHEARTH ${what}`
  const lines = encodeBase64(content).match(new RegExp(`.{1,${columns}}`, 'g')) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

export const armourOneLine = (message: Uint8Array): string => scheme + encodeBase64Url(message)

/**
 * `truncated`: it has no end, or no beginning. `damaged`: what is between is not base64.
 * `too-large`: more bytes than the caller takes.
 */
type ArmourProblem = 'truncated' | 'damaged' | 'too-large'

/** One message found in a text; `start` and `end` are its place there, in UTF-16 units. */
export type ArmouredBlock = { readonly start: number; readonly end: number } & (
  | { readonly bytes: Bytes }
  | { readonly problem: ArmourProblem }
)

/** Most bytes of a message, unless the caller says otherwise: 16 MiB of content and its frames. */
const mostBytes = 17 * 1024 * 1024

export interface Wanted {
  readonly maxBytes?: number
  readonly what?: Armoured
}

/** Every message in a text, or every card, in order. Linear in the text's length, whatever it holds. */
export function findArmoured(
  text: string,
  { maxBytes = mostBytes, what = 'MESSAGE' }: Wanted = {},
): readonly ArmouredBlock[] {
  const page = new PageText(text)
  const wanted = { maxBytes, what }
  const found: ArmouredBlock[] = []
  // A block whose content broke off, until its end, another block or the end of the text is met.
  let broken: Span | null = null
  while (!page.ended) {
    const next = readNext(page, wanted)
    if (next) {
      const opening: Span | null = broken
      broken = 'broken' in next ? next.broken : null
      if ('ending' in next) found.push(endOf(opening, next.ending))
      else if (opening) found.push({ ...opening, problem: 'truncated' })
      if ('block' in next) found.push(next.block)
    }
    if (page.code !== dash) page.seek(candidate)
  }
  return broken ? [...found, { ...broken, problem: 'truncated' }] : found
}

interface Span {
  readonly start: number
  readonly end: number
}

/** A whole block, one that broke off, or an end marker that stands alone. */
type Found =
  | { readonly block: ArmouredBlock }
  | { readonly broken: Span }
  | { readonly ending: Span }

/** What an end marker ends: a block that something strange broke, or one whose beginning is missing. */
const endOf = (broken: Span | null, ending: Span): ArmouredBlock =>
  broken
    ? { start: broken.start, end: ending.end, problem: 'damaged' }
    : { start: ending.start, end: ending.end, problem: 'truncated' }

/** What a marker or a one-line message can begin with; `B` where the one before took the dashes. */
const candidate = /[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d&Bk]/g
const letterB = 0x42
const letterK = 0x6b
const isWordUnit = (unit: number): boolean => /\w/.test(String.fromCharCode(unit))

function readNext(page: PageText, wanted: Required<Wanted>): Found | null {
  if (page.code === dash || (page.code === letterB && isDash(page.unitBefore))) {
    const marker = readMarker(page, wanted)
    if (marker?.kind === 'begin') return readBlock(page, marker.start, wanted)
    if (marker) return { ending: marker }
    // A lone dash was passed over; a letter was not.
    if (page.code !== letterB) return null
  }
  const oneLine = wanted.what === 'MESSAGE' && page.code === letterK
  if (oneLine && !isWordUnit(page.unitBefore)) return readOneLine(page, wanted.maxBytes)
  page.advance()
  return null
}

interface Marker extends Span {
  readonly kind: 'begin' | 'end'
}

/** Dashes and what they introduce. Leaves the page behind the marker, or else behind the dashes. */
function readMarker(page: PageText, { what }: Required<Wanted>): Marker | null {
  let { start } = page
  while (page.code === dash) {
    if (page.gap !== 'none') ({ start } = page)
    page.advance()
  }
  const begins = page.take(`BEGINKEYHEARTH${what}`, 'any')
  if (!begins && !page.take(`ENDKEYHEARTH${what}`, 'any')) return null
  let { previousEnd: end } = page
  for (let apart = page.gap === 'line'; page.code === dash && !apart; apart = page.gap !== 'none') {
    page.advance()
    end = page.previousEnd
  }
  return { kind: begins ? 'begin' : 'end', start, end }
}

const base64Run = /[A-Za-z0-9+/=]+/y

/** What lists put before a line. No base64 has a dot or an asterisk, and no line of it a space. */
const listMark = /(?:[*\u2022\u2023\u25aa\u25cf\u25e6\u00b7]|\d{1,4}[.)])(?=[ \t\u00a0])/y
/** What stands at the edges of lines in tables and in code. */
const edgeMark = /[|`]+/y
const spelledBase64 = /^[A-Za-z0-9+/=]+$/

/** The content behind a begin marker, up to its end marker. */
function readBlock(page: PageText, start: number, wanted: Required<Wanted>): Found {
  const content = new Content(wanted.maxBytes)
  let end = page.previousEnd
  for (;;) {
    const piece = readContent(page)
    if (piece !== '') {
      content.add(piece)
      end = page.previousEnd
      continue
    }
    if (page.code !== dash) {
      if (passEdgeMark(page)) continue
      return { broken: { start, end } }
    }
    const { place } = page
    const marker = readMarker(page, wanted)
    if (marker?.kind === 'end') {
      return { block: { start, end: marker.end, ...content.read(decodeBlock) } }
    }
    // The rest of a begin marker that was wrapped stands before the content.
    const isRest = !marker && content.empty
    if (isRest || (!marker && isLoneDash(page, place))) continue
    page.return(place)
    return { broken: { start, end } }
  }
}

function readContent(page: PageText): string {
  if (page.gap === 'line') page.run(listMark)
  const run = page.run(base64Run)
  const { spelled } = page
  if (run !== '' || !spelledBase64.test(spelled)) return run
  page.advance()
  return spelled
}

function passEdgeMark(page: PageText): boolean {
  const begins = page.gap === 'line'
  const { place } = page
  if (page.run(edgeMark) !== '' && (begins || page.gap === 'line')) return true
  page.return(place)
  return false
}

/** Before a line, of a list; or behind one, of a program that divides words. The dash itself was passed. */
const isLoneDash = (page: PageText, { start, gap }: Place): boolean =>
  page.previousEnd - start === 1 &&
  (gap === 'line' ? page.gap === 'space' : gap === 'none' && page.gap === 'line')

/** Padding may have been lost on the way. */
const decodeBlock = (text: string): Bytes => decodeBase64Unpadded(text.replace(/={1,2}$/, ''))

const wordRun = /[A-Za-z0-9_]+/y
/** No message is as short, and no word behind `keyhearth:` in prose as long. */
const leastCharacters = 40
/** A line this short was wrapped, since no message fits into it. */
const longestWrapped = 120

/** Passes over the scheme, and over the message where one stands there. */
function readOneLine(page: PageText, maxBytes: number): Found | null {
  const { start } = page
  if (!page.take(scheme, 'none')) {
    page.advance()
    return null
  }
  const { place } = page
  const content = new Content(maxBytes)
  const end = readPieces(page, content)
  if (content.length < leastCharacters) {
    page.return(place)
    return null
  }
  const cut = page.gap === 'none' && (page.take('\u2026', 'none') || page.take('...', 'none'))
  const outcome = cut ? { problem: 'truncated' as const } : content.read(decodeBase64Url)
  return { block: { start, end, ...outcome } }
}

/**
 * The characters up to the next gap and, where the line was wrapped there, those of the following lines:
 * pieces of one length, and a shorter last one. Returns where the last of them ends.
 */
function readPieces(page: PageText, content: Content): number {
  let end = page.previousEnd
  let lineLength = page.gap === 'none' ? scheme.length : 0
  for (let wrapped = true; wrapped; ) {
    const { place } = page
    const piece = readPiece(page)
    const first = content.empty
    const long = piece.length >= leastCharacters
    const follows = first ? place.gap === 'none' : lineLength >= leastCharacters
    if (piece === '' || !(long || follows)) {
      page.return(place)
      return end
    }
    content.add(piece)
    end = page.previousEnd
    wrapped = first || piece.length >= lineLength
    lineLength = first ? lineLength + piece.length : piece.length
    wrapped &&= lineLength <= longestWrapped
  }
  return end
}

/** Characters of base64url with no gap between. */
function readPiece(page: PageText): string {
  let piece = ''
  do {
    if (page.code === dash) {
      piece += page.long ? '--' : '-'
      page.advance()
    } else {
      const run = page.run(wordRun)
      if (run === '') break
      piece += run
    }
  } while (page.gap === 'none')
  return piece
}

/** The characters of a message, as many as may be. */
class Content {
  readonly #parts: string[] = []
  readonly #most: number
  #length = 0

  constructor(maxBytes: number) {
    this.#most = Math.ceil((maxBytes * 4) / 3) + 3
  }

  get empty(): boolean {
    return this.#length === 0
  }

  get length(): number {
    return this.#length
  }

  add(part: string): void {
    this.#length += part.length
    if (this.#length <= this.#most) this.#parts.push(part)
  }

  read(decode: (text: string) => Bytes): { bytes: Bytes } | { problem: ArmourProblem } {
    if (this.#length > this.#most) return { problem: 'too-large' }
    if (this.empty) return { problem: 'damaged' }
    try {
      return { bytes: decode(this.#parts.join('')) }
    } catch {
      return { problem: 'damaged' }
    }
  }
}
