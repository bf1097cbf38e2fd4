// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: the form of a record before it
// is sealed, and the place it is bound to. Backups hold rows as they lie, so this is part of their format
// (docs/backup-format.md).

import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../codec/text.ts'
import type { SealedRow, SealedStore } from '../store/schema.ts'

/** Whose records are bytes in a form of their owner's: they are many and large, and read in parts. */
const asBytes: ReadonlySet<SealedStore> = new Set(['secretBlocks'] as const)

const bytesMark = '\u0000bytes'

/** JSON with bytes as marked base64. Records hold no map whose member names come from outside. */
export const writeRecord = (store: SealedStore, value: unknown): Bytes =>
  asBytes.has(store) ? (value as Bytes) : encodeUtf8(JSON.stringify(value, markBytes))

const markBytes = (_name: string, member: unknown): unknown =>
  member instanceof Uint8Array ? { [bytesMark]: encodeBase64(member) } : member

export const readRecord = (store: SealedStore, bytes: Bytes): unknown =>
  asBytes.has(store) ? bytes : JSON.parse(decodeUtf8(bytes), unmarkBytes)

const unmarkBytes = (_name: string, member: unknown): unknown =>
  typeof member === 'object' && member !== null && bytesMark in member
    ? decodeBase64(String(member[bytesMark]))
    : member

/** As the list of revisions and whoever reads it names a row. */
export const nameOfRow = (store: string, id: string): string => `${store}/${id}`

/** Ids have slashes of their own, stores have none. */
export function rowOfName(name: string): { readonly store: string; readonly id: string } {
  const at = name.indexOf('/')
  return { store: name.slice(0, at), id: name.slice(at + 1) }
}

/**
 * Rows that hold no state worth rolling back: half-typed input and counters. And those that are named, with their
 * revision, in a record that is listed: a secret's values, and attachments.
 */
const unlisted: ReadonlySet<SealedStore> = new Set([
  'drafts',
  'usage',
  'secretVersions',
  'attachments',
] as const)

/** Whether the list of revisions (hsm/manifest) has this store's rows. */
export const isListed = (store: SealedStore): boolean => !unlisted.has(store)

/** A row that is moved, swapped or of another revision does not open. */
export const placeOfRow = (store: SealedStore, row: Omit<SealedRow, 'sealed'>): string[] => [
  store,
  row.id,
  row.group ?? '',
  String(row.revision),
]
