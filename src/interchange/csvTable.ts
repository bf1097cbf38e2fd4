// interchange: files of other password managers, read and written; pure. This file: CSV as a table of texts
// (RFC 4180, with what programs make of it), by Papa Parse.

import Papa from 'papaparse'
import type { Unmapped } from './format.ts'
import { mostEntries } from './limits.ts'
import { refuse } from './refusal.ts'

export interface CsvTable {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Rows that are not of the header's width, or whose quotes are wrong. */
  readonly doubtful: readonly Unmapped[]
}

const separators = [',', ';', '\t', '|'] as const

/** `null`: not a table in which `isKnown` knows at least two columns. */
export function readCsvTable(text: string, isKnown: (column: string) => boolean): CsvTable | null {
  const separator = separatorOf(text, isKnown)
  if (separator === null) return null
  const { data, errors } = Papa.parse<string[]>(text, {
    delimiter: separator,
    newline: newlineOf(text),
  })
  const [header = [], ...lines] = data
  const rows = lines.filter((row) => row.length > 1 || row[0] !== '')
  if (rows.length > mostEntries) refuse('too-many')
  return { header, rows, doubtful: [...ragged(rows, header.length), ...badQuotes(errors)] }
}

/** The first one outside quotes: a note's lines can end otherwise than the file's. */
function newlineOf(text: string): '\r\n' | '\n' | '\r' {
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) quoted = !quoted
    else if (!quoted && code === 0x0a) return '\n'
    else if (!quoted && code === 0x0d) return text.charCodeAt(at + 1) === 0x0a ? '\r\n' : '\r'
  }
  return '\n'
}

/** The separator under which the most columns of the first line are known. */
function separatorOf(text: string, isKnown: (column: string) => boolean): string | null {
  const counts = separators.map((separator) => {
    const { data } = Papa.parse<string[]>(text.slice(0, 64 * 1024), {
      delimiter: separator,
      preview: 1,
    })
    return { separator, known: (data[0] ?? []).filter(isKnown).length }
  })
  const best = counts.reduce((one, other) => (other.known > one.known ? other : one))
  return best.known < 2 ? null : best.separator
}

function ragged(rows: readonly (readonly string[])[], width: number): Unmapped[] {
  return rows.flatMap((row, at) => {
    if (row.length === width) return []
    const what =
      row.length < width
        ? `The row has ${row.length} cells where the header has ${width}: check what is missing.`
        : `The row has ${row.length} cells where the header has ${width}: the last were left out.`
    return [{ entry: rowName(at), what }]
  })
}

const badQuotes = (errors: readonly Papa.ParseError[]): Unmapped[] =>
  errors
    .filter(({ type }) => type === 'Quotes')
    .map(({ code, row = 0 }) => ({
      entry: rowName(row - 1),
      what:
        code === 'MissingQuotes'
          ? 'A quotation mark is not closed: the file may be cut off here.'
          : 'A quotation mark stands where none should: check this entry.',
    }))

/** As a spreadsheet counts: the header is row 1. */
export const rowName = (at: number): string => `Row ${at + 2}`
