// cluster: what goes beyond this device: backup, restoring, and approval by several people. This file: a backup as it is
// read: opened by what the person kept, and every row of it held against the others. Runs anywhere: in the worker
// and in Node.

import { type BackupRow, BackupRows, backupFormat, backupKeyName } from '../codec/backupFormat.ts'
import { type Bytes, equalBytes, release } from '../codec/bytes.ts'
import { decodeUtf8 } from '../codec/text.ts'
import { buildClient, type Keyring, rawAesKeyring } from '../encryption-sdk/index.ts'
import { type Kept, openCarried } from '../hsm/exporting.ts'
import { isListed, nameOfRow, placeOfRow, rowOfName } from '../hsm/recordForm.ts'
import { UnlockedVault } from '../hsm/unlocked.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { SealedRow, TrailHeadRow, TrailRow } from '../store/schema.ts'
import { chainHash, genesis } from '../trail/chain.ts'
import { isSealedInBackup, sealedInBackup } from './backupContent.ts'

export interface BackupVault {
  readonly vault: UnlockedVault
  /** In the form to wrap, for a slot of another device; `null` where the open vault opened it. */
  readonly vaultKey: CryptoKey | null
}

/** What stands first in a backup. */
export interface BackupStart {
  readonly format: number
  readonly vaultId: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly settings: Readonly<Record<string, unknown>>
}

/** How a backup is opened: by what was kept, or by the vault it is of. */
export type BackupOpener = (context: Readonly<Record<string, string>>) => Promise<BackupVault>

export const openerBy =
  (kept: Kept): BackupOpener =>
  async (context) => {
    const { vaultId, vaultKey, vaultKeyToUse } = await openCarried(context, kept)
    return { vault: await UnlockedVault.from(vaultId, vaultKeyToUse), vaultKey }
  }

export const vaultIdOf = (context: Readonly<Record<string, string>>): string =>
  context['keyhearth:vault'] ?? ''

/** Which of the rows are not what they should be, and how many there are of each store. */
export interface BackupCheck {
  readonly start: BackupStart
  readonly counts: Readonly<Record<string, number>>
  /** Ids of rows that do not open, are missing, or are nowhere listed; none in a whole backup. */
  readonly damaged: readonly string[]
  readonly trailIntact: boolean
  readonly events: number
}

/**
 * Told of each row behind the first, with what it holds, where it is a sealed one that opens. The row's body is good
 * until it answers: whoever keeps it copies it.
 */
export type OnRow = (row: BackupRow, plaintext: Bytes | null) => Promise<void>

/** Takes the file in pieces, hands on each row that opens, and says at the end whether all fits. */
export class BackupReader {
  readonly #opener: BackupOpener
  readonly #rows = new BackupRows()
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>
  readonly #reading: Promise<void>
  readonly #onRow: OnRow
  readonly #seen = new SeenRows()
  readonly #damaged = new Set<string>()
  readonly #manifest = new Map<string, SealedRow>()
  readonly #trail = new TrailOfBackup()
  #start: BackupStart | null = null
  #opened: BackupVault | null = null
  #ended = false

  constructor(opener: BackupOpener, onRow: OnRow = async () => {}) {
    this.#opener = opener
    this.#onRow = onRow
    const { readable, writable } = buildClient().decryptStream(this.#keyring())
    this.#writer = writable.getWriter()
    this.#reading = this.#read(readable)
    // Heard of at `push` or `end`.
    this.#reading.catch(() => {})
    this.#writer.closed.catch(() => {})
  }

  #keyring(): Keyring {
    return {
      onEncrypt: async () => {
        throw new KeyhearthError('internal')
      },
      onDecrypt: async (materials, encryptedDataKeys) => {
        this.#opened = await this.#opener(materials.encryptionContext)
        const wrappingKey = this.#opened.vault.backupKey
        return rawAesKeyring({ ...backupKeyName, wrappingKey }).onDecrypt(
          materials,
          encryptedDataKeys,
        )
      },
    }
  }

