// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: sealed records,
// read and staged. What a service reads is checked to be the newest; what it stages is written together.

import { type Change, commit } from '../store/commit.ts'
import type { Database } from '../store/database.ts'
import type { SealedRow, SealedStore } from '../store/schema.ts'
import { damaged } from './binding.ts'
import { Counts } from './counts.ts'
import {
  hashOfDeviceRow,
  isListedDeviceRow,
  type ListedDeviceRow,
  listedDeviceRows,
  presentHash,
} from './deviceRows.ts'
import { type DeviceRowHash, type Listed, Manifest, type SlotChange } from './manifest.ts'
import type { Memory } from './memory.ts'
import { nameOfRow, placeOfRow, readRecord, writeRecord } from './recordForm.ts'
import { RevisionCounter } from './revisionCounter.ts'
import type { UnlockedVault } from './unlocked.ts'

/** A kind of record: where it lies and, by its type, what it holds. Made once per kind. */
export interface RecordKind<Value> {
  readonly store: SealedStore
  /** Never read: carries the type. */
  readonly value?: Value
}

export const recordKind = <Value>(store: SealedStore): RecordKind<Value> => ({ store })

interface Read {
  readonly revision: number
  readonly value: unknown
}

interface StagedPut {
  readonly store: SealedStore
  readonly id: string
  readonly group: string | null
  readonly value: unknown
  /** A count of something that comes often (hsm/counts). */
  readonly counts?: boolean
}

/** Read with every use of a key that no policy allows. */
const keptGroups: ReadonlySet<SealedStore> = new Set(['grants'] as const)
const mostAbsent = 1024
const blocksAtOnce = 32

/** Values are as large as people make them, and read rarely; blocks are kept by the secrets room itself. */
const forgotten: ReadonlySet<SealedStore> = new Set([
  'secretVersions',
  'secretBlocks',
  'attachments',
] as const)

export class Records {
  readonly #db: Database
  readonly #vault: UnlockedVault
  readonly #manifest: Manifest
  readonly #cache = new Map<string, Read>()
  readonly #groups = new Map<string, readonly unknown[]>()
  readonly #absent = new Set<string>()
  /** Grows with every commit: what was read meanwhile may be what stood there before. */
  #commits = 0
  readonly #counts = new Counts<StagedPut>(() => this.#writeCounts())

  constructor(db: Database, vault: UnlockedVault, memory: Memory) {
    this.#db = db
    this.#vault = vault
    this.#manifest = new Manifest(db, vault, new RevisionCounter(memory, vault))
  }

  /** Whether the database was set back to an earlier day (hsm/revisionCounter). */
  isSetBack(): Promise<boolean> {
    return this.#manifest.isSetBack()
  }

  acceptAsNewest(): Promise<void> {
    return this.#manifest.acceptAsNewest()
  }

  /** Every row there must be, of the stores whose rows are listed. */
  allListed(): Promise<Listed[]> {
    return this.#manifest.all()
  }

