// interchange: files of other password managers, read and written; pure. This file: writes items as CSV with Bitwarden's
// columns and one of ours. Each row is read back at once: what does not come back is what CSV cannot hold.

import Papa from 'papaparse'
import type { Item } from '../items/item.ts'
import { writeBitwardenFields } from './bitwardenFields.ts'
import { Columns, Row } from './csvCells.ts'
import { readCsvRow } from './csvRow.ts'
import type { ImportedItem, Unmapped } from './format.ts'
import { escapeFormula } from './formula.ts'
import { markItem } from './mark.ts'

const header = [
  'folder',
  'favorite',
  'type',
  'name',
  'notes',
  'fields',
  'reprompt',
  'login_uri',
  'login_username',
  'login_password',
  'login_totp',
  'keyhearth',
]
const columns = new Columns(header)

export function writeCsv(items: readonly ImportedItem[]): {
  text: string
  lost: readonly Unmapped[]
} {
  const rows = items.map(rowOf)
  const lost = items.flatMap(({ item }, at) => lostIn(item, rows[at] ?? []))
  const table = [header, ...rows.map((row) => row.map(escapeFormula))]
  return { text: Papa.unparse(table, { newline: '\r\n' }), lost }
}

function rowOf({ item, askAgain }: ImportedItem): readonly string[] {
  const { kind, title, notes, fields, tags, favourite } = item
  const hasLogin = kind === 'login' || kind === 'totp'
  const { mark, fields: others } = markItem(item, {
    fields: hasLogin ? ['username', 'password', 'totp'] : [],
    uris: kind === 'login',
    tags: 1,
    own: false,
  })
  return [
    tags[0] ?? '',
    favourite ? '1' : '',
    hasLogin ? 'login' : 'note',
    title,
    notes,
    writeBitwardenFields(others),
    askAgain ? '1' : '0',
    kind === 'login' ? item.uris.join(',') : '',
    ...['username', 'password', 'totp'].map((name) => (hasLogin ? (fields[name] ?? '') : '')),
    mark,
  ]
}

const partNames = {
  kind: 'its kind',
  title: 'its title',
  fields: 'its fields',
  uris: 'its addresses',
  notes: 'its notes',
  own: 'its own fields',
  files: 'its files',
  tags: 'its tags',
  favourite: 'its mark as a favourite',
} as const satisfies Record<keyof Item, string>

function lostIn(item: Item, row: readonly string[]): readonly Unmapped[] {
  const back = readCsvRow(new Row(columns, row), 'keyhearth', 0).imported?.item
  const parts = Object.entries(partNames).filter(
    ([part]) => canonical(back?.[part as keyof Item]) !== canonical(item[part as keyof Item]),
  )
  if (parts.length === 0) return []
  const what = `CSV does not hold exactly: ${parts.map(([, name]) => name).join(', ')}.`
  return [{ entry: item.title, what }]
}

/** As text, whatever the order of members. */
const canonical = (part: unknown): string =>
  typeof part === 'object' && part !== null && !Array.isArray(part)
    ? JSON.stringify(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    : (JSON.stringify(part) ?? '')
