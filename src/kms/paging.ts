// kms: keys, their states and what is done under them; one file per family of operations.
// This file: pages of lists. A marker names the last item before the page, so a list that changes
// meanwhile neither repeats nor skips what was there all the time.

import { decodeBase64Url, decodeUtf8, encodeBase64Url, encodeUtf8 } from '../codec/text.ts'
import { KeyhearthError } from '../protocol/errors.ts'

export interface Paging {
  readonly Limit?: number
  readonly Marker?: string
}

export interface Paged<Item> {
  readonly items: readonly Item[]
  /** AWS's members, for the answer. */
  readonly page: { readonly Truncated: boolean; readonly NextMarker?: string }
}

export const markerAt = (id: string): string => encodeBase64Url(encodeUtf8(id))

/** The id a marker names, or `null` for the first page. @throws KeyhearthError `invalid-marker` */
export function markedId({ Marker }: Paging): string | null {
  if (Marker === undefined) return null
  try {
    return decodeUtf8(decodeBase64Url(Marker))
  } catch (cause) {
    throw new KeyhearthError('invalid-marker', {}, { cause })
  }
}

/** @param items in any order; they are paged in the order of their ids */
export function pageOf<Item>(
  items: readonly Item[],
  idOf: (item: Item) => string,
  paging: Paging,
  usualLimit: number,
): Paged<Item> {
  const after = markedId(paging)
  const rest = items
    .filter((item) => after === null || idOf(item) > after)
    .sort((left, right) => (idOf(left) < idOf(right) ? -1 : 1))
  const page = rest.slice(0, paging.Limit ?? usualLimit)
  const last = page.at(-1)
  const more = rest.length > page.length && last !== undefined
  return {
    items: page,
    page: more ? { Truncated: true, NextMarker: markerAt(idOf(last)) } : { Truncated: false },
  }
}
