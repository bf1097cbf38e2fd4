// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: which revision
// of each record is the present one.
//
// A row's own authentication says that it was once written for its place, not that it is the newest.
// So every row's revision also stands in one of 256 sealed leaves (by hash of its name), and the leaves'
// revisions stand in one sealed top. An older row, leaf or top put back alone does not fit the others.
// The top names the key slots as well: one that was removed and put back is known by that.
// A whole profile set back to an earlier day fits itself: that is not detected (SECURITY.md).

import { sha256 } from '@noble/hashes/sha2.js'
import { decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import type { Change } from '../store/commit.ts'
import type { Database } from '../store/database.ts'
import type { ManifestRow, SealedStore } from '../store/schema.ts'
import { damaged } from './binding.ts'
import type { ListedDeviceRow } from './deviceRows.ts'
import { isListed, nameOfRow, rowOfName } from './recordForm.ts'
import type { RevisionCounter } from './revisionCounter.ts'
import type { UnlockedVault } from './unlocked.ts'

type Revisions = Map<string, number>

const leafOf = (name: string): number => sha256(encodeUtf8(name))[0] ?? 0
const leafId = (leaf: number) => `leaf-${leaf}` as const
/** Among the leaves in the top; the one without an id says that slots are listed at all. */
const slotEntry = (id: string): string => `slot ${id}`
const slotsListed = slotEntry('')
/** In the same way, with the hash of each (hsm/deviceRows). */
const deviceEntry = (id: string, hash = ''): string =>
  `device ${id}${hash === '' ? '' : ` ${hash}`}`
const deviceListed = deviceEntry('')

/** A row at the revision it has from now on. */
export interface Listed {
  readonly store: SealedStore
  readonly id: string
  readonly revision: number
}

/** A device's own record as it is from now on; no hash for none. */
export interface DeviceRowHash {
  readonly id: ListedDeviceRow
  readonly hash: string
}

/** A key slot that comes or goes. */
export interface SlotChange {
  readonly id: string
  readonly isThere: boolean
}

/** The list of a backup: its top, and its leaves as they are asked for. */
interface ListOfBackup {
  readonly top: ManifestRow
  readonly leaf: (id: ManifestRow['id']) => Promise<ManifestRow | null>
}

/**
 * The rows of a backup's list that become others: with other key slots, those of the device it is restored on, whose own
 * records are listed with the next unlocking, and without some rows.
 * @throws KeyhearthError `record-damaged`
 */
export async function relisted(
  vault: UnlockedVault,
  { top, leaf }: ListOfBackup,
  slots: readonly string[],
  gone: readonly Omit<Listed, 'revision'>[],
): Promise<ManifestRow[]> {
  const leaves = new Map<string, ManifestRow>()
  for (const { store, id } of gone) {
    const name = nameOfRow(store, id)
    const rowId = leafId(leafOf(name))
    const row = leaves.get(rowId) ?? (await leaf(rowId))
    if (!row) throw damaged('list of records')
    const entries = await openRow(vault, row)
    entries.delete(name)
    leaves.set(rowId, await sealRow(vault, rowId, row.revision + 1, entries))
  }
  const before = [...(await openRow(vault, top))].filter(
    ([name]) => !name.startsWith(slotsListed) && !name.startsWith(deviceListed),
  )
  const listed = [slotsListed, ...slots.map(slotEntry)].map((name) => [name, 1] as const)
  const changed = [...leaves.values()].map(({ id, revision }) => [id, revision] as const)
  const entries = new Map([...before, ...changed, ...listed])
  return [...leaves.values(), await sealRow(vault, top.id, top.revision + 1, entries)]
}

const placeOf = (id: ManifestRow['id'], revision: number) => ['manifest', id, String(revision)]

const openRow = async (vault: UnlockedVault, { id, revision, sealed }: ManifestRow) =>
  read(await vault.open(placeOf(id, revision), sealed))

async function sealRow(
  vault: UnlockedVault,
  id: ManifestRow['id'],
  revision: number,
  entries: Revisions,
): Promise<ManifestRow> {
  return { id, revision, sealed: await vault.seal(placeOf(id, revision), write(entries)) }
}

const write = (revisions: Revisions) => encodeUtf8(JSON.stringify([...revisions]))
const read = (bytes: Uint8Array): Revisions =>
  new Map(JSON.parse(decodeUtf8(bytes)) as [string, number][])

function listDeviceRows(leaves: Revisions, rows: readonly DeviceRowHash[]): void {
  if (rows.length > 0) leaves.set(deviceListed, 1)
  for (const { id, hash } of rows) {
    const earlier = [...leaves.keys()].filter((name) => name.startsWith(`${deviceEntry(id)} `))
    for (const name of earlier) leaves.delete(name)
    if (hash !== '') leaves.set(deviceEntry(id, hash), 1)
  }
}

export class Manifest {
  readonly #db: Database
  readonly #vault: UnlockedVault
  #top: Promise<{ revision: number; leaves: Revisions }> | null = null
  readonly #leaves = new Map<number, Promise<Revisions>>()
  readonly #counter: RevisionCounter

  constructor(db: Database, vault: UnlockedVault, counter: RevisionCounter) {
    this.#db = db
    this.#vault = vault
    this.#counter = counter
  }

  /** Whether the database was set back to an earlier day, as far as what stands outside of it knows. */
  async isSetBack(): Promise<boolean> {
    return this.#counter.isAhead((await this.#present()).revision)
  }

  /** From here on this is the newest there is. */
  async acceptAsNewest(): Promise<void> {
    await this.#counter.accept((await this.#present()).revision)
  }

  /** Every row there must be, of the stores whose rows are listed. */
  async all(): Promise<Listed[]> {
    await this.preload()
    const listed: Listed[] = []
    for (const [name] of (await this.#present()).leaves) {
      if (!name.startsWith('leaf-')) continue
      for (const [row, revision] of await this.#leaf(Number(name.slice('leaf-'.length)))) {
        const { store, id } = rowOfName(row)
        listed.push({ store: store as SealedStore, id, revision })
      }
    }
    return listed
  }

  /** The revision a row must have; 0 where there must be none; `null` where rows are not listed. */
  async revisionOf(store: SealedStore, id: string): Promise<number | null> {
    if (!isListed(store)) return null
    const name = nameOfRow(store, id)
    return (await this.#leaf(leafOf(name))).get(name) ?? 0
  }

  /** Every leaf in one read: asking for them one by one is slow where many rows are to be checked. */
  async preload(): Promise<void> {
    await this.#present()
    for (const row of await this.#db.getAll('vault')) {
      if (row.id.startsWith('leaf-') && 'sealed' in row) this.#preloadLeaf(row)
    }
  }

  #preloadLeaf(row: ManifestRow): void {
    const leaf = Number(row.id.slice('leaf-'.length))
    if (this.#leaves.has(leaf)) return
    const loading = this.#checkLeaf(leafId(leaf), this.#openRow(row))
    this.#leaves.set(leaf, loading)
    loading.catch(() => this.#leaves.delete(leaf))
  }

  /** Ids of the key slots there must be; `null` where an earlier version listed none. */
  async slotIds(): Promise<ReadonlySet<string> | null> {
    const { leaves } = await this.#present()
    if (!leaves.has(slotsListed)) return null
    const entries = [...leaves.keys()].filter((name) => name.startsWith(slotsListed))
    return new Set(entries.map((name) => name.slice(slotsListed.length)).filter((id) => id !== ''))
  }

  /** The hash of each of a device's own records that there must be; `null` where an earlier version listed none. */
  async deviceRows(): Promise<ReadonlyMap<string, string> | null> {
    const { leaves } = await this.#present()
    if (!leaves.has(deviceListed)) return null
    const entries = [...leaves.keys()].filter((name) => name.startsWith(deviceListed))
    return new Map(
      entries.flatMap((name) => {
        const [id = '', hash] = name.slice(deviceListed.length).split(' ')
        return hash === undefined ? [] : [[id, hash] as const]
      }),
    )
  }

  /** Counts commits, never repeats: a record deleted and made again does not take an old revision. */
  async nextRevision(): Promise<number> {
    return (await this.#present()).revision + 1
  }

  /**
   * The manifest after these rows are written and removed, as changes for the same transaction, and
   * what to call once it has committed. Callers run one at a time (gate/dispatch).
   */
  async advance(
    puts: readonly Listed[],
    removals: readonly { readonly store: SealedStore; readonly id: string }[],
    slots: readonly SlotChange[],
    deviceRows: readonly DeviceRowHash[],
  ): Promise<{ changes: Change[]; committed: () => void }> {
    const next = new Map<number, Revisions>()
    const edit = async (store: SealedStore, id: string, revision: number | null) => {
      if (!isListed(store)) return
      const name = nameOfRow(store, id)
      const leaf = leafOf(name)
      const entries = next.get(leaf) ?? new Map(await this.#leaf(leaf))
      next.set(leaf, entries)
      if (revision === null) entries.delete(name)
      else entries.set(name, revision)
    }
    for (const { store, id, revision } of puts) await edit(store, id, revision)
    for (const { store, id } of removals) await edit(store, id, null)
    const moved = await this.#moved(slots)
    if (next.size === 0 && moved.length === 0 && deviceRows.length === 0) {
      return { changes: [], committed: () => {} }
    }
    return this.#write(next, moved, deviceRows)
  }

  /** Without those that go and never were listed: an unlocked vault's own. */
  async #moved(slots: readonly SlotChange[]): Promise<readonly SlotChange[]> {
    if (slots.length === 0) return []
    const { leaves } = await this.#present()
    return slots.filter(({ id, isThere }) => isThere !== leaves.has(slotEntry(id)))
  }

  async #write(
    next: ReadonlyMap<number, Revisions>,
    slots: readonly SlotChange[],
    deviceRows: readonly DeviceRowHash[],
  ) {
    const present = await this.#present()
    const leaves = new Map(present.leaves)
    listDeviceRows(leaves, deviceRows)
    for (const { id, isThere } of slots) {
      leaves.set(slotsListed, 1)
      if (isThere) leaves.set(slotEntry(id), 1)
      else leaves.delete(slotEntry(id))
    }
    const rows: Promise<ManifestRow>[] = []
    for (const [leaf, entries] of next) {
      const id = leafId(leaf)
      const revision = (leaves.get(id) ?? 0) + 1
      leaves.set(id, revision)
      rows.push(sealRow(this.#vault, id, revision, entries))
    }
    // Rows of a backup keep their revisions, which may be from a time that this vault has not seen.
    const seen = [...next.values()].flatMap((entries) => [...entries.values()])
    const newest = seen.reduce((most, one) => Math.max(most, one), present.revision)
    const top = { revision: newest + 1, leaves }
    rows.push(sealRow(this.#vault, 'manifest', top.revision, leaves))
    const changes = (await Promise.all(rows)).map((put): Change => ({ store: 'vault', put }))
    const committed = () => {
      this.#top = Promise.resolve(top)
      this.#counter.note(top.revision)
      for (const [leaf, entries] of next) this.#leaves.set(leaf, Promise.resolve(entries))
    }
    return { changes, committed }
  }

  #present() {
    this.#top ??= this.#load('manifest').then(async (found) => {
      // A vault has a key from its first commit on, which made the list as well.
      if (!found && (await this.#db.count('keys')) > 0) throw damaged('list of records')
      return { revision: found?.revision ?? 0, leaves: found?.entries ?? new Map() }
    })
    this.#top.catch(() => {
      this.#top = null
    })
    return this.#top
  }

  #leaf(leaf: number): Promise<Revisions> {
    const known = this.#leaves.get(leaf)
    if (known) return known
    const loading = this.#loadLeaf(leafId(leaf))
    this.#leaves.set(leaf, loading)
    loading.catch(() => this.#leaves.delete(leaf))
    return loading
  }

  async #loadLeaf(id: `leaf-${number}`): Promise<Revisions> {
    return this.#checkLeaf(id, this.#load(id))
  }

  async #checkLeaf(
    id: `leaf-${number}`,
    loading: Promise<{ readonly revision: number; readonly entries: Revisions } | null>,
  ): Promise<Revisions> {
    const [{ leaves }, found] = await Promise.all([this.#present(), loading])
    if ((leaves.get(id) ?? 0) !== (found?.revision ?? 0)) throw damaged('list of records')
    return found?.entries ?? new Map()
  }

  async #load(id: ManifestRow['id']) {
    const row = await this.#db.get('vault', id)
    return row && 'sealed' in row ? this.#openRow(row as ManifestRow) : null
  }

  async #openRow(row: ManifestRow) {
    return { revision: row.revision, entries: await openRow(this.#vault, row) }
  }
}
