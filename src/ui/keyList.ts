// ui: what the person sees; speaks the protocol like any other client. This file: all keys as a list:
// whose each is, what to call it, searching and sorting.

import { effect, signal } from '@preact/signals'
import type { KeySummary, Site } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { status } from './status.ts'

/** `gone`: of a site that is not connected any more, so that its origin is not known. */
type Owner =
  | { readonly kind: 'you' }
  | { readonly kind: 'site'; readonly origin: string }
  | { readonly kind: 'gone' }

export interface KeyRow extends KeySummary {
  readonly name: string
  readonly owner: Owner
}

export const keyRows = signal<readonly KeyRow[] | null>(null)

// Whoever locks the vault, this window or another, no name stays behind in this one.
effect(() => {
  if (status.value?.Vault !== 'unlocked') keyRows.value = null
})

export async function loadKeys(): Promise<void> {
  const [{ Keys }, { Sites }] = await Promise.all([
    call('keyhearth:ListKeySummaries', {}),
    call('keyhearth:ListSites', {}),
  ])
  const own = status.value?.AccountId ?? ''
  keyRows.value = Keys.map((key) => rowOf(key, own, Sites))
}

/** Pure. */
export const rowOf = (key: KeySummary, own: string, sites: readonly Site[]): KeyRow => ({
  ...key,
  name: nameOf(key),
  owner: ownerOf(key.AWSAccountId, own, sites),
})

function ownerOf(account: string, own: string, sites: readonly Site[]): Owner {
  if (account === own) return { kind: 'you' }
  const site = sites.find(({ AccountId }) => AccountId === account)
  return site ? { kind: 'site', origin: site.Origin } : { kind: 'gone' }
}

/** What a person calls it: its alias, else its description, else the beginning of its id. */
function nameOf({ Aliases, Description, KeyId }: KeySummary): string {
  const [alias] = Aliases
  return alias?.replace(/^alias\//, '') ?? (Description || KeyId.slice(0, 8))
}

/** A word so long can be a piece of an id; two digits of one stand in nearly every id. */
const shortestOfId = 6

/** What a key is found by: made once, since it is searched at each letter typed. Pure. */
export const searchable = (key: KeyRow, shown: string): string =>
  [key.name, key.Description, key.KeySpec, ...key.Aliases, shown].join('\n').toLocaleLowerCase()

/** Every word typed must stand somewhere in a key's text. Pure. */
export function matchKeys(
  all: readonly KeyRow[],
  query: string,
  textOf: (key: KeyRow) => string,
): readonly KeyRow[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return all
  return all.filter((key) => {
    const text = textOf(key)
    const inId = (word: string) => word.length >= shortestOfId && key.Arn.includes(word)
    return words.every((word) => text.includes(word) || inId(word))
  })
}

export const sortColumns = ['name', 'state', 'kind', 'owner', 'used'] as const
export type SortColumn = (typeof sortColumns)[number]

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** By what stands in the column; the same by name. Pure. */
export function sortKeys(
  keys: readonly KeyRow[],
  column: SortColumn,
  down: boolean,
  shown: (key: KeyRow, column: SortColumn) => string,
): readonly KeyRow[] {
  const compare = (left: KeyRow, right: KeyRow) =>
    column === 'used'
      ? (left.LastUsedAt ?? 0) - (right.LastUsedAt ?? 0)
      : collator.compare(shown(left, column), shown(right, column))
  const byName = (left: KeyRow, right: KeyRow) => collator.compare(left.name, right.name)
  const sign = down ? -1 : 1
  return keys.toSorted((left, right) => sign * compare(left, right) || byName(left, right))
}
