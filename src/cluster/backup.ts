// cluster: what goes beyond this device: backup, restoring, and approval by several people. This file: a backup as
// it is made: every row as it lies, sealed, in one message of the Encryption SDK's format.
//
// Reading a large vault takes a while, and the vault is used meanwhile. So whatever is about to change is noted from
// the start, and at the end those rows, the list of revisions and the trail's end are read once more in one
// transaction: the backup is the vault as it stood at that moment. Where old events go meanwhile, or another backup takes
// the place of all, there is no such moment: the backup fails, and is made anew.

import {
  type BackupRow,
  backupFormat,
  backupKeyName,
  writeBackupRows,
} from '../codec/backupFormat.ts'
import { type Bytes, release } from '../codec/bytes.ts'
import { buildClient, rawAesKeyring } from '../encryption-sdk/index.ts'
import { backupContext } from '../hsm/exporting.ts'
import type { SecurityModule } from '../hsm/module.ts'
import type { UnlockedVault } from '../hsm/unlocked.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Database } from '../store/database.ts'
import type { SlotRow, StoreName } from '../store/schema.ts'
import { backedUpStores, isOfVaultAtLarge } from './backupContent.ts'

/** Rows are from a hundred bytes to a MiB: as many are read at once as hold some 512 KiB, going by those before. */
const pageBytes = 1 << 19
const rowsAtOnce = { first: 16, most: 500 } as const

function rowsForNext(rows: readonly BackupRow[]): number {
  const bytes = rows.reduce((sum, { body }) => sum + body.byteLength, 0)
  const fitting = Math.floor(pageBytes / (bytes / rows.length || 1))
  return Math.max(1, Math.min(fitting, rowsAtOnce.most))
}

const keyOf = (store: StoreName, row: Readonly<Record<string, unknown>>): string | number => {
  const name = store === 'trail' ? 'sequence' : store === 'digests' ? 'number' : 'id'
  return row[name] as string | number
}

const noBody = new Uint8Array(0)

/** As a row of the file: its sealed bytes are the body. */
function asBackupRow(store: StoreName, row: object): BackupRow {
  const { sealed, ...head } = row as { readonly sealed?: Bytes }
  return { store, row: head, body: sealed ?? noBody }
}

/** Rows go on together: handed on one by one, that costs several times what sealing them does. */
const bytesAtOnce = 1 << 18

function* together(rows: Iterable<BackupRow>): Generator<Bytes> {
  let some: BackupRow[] = []
  let length = 0
  for (const row of rows) {
    some.push(row)
    length += row.body.byteLength
    if (length < bytesAtOnce) continue
    yield writeAndRelease(some)
    some = []
    length = 0
  }
  if (some.length > 0) yield writeAndRelease(some)
}

/** The rows were read for this alone. */
function writeAndRelease(rows: readonly BackupRow[]): Bytes {
  const piece = writeBackupRows(rows)
  for (const { body } of rows) release(body)
  return piece
}

const goneRow = (store: StoreName, key: string | number): BackupRow => ({
  store: 'gone',
  row: { store, key },
  body: noBody,
})

/** Slots of this device stay: the vault key of those that recover is what a backup is opened with. */
const isSlotToKeep = (row: unknown): boolean => {
  const { kind } = row as SlotRow
  return kind === 'recovery' || kind === 'shares'
}

export class BackupRowsOf {
  readonly #db: Database
  readonly #changed = new Map<StoreName, Set<string | number>>()
  readonly #stop: () => void
  #lastTrail: number | null = null
  #isDisturbed = false
  /** Rows written so far, and how many there were at the beginning. */
  done = 0
  all = 0