  /**
   * Answers once there is room for more, not once the piece was read: what is wrong with it, the next one hears, or
   * the end. The piece is the reader's from here on.
   *
   * @throws KeyhearthError, EncryptionSdkError, BackupFormatError: this is no backup, or not one to be opened so
   */
  async push(piece: Uint8Array): Promise<void> {
    await this.#orWhyNot(this.#writer.ready)
    const read = this.#writer.write(piece)
    read.then(() => release(piece)).catch(() => {})
  }

  /** @throws as `push`, and where the file is cut off */
  async end(): Promise<BackupCheck & BackupVault> {
    await this.#orWhyNot(this.#writer.close())
    await this.#reading
    const opened = this.#opened
    if (!this.#start || !opened || !this.#ended) throw new KeyhearthError('backup-cut-off')
    await this.#checkManifest(opened.vault)
    return {
      ...opened,
      start: this.#start,
      counts: this.#seen.counts(),
      damaged: [...this.#damaged],
      trailIntact: this.#trail.isIntact,
      events: this.#trail.events,
    }
  }

  /** Nobody wants it any more. Once this answers, no row is handed on. */
  async abandon(): Promise<void> {
    await this.#writer.abort(new KeyhearthError('backup-gone')).catch(() => {})
    await this.#reading.catch(() => {})
  }

  /** A stream that has failed already says so by a TypeError; why, its reader knows (Streams, 5.5.2). */
  async #orWhyNot(writing: Promise<void>): Promise<void> {
    try {
      await Promise.race([writing, this.#reading])
    } catch (error) {
      await this.#reading
      throw error
    }
  }

  async #read(readable: ReadableStream<Uint8Array>): Promise<void> {
    const reader = readable.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      const rows = [...this.#rows.push(value)]
      release(value)
      const opened = await Promise.all(rows.map((row) => this.#open(row)))
      for (const [i, row] of rows.entries()) await this.#take(row, opened[i] ?? null)
    }
    this.#rows.end()
  }

  /** Rows of a store of sealed ones: each opens in its own place, or is named. */
  async #open({ store, row, body }: BackupRow): Promise<Bytes | null> {
    if (!this.#opened || !isSealedInBackup(store)) return null
    const { id, group, revision } = row as Omit<SealedRow, 'sealed'>
    const place = placeOfRow(store, { id, revision, ...(group === undefined ? {} : { group }) })
    const plaintext = await this.#opened.vault.open(place, body).catch(() => null)
    if (!plaintext) this.#damaged.add(nameOfRow(store, id))
    // It was damaged where it was read first, and is whole where it is read again at the end.
    else if (this.#damaged.size > 0) this.#damaged.delete(nameOfRow(store, id))
    this.#seen.add(store, id, revision)
    return plaintext
  }

  async #take(read: BackupRow, plaintext: Bytes | null): Promise<void> {
    const { store, row, body } = read
    if (this.#ended) throw new KeyhearthError('backup-malformed')
    if (!this.#start) {
      this.#start = readStart(read)
      return
    }
    if (store === 'end') this.#ended = true
    else if (store === 'gone') this.#forget(row)
    else if (store === 'vault') this.#takeOfVault(row, body)
    else if (store === 'trail') this.#trail.step({ ...row, sealed: body } as unknown as TrailRow)
    else if (store === 'digests') this.#seen.add(store, String(row['number']), 0)
    else if (store === 'slots') this.#seen.add(store, String(row['id']), 0)
    await this.#onRow(read, plaintext)
  }

  #forget({ store, key }: Readonly<Record<string, unknown>>): void {
    this.#seen.remove(String(store), String(key))
    this.#damaged.delete(nameOfRow(String(store), String(key)))
  }

  #takeOfVault(row: Readonly<Record<string, unknown>>, sealed: Bytes): void {
    const id = String(row['id'])
    if (id === 'trail-head') this.#trail.end(row as unknown as TrailHeadRow)
    else if (id === 'trail-anchor') this.#trail.begin()
    else if (id !== 'vault')
      this.#manifest.set(id, { ...row, sealed: sealed.slice() } as unknown as SealedRow)
  }

  /** Every row that the vault lists is here at its revision, and no other of a store that is listed. */
  async #checkManifest(vault: UnlockedVault): Promise<void> {
    const listed = await this.#listed(vault)
    if (!listed) return
    for (const [name, revision] of listed) {
      const { store, id } = rowOfName(name)
      if (isSealedInBackup(store) && this.#seen.revisionOf(store, id) !== revision) {
        this.#damaged.add(name)
      }
    }
    for (const store of sealedInBackup.filter(isListed)) {
      for (const id of this.#seen.ids(store)) {
        if (!listed.has(nameOfRow(store, id))) this.#damaged.add(nameOfRow(store, id))
      }
    }
  }

  async #listed(vault: UnlockedVault): Promise<ReadonlyMap<string, number> | null> {
    const open = async (row: SealedRow) => {
      const plaintext = await vault.open(['manifest', row.id, String(row.revision)], row.sealed)
      return new Map(JSON.parse(decodeUtf8(plaintext)) as [string, number][])
    }
    const top = this.#manifest.get('manifest')
    try {
      const leaves = top ? await open(top) : new Map<string, number>()
      const listed = new Map<string, number>()
      for (const [leaf, revision] of leaves) {
        if (!leaf.startsWith('leaf-')) continue
        const row = this.#manifest.get(leaf)
        if (row?.revision !== revision) throw new KeyhearthError('record-damaged', { what: leaf })
        for (const [name, at] of await open(row)) listed.set(name, at)
      }
      return listed
    } catch {
      this.#damaged.add('manifest')
      return null
    }
  }
}

/** By store and id: of a hundred thousand rows no name is put together. */
class SeenRows {
  readonly #stores = new Map<string, Map<string, number>>()

