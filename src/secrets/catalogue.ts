// secrets: Secrets Manager: secrets, their versions and staging labels. This file: the secrets of an account,
// as they lie in the store and in memory.
//
// Secrets lie in blocks of some dozens, each one sealed record: reading 100,000 rows one by one is what costs,
// not opening them (design section 9). A block keeps its id, so one edit writes one block. Which blocks there
// are stands in one record, the directory, so that none is taken away unseen. While the vault is open, what
// was read is kept; only commits of this worker change it.

import type { Bytes } from '../codec/bytes.ts'
import { decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import type { Context } from '../hsm/context.ts'
import { type Records, recordKind } from '../hsm/records.ts'
import { Block, type Head, sizeOf } from './blocks.ts'
import type { SecretRecord } from './records.ts'

/** In bytes. A new secret goes into a block with room; one that grows stays where it is, for long. */
const roomyBlock = 20_000
const largestBlock = 40_000

const blocks = recordKind<Bytes>('secretBlocks')

/** By account, the ids of its blocks. */
type Directory = Readonly<Record<string, readonly string[]>>
const writeDirectory = (accounts: Directory): Bytes => encodeUtf8(JSON.stringify({ accounts }))
const readDirectory = (bytes: Bytes): Directory =>
  (JSON.parse(decodeUtf8(bytes)) as { readonly accounts: Directory }).accounts

const directoryRow = ({ vault }: Context) => vault.label('secret directory', '')
/** What lists the blocks lies among them. */
export const isDirectory = (context: Context, id: string): boolean => id === directoryRow(context)
const groupOf = ({ vault }: Context, account: string) => vault.label('secret blocks', account)

interface Place {
  readonly blockId: string
  readonly head: Head
}

/** Where each secret is. Made when one is first asked for: a list does without. */
interface Index {
  readonly places: Map<string, Place>
  readonly names: Map<string, string>
}

/** One account's secrets in memory. */
export class Catalogue {
  readonly account: string
  /** Those that could not be read: what is not found here may be in one of them. */
  readonly damaged: string[] = []
  readonly #blocks = new Map<string, Block>()
  /** Of those asked about, in bytes. */
  readonly #sizes = new Map<string, number>()
  #made: Index | null = null
  #touched = new Set<string>()

  constructor(account: string) {
    this.account = account
  }

  add(blockId: string, block: Block): void {
    this.#blocks.set(blockId, block)
    this.#sizes.delete(blockId)
    if (this.#made) addTo(this.#made, blockId, block)
  }

  get #index(): Index {
    if (this.#made) return this.#made
    const made: Index = { places: new Map(), names: new Map() }
    for (const [blockId, block] of this.#blocks) addTo(made, blockId, block)
    this.#made = made
    return made
  }

  byId(id: string): SecretRecord | null {
    const found = this.place(id)
    return found ? found.block.open(found.head) : null
  }

  byName(name: string): SecretRecord | null {
    const id = this.#index.names.get(name)
    return id === undefined ? null : this.byId(id)
  }

  hasName(name: string): boolean {
    return this.#index.names.has(name)
  }

  /** In no order that means anything. */
  *all(): Generator<SecretRecord> {
    for (const block of this.#blocks.values()) {
      yield* block.all()
    }
  }

  /** Block by block. */
  get blocks(): Iterable<Block> {
    return this.#blocks.values()
  }

  /** One as it lies in its block, with that block. */
  place(id: string): { readonly head: Head; readonly block: Block } | null {
    const place = this.#index.places.get(id)
    const block = place && this.#blocks.get(place.blockId)
    return place && block ? { head: place.head, block } : null
  }

  /** The blocks that these changes rewrite; nothing of them is in memory before `apply`. */
  plan(changes: Changes): ReadonlyMap<string, Block> {
    const secretsOf = new Map<string, Map<string, SecretRecord>>()
    const sizes = new Map<string, number>()
    const sizeNow = (blockId: string) => sizes.get(blockId) ?? this.#sizeOfBlock(blockId)
    let newest = [...this.#blocks.keys()].at(-1)
    const open = (blockId: string) => {
      const known = secretsOf.get(blockId)
      if (known) return known
      const opened = new Map<string, SecretRecord>()
      for (const secret of this.#blocks.get(blockId)?.all() ?? []) opened.set(secret.id, secret)
      secretsOf.set(blockId, opened)
      return opened
    }
    for (const [id, secret] of changes) {
      const place = this.#index.places.get(id)
      const size = secret ? sizeOf(secret) : 0
      const before = place && this.byId(id)
      if (before) sizes.set(place.blockId, sizeNow(place.blockId) - sizeOf(before))
      const blockId = secret ? roomFor(sizeNow, place?.blockId, newest, size) : place?.blockId
      if (place && place.blockId !== blockId) open(place.blockId).delete(id)
      if (blockId === undefined) continue
      if (!this.#blocks.has(blockId)) newest = blockId
      if (secret) open(blockId).set(id, secret)
      else open(blockId).delete(id)
      sizes.set(blockId, sizeNow(blockId) + size)
    }
    return new Map(
      [...secretsOf].map(([blockId, list]) => [blockId, Block.of(this.account, list.values())]),
    )
  }

  #sizeOfBlock(blockId: string): number {
    const known = this.#sizes.get(blockId)
    if (known !== undefined) return known
    let size = 0
    for (const secret of this.#blocks.get(blockId)?.all() ?? []) size += sizeOf(secret)
    this.#sizes.set(blockId, size)
    return size
  }

  apply(planned: ReadonlyMap<string, Block>): void {
    for (const blockId of planned.keys()) this.#forget(blockId)
    for (const [blockId, block] of planned) {
      this.add(blockId, block)
      for (const [id] of block.heads) this.#touched.add(id)
    }
  }

  /** Ids of secrets that may have changed since this was last asked, for the one that keeps a list of them. */
  takeTouched(): ReadonlySet<string> {
    const touched = this.#touched
    this.#touched = new Set()
    return touched
  }

  #forget(blockId: string): void {
    const { places, names } = this.#index
    for (const [id, name] of this.#blocks.get(blockId)?.heads ?? []) {
      this.#touched.add(id)
      if (places.get(id)?.blockId === blockId) places.delete(id)
      if (names.get(name) === id) names.delete(name)
    }
  }
}

function addTo({ places, names }: Index, blockId: string, block: Block): void {
  for (const head of block.heads) {
    const [id, name] = head
    places.set(id, { blockId, head })
    names.set(name, id)
  }
}

/** By id, what becomes of a secret; `null`: it goes. */
export type Changes = ReadonlyMap<string, SecretRecord | null>

/** The block it is in while that is not too large, else the newest that has room, else a new one. */
function roomFor(
  sizeNow: (blockId: string) => number,
  present: string | undefined,
  newest: string | undefined,
  size: number,
): string {
  if (present !== undefined && sizeNow(present) + size <= largestBlock) return present
  const hasRoom = newest !== undefined && sizeNow(newest) + size <= roomyBlock
  return hasRoom ? newest : crypto.randomUUID()
}

/** What was read since the vault was opened. It goes with the records it was read from. */
interface Kept {
  directory: Promise<Directory> | null
  readonly catalogues: Map<string, Promise<Catalogue>>
}

const kept = new WeakMap<Records, Kept>()

function keptOf({ records }: Context): Kept {
  const known = kept.get(records)
  if (known) return known
  const fresh: Kept = { directory: null, catalogues: new Map() }
  kept.set(records, fresh)
  return fresh
}

/** What was read is read again, where rows were put back that could not be read before. */
export function forgetCatalogues({ records }: Context): void {
  kept.delete(records)
}

/**
 * Where what lists the blocks is damaged itself, it is made again of all blocks that are whole and of the present:
 * the vault's list of revisions knows of each, so none is missing from it unseen.
 */
export async function rebuildDirectory(context: Context): Promise<boolean> {
  const isRead = await directoryOf(context).then(
    () => true,
    () => false,
  )
  if (isRead) return false
  const directory: Record<string, string[]> = {}
  for (const { id, value } of await context.records.wholeOf(blocks)) {
    if (isDirectory(context, id)) continue
    const { account } = Block.read(value)
    directory[account] = [...(directory[account] ?? []), id]
  }
  keptOf(context).directory = Promise.resolve(directory)
  return true
}

function directoryOf(context: Context): Promise<Directory> {
  const mine = keptOf(context)
  mine.directory ??= context.records
    .get(blocks, directoryRow(context))
    .then((bytes) => (bytes ? readDirectory(bytes) : {}))
  mine.directory.catch(() => {
    mine.directory = null
  })
  return mine.directory
}

/** Accounts that have secrets; none where what says so is damaged, which its own row tells of. */
export const allAccounts = (context: Context): Promise<string[]> =>
  directoryOf(context).then(Object.keys, () => [])

/** A block that is missing, altered or not the newest is left out and counted: the others go on. */
export function catalogueOf(context: Context, account = context.account): Promise<Catalogue> {
  const { catalogues } = keptOf(context)
  const known = catalogues.get(account)
  if (known) return known
  const loading = load(context, account)
  catalogues.set(account, loading)
  loading.catch(() => catalogues.delete(account))
  return loading
}

async function load(context: Context, account: string): Promise<Catalogue> {
  const catalogue = new Catalogue(account)
  const wanted = (await directoryOf(context))[account]
  if (!wanted) return catalogue
  await context.records.preload()
  const group = groupOf(context, account)
  const whole = await context.records.wholeBlocks(blocks, group, Block.read)
  for (const blockId of wanted) {
    const block = whole.get(blockId)
    if (block?.account === account) catalogue.add(blockId, block)
    else catalogue.damaged.push(blockId)
  }
  return catalogue
}

/**
 * Stages secrets, by account, to be written or (`null`) removed. Once in an operation: what one call plans, the
 * next does not know of.
 *
 * @param damaged where what was in damaged blocks comes back by this, they are listed no more
 */
export async function stageSecrets(
  context: Context,
  accounts: ReadonlyMap<string, Changes>,
  damaged: 'with damaged ones' | 'without damaged ones' = 'with damaged ones',
): Promise<void> {
  const { staged } = context
  let directory = await directoryOf(context)
  const before = directory
  // What may fail comes before anything is staged.
  const catalogues = await Promise.all(
    [...accounts.keys()].map((account) => catalogueOf(context, account)),
  )
  for (const catalogue of catalogues) {
    const { account } = catalogue
    const changes = accounts.get(account) ?? new Map()
    const planned = catalogue.plan(changes)
    for (const [blockId, block] of planned) {
      staged.put(blocks, blockId, groupOf(context, account), block.write())
    }
    const known = new Set(directory[account])
    const added = [...planned.keys()].filter((blockId) => !known.has(blockId))
    const dropped = damaged === 'without damaged ones' ? [...catalogue.damaged] : []
    for (const blockId of dropped) {
      known.delete(blockId)
      staged.remove(blocks, blockId)
      context.afterCommit(() => {
        catalogue.damaged.length = 0
      })
    }
    if (added.length + dropped.length > 0) {
      directory = { ...directory, [account]: [...known, ...added] }
    }
    context.afterCommit(() => catalogue.apply(planned))
  }
  if (directory === before && damaged === 'with damaged ones') return
  const next = directory
  staged.put(blocks, directoryRow(context), null, writeDirectory(next))
  context.afterCommit(() => {
    keptOf(context).directory = Promise.resolve(next)
  })
}
