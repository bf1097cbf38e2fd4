// interchange: files of other password managers, read and written; pure. This file: writes Bitwarden's ZIP, unencrypted:
// its JSON as data.json, and beside it attachments/<id of the entry>/<name of the file>.

import { safeFileName } from '../codec/fileName.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { entryId, type OlderWritten, writeBitwarden } from './bitwardenWrite.ts'
import type { ImportedItem } from './format.ts'
import { ZipWriter } from './zipWrite.ts'

export interface AttachedFile {
  /** The place of its item among those that are written. */
  readonly at: number
  readonly name: string
  readonly content: AsyncIterable<Uint8Array>
}

/** A ZIP without ZIP64 has 65,535 files of together 4 GiB; what is left of that is for data.json. */
const most = { files: 65_000, bytes: 3.5 * 2 ** 30 } as const

/** How many of these files, the first of them, have room in a ZIP. */
export function filesWithRoom(sizes: readonly number[]): number {
  let bytes = 0
  const full = sizes.findIndex((size, at) => {
    bytes += size
    return at >= most.files || bytes > most.bytes
  })
  return full < 0 ? sizes.length : full
}

/** Files are asked for one after the other, each when the one before has been written. */
export async function* writeBitwardenZip(
  items: readonly ImportedItem[],
  files: AsyncIterable<AttachedFile>,
  older: OlderWritten = 'passwords',
): AsyncGenerator<Uint8Array> {
  const zip = new ZipWriter()
  yield* zip.file('data.json', [encodeUtf8(writeBitwarden(items, older))], 'deflated')
  const taken = new Set<string>()
  for await (const { at, name, content } of files) {
    const path = freePath(`attachments/${entryId(at)}`, name, taken)
    taken.add(path)
    yield* zip.file(path, content, 'stored')
  }
  yield* zip.end()
}

/** Whatever a file is called: a name that leads nowhere else, and is no other's in the same folder. */
function freePath(folder: string, name: string, taken: ReadonlySet<string>): string {
  const safe = safeFileName(name) ?? 'file'
  const dot = safe.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [safe.slice(0, dot), safe.slice(dot)] : [safe, '']
  for (let number = 1; ; number++) {
    const path = `${folder}/${number === 1 ? safe : `${stem} (${number})${ending}`}`
    if (!taken.has(path)) return path
  }
}