  add(store: string, id: string, revision: number): void {
    const rows = this.#stores.get(store) ?? new Map<string, number>()
    this.#stores.set(store, rows.set(id, revision))
  }

  remove(store: string, id: string): void {
    this.#stores.get(store)?.delete(id)
  }

  revisionOf(store: string, id: string): number | undefined {
    return this.#stores.get(store)?.get(id)
  }

  ids(store: string): Iterable<string> {
    return this.#stores.get(store)?.keys() ?? []
  }

  /** Stores without rows are not named. */
  counts(): Record<string, number> {
    const counts = [...this.#stores].map(([store, { size }]) => [store, size] as const)
    return Object.fromEntries(counts.filter(([, size]) => size > 0))
  }
}

function readStart({ store, row }: BackupRow): BackupStart {
  const { format, vaultId, createdAt, settings } = row
  if (store !== 'backup' || typeof format !== 'number') throw new KeyhearthError('backup-malformed')
  if (format > backupFormat) throw new KeyhearthError('backup-newer')
  return {
    format,
    vaultId: String(vaultId),
    createdAt: Number(createdAt),
    settings: { ...(settings as object) },
  }
}

/** Each event's hash covers the one before (trail/chain); the head says which is the last. */
class TrailOfBackup {
  #hash: Bytes = genesis
  #sequence = 0
  #head: TrailHeadRow | null = null
  #first: number | null = null
  #isWhole = true
  /** Old events were removed, the digest behind them stayed. */
  #isAnchored = false
  events = 0

  begin(): void {
    this.#isAnchored = true
  }

  step(row: TrailRow): void {
    if (this.events === 0 && row.sequence > 1) {
      // Behind events that were removed, the first one's hash covers what is here no more.
      this.#sequence = row.sequence - 1
    } else if (!equalBytes(chainHash(this.#hash, row), row.hash)) {
      this.#isWhole = false
    }
    if (row.sequence !== this.#sequence + 1) this.#isWhole = false
    this.#first ??= row.sequence
    this.#hash = row.hash
    this.#sequence = row.sequence
    this.events++
  }

  end(head: TrailHeadRow): void {
    this.#head = head
  }

  get isIntact(): boolean {
    const head = this.#head
    if (!head) return this.events === 0
    const beginsRight = this.#first === 1 || this.#isAnchored || this.events === 0
    const endsRight = head.sequence === this.#sequence && equalBytes(head.hash, this.#hash)
    return this.#isWhole && beginsRight && endsRight
  }
}
