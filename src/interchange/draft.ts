// interchange: files of other password managers, read and written; pure. This file: an item from what a file has of
// it. Fields that are empty are left out, as everywhere in `items`.

import { hostOf } from '../items/alike.ts'
import { blankItem, type Item, type ItemKind, type OwnField } from '../items/item.ts'
import type { ImportedItem } from './format.ts'

export interface Draft {
  readonly title?: string
  readonly fields?: Readonly<Record<string, string | undefined>>
  readonly uris?: readonly string[]
  readonly notes?: string
  readonly own?: readonly OwnField[]
  readonly tags?: readonly string[]
  readonly favourite?: boolean
}

const none: readonly string[] = []

/** Made for each of a hundred thousand rows: so no lists on the way. */
export function draftItem(kind: ItemKind, draft: Draft): Item {
  const given = draft.fields ?? {}
  const fields: Record<string, string> = {}
  for (const name of Object.keys(given)) {
    const value = given[name]
    if (value) fields[name] = value
  }
  return {
    ...blankItem(kind),
    title: draft.title ?? '',
    fields,
    uris: distinct(draft.uris ?? none),
    notes: draft.notes ?? '',
    own: draft.own ?? [],
    tags: distinct(draft.tags ?? none),
    favourite: draft.favourite ?? false,
  }
}

function distinct(texts: readonly string[]): readonly string[] {
  const [first] = texts
  if (texts.length < 2) return first ? [first] : []
  return [...new Set(texts.filter((text) => text !== ''))]
}

/** An own field, unless it says nothing. */
export const ownField = (name: string, value: string, hidden = false): readonly OwnField[] =>
  value === '' ? [] : [{ name, value, hidden }]

/** Whether a field of that name is better not shown, where the file does not say. */
export const soundsSecret = (name: string): boolean =>
  /pass|secret|\bpin\b|\bkey\b|token|cvv|cvc|security code|recovery|\botp\b|totp/i.test(name)

/** What a list calls an entry that has no title: the host it is for. */
export function titleFrom(title: string, uri: string | undefined): string {
  if (title !== '') return title
  return (uri && hostOf(uri)) || uri || ''
}

/** Leaves out times that the file does not have. */
export const withTimes = (
  imported: ImportedItem,
  createdAt: number | undefined,
  changedAt: number | undefined,
): ImportedItem => ({
  ...imported,
  ...(createdAt === undefined ? {} : { createdAt }),
  ...(changedAt === undefined ? {} : { changedAt }),
})