  constructor(db: Database) {
    this.#db = db
    this.#stop = db.watch((store, key) => {
      if (store === 'trail') this.#isDisturbed = true
      const keys = this.#changed.get(store) ?? new Set()
      this.#changed.set(store, keys.add(key))
    })
  }

  /** @param first what stands before all rows */
  async *rows(first: Readonly<Record<string, unknown>>): AsyncGenerator<Bytes> {
    try {
      for (const store of backedUpStores) this.all += await this.#db.count(store)
      yield writeBackupRows([{ store: 'backup', row: first, body: noBody }])
      for (const store of backedUpStores) yield* this.#store(store)
      yield* this.#rest()
    } finally {
      this.#stop()
    }
  }

  async *#store(store: StoreName): AsyncGenerator<Bytes> {
    let most: number = rowsAtOnce.first
    let next = this.#page(store, null, most)
    for (;;) {
      const rows = (await next).map((row) => asBackupRow(store, row))
      this.#assertUndisturbed()
      const isLast = rows.length < most
      const last = rows.at(-1)
      const after = last ? keyOf(store, last.row) : null
      if (!isLast) {
        // Read while these are sealed.
        most = rowsForNext(rows)
        next = this.#page(store, after, most)
      }
      yield* together(rows)
      this.done += rows.length
      if (store === 'trail' && after !== null) this.#lastTrail = after as number
      if (isLast) return
    }
  }

  /** @throws KeyhearthError `backup-disturbed` */
  #assertUndisturbed(): void {
    if (this.#isDisturbed) throw new KeyhearthError('backup-disturbed')
  }

  #page(store: StoreName, after: string | number | null, most: number) {
    const page: Promise<readonly object[]> = this.#db.page(store, after as never, most)
    // Heard of where it is waited for, unless nobody wants the backup any more.
    page.catch(() => {})
    return page
  }

  /** What changed meanwhile, and what must fit it: in one transaction. */
  async *#rest(): AsyncGenerator<Bytes> {
    const changed = [...this.#changed].flatMap(([store, keys]) =>
      backedUpStores.some((one) => one === store) && store !== 'trail'
        ? [{ store, keys: [...keys] }]
        : [],
    )
    const answers = await this.#db.snapshot([
      { store: 'vault', after: null },
      { store: 'slots', after: null },
      { store: 'trail', after: this.#lastTrail },
      ...changed,
    ])
    this.#assertUndisturbed()
    const [vault = [], slots = [], trail = [], ...others] = answers
    const rows = [
      ...vault.filter(isOfVaultAtLarge).map((row) => asBackupRow('vault', row as object)),
      ...slots.filter(isSlotToKeep).map((row) => asBackupRow('slots', row as object)),
      ...trail.map((row) => asBackupRow('trail', row as object)),
      ...changed.flatMap(({ store, keys }, i) =>
        keys.map((key, at) => {
          const row = others[i]?.[at]
          return row ? asBackupRow(store, row as object) : goneRow(store, key)
        }),
      ),
      { store: 'end', row: {}, body: noBody },
    ]
    yield* together(rows)
  }
}

/** The whole file, to be read as fast as it is taken away. @param settings as the person chose them */
export async function startBackup(
  hsm: SecurityModule,
  vault: UnlockedVault,
  settings: object,
  now: number,
): Promise<{ readonly progress: BackupRowsOf; readonly file: ReadableStream<Uint8Array> }> {
  const context = await backupContext(hsm, vault.vaultId)
  const progress = new BackupRowsOf(hsm.db)
  const first = { format: backupFormat, vaultId: vault.vaultId, createdAt: now, settings }
  const keyring = rawAesKeyring({ ...backupKeyName, wrappingKey: vault.backupKey })
  const options = { suiteId: 0x0478, encryptionContext: context } as const
  const { readable: file, writable } = buildClient().encryptStream(keyring, options)
  void writeAll(progress.rows(first), writable.getWriter())
  return { progress, file }
}

/** What goes wrong, and that nobody takes the file away any more, goes through the stream to its other end. */
async function writeAll(
  pieces: AsyncGenerator<Bytes>,
  writer: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  try {
    for await (const piece of pieces) {
      await writer.ready
      const sealed = writer.write(piece)
      sealed.then(() => release(piece)).catch(() => {})
    }
    await writer.close()
  } catch (error) {
    await writer.abort(error).catch(() => {})
  }
}
