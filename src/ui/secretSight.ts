// ui: what the person sees; speaks the protocol like any other client. This file: how the secrets are looked at:
// which of them, and in what order. Pure.

import { type ItemKind, isItemKind } from '../items/item.ts'
import type { Input } from '../protocol/schemas.ts'

const shelves = ['all', 'favourites', 'trash'] as const
type Shelf = (typeof shelves)[number]

export const sortColumns = ['title', 'changed', 'created', 'used'] as const
export type SortColumn = (typeof sortColumns)[number]

export interface Sight {
  readonly query: string
  /** Empty: any. */
  readonly tag: string
  /** Empty: any. */
  readonly kind: ItemKind | ''
  readonly shelf: Shelf
  readonly column: SortColumn
  readonly down: boolean
}

/** Whatever an address says that cannot be read counts for nothing. Pure. */
export function readSight(address: URLSearchParams, query: string, tag: string): Sight {
  const kind = address.get('kind')
  const sort = address.get('sort') ?? ''
  const column = sortColumns.find((name) => name === sort.replace(/^-/, '')) ?? 'title'
  return {
    query,
    tag,
    kind: isItemKind(kind) ? kind : '',
    shelf: shelves.find((name) => name === address.get('show')) ?? 'all',
    column,
    down: sort.startsWith('-'),
  }
}

/** The sight as the background is asked for it. Pure. */
export const wantedBy = ({
  query,
  tag,
  kind,
  shelf,
  column,
  down,
}: Sight): Input<'keyhearth:ListItems'> => ({
  Sort: column,
  Descending: down,
  ...(query.trim() === '' ? {} : { Query: query }),
  ...(tag === '' ? {} : { Tag: tag }),
  ...(kind === '' ? {} : { Kind: kind }),
  ...(shelf === 'favourites' ? { Favourite: true } : {}),
  ...(shelf === 'trash' ? { Deleted: true } : {}),
})

/** Whether any of them is hidden. Pure. */
export const isNarrowed = ({ query, tag, kind, shelf }: Sight): boolean =>
  query.trim() !== '' || tag !== '' || kind !== '' || shelf === 'favourites'
