// interchange: files of other password managers, read and written; pure. This file: items as a file that other programs
// import. It is not encrypted: whoever offers it says so first.

import type { Bytes } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { type OlderWritten, writeBitwarden } from './bitwardenWrite.ts'
import type { ImportedItem, Unmapped } from './format.ts'

export type ExportFormat = 'bitwarden-json' | 'csv'

export interface WrittenExport {
  readonly bytes: Bytes
  readonly mediaType: string
  /** For the file's name. */
  readonly extension: string
  /** What the format cannot hold, by item. */
  readonly lost: readonly Unmapped[]
}

export async function writeExport(
  items: readonly ImportedItem[],
  format: ExportFormat,
  older: OlderWritten = 'passwords',
): Promise<WrittenExport> {
  const lost = items.flatMap((one) => [
    ...filesLost(one),
    ...(format === 'csv' ? allOlderLost(one) : older === 'whole' ? [] : olderLost(one)),
  ])
  if (format === 'bitwarden-json') {
    const bytes = encodeUtf8(writeBitwarden(items, older))
    return { bytes, mediaType: 'application/json', extension: 'json', lost }
  }
  const { writeCsv } = await import('./csvWrite.ts')
  const { text, lost: lostInRows } = writeCsv(items)
  return {
    bytes: encodeUtf8(text),
    mediaType: 'text/csv',
    extension: 'csv',
    lost: [...lostInRows, ...lost],
  }
}

const filesLost = ({ item, attachments = [] }: ImportedItem): readonly Unmapped[] =>
  [...attachments, ...(item.files ?? [])].map(({ name }) => ({
    entry: item.title,
    what: `The attached file ${name} is not in it.`,
  }))

const allOlderLost = ({ item, older = [] }: ImportedItem): readonly Unmapped[] =>
  older.length === 0 ? [] : [{ entry: item.title, what: 'Older values are not in it.' }]

/** Where Bitwarden's history of passwords does not say all. */
export const olderLost = ({ item, older = [] }: ImportedItem): readonly Unmapped[] =>
  older.every((one) => isOlderPassword(one.item, item))
    ? []
    : [{ entry: item.title, what: 'Older values are not in it, or only older passwords.' }]

/** Whether the two differ in nothing but the password of a login. */
const isOlderPassword = (older: ImportedItem['item'], item: ImportedItem['item']): boolean =>
  item.kind === 'login' &&
  JSON.stringify({ ...older, fields: withoutPassword(older) }) ===
    JSON.stringify({ ...item, fields: withoutPassword(item) })

const withoutPassword = ({ fields: { password: _, ...others } }: ImportedItem['item']) =>
  Object.entries(others).toSorted(([one], [other]) => (one < other ? -1 : 1))
