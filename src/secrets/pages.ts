// secrets: Secrets Manager: secrets, their versions and staging labels. This file: pages of lists. A token says what
// the last entry was and not how many came before it: entries that go or come meanwhile move no other.

import { decodeBase64Url, decodeUtf8, encodeBase64Url, encodeUtf8 } from '../codec/text.ts'
import { KeyhearthError } from '../protocol/errors.ts'

type Key = number | string

/** A list in its order. */
export interface Order<Entry> {
  /** Of the list and what it is sorted by: the token of another is none of this. */
  readonly name: string
  readonly keyOf: (entry: Entry) => Key
  /** Tells entries of the same key apart. */
  readonly idOf: (entry: Entry) => string
  readonly descending?: boolean
}

type Place = readonly [key: Key, id: string]

function compare([key, id]: Place, [otherKey, otherId]: Place, descending = false): number {
  const sign = descending ? -1 : 1
  if (key !== otherKey) return sign * (key < otherKey ? -1 : 1)
  return id === otherId ? 0 : sign * (id < otherId ? -1 : 1)
}

const placeIn = <Entry>({ keyOf, idOf }: Order<Entry>, entry: Entry): Place => [
  keyOf(entry),
  idOf(entry),
]

const isText = (value: unknown): value is string => typeof value === 'string'

/** @throws KeyhearthError `secret-next-token` */
function readToken(name: string, token: string): Place {
  try {
    const read: unknown = JSON.parse(decodeUtf8(decodeBase64Url(token)))
    const [list, key, id, ...more]: unknown[] = Array.isArray(read) ? read : []
    const isWhole = list === name && isText(id) && more.length === 0
    if (isWhole && (isText(key) || typeof key === 'number')) return [key, id]
  } catch {
    // Not base64url, or no JSON: none of ours.
  }
  throw new KeyhearthError('secret-next-token')
}

const writeToken = (name: string, place: Place): string =>
  encodeBase64Url(encodeUtf8(JSON.stringify([name, ...place])))

/**
 * The entries in their order, those after the token's.
 *
 * @throws KeyhearthError `secret-next-token`
 */
export function pageFrom<Entry>(
  all: readonly Entry[],
  order: Order<Entry>,
  token: string | undefined,
  most: number,
): { readonly items: readonly Entry[]; readonly next: { readonly NextToken?: string } } {
  const { name, descending } = order
  const after = token === undefined ? null : readToken(name, token)
  const rest = all
    .map((entry) => ({ entry, place: placeIn(order, entry) }))
    .filter(({ place }) => after === null || compare(place, after, descending) > 0)
    .sort((left, right) => compare(left.place, right.place, descending))
  const page = rest.slice(0, most)
  const last = page.at(-1)
  return {
    items: page.map(({ entry }) => entry),
    next: last && rest.length > most ? { NextToken: writeToken(name, last.place) } : {},
  }
}
