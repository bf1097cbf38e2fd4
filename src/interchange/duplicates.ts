// interchange: files of other password managers, read and written; pure. This file: which items of a file are there
// already. It compares summaries: the one side may be a hundred thousand items of a vault.

import { type Item, itemFields } from '../items/item.ts'
import { hostOf } from './draft.ts'

/** What items are compared by. */
export interface ItemSummary {
  readonly kind: Item['kind']
  readonly title: string
  readonly username: string
  /** Hosts of its addresses, in any order. */
  readonly hosts: readonly string[]
  /** What it keeps, or a digest of that, made in the same way on both sides; absent where it is not known. */
  readonly secret?: string
}

export interface Duplicate {
  /** Places in the two lists. */
  readonly imported: number
  readonly existing: number
  readonly secret: 'same' | 'changed' | 'unknown'
}

export const summaryOf = (item: Item): ItemSummary => ({
  kind: item.kind,
  title: item.title,
  username: item.fields['username'] ?? '',
  hosts: item.uris.map(hostOf).filter((host) => host !== ''),
  secret: secretOf(item),
})

/** The hidden fields of its kind; a note's is its text. */
const secretOf = ({ kind, fields, notes }: Item): string =>
  kind === 'note'
    ? notes
    : JSON.stringify(
        itemFields[kind].map(({ name, hidden }) => (hidden ? (fields[name] ?? '') : '')),
      )

/** At most one for each imported item: with the same secret where there is one, else the first. */
export function duplicatesOf(
  imported: readonly ItemSummary[],
  existing: readonly ItemSummary[],
): readonly Duplicate[] {
  const byIdentity = Map.groupBy(existing.entries(), ([, summary]) => identityOf(summary))
  return imported.flatMap((summary, at) => {
    const alike = byIdentity.get(identityOf(summary)) ?? []
    const [found] = [...alike.filter(([, one]) => compare(summary, one) === 'same'), ...alike]
    return found ? [{ imported: at, existing: found[0], secret: compare(summary, found[1]) }] : []
  })
}

/** Kind, user name, hosts and title; case and spaces around do not make another of it. */
const identityOf = ({ kind, title, username, hosts }: ItemSummary): string =>
  JSON.stringify([
    kind,
    plain(title),
    plain(username),
    [...new Set(hosts.map((host) => plain(host).replace(/^www\./, '')))].toSorted(),
  ])

const plain = (text: string): string => text.trim().normalize('NFC').toLowerCase()

function compare(one: ItemSummary, other: ItemSummary): Duplicate['secret'] {
  if (one.secret === undefined || other.secret === undefined) return 'unknown'
  return one.secret === other.secret ? 'same' : 'changed'
}