  /** Which of these rows are missing, altered, or not of their revision. */
  async damagedOf(store: SealedStore, rows: readonly Omit<Listed, 'store'>[]): Promise<string[]> {
    const found = (await this.#db.getMany(
      store,
      rows.map(({ id }) => id),
    )) as (SealedRow | undefined)[]
    const bad = await Promise.all(
      found.map(async (row, i) => {
        if (!row || row.revision !== rows[i]?.revision) return true
        return this.#vault.open(placeOfRow(store, row), row.sealed).then(
          () => false,
          () => true,
        )
      }),
    )
    return rows.filter((_row, i) => bad[i]).map(({ id }) => id)
  }

  /** @throws KeyhearthError `record-damaged` where the row is missing, altered or not the newest. */
  async get<Value>(kind: RecordKind<Value>, id: string): Promise<Value | null> {
    const name = nameOfRow(kind.store, id)
    const cached = this.#cache.get(name)
    if (cached) return cached.value as Value
    if (this.#absent.has(name)) return null
    const commits = this.#commits
    const row = await this.#db.get(kind.store, id)
    const expected = await this.#manifest.revisionOf(kind.store, id)
    if (expected !== null && expected !== (row?.revision ?? 0)) throw damaged(kind.store)
    if (row) return (await this.#open(kind.store, row)) as Value
    if (commits === this.#commits) this.#rememberAbsent(name)
    return null
  }

  /** As `get`, for what is no loss: a counter that was damaged begins anew, and keeps nobody from working. */
  getIfWhole<Value>(kind: RecordKind<Value>, id: string): Promise<Value | null> {
    return this.get(kind, id).catch(() => null)
  }

  /**
   * Records whose revisions their owner keeps, in the order asked for: those named in another record.
   *
   * @throws KeyhearthError `record-damaged` where one is missing, altered or not of that revision
   */
  async getAt<Value>(
    kind: RecordKind<Value>,
    wanted: readonly { readonly id: string; readonly revision: number }[],
  ): Promise<Value[]> {
    const ids = wanted.map(({ id }) => id)
    const rows = await this.#db.getMany(kind.store, ids)
    return Promise.all(
      rows.map(async (row, i) => {
        if (!row || row.revision !== wanted[i]?.revision) throw damaged(kind.store)
        return (await this.#open(kind.store, row as SealedRow)) as Value
      }),
    )
  }

  /** A record as it lies there, with its revision; `null` for none. For moving what an earlier version wrote. */
  async revisionNow<Value>(
    kind: RecordKind<Value>,
    id: string,
  ): Promise<{ readonly revision: number; readonly value: Value } | null> {
    const row = (await this.#db.get(kind.store, id)) as SealedRow | undefined
    if (!row) return null
    return { revision: row.revision, value: (await this.#open(kind.store, row)) as Value }
  }

  /** The revision that what is staged now will have: operations that change something run alone. */
  nextRevision(): Promise<number> {
    return this.#manifest.nextRevision()
  }

  /** Ids of the key slots there must be; `null` where an earlier version listed none. */
  slotIds(): Promise<ReadonlySet<string> | null> {
    return this.#manifest.slotIds()
  }

  /** The hashes of a device's own records (hsm/deviceRows); `null` where an earlier version listed none. */
  deviceRows(): Promise<ReadonlyMap<string, string> | null> {
    return this.#manifest.deviceRows()
  }

  /**
   * Those that are written are listed, and those that are settled. One that was set back is so until the person accepts
   * it, unless it is written from what they are shown.
   */
  async #listedNow(written: readonly DeviceRowHash[], settled: ReadonlySet<ListedDeviceRow>) {
    if (written.length === 0 && settled.size === 0) return []
    const listed = await this.#manifest.deviceRows()
    const rows = new Map(written.map((row) => [row.id, row]))
    for (const id of listed ? settled : listedDeviceRows) {
      rows.set(id, rows.get(id) ?? { id, hash: await presentHash(this.#db, id) })
    }
    const counts = async ({ id }: DeviceRowHash) =>
      id !== 'blocked' ||
      settled.has(id) ||
      !listed ||
      (listed.get(id) ?? '') === (await presentHash(this.#db, id))
    const all = [...rows.values()]
    const counted = await Promise.all(all.map(counts))
    return all.filter((_row, i) => counted[i])
  }

  /** The revision a row must have; 0 where there must be none; `null` where rows of that store are not listed. */
  revisionOf(store: SealedStore, id: string): Promise<number | null> {
    return this.#manifest.revisionOf(store, id)
  }

  /** Reads all of the list of revisions at once, for those who will look at many records. */
  preload(): Promise<void> {
    return this.#manifest.preload()
  }

  /** Every record of a store, with its id: for moving what an earlier version wrote. */
  async all(store: 'secrets'): Promise<{ readonly row: SealedRow; readonly value: unknown }[]> {
    const rows = await this.#db.getAll(store)
    return Promise.all(
      rows.map(async (row) => {
        if ((await this.#manifest.revisionOf(store, row.id)) !== row.revision) throw damaged(store)
        return { row, value: await this.#open(store, row) }
      }),
    )
  }

  /** Every record of a group, in the order of their ids. */
  async list<Value>(kind: RecordKind<Value>, group: string): Promise<Value[]> {
    const name = nameOfRow(kind.store, group)
    const known = this.#groups.get(name)
    if (known) return [...(known as readonly Value[])]
    const commits = this.#commits
    const values = await this.#list(kind, group)
    if (keptGroups.has(kind.store) && commits === this.#commits) this.#groups.set(name, values)
    return [...values]
  }

  /** As `list`, without those that are damaged: for what is no loss. */
  async listWhole<Value>(kind: RecordKind<Value>, group: string): Promise<Value[]> {
    const rows = await this.#db.getGroup(kind.store, 'group', group)
    const values = await Promise.all(
      rows.map((row) => this.#openNewest(kind, row).catch(() => null)),
    )
    return values.filter((value) => value !== null)
  }

  async #list<Value>(kind: RecordKind<Value>, group: string): Promise<Value[]> {
    const rows = await this.#db.getGroup(kind.store, 'group', group)
    return Promise.all(rows.map((row) => this.#openNewest(kind, row)))
  }

  /**
   * By id, every secret block of a group that is whole and can be read: for an owner who knows which there must be.
   * Some at a time: all at once would be in memory in several forms, and collecting that costs more than opening.
   */
  async wholeBlocks<Value, Read>(
    kind: RecordKind<Value>,
    group: string,
    read: (value: Value) => Read,
  ): Promise<Map<string, Read>> {
    const rows = (await this.#db.blocksOf(group)).values()
    const whole = new Map<string, Read>()
    const lane = async () => {
      for (const row of rows) {
        const value = await this.#openNewest(kind, row).catch(() => null)
        if (value !== null) whole.set(row.id, read(value))
      }
    }
    await Promise.all(Array.from({ length: blocksAtOnce }, lane))
    return whole
  }

  /** Every record of a kind that is whole and of the present, whatever group it is in. */
  async wholeOf<Value>(
    kind: RecordKind<Value>,
  ): Promise<{ readonly id: string; readonly value: Value }[]> {
    const found: { readonly id: string; readonly value: Value }[] = []
    for (const row of await this.#db.getAll(kind.store)) {
      const value = await this.#openNewest(kind, row).catch(() => null)
      if (value !== null) found.push({ id: row.id, value })
    }
    return found
  }

  async #openNewest<Value>({ store }: RecordKind<Value>, row: SealedRow): Promise<Value> {
    const expected = await this.#manifest.revisionOf(store, row.id)
    if (expected !== null && expected !== row.revision) throw damaged(store)
    return (await this.#open(store, row)) as Value
  }

  /**
   * Ids of a group's records, in their order: those after `after`, at most so many. None is opened: a
   * list of 10,000 costs what one of 100 does.
   */
  async idsAfter(store: 'keys', group: string, after: string, most: number): Promise<string[]> {
    const ids = await this.#db.idsAfter(store, group, after, most)
    for (const id of ids) {
      if ((await this.#manifest.revisionOf(store, id)) === 0) throw damaged(store)
    }
    return ids
  }

  async #open(store: SealedStore, row: SealedRow): Promise<unknown> {
    const name = nameOfRow(store, row.id)
    const cached = this.#cache.get(name)
    if (cached && cached.revision === row.revision) return cached.value
    const value = readRecord(store, await this.#vault.open(placeOfRow(store, row), row.sealed))
    this.#remember(store, row, value)
    return value
  }

  #remember(store: SealedStore, { id, revision }: SealedRow, value: unknown): void {
    if (!forgotten.has(store)) this.#cache.set(nameOfRow(store, id), { revision, value })
  }

  /** A page can ask for any number of names that nobody has. */
  #rememberAbsent(name: string): void {
    if (this.#absent.size >= mostAbsent) this.#absent.clear()
    this.#absent.add(name)
  }

  /**
   * Seals what was staged and brings the manifest up to date; the changes belong in one commit.
   * @param all counts as well, which may wait otherwise
   */
  async seal(
    staged: Partial<
      Pick<Staged, 'puts' | 'removals' | 'slots' | 'adopted' | 'deviceRows' | 'settled'>
    >,
    all = true,
  ): Promise<{ changes: Change[]; committed: () => void }> {
    const { removals = [], adopted = [], slots = [] } = staged
    const { puts, waiting } = this.#counts.take(staged.puts ?? [], all)
    const rows = await Promise.all(
      puts.map(async (put) => ({ store: put.store, row: await this.#sealRow(put) })),
    )
    const listed = rows.map(({ store, row: { id, revision } }) => ({ store, id, revision }))
    const deviceRows = await this.#listedNow(
      staged.deviceRows ?? [],
      staged.settled ?? new Set<ListedDeviceRow>(),
    )
    const manifest = await this.#manifest.advance(
      [...listed, ...adopted],
      removals,
      slots,
      deviceRows,
    )
    const changes: Change[] = [
      ...rows.map(({ store, row }): Change => ({ store, put: row })),
      ...removals.map(({ store, id }): Change => ({ store, remove: id })),
      ...manifest.changes,
    ]
    const committed = () => {
      if (changes.length > 0) this.#commits++
      for (const { store, id } of [...removals, ...adopted]) this.#forget(store, id)
      for (const [i, { store, row }] of rows.entries()) {
        this.#changed(store, row.id)
        this.#remember(store, row, this.#counts.newest(nameOfRow(store, row.id)) ?? puts[i]?.value)
      }
      for (const put of waiting) this.#wait(put)
      manifest.committed()
    }
    return { changes, committed }
  }

  /** Rows were put back that could not be read before. */
  forgetAll(): void {
    this.#commits++
    this.#cache.clear()
    this.#groups.clear()
    this.#absent.clear()
  }

  #changed(store: SealedStore, id: string): void {
    this.#absent.delete(nameOfRow(store, id))
    if (keptGroups.has(store)) this.#groups.clear()
  }

  #forget(store: SealedStore, id: string): void {
    this.#changed(store, id)
    this.#cache.delete(nameOfRow(store, id))
    this.#counts.forget(nameOfRow(store, id))
  }

  /** Whoever reads meets the newest count, at the revision that is written. */
  #wait(put: StagedPut): void {
    const name = nameOfRow(put.store, put.id)
    const revision = this.#cache.get(name)?.revision
    // Its row was removed meanwhile.
    if (revision === undefined) return
    this.#cache.set(name, { revision, value: put.value })
    this.#counts.wait(put)
  }

  async #writeCounts(): Promise<void> {
    const sealed = await this.seal({})
    await commit(this.#db, sealed.changes, null)
    sealed.committed()
  }

  async #sealRow({ store, id, group, value }: StagedPut): Promise<SealedRow> {
    const revision = await this.#manifest.nextRevision()
    const row = { id, ...(group === null ? {} : { group }), revision }
    return {
      ...row,
      sealed: await this.#vault.seal(placeOfRow(store, row), writeRecord(store, value)),
    }
  }
}

/** What an operation wants written. Nothing is, until the gate commits it with its trail event. */
export class Staged {
  readonly #puts = new Map<string, StagedPut>()
  readonly #removals = new Map<string, { readonly store: SealedStore; readonly id: string }>()
  readonly plain: Change[] = []
  readonly settled = new Set<ListedDeviceRow>()
  readonly #adopted: Listed[] = []

  get puts(): StagedPut[] {
    return [...this.#puts.values()]
  }

  get removals(): { readonly store: SealedStore; readonly id: string }[] {
    return [...this.#removals.values()]
  }

  /** Rows of a backup, which come as they are, at the revisions they have. */
  get adopted(): readonly Listed[] {
    return this.#adopted
  }

  adopt(...rows: readonly Listed[]): void {
    this.#adopted.push(...rows)
  }

  /** Key slots that come and go. Those of an unlocked vault, which end with it, are not listed. */
  get slots(): SlotChange[] {
    return this.plain.flatMap((change): SlotChange[] => {
      if (change.store !== 'slots') return []
      if ('remove' in change) return [{ id: change.remove, isThere: false }]
      return change.put.kind === 'session' ? [] : [{ id: change.put.id, isThere: true }]
    })
  }

  /** A device's own records that are written. */
  get deviceRows(): DeviceRowHash[] {
    return this.plain.flatMap((change): DeviceRowHash[] => {
      if (change.store !== 'device' || !('put' in change) || !('sealed' in change.put)) return []
      const { put } = change
      return isListedDeviceRow(put.id) ? [{ id: put.id, hash: hashOfDeviceRow(put) }] : []
    })
  }

  /** As they lie there they are right. */
  settle(...ids: readonly ListedDeviceRow[]): void {
    for (const id of ids) this.settled.add(id)
  }

  /** The last word on a record counts. */
  put<Value>(kind: RecordKind<Value>, id: string, group: string | null, value: Value): void {
    this.#puts.set(nameOfRow(kind.store, id), { store: kind.store, id, group, value })
    this.#removals.delete(nameOfRow(kind.store, id))
  }

  /** As `put`, for what is no loss if the worker is killed in the same second. */
  count<Value>(kind: RecordKind<Value>, id: string, group: string | null, value: Value): void {
    const put: StagedPut = { store: kind.store, id, group, value, counts: true }
    this.#puts.set(nameOfRow(kind.store, id), put)
  }

  remove(kind: RecordKind<unknown>, id: string): void {
    this.#removals.set(nameOfRow(kind.store, id), { store: kind.store, id })
    this.#puts.delete(nameOfRow(kind.store, id))
  }

  /** Rows that are not sealed under the vault key: slots, device records, attempts. */
  change(...changes: readonly Change[]): void {
    this.plain.push(...changes)
  }
}
