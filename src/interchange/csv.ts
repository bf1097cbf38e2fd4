// interchange: files of other password managers, read and written; pure. This file: reads CSV, of whatever program.

import { Columns, Row } from './csvCells.ts'
import { isTellingColumn, writerOf } from './csvColumns.ts'
import { readCsvRow } from './csvRow.ts'
import { readCsvTable, rowName } from './csvTable.ts'
import { type Imported, type ImportedItem, nothingGathered } from './format.ts'
import { unescapeFormula } from './formula.ts'

/** `null`: this text is no CSV of secrets. */
export function readCsv(text: string): Imported | null {
  const table = readCsvTable(text, isTellingColumn)
  if (!table) return null
  const { writer, format } = writerOf(table.header)
  const columns = new Columns(table.header)
  const { items, unmapped } = nothingGathered()
  for (const [at, row] of table.rows.entries()) {
    const cells = new Row(columns, writer === 'keyhearth' ? row.map(unescapeFormula) : row)
    const read = readCsvRow(cells, writer, at)
    if (read.imported) items.push(read.imported)
    for (const what of read.lost) unmapped.push({ entry: entryName(read.imported, at), what })
  }
  return { format, items, unmapped: [...table.doubtful, ...unmapped] }
}

const entryName = (imported: ImportedItem | null, at: number): string =>
  imported?.item.title || rowName(at)
