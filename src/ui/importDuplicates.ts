// ui: what the person sees; speaks the protocol like any other client. This file: which items of a file the person has
// already. What is left out as such must be the same in what it keeps, so contents are compared and not names alone.

import { duplicatesOf, type ItemSummary as Summary, summaryOf } from '../interchange/duplicates.ts'
import type { ImportedItem } from '../interchange/format.ts'
import type { Item } from '../items/item.ts'
import type { ItemSummary } from '../protocol/secretsOutputs.ts'
import { call } from './call.ts'
import { readItem } from './itemWork.ts'
import { everyItem } from './pagesOfItems.ts'
import { everyRow } from './secretRows.ts'

export interface Duplicates {
  /** Places among the file's items: there already, or in the file a second time. */
  readonly same: ReadonlySet<number>
  /** By such places: the secret that is there with something else in it. None stands for two of the file's. */
  readonly changed: ReadonlyMap<number, string>
}

/** An item of the vault, and the ARN of its secret. */
export interface There {
  readonly secretId: string
  readonly item: Item
}

export async function existingDuplicates(items: readonly ImportedItem[]): Promise<Duplicates> {
  const mine = items.map(({ item }) => item)
  return duplicatesAmong(mine, await existing(mine))
}

/** Pure. */
export function duplicatesAmong(items: readonly Item[], there: readonly There[]): Duplicates {
  const mine = items.map(whole)
  const theirs = there.map(({ item }) => whole(item))
  const found = Map.groupBy(duplicatesOf(mine, theirs), ({ secret }) => secret)
  const sameFound = found.get('same') ?? []
  const same = new Set(sameFound.map(({ imported }) => imported))
  const seen = new Set<string>()
  for (const [at, item] of items.entries()) {
    const all = JSON.stringify([mine[at], item.notes, item.own])
    if (seen.has(all)) same.add(at)
    seen.add(all)
  }
  // What one item of the file is already does not become another.
  const taken = new Set(sameFound.map(({ existing }) => existing))
  const changed = new Map<number, string>()
  for (const { imported, existing } of found.get('changed') ?? []) {
    const secretId = there[existing]?.secretId
    if (secretId === undefined || same.has(imported) || taken.has(existing)) continue
    taken.add(existing)
    changed.set(imported, secretId)
  }
  return { same, changed }
}

/** Of a login its password counts, which is what is known of those in the vault; of others all they keep. */
const whole = (item: Item): Summary => ({
  ...summaryOf(item),
  secret:
    item.kind === 'login'
      ? (item.fields['password'] ?? '')
      : JSON.stringify([
          Object.entries(item.fields).toSorted(([one], [other]) => (one < other ? -1 : 1)),
          item.notes.trim(),
          item.own.map(({ name, value }) => [name, value]),
        ]),
})

/** Those of the vault that could be like one of these. What the person wants to be asked for again stays unread. */
async function existing(items: readonly Item[]): Promise<readonly There[]> {
  const rows = await everyRow({})
  if (rows.length === 0) return []
  const passwords = await passwordsOf()
  const nameOf = (kind: string, title: string) => `${kind} ${title.trim().toLowerCase()}`
  const names = new Set(items.map(({ kind, title }) => nameOf(kind, title)))
  const found: There[] = []
  for (const row of rows) {
    const secretId = row.SecretId
    if (row.Kind === 'login') {
      found.push({ secretId, item: loginOf(row, passwords.get(secretId) ?? '') })
    } else if (!row.AskAgain && names.has(nameOf(row.Kind, row.Title))) {
      found.push({ secretId, item: (await readItem(secretId)).Item })
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
