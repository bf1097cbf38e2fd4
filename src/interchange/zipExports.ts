// interchange: files of other password managers, read and written; pure. This file: whose ZIP it is: 1Password's .1pux,
// Proton Pass's, or Bitwarden's with attachments, told by the files in it.

import type { Bytes } from '../codec/bytes.ts'
import { readBitwarden } from './bitwarden.ts'
import type { Imported } from './format.ts'
import { isObject, type JsonObject, member, parseJson } from './json.ts'
import { readOnePassword } from './onePassword.ts'
import { readProton } from './proton.ts'
import { refuse } from './refusal.ts'
import { decodeText } from './text.ts'
import { openZip, type Zip } from './zip.ts'

/** A file that belongs to an entry, by what the entry calls it; `null`: there is none. */
export type FindFile = (key: string) => Bytes | null

export function readZip(file: Bytes): Imported {
  const zip = openZip(file)
  if (zip.names.includes('export.data')) {
    // files/<id of the document>__<its name>
    const find = finder(zip, (path) => /^files\/([^_/]+)/.exec(path)?.[1])
    return readOnePassword(readJson(zip, 'export.data'), find)
  }
  const data = zip.names.find((name) => /(?:^|\/)data\.json$/.test(name))
  if (data !== undefined) return readDataJson(readJson(zip, data), zip)
  if (zip.names.some((name) => name.endsWith('.pgp'))) refuse('openpgp-encrypted')
  return refuse('not-recognised')
}

function readDataJson(data: JsonObject, zip: Zip): Imported {
  if (!Array.isArray(member(data, 'items'))) {
    return readProton(
      data,
      finder(zip, (path) => /(?:^|\/)files\/([^/]+)$/.exec(path)?.[1]),
    )
  }
  // attachments/<id of the item>/<name>
  const paths = Map.groupBy(zip.names, (path) => /^attachments\/([^/]+)\/[^/]+$/.exec(path)?.[1])
  return readBitwarden(data, (id) =>
    (paths.get(id) ?? []).flatMap((path) => {
      const bytes = zip.read(path)
      return bytes ? [{ name: path.slice(path.lastIndexOf('/') + 1), bytes }] : []
    }),
  )
}

function finder(zip: Zip, keyOf: (path: string) => string | undefined): FindFile {
  const paths = new Map(zip.names.map((path) => [keyOf(path), path]))
  return (key) => zip.read(paths.get(key) ?? '')
}

function readJson(zip: Zip, name: string): JsonObject {
  const value = parseJson(decodeText(zip.read(name) ?? refuse('damaged')))
  return isObject(value) ? value : refuse('damaged')
}
