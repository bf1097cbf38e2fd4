// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: which revision
// of each record is the present one.
//
// A row's own authentication says that it was once written for its place, not that it is the newest.
// So every row's revision also stands in one of 256 sealed leaves (by hash of its name), and the leaves'
// revisions stand in one sealed top. An older row, leaf or top put back alone does not fit the others.
// A whole profile set back to an earlier day fits itself: that is not detected (SECURITY.md).

import { sha256 } from '@noble/hashes/sha2.js'
import { decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import type { Change } from '../store/commit.ts'
import type { Database } from '../store/database.ts'
import type { ManifestRow, SealedRow, SealedStore } from '../store/schema.ts'
import { damaged } from './binding.ts'
import type { UnlockedVault } from './unlocked.ts'

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

type Revisions = Map<string, number>

const rowName = (store: SealedStore, id: string): string => `${store}/${id}`
const leafOf = (name: string): number => sha256(encodeUtf8(name))[0] ?? 0
const leafId = (leaf: number) => `leaf-${leaf}` as const

const write = (revisions: Revisions) => encodeUtf8(JSON.stringify([...revisions]))
const read = (bytes: Uint8Array): Revisions =>
  new Map(JSON.parse(decodeUtf8(bytes)) as [string, number][])

export class Manifest {
  readonly #db: Database
  readonly #vault: UnlockedVault
  #top: Promise<{ revision: number; leaves: Revisions }> | null = null
  readonly #leaves = new Map<number, Promise<Revisions>>()

  constructor(db: Database, vault: UnlockedVault) {
    this.#db = db
    this.#vault = vault
  }

  /** The revision a row must have; 0 where there must be none; `null` where rows are not listed. */
  async revisionOf(store: SealedStore, id: string): Promise<number | null> {
    if (unlisted.has(store)) return null
    const name = rowName(store, id)
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

  /** Counts commits, never repeats: a record deleted and made again does not take an old revision. */
  async nextRevision(): Promise<number> {
    return (await this.#present()).revision + 1
  }

  /**
   * The manifest after these rows are written and removed, as changes for the same transaction, and
   * what to call once it has committed. Callers run one at a time (gate/dispatch).
   */
  async advance(
    puts: readonly { readonly store: SealedStore; readonly row: SealedRow }[],
    removals: readonly { readonly store: SealedStore; readonly id: string }[],
  ): Promise<{ changes: Change[]; committed: () => void }> {
    const next = new Map<number, Revisions>()
    const edit = async (store: SealedStore, id: string, revision: number | null) => {
      if (unlisted.has(store)) return
      const name = rowName(store, id)
      const leaf = leafOf(name)
      const entries = next.get(leaf) ?? new Map(await this.#leaf(leaf))
      next.set(leaf, entries)
      if (revision === null) entries.delete(name)
      else entries.set(name, revision)
    }
    for (const { store, row } of puts) await edit(store, row.id, row.revision)
    for (const { store, id } of removals) await edit(store, id, null)
    if (next.size === 0) return { changes: [], committed: () => {} }
    return this.#write(next)
  }

  async #write(next: ReadonlyMap<number, Revisions>) {
    const present = await this.#present()
    const leaves = new Map(present.leaves)
    const rows: Promise<ManifestRow>[] = []
    for (const [leaf, entries] of next) {
      const id = leafId(leaf)
      const revision = (leaves.get(id) ?? 0) + 1
      leaves.set(id, revision)
      rows.push(this.#seal(id, revision, write(entries)))
    }
    const top = { revision: present.revision + 1, leaves }
    rows.push(this.#seal('manifest', top.revision, write(leaves)))
    const changes = (await Promise.all(rows)).map((put): Change => ({ store: 'vault', put }))
    const committed = () => {
      this.#top = Promise.resolve(top)
      for (const [leaf, entries] of next) this.#leaves.set(leaf, Promise.resolve(entries))
    }
    return { changes, committed }
  }

  async #seal(id: ManifestRow['id'], revision: number, plaintext: Uint8Array<ArrayBuffer>) {
    const sealed = await this.#vault.seal(['manifest', id, String(revision)], plaintext)
    return { id, revision, sealed }
  }

  #present() {
    this.#top ??= this.#load('manifest').then((found) => ({
      revision: found?.revision ?? 0,
      leaves: found?.entries ?? new Map(),
    }))
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
    const place = ['manifest', row.id, String(row.revision)]
    return { revision: row.revision, entries: read(await this.#vault.open(place, row.sealed)) }
  }
}
