// items: what people keep, and what is made of it; pure. This file: what changed from one version of an item to
// another, by name alone, so that a history can be shown without showing secrets.

import type { Item, OwnField } from './item.ts'

export interface ItemChange {
  /** Which part of the item; `field` and `own` say which by `name`. */
  readonly part:
    | 'kind'
    | 'title'
    | 'field'
    | 'own'
    | 'uris'
    | 'files'
    | 'notes'
    | 'tags'
    | 'favourite'
  /** The name of a field of the kind, or of one of the person's own; else empty. */
  readonly name: string
  readonly change: 'added' | 'removed' | 'changed'
}

/** In the order in which an item is shown. */
export function diffItems(before: Item, after: Item): readonly ItemChange[] {
  return [
    ...part('kind', before.kind, after.kind),
    ...part('title', before.title, after.title),
    ...entries('field', Object.entries(before.fields), Object.entries(after.fields)),
    ...part('uris', joined(before.uris), joined(after.uris)),
    ...entries('own', ownEntries(before.own), ownEntries(after.own)),
    ...part('files', filesOf(before), filesOf(after)),
    ...part('notes', before.notes, after.notes),
    ...part('tags', joined([...before.tags].sort()), joined([...after.tags].sort())),
    ...part('favourite', before.favourite ? 'yes' : '', after.favourite ? 'yes' : ''),
  ]
}

const filesOf = ({ files = [] }: Item): string =>
  joined(files.map(({ id, name }) => `${id} ${name}`))

const joined = (list: readonly string[]): string => (list.length === 0 ? '' : JSON.stringify(list))

function part(
  name: ItemChange['part'],
  before: string,
  after: string,
  field = '',
): readonly ItemChange[] {
  if (before === after) return []
  const change = before === '' ? 'added' : after === '' ? 'removed' : 'changed'
  return [{ part: name, name: field, change }]
}

type Entry = readonly [name: string, value: string]

/** One entry for each name, with all values under it: people may name two fields alike. */
function entries(
  of: 'field' | 'own',
  before: readonly Entry[],
  after: readonly Entry[],
): readonly ItemChange[] {
  const [was, is] = [grouped(before), grouped(after)]
  const names = new Set([...is.keys(), ...was.keys()])
  return [...names].flatMap((name) =>
    part(of, joined(was.get(name) ?? []), joined(is.get(name) ?? []), name),
  )
}

function grouped(list: readonly Entry[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>()
  for (const [name, value] of list) {
    const group = groups.get(name)
    if (group) group.push(value)
    else groups.set(name, [value])
  }
  return groups
}

const ownEntries = (own: readonly OwnField[]): readonly Entry[] =>
  own.map(({ name, value, hidden }) => [name, `${hidden ? 'hidden' : 'shown'} ${value}`])
