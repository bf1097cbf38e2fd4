// pdf: PDF files read strictly, signed and compared; pure. This file: follows `startxref` and `/Prev` from the end of the
// file to its beginning (ISO 32000-2 sections 7.5.5 and 7.5.6), and says which bytes each revision added.

import type { Bytes } from '../codec/bytes.ts'
import {
  type Entry,
  type Report,
  type Revision,
  readSection,
  type Section,
} from './crossReference.ts'
import { fail } from './errors.ts'
import { isWhitespace, Lexer } from './lexer.ts'
import { isInteger } from './objects.ts'

const mostRevisions = 1000

interface Tail {
  readonly offset: number
  /** Behind `%%EOF` and its end of line. */
  readonly end: number
}

/** The revisions, oldest first. Throws `PdfError` where the chain cannot be followed to its start. */
export function readRevisions(bytes: Bytes, report: Report): Revision[] {
  const tail = readLastTail(bytes, report)
  const heads = pairLinearised(followPrev(bytes, tail.offset, report))
  const revisions: Revision[] = []
  let start = 0
  for (const sections of heads.reverse()) {
    const isLast = revisions.length === heads.length - 1
    const end = isLast ? tail.end : findEnd(bytes, sections, report)
    if (end <= start) report('revision-end', `revision ${revisions.length + 1}`)
    revisions.push(toRevision(revisions.length + 1, sections, start, end))
    start = end
  }
  checkOrder(revisions, report)
  checkSizes(revisions, report)
  return revisions
}

/** The last `startxref` of the file, with `%%EOF` behind it. */
function readLastTail(bytes: Bytes, report: Report): Tail {
  let end = bytes.byteLength
  while (end > 0 && isWhitespace(bytes[end - 1])) end--
  // Annex I of ISO 32000-1: %%EOF is looked for in the last 1024 bytes.
  for (let at = end - 1; at >= Math.max(0, end - 2048); at--) {
    if (bytes[at] !== 0x73 || !new Lexer(bytes, at).isAt('startxref')) continue
    const tail = readTail(bytes, at)
    if (tail.end < end) report('trailing-bytes', `${end - tail.end} bytes behind %%EOF`)
    if (!tail.isPlain) report('startxref', `at ${at}`)
    return tail
  }
  return fail('truncated', 'no startxref')
}

/** `startxref`, a number, `%%EOF`. Bytes in between are passed over, and told. */
function readTail(bytes: Bytes, at: number): Tail & { isPlain: boolean } {
  const lexer = new Lexer(bytes, at + 'startxref'.length)
  lexer.skipWhitespace()
  const offset = lexer.unsigned()
  if (offset === undefined) fail('broken-xref', `startxref at ${at}`)
  lexer.skipWhitespace()
  if (isEndMarker(bytes, lexer.at))
    return { offset, end: behindMarker(bytes, lexer.at), isPlain: true }
  for (let marker = lexer.at; marker < Math.min(bytes.byteLength, at + 1024); marker++) {
    if (isEndMarker(bytes, marker))
      return { offset, end: behindMarker(bytes, marker), isPlain: false }
  }
  return { offset, end: lexer.at, isPlain: false }
}

function isEndMarker(bytes: Bytes, at: number): boolean {
  return [...'%%EOF'].every((char, i) => bytes[at + i] === char.charCodeAt(0))
}

function behindMarker(bytes: Bytes, at: number): number {
  const end = at + '%%EOF'.length
  if (bytes[end] === 13) return bytes[end + 1] === 10 ? end + 2 : end + 1
  return bytes[end] === 10 ? end + 1 : end
}

/** The sections from the newest to the oldest. */
function followPrev(bytes: Bytes, first: number, report: Report): Section[] {
  const sections: Section[] = []
  const seen = new Set<number>()
  for (let offset: number | undefined = first; offset !== undefined; ) {
    if (seen.has(offset)) fail('broken-xref', `the chain comes back to ${offset}`)
    if (seen.size === mostRevisions) fail('limit', `more than ${mostRevisions} revisions`)
    seen.add(offset)
    const section: Section = readSection(bytes, offset, report)
    sections.push(section)
    const previous = section.trailer.entries.get('Prev')
    if (previous !== undefined && !isInteger(previous)) fail('broken-xref', 'Prev is no number')
    offset = previous
  }
  return sections
}

/** A linearised file's first section stands near its start and names the main one, behind it (Annex F.3.4). */
function pairLinearised(sections: readonly Section[]): Section[][] {
  const [last, beforeLast] = [sections.at(-1), sections.at(-2)]
  if (last && beforeLast && last.offset > beforeLast.offset) {
    return [...sections.slice(0, -2).map((section) => [section]), [beforeLast, last]]
  }
  return sections.map((section) => [section])
}

/** Where the revision of those sections ends: behind the `startxref` that names the first of them. */
function findEnd(bytes: Bytes, sections: readonly Section[], report: Report): number {
  const [head] = sections
  const from = Math.max(...sections.map(({ end }) => end))
  const lexer = new Lexer(bytes, from)
  lexer.skipBlank()
  if (head && lexer.isAt('startxref')) {
    const tail = readTail(bytes, lexer.at)
    if (tail.isPlain && tail.offset === head.offset) return tail.end
  }
  report('revision-end', `no startxref behind ${from}`)
  return from
}

function toRevision(
  number: number,
  sections: readonly Section[],
  start: number,
  end: number,
): Revision {
  const [head] = sections
  if (!head) return fail('invalid')
  const entries = new Map<number, Entry>()
  for (const section of sections.toReversed()) {
    for (const [key, entry] of section.entries) entries.set(key, entry)
  }
  return { number, sections, entries, trailer: head.trailer, start, end }
}

/** Sections must stand in the order of the chain, and a revision may name only what is there by then. */
function checkOrder(revisions: readonly Revision[], report: Report): void {
  for (const { number, sections, entries, start, end } of revisions) {
    if (sections.some(({ offset }) => offset < start || offset >= end)) {
      report('xref-order', `the section of revision ${number} is not in it`)
    }
    for (const [key, entry] of entries) {
      if (entry.type === 'offset' && entry.offset >= end) {
        report('xref-order', `object ${key} of revision ${number} stands behind it`)
      }
    }
  }
}

/**
 * An object from `/Size` on is missing by the letter (section 7.5.5, table 15), and there for every program we know: some
 * writers count one too few, and a signature's own update sets it right. A size that shrinks takes objects away.
 */
function checkSizes(revisions: readonly Revision[], report: Report): void {
  let highest = 0
  let largest = 0
  for (const { number, entries, trailer } of revisions) {
    for (const [key, entry] of entries) if (entry.type !== 'free') highest = Math.max(highest, key)
    const size = trailer.entries.get('Size')
    if (!isInteger(size) || size < largest) report('xref-size', `revision ${number}`)
    else if (size <= highest) report('xref-size-small', `revision ${number}`)
    largest = isInteger(size) ? Math.max(largest, size) : largest
  }
}
