// pdf: PDF files read strictly, signed and compared; pure. This file: one cross-reference section, as a table
// (ISO 32000-2 section 7.5.4), as a stream (7.5.8), or as both (hybrid, 7.5.8.4).

import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { fail } from './errors.ts'
import { decodeStream } from './filters.ts'
import { isDigit, Lexer } from './lexer.ts'
import { isInteger, isKind, nameOf, type PdfDictionary, type PdfObject } from './objects.ts'

export type Entry =
  | { readonly type: 'free' }
  | { readonly type: 'offset'; readonly offset: number; readonly generation: number }
  | { readonly type: 'packed'; readonly stream: number; readonly index: number }

/** What deviates from the letter of the standard. */
export type ProblemCode =
  /** White space stands before `xref`, or lines of a table are not of 20 bytes: all programs read it alike. */
  | 'xref-space'
  | 'xref-line'
  /** An entry in use at offset 0: no object. */
  | 'xref-zero'
  /** The trailer counts fewer objects than there are. */
  | 'xref-size-small'
  /** All others are read differently by different programs. */
  | 'xref-entry'
  | 'xref-duplicate'
  | 'xref-size'
  | 'xref-order'
  | 'object-stream'
  | 'header'
  | 'startxref'
  | 'trailing-bytes'
  | 'revision-end'
  | 'rebuilt'

export interface Problem {
  readonly code: ProblemCode
  readonly detail: string
}

export type Report = (code: ProblemCode, detail: string) => void

export interface Section {
  readonly kind: 'table' | 'stream' | 'hybrid'
  readonly offset: number
  /** Behind the trailer dictionary, or behind `endobj`. */
  readonly end: number
  readonly entries: ReadonlyMap<number, Entry>
  readonly trailer: PdfDictionary
  /** Where other parts of it stand: the stream of a hybrid section. */
  readonly extents: readonly (readonly [number, number])[]
}

/** A file as it was saved once: the sections it was saved with. */
export interface Revision {
  /** From 1, the oldest. */
  readonly number: number
  /** One, or two where the file is linearised (Annex F). The first is what `startxref` names. */
  readonly sections: readonly Section[]
  readonly entries: ReadonlyMap<number, Entry>
  readonly trailer: PdfDictionary
  readonly start: number
  /** Behind `%%EOF` and its end of line. */
  readonly end: number
}

/** Annex C of ISO 32000-1 says 8,388,607; no file of less than gigabytes comes near this. */
const mostEntries = 2_000_000

export const noLength = (object: PdfObject | undefined): number | undefined =>
  isInteger(object) ? object : undefined

const direct = (object: PdfObject | undefined): PdfObject => object ?? null

/** The section at that offset. Throws where there is none. */
export function readSection(bytes: Bytes, offset: number, report: Report): Section {
  if (!Number.isSafeInteger(offset) || offset < 0 || offset >= bytes.byteLength) {
    fail('broken-xref', `offset ${offset}`)
  }
  const lexer = new Lexer(bytes, offset)
  lexer.skipWhitespace()
  if (lexer.at !== offset) report('xref-space', `before ${lexer.at}`)
  if (!lexer.isAt('xref')) return readStreamSection(lexer, offset, report)
  lexer.take('xref')
  const entries = new Map<number, Entry>()
  while (readSubsection(lexer, entries, report));
  if (!lexer.take('trailer')) fail('broken-xref', `no trailer at ${lexer.at}`)
  const trailer = lexer.object()
  if (!isKind(trailer, 'dictionary')) fail('broken-xref', `no trailer at ${lexer.at}`)
  const table: Section = { kind: 'table', offset, end: lexer.at, entries, trailer, extents: [] }
  const hidden = trailer.entries.get('XRefStm')
  return hidden === undefined ? table : withHidden(bytes, table, hidden, report)
}

/** What the table says is in use comes first, then the stream, which knows the hidden objects (section 7.5.8.4). */
function withHidden(bytes: Bytes, table: Section, at: PdfObject, report: Report): Section {
  if (!isInteger(at) || at < 0 || at >= bytes.byteLength) fail('broken-xref', 'XRefStm')
  const hidden = readStreamSection(new Lexer(bytes, at), at, report)
  const entries = new Map(table.entries)
  for (const [number, entry] of hidden.entries) {
    const known = entries.get(number)
    if (known === undefined || known.type === 'free') entries.set(number, entry)
    else if (JSON.stringify(known) !== JSON.stringify(entry)) {
      report('xref-duplicate', `object ${number} in table and stream`)
    }
  }
  return { ...table, kind: 'hybrid', entries, extents: [[at, hidden.end]] }
}

function readSubsection(lexer: Lexer, entries: Map<number, Entry>, report: Report): boolean {
  lexer.skipBlank()
  const first = lexer.unsigned()
  if (first === undefined) return false
  lexer.skipWhitespace()
  const count = lexer.unsigned()
  if (count === undefined) fail('broken-xref', `no count at ${lexer.at}`)
  lexer.skipWhitespace()
  if (count * 17 > lexer.bytes.byteLength - lexer.at) fail('truncated', 'cross-reference table')
  if (entries.size + count > mostEntries) fail('limit', `${count} objects`)
  let isOdd = false
  for (let i = 0; i < count; i++) {
    const start = lexer.at
    const entry = readLine(lexer, report)
    if (lexer.at - start !== 20 && i + 1 < count) isOdd = true
    if (entries.has(first + i)) report('xref-duplicate', `object ${first + i}`)
    entries.set(first + i, entry)
  }
  if (isOdd) report('xref-line', `subsection of object ${first}`)
  return true
}

