// interchange: files of other password managers, read and written; pure. This file: what every format gives.

import type { Bytes } from '../codec/bytes.ts'
import type { Item } from '../items/item.ts'

/** What could not be brought over, in words for the person: where, and what. */
export interface Unmapped {
  /** The entry's title, or the file's own name for a part of it. */
  readonly entry: string
  readonly what: string
}

/** What an item was before it was changed. */
export interface OlderItem {
  readonly item: Item
  /** Milliseconds since 1970: when it was written (KeePass) or last used (Bitwarden, 1Password). */
  readonly at?: number
}

/** One item of a file, with its older values where the file has them, newest first. */
export interface ImportedItem {
  readonly item: Item
  /** Milliseconds since 1970; absent where the file does not say. */
  readonly createdAt?: number
  readonly changedAt?: number
  readonly older?: readonly OlderItem[]
  /** The person is asked for their passphrase again before it is shown. */
  readonly askAgain?: true
  /** Files that belong to the entry. */
  readonly attachments?: readonly Attachment[]
}

export interface Attachment {
  readonly name: string
  readonly bytes: Bytes
}

export interface Imported {
  /** The name of the format, for the person. */
  readonly format: string
  readonly items: readonly ImportedItem[]
  readonly unmapped: readonly Unmapped[]
}

/** What a reader collects while it goes through a file. */
export interface Gathered {
  readonly items: ImportedItem[]
  readonly unmapped: Unmapped[]
}

export const nothingGathered = (): Gathered => ({ items: [], unmapped: [] })
