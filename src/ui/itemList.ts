// ui: what the person sees; speaks the protocol like any other client. This file: the list of secrets as the popup
// shows it. The background searches, and this page holds only what it shows.

import { effect, signal } from '@preact/signals'
import type { ItemSummary } from '../protocol/secretsOutputs.ts'
import { call } from './call.ts'
import { status } from './status.ts'

/** Drawing, not searching, is what takes time. */
const pageSize = 100
const mostFavourites = 50

export interface ItemListing {
  readonly query: string
  /** For the page in the tab. */
  readonly matching: readonly ItemSummary[]
  /** Of the rest, while nothing is searched for. */
  readonly favourites: readonly ItemSummary[]
  readonly others: readonly ItemSummary[]
  readonly total: number
  /** How many of `total` were read. */
  readonly read: number
  /** Groups of secrets that cannot be read. */
  readonly damaged: number
  /** In the trash. */
  readonly deleted: number
}

/** `null` until the first answer. */
export const itemListing = signal<ItemListing | null>(null)

let looking = Symbol()

// Whoever locks the vault, this window or another, no title stays behind in this one.
effect(() => {
  if (status.value?.Vault === 'unlocked') return
  itemListing.value = null
  looking = Symbol()
})

const ask = (query: string, url: string, start: number) =>
  call('keyhearth:ListItems', { Query: query, Url: url, Start: start, Limit: pageSize })

/** Looks anew. What was found before stays on the screen until then; an answer that comes too late is nobody's. */
export async function lookUp(query: string, url: string): Promise<void> {
  const mine = Symbol()
  looking = mine
  const wanted = query.trim()
  const [found, favourites, deleted] = await Promise.all([
    ask(wanted, url, 0),
    wanted === '' ? call('keyhearth:ListItems', { Favourite: true, Limit: mostFavourites }) : null,
    call('keyhearth:ListItems', { Deleted: true, Limit: 1 }),
  ])
  if (looking !== mine) return
  itemListing.value = {
    ...arranged(found.Items, favourites?.Items ?? []),
    query,
    total: found.Total,
    damaged: found.Damaged,
    read: found.Items.length,
    deleted: deleted.Total,
  }
}

/** Each stands once: for the tab, else among the favourites, else with all others. Pure. */
export function arranged(
  found: readonly ItemSummary[],
  favourites: readonly ItemSummary[],
): Pick<ItemListing, 'matching' | 'favourites' | 'others'> {
  const matching = found.filter(({ Match }) => Match !== undefined)
  const above = new Set(matching.map(({ SecretId }) => SecretId))
  const rest = favourites.filter(({ SecretId }) => !above.has(SecretId))
  for (const { SecretId } of rest) above.add(SecretId)
  return {
    matching,
    favourites: rest,
    others: found.filter(({ SecretId }) => !above.has(SecretId)),
  }
}

let further: Promise<void> | null = null

/** The next page, where there is one. */
export function lookFurther(url: string): Promise<void> {
  further ??= readFurther(url).finally(() => {
    further = null
  })
  return further
}

async function readFurther(url: string): Promise<void> {
  const before = itemListing.value
  if (!before || before.read >= before.total) return
  const mine = looking
  const { Items } = await ask(before.query.trim(), url, before.read)
  if (looking !== mine) return
  const shown = new Set(
    [...before.matching, ...before.favourites, ...before.others].map(({ SecretId }) => SecretId),
  )
  itemListing.value = {
    ...before,
    // Without an answer there is nothing further, whatever the total said before.
    read: Items.length === 0 ? before.total : before.read + Items.length,
    matching: [
      ...before.matching,
      ...Items.filter(({ SecretId, Match }) => Match !== undefined && !shown.has(SecretId)),
    ],
    others: [
      ...before.others,
      ...Items.filter(({ SecretId, Match }) => Match === undefined && !shown.has(SecretId)),
    ],
  }
}
