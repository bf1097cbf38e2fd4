// ui: what the person sees; speaks the protocol like any other client. This file: which items of a file the person has
// already. What is left out as such must be the same in all that matters, so contents are compared, not names.

import type { ImportedItem } from '../interchange/format.ts'
import type { Item } from '../items/item.ts'
import type { ItemSummary } from '../protocol/secretsOutputs.ts'
import { call } from './call.ts'
import { readItem } from './itemWork.ts'
import { everyItem } from './pagesOfItems.ts'
import { everyRow } from './secretRows.ts'

/** Their places among the file's items: those in the vault, and those that stand in the file a second time. */
export async function existingDuplicates(
  items: readonly ImportedItem[],
): Promise<ReadonlySet<number>> {
  const known = new Set((await existing(items)).map(likeness))
  const found = new Set<number>()
  for (const [at, { item }] of items.entries()) {
    const mine = likeness(item)
    if (known.has(mine)) found.add(at)
    known.add(mine)
  }
  return found
}

/** Equal for items of which nobody wants both. Pure. */
export function likeness(item: Item): string {
  const { kind, title, fields, uris, notes, own } = item
  const { username = '', password = '' } = fields
  if (kind === 'login' && (username !== '' || password !== '')) {
    return JSON.stringify([kind, username, password, uris.map(hostOf).toSorted()])
  }
  const named = Object.entries(fields).toSorted(([one], [other]) => (one < other ? -1 : 1))
  const fieldsOfOwn = own.map(({ name, value }) => [name, value])
  return JSON.stringify([kind, title.trim(), named, uris, notes.trim(), fieldsOfOwn])
}

const hostOf = (uri: string): string => URL.parse(uri)?.host || uri.trim()

/** Those of the vault that could be like one of these. */
async function existing(items: readonly ImportedItem[]): Promise<readonly Item[]> {
  const rows = await everyRow({})
  if (rows.length === 0) return []
  const passwords = await passwordsOf()
  const nameOf = (kind: string, title: string) => JSON.stringify([kind, title.trim()])
  const names = new Set(items.map(({ item }) => nameOf(item.kind, item.title)))
  const found: Item[] = []
  for (const row of rows) {
    if (row.Kind === 'login') found.push(loginOf(row, passwords.get(row.SecretId) ?? ''))
    else if (!row.AskAgain && names.has(nameOf(row.Kind, row.Title))) {
      found.push((await readItem(row.SecretId)).Item)
    }
  }
  return found
}

async function passwordsOf(): Promise<ReadonlyMap<string, string>> {
  const all = await everyItem(
    (NextToken) => call('keyhearth:ExamineItems', NextToken === undefined ? {} : { NextToken }),
    () => {},
    new AbortController().signal,
  )
  return new Map(all.map(({ SecretId, Password }) => [SecretId, Password]))
}

const loginOf = (row: ItemSummary, password: string): Item => ({
  kind: 'login',
  title: row.Title,
  fields: { username: row.Username, password },
  uris: row.Uris,
  notes: '',
  own: [],
  tags: row.Tags,
  favourite: row.Favourite,
})
