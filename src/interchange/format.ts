// interchange: files of other password managers, read and written; pure. This file: what every format gives.

import type { Item } from '../items/item.ts'

/** What could not be brought over, in words for the person: where, and what. */
export interface Unmapped {
  /** The entry's title, or the file's own name for a part of it. */
  readonly entry: string
  readonly what: string
}

/** One item of a file, with its older values where the file has them, newest first. */
export interface ImportedItem {
  readonly item: Item
  /** Milliseconds since 1970; absent where the file does not say. */
  readonly createdAt?: number
  readonly changedAt?: number
  /** Files that belong to the entry. */
  readonly attachments?: readonly {
    readonly name: string
    readonly bytes: Uint8Array<ArrayBuffer>
  }[]
}

export interface Imported {
  /** The name of the format, for the person. */
  readonly format: string
  readonly items: readonly ImportedItem[]
  readonly unmapped: readonly Unmapped[]
}
