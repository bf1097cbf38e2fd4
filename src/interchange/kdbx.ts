// interchange: files of other password managers, read and written; pure. This file: reads a KeePass database. It is our
// own reader, and small: kdbxweb parses XML with the browser's DOMParser, a sink of Trusted Types, unpacks without a limit
// and makes code of text at run time, which extension pages forbid. The tests have it make the databases.

import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64 } from '../codec/text.ts'
import { type Imported, nothingGathered } from './format.ts'
import { unpack } from './inflate.ts'
import { type KdbxContent, openKdbx } from './kdbxBody.ts'
import { readKdbxEntry } from './kdbxEntry.ts'
import { readKdbxHeader } from './kdbxHeader.ts'
import { referencesIn } from './kdbxReferences.ts'
import { mostEntries, mostUnpackedBytes } from './limits.ts'
import type { Secrets } from './readExport.ts'
import { refuse } from './refusal.ts'
import { child, childrenOf, childText, isTrue, type XmlElement } from './xml.ts'

export async function readKeePass(file: Bytes, secrets: Secrets): Promise<Imported> {
  const header = readKdbxHeader(file)
  const content = await openKdbx(file, header, secrets)
  const meta = child(content.xml, 'Meta')
  const root = child(child(content.xml, 'Root'), 'Group') ?? refuse('damaged')
  const bin = isTrue(childText(meta, 'RecycleBinEnabled')) ? childText(meta, 'RecycleBinUUID') : ''
  const attachments = attachmentsOf(content)
  const resolve = referencesIn(root)
  const { items, unmapped } = nothingGathered()
  let entries = 0
  for (const { entry, path, isDeleted } of walk(root, [], bin)) {
    if (++entries > mostEntries) refuse('too-many')
    const read = readKdbxEntry(entry, path.join('/'), attachments, resolve)
    const title = read.imported.item.title
    if (isDeleted)
      unmapped.push({ entry: title, what: 'It is in the recycle bin, and was not brought over.' })
    else {
      items.push(read.imported)
      for (const what of read.lost) unmapped.push({ entry: title, what })
    }
  }
  return { format: `KeePass KDBX ${header.version === 4 ? '4' : '3.1'}`, items, unmapped }
}

interface Found {
  readonly entry: XmlElement
  readonly path: readonly string[]
  readonly isDeleted: boolean
}

/** Every entry with the names of its groups; the root's name is that of the database. */
function* walk(
  group: XmlElement,
  path: readonly string[],
  bin: string,
  isDeleted = false,
): Generator<Found> {
  for (const entry of childrenOf(group, 'Entry')) yield { entry, path, isDeleted }
  for (const inner of childrenOf(group, 'Group')) {
    const isBin = bin !== '' && childText(inner, 'UUID') === bin
    yield* walk(inner, [...path, childText(inner, 'Name')], bin, isDeleted || isBin)
  }
}

/** Attachments by what entries call them. */
function attachmentsOf({ xml, binaries }: KdbxContent): ReadonlyMap<string, Bytes> {
  let left = mostUnpackedBytes
  const inXml = childrenOf(child(child(xml, 'Meta'), 'Binaries'), 'Binary').map((binary) => {
    const bytes = decode(binary.text)
    const isPacked = isTrue(binary.attributes.get('Compressed'))
    const unpacked = isPacked ? unpack(bytes, 'gzip', left) : bytes
    left -= unpacked.byteLength
    return [binary.attributes.get('ID') ?? '', unpacked] as const
  })
  return new Map([...inXml, ...binaries.map((bytes, at) => [String(at), bytes] as const)])
}

function decode(text: string): Bytes {
  try {
    return decodeBase64(text.trim())
  } catch {
    return refuse('damaged')
  }
}