/** `nnnnnnnnnn ggggg n` and an end of line of two bytes. */
function readLine(lexer: Lexer, report: Report): Entry {
  const offset = lexer.unsigned()
  lexer.skipWhitespace()
  const generation = lexer.unsigned()
  lexer.skipWhitespace()
  if (offset === undefined || generation === undefined) fail('broken-xref', `line at ${lexer.at}`)
  const isUsed = lexer.take('n')
  if (!isUsed && !lexer.take('f')) fail('broken-xref', `line at ${lexer.at}`)
  lexer.skipWhitespace()
  if (!isUsed) return { type: 'free' }
  if (offset > 0) return { type: 'offset', offset, generation }
  report('xref-zero', `line at ${lexer.at}`)
  return { type: 'free' }
}

function readStreamSection(lexer: Lexer, offset: number, report: Report): Section {
  if (!isDigit(lexer.bytes[lexer.at])) fail('broken-xref', `nothing at ${lexer.at}`)
  const { object, end } = lexer.indirect(noLength)
  if (!isKind(object, 'stream') || nameOf(object.dictionary.entries.get('Type')) !== 'XRef') {
    return fail('broken-xref', `no cross-reference stream at ${offset}`)
  }
  const trailer = object.dictionary
  const widths = integers(trailer.entries.get('W'))
  const size = trailer.entries.get('Size')
  if (widths.length < 3 || widths.some((width) => width > 8) || !isInteger(size)) {
    fail('broken-xref', 'W or Size')
  }
  const index = trailer.entries.has('Index') ? integers(trailer.entries.get('Index')) : [0, size]
  const counts = index.filter((_, at) => at % 2 === 1)
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total > mostEntries) fail('limit', `${total} objects`)
  const rowBytes = widths.reduce((sum, width) => sum + width, 0)
  const rows = decodeStream(object, rowBytes * (total + 1) + 0x1000, direct)
  if (rows.byteLength < rowBytes * total) fail('truncated', 'cross-reference stream')
  const entries = readRows(rows, widths, index, report)
  return { kind: 'stream', offset, end, entries, trailer, extents: [] }
}

function integers(object: PdfObject | undefined): number[] {
  const items = isKind(object, 'array') ? object.items : []
  return items.map((item) =>
    isInteger(item) && item >= 0 ? item : fail('broken-xref', 'no number in W or Index'),
  )
}

function readRows(
  rows: Bytes,
  widths: readonly number[],
  index: readonly number[],
  report: Report,
): Map<number, Entry> {
  const entries = new Map<number, Entry>()
  const [first = 0, second = 0, third = 0] = widths
  const rowBytes = widths.reduce((sum, width) => sum + width, 0)
  const field = (at: number, width: number) => {
    let value = 0
    for (let i = 0; i < width; i++) value = value * 256 + (rows[at + i] ?? 0)
    return value
  }
  let at = 0
  for (let part = 0; part + 1 < index.length; part += 2) {
    for (let i = 0; i < (index[part + 1] ?? 0); i++, at += rowBytes) {
      const number = (index[part] ?? 0) + i
      if (entries.has(number)) report('xref-duplicate', `object ${number}`)
      // Without a first field, the type is 1 (section 7.5.8.2).
      const type = first === 0 ? 1 : field(at, first)
      const a = field(at + first, second)
      const b = field(at + first + second, third)
      if (type === 1 && a === 0) report('xref-zero', `object ${number}`)
      if (type === 1 && a > 0) entries.set(number, { type: 'offset', offset: a, generation: b })
      else if (type === 2) entries.set(number, { type: 'packed', stream: a, index: b })
      else entries.set(number, { type: 'free' })
    }
  }
  return entries
}

export interface NewEntry {
  readonly number: number
  readonly generation: number
  readonly offset: number
}

/** Runs of consecutive numbers, in order. */
function runsOf(entries: readonly NewEntry[]): NewEntry[][] {
  const runs: NewEntry[][] = []
  for (const entry of entries.toSorted((left, right) => left.number - right.number)) {
    const run = runs.at(-1)
    if (run?.at(-1)?.number === entry.number - 1) run.push(entry)
    else runs.push([entry])
  }
  return runs
}

/** A table with lines of 20 bytes, from `xref` to the last line. */
export function writeTable(entries: readonly NewEntry[]): string {
  const lines = runsOf(entries).map((run) => {
    const line = ({ offset, generation }: NewEntry) =>
      `${String(offset).padStart(10, '0')} ${String(generation).padStart(5, '0')} n\r\n`
    return `${run[0]?.number ?? 0} ${run.length}\n${run.map(line).join('')}`
  })
  return `xref\n${lines.join('')}`
}

/** The rows of a cross-reference stream of `/W [1 5 2]`, and its `/Index`. */
export function writeRows(entries: readonly NewEntry[]): { rows: Bytes; index: number[] } {
  const runs = runsOf(entries)
  const rows = runs.flat().map(({ offset, generation }) => {
    const row = new Uint8Array(8)
    const view = new DataView(row.buffer)
    view.setUint8(0, 1)
    view.setUint8(1, Math.floor(offset / 2 ** 32))
    view.setUint32(2, offset % 2 ** 32)
    view.setUint16(6, generation)
    return row
  })
  return {
    rows: concatBytes(...rows),
    index: runs.flatMap((run) => [run[0]?.number ?? 0, run.length]),
  }
}
