// interchange: files of other password managers, read and written; pure. This file: items as a file that other programs
// import. It is not encrypted: whoever offers it says so first.

import type { Bytes } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { writeBitwarden } from './bitwardenWrite.ts'
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
): Promise<WrittenExport> {
  const lost = items.flatMap((one) => lostBeside(one, format))
  if (format === 'bitwarden-json') {
    const bytes = encodeUtf8(writeBitwarden(items))
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

function lostBeside({ item, older = [], attachments = [] }: ImportedItem, format: ExportFormat) {
  const lost = (what: string): Unmapped => ({ entry: item.title, what })
  const hasLost = older.some((one) => format === 'csv' || !isOlderPassword(one.item, item))
  return [
    ...[...attachments, ...(item.files ?? [])].map(({ name }) =>
      lost(`The attached file ${name} is not in it.`),
    ),
    ...(hasLost ? [lost('Older values are not in it, or only older passwords.')] : []),
  ]
}

/** Whether the two differ in nothing but the password of a login. */
const isOlderPassword = (older: ImportedItem['item'], item: ImportedItem['item']): boolean =>
  item.kind === 'login' &&
  JSON.stringify({ ...older, fields: withoutPassword(older) }) ===
    JSON.stringify({ ...item, fields: withoutPassword(item) })

const withoutPassword = ({ fields: { password: _, ...others } }: ImportedItem['item']) =>
  Object.entries(others).toSorted(([one], [other]) => (one < other ? -1 : 1))
