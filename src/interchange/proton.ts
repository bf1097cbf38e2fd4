// interchange: files of other password managers, read and written; pure. This file: reads the JSON of Proton Pass: vaults
// by id, each with its items. Proton Pass keeps types of items that Keyhearth has as notes with fields.

import { ownField, withTimes } from './draft.ts'
import type { Attachment, Gathered, Imported } from './format.ts'
import { nothingGathered } from './format.ts'
import { isObject, type JsonObject, list, member, objects, text, textOf, unixTime } from './json.ts'
import { mostEntries } from './limits.ts'
import { protonField, readProtonContent } from './protonItem.ts'
import { refuse } from './refusal.ts'
import type { FindFile } from './zipExports.ts'

export function readProton(file: JsonObject, findFile: FindFile): Imported {
  if (member(file, 'encrypted') === true) refuse('openpgp-encrypted')
  const vaults = member(file, 'vaults')
  if (!isObject(vaults)) return refuse('not-recognised')
  const gathered = nothingGathered()
  let entries = 0
  for (const vault of Object.values(vaults).filter(isObject)) {
    for (const item of list(vault, 'items')) {
      if (++entries > mostEntries) refuse('too-many')
      if (isObject(item)) readItem(item, tagOf(vault, item), findFile, gathered)
      else
        gathered.unmapped.push({
          entry: text(vault, 'name'),
          what: 'An entry of it is none at all.',
        })
    }
  }
  return { format: 'Proton Pass', ...gathered }
}

/** Vault and folders, as one path. Folders can be nested; a circle of them ends. */
function tagOf(vault: JsonObject, item: JsonObject): string {
  const folders = new Map(
    objects(vault, 'folders').map((folder) => [text(folder, 'folderId'), folder]),
  )
  const path: string[] = []
  let folder = folders.get(text(item, 'folderId'))
  while (folder && path.length < folders.size) {
    path.unshift(text(folder, 'name'))
    folder = folders.get(text(folder, 'parentFolderId'))
  }
  return [text(vault, 'name'), ...path].join('/')
}

/** Proton's number for what is in the trash. */
const trashed = '2'

function readItem(
  entry: JsonObject,
  tag: string,
  findFile: FindFile,
  { items, unmapped }: Gathered,
): void {
  const data = member(entry, 'data')
  const metadata = member(data, 'metadata')
  const title = text(metadata, 'name')
  const lost = (what: string) => unmapped.push({ entry: title, what })
  if (text(entry, 'state') === trashed) {
    lost('It is in the trash, and was not brought over.')
    return
  }
  const type = text(data, 'type')
  const content = member(data, 'content')
  const isAlias = type === 'alias'
  const item = readProtonContent(isAlias ? 'note' : type, isObject(content) ? content : {}, {
    title,
    notes: text(metadata, 'note'),
    tags: [tag],
    favourite: member(entry, 'pinned') === true,
    own: [
      ...ownField('Alias', text(entry, 'aliasEmail')),
      ...objects(data, 'extraFields').flatMap(protonField),
    ],
  })
  if (!item) {
    lost('Proton Pass calls this a type of entry that Keyhearth does not know.')
    return
  }
  if (isAlias) lost('Its address was kept as a note; the alias itself stays with Proton.')
  const passkeys = list(content, 'passkeys').length
  if (passkeys > 0) lost(`Passkeys (${passkeys}) stay where they are: make new ones at the site.`)
  const attachments = attachmentsOf(entry, findFile, lost)
  items.push(
    withTimes(
      { item, ...(attachments.length === 0 ? {} : { attachments }) },
      unixTime(member(entry, 'createTime')),
      unixTime(member(entry, 'modifyTime')),
    ),
  )
}

const attachmentsOf = (
  entry: JsonObject,
  findFile: FindFile,
  lost: (what: string) => void,
): readonly Attachment[] =>
  list(entry, 'files')
    .map(textOf)
    .flatMap((name) => {
      const bytes = findFile(name.replace(/[/\\]/g, '_'))
      if (bytes) return [{ name, bytes }]
      lost(`The attached file ${name} is not in the export.`)
      return []
    })
