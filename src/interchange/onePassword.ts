// interchange: files of other password managers, read and written; pure. This file: reads 1Password's export.data
// (https://support.1password.com/1pux-format/): accounts, of vaults, of items.

import type { Item } from '../items/item.ts'
import { withTimes } from './draft.ts'
import {
  type Attachment,
  type Gathered,
  type Imported,
  nothingGathered,
  type OlderItem,
} from './format.ts'
import { isObject, type JsonObject, list, member, objects, text, unixTime } from './json.ts'
import { mostEntries } from './limits.ts'
import { type FileOf, onePasswordItem } from './onePasswordItem.ts'
import { refuse } from './refusal.ts'
import type { FindFile } from './zipExports.ts'

export function readOnePassword(file: JsonObject, findFile: FindFile): Imported {
  const gathered = nothingGathered()
  let entries = 0
  for (const account of objects(file, 'accounts')) {
    for (const vault of objects(account, 'vaults')) {
      const name = text(member(vault, 'attrs'), 'name')
      for (const entry of list(vault, 'items')) {
        if (++entries > mostEntries) refuse('too-many')
        if (isObject(entry)) readEntry(unwrap(entry), name, findFile, gathered)
        else gathered.unmapped.push({ entry: name, what: 'An entry of it is none at all.' })
      }
    }
  }
  return { format: '1Password 1PUX', ...gathered }
}

/** Older exports have each entry within another object. */
const unwrap = (entry: JsonObject): JsonObject => {
  const inner = member(entry, 'item')
  return isObject(inner) ? inner : entry
}

function readEntry(
  entry: JsonObject,
  vault: string,
  findFile: FindFile,
  { items, unmapped }: Gathered,
): void {
  const title = text(member(entry, 'overview'), 'title')
  const lost = (what: string) => unmapped.push({ entry: title, what })
  const state = text(entry, 'state')
  if (member(entry, 'trashed') === true || state === 'trashed' || state === 'deleted') {
    lost('It is in the trash, and was not brought over.')
    return
  }
  if (state === 'archived') lost('It was in the archive; it was brought over like the others.')
  const { item, files, passkeys, references } = onePasswordItem(entry, vault)
  if (passkeys) lost('Its passkey stays where it is: make a new one at the site.')
  if (references > 0) lost(`Links to other entries (${references}) were left out.`)
  const attachments = files.flatMap((file) => attachment(file, findFile, lost))
  const older = olderItems(member(entry, 'details'), item)
  items.push(
    withTimes(
      {
        item,
        ...(older.length === 0 ? {} : { older }),
        ...(attachments.length === 0 ? {} : { attachments }),
      },
      unixTime(member(entry, 'createdAt')),
      unixTime(member(entry, 'updatedAt')),
    ),
  )
}

function attachment(
  { id, name }: FileOf,
  findFile: FindFile,
  lost: (what: string) => void,
): readonly Attachment[] {
  const bytes = findFile(id)
  if (bytes) return [{ name, bytes }]
  lost(`The attached file ${name} is not in the export.`)
  return []
}

const olderItems = (details: unknown, item: Item): readonly OlderItem[] =>
  objects(details, 'passwordHistory')
    .filter((one) => text(one, 'value') !== '')
    .map((one) => {
      const at = unixTime(member(one, 'time'))
      const older = { ...item, fields: { ...item.fields, password: text(one, 'value') } }
      return { item: older, ...(at === undefined ? {} : { at }) }
    })
    .toSorted((one, other) => (other.at ?? 0) - (one.at ?? 0))
