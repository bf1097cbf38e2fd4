// ui: what the person sees; speaks the protocol like any other client. This file: which items of a file are there
// already. What is left out as such must keep nothing that would be lost: all that the file says of it stands in what
// is there, files and earlier values included.

import { equalBytes } from '../codec/bytes.ts'
import type { Attachment } from '../interchange/format.ts'
import { identityOf, isContained } from '../items/alike.ts'
import type { Item, ItemFile } from '../items/item.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { SecretsOutputs, UnreadableItem } from '../protocol/secretsOutputs.ts'
import { readFile } from './attachments.ts'
import { call } from './call.ts'
import { partsOf, type ToSend } from './importSending.ts'
import { readItem } from './itemWork.ts'

export interface Duplicates {
  /** Places among the file's items: there already, or in the file a second time. */
  readonly same: ReadonlySet<number>
  /** By such places: the secret that is there with something else in it. None stands for two of the file's. */
  readonly changed: ReadonlyMap<number, string>
  /** Secrets that could have been compared, and cannot be read. */
  readonly unreadable: readonly UnreadableItem[]
}

export type Found = SecretsOutputs['keyhearth:CompareItems']['Found'][number]

/** @param items as they would be sent; `null`: one that cannot be */
export async function existingDuplicates(items: readonly (ToSend | null)[]): Promise<Duplicates> {
  const places = [...items.entries()].flatMap(([at, one]) => (one ? [{ at, one }] : []))
  const found = new Map<number, Found>()
  const unreadable = new Map<string, UnreadableItem>()
  let next = 0
  for (const part of partsOf(places.map(({ one }) => one))) {
    const answer = await call('keyhearth:CompareItems', { Items: part.map(asked) })
    for (const one of answer.Unreadable) unreadable.set(one.SecretId, one)
    for (const [i, one] of answer.Found.entries()) {
      const place = places[next + i]
      const same = place && one.Same !== undefined && (await hasFiles(one.Same, place.one.files))
      const { Same: _, ...without } = one
      if (place) found.set(place.at, same ? one : without)
    }
    next += part.length
  }
  return { ...duplicatesAmong(items, found), unreadable: [...unreadable.values()] }
}

const asked = ({ item: { Item, AskAgain, Older }, files }: ToSend) => ({
  Item,
  ...(AskAgain ? { AskAgain } : {}),
  ...(Older ? { Older: Older.map((older) => older.Item) } : {}),
  ...(files.length === 0
    ? {}
    : { Files: files.map(({ name, bytes }) => ({ Name: name, Size: bytes.byteLength })) }),
})

/** Pure. @param found by the place among the items */
export function duplicatesAmong(
  items: readonly (ToSend | null)[],
  found: ReadonlyMap<number, Found>,
): Pick<Duplicates, 'same' | 'changed'> {
  const same = twice(items)
  // What one item of the file is already does not become another.
  const taken = new Set<string>()
  for (const [at, { Same }] of found) {
    if (Same === undefined) continue
    same.add(at)
    taken.add(Same)
  }
  const changed = new Map<number, string>()
  for (const [at, { Alike }] of [...found].sort(([one], [other]) => one - other)) {
    const free = same.has(at) ? undefined : Alike.find((secretId) => !taken.has(secretId))
    if (free === undefined) continue
    taken.add(free)
    changed.set(at, free)
  }
  return { same, changed }
}

/** So many of one name are looked back at: a file may have a hundred thousand. */
const mostBefore = 20

/** Places of those that stand in the file before, with all they keep. */
function twice(items: readonly (ToSend | null)[]): Set<number> {
  const again = new Set<number>()
  const before = new Map<string, ToSend[]>()
  for (const [at, one] of items.entries()) {
    if (!one) continue
    const identity = identityOf(one.item.Item)
    const those = before.get(identity) ?? []
    if (those.some((other) => isWithin(one, other))) again.add(at)
    else before.set(identity, [...those.slice(1 - mostBefore), one])
  }
  return again
}

function isWithin(one: ToSend, other: ToSend): boolean {
  const { Item, AskAgain = false, Older = [] } = one.item
  const all: readonly Item[] = [other.item.Item, ...(other.item.Older ?? []).map((o) => o.Item)]
  return (
    (other.item.AskAgain === true || !AskAgain) &&
    isContained(Item, other.item.Item) &&
    Older.every((older) => all.some((there) => isContained(older.Item, there))) &&
    one.files.every((file) => other.files.some((there) => isSameFile(file, there)))
  )
}

const isSameFile = (one: Attachment, other: Attachment): boolean =>
  one.name === other.name && equalBytes(one.bytes, other.bytes)

/** Of the same name and size, and with the same in it. What is only shown once the person proves it is them has none. */
async function hasFiles(secretId: string, files: readonly Attachment[]): Promise<boolean> {
  if (files.length === 0) return true
  try {
    const { Item: there } = await readItem(secretId)
    for (const file of files) {
      const alike = (there.files ?? []).filter(
        ({ name, size }) => name === file.name && size === file.bytes.byteLength,
      )
      if (!(await someHolds(alike, secretId, file))) return false
    }
    return true
  } catch (error) {
    if (error instanceof KeyhearthError) return false
    throw error
  }
}

async function someHolds(
  alike: readonly ItemFile[],
  secretId: string,
  { bytes }: Attachment,
): Promise<boolean> {
  for (const one of alike) {
    const signal = new AbortController().signal
    const blob = await readFile(one, { secretId, signal, tell: () => {} })
    if (equalBytes(new Uint8Array(await blob.arrayBuffer()), bytes)) return true
  }
  return false
}
