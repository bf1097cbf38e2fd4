// store: IndexedDB, its schema, migrations and transactions; the only room that uses idb.
// This file: the one way anything is written: a list of changes and its trail event, all or nothing.

import type { IDBPObjectStore, IDBPTransaction } from 'idb'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Connection, Database } from './database.ts'
import { beginNewLog } from './newLog.ts'
import {
  allStores,
  type KeyhearthSchema,
  type RestoringRow,
  type SealedStore,
  type StoreName,
  type TrailHeadRow,
  type TrailRow,
} from './schema.ts'

interface Put<Name extends StoreName> {
  readonly store: Name
  readonly put: KeyhearthSchema[Name]['value']
}
interface Remove<Name extends StoreName> {
  readonly store: Name
  readonly remove: KeyhearthSchema[Name]['key']
}
/** All rows up to this number. */
interface RemoveUpTo {
  readonly store: 'trail' | 'digests'
  readonly removeUpTo: number
}

/** What waits of a backup takes its place: everything in that of what there was, or the rows of these names. */
interface Restore {
  readonly store: 'restoring'
  /** Which reading of a backup: nothing that waits of another is put anywhere. */
  readonly of: string
  readonly restore: 'everything' | readonly string[]
  /** What waits stays, for what comes next. */
  readonly keep?: true
  /** Made once the rows are there. */
  readonly after: readonly Change[]
}

/** Names a row that waits. @param of the reading of a backup that it came with */
export const waitingId = (of: string, name: string): string => `${of}/${name}`

export type Change =
  | Restore
  | { [Name in PlainStore]: Put<Name> | Remove<Name> }[PlainStore]
  | Put<SealedStore>
  | Remove<SealedStore>
  | RemoveUpTo

/** Makes the next head from the present one, with a row or none; must be synchronous (see below). */
export type AdvanceTrail = (head: TrailHeadRow | null) => {
  readonly row: TrailRow | null
  readonly head: TrailHeadRow
}

type PlainStore = Exclude<StoreName, SealedStore>
type Writing = IDBPTransaction<KeyhearthSchema, StoreName[], 'readwrite'>
type TrailStore = IDBPObjectStore<KeyhearthSchema, StoreName[], 'trail', 'readwrite'>

const passing: ReadonlySet<StoreName> = new Set(['usage', 'drafts'])

/** What one operation writes: all of it or nothing, whoever else is in the same transaction. */
interface Unit {
  readonly changes: readonly Change[]
  readonly advance: AdvanceTrail | null
}

interface Waiting extends Unit {
  readonly settle: (outcome: Promise<void>) => void
}

/** Units that arrive while a transaction is under way share the next one: a commit is what costs. */
interface Queue {
  waiting: Waiting[]
  running: boolean
  /** The trail's head as we last wrote it; `null` where that is not known. */
  head: TrailHeadRow | null
}

const queues = new WeakMap<Database, Queue>()

/**
 * Commits all changes and, in the same transaction, the trail event that tells of them.
 *
 * `advance` hashes synchronously: awaiting WebCrypto would let the transaction end (IndexedDB 3.0
 * section 2.7.1, transactions commit once no request is left).
 *
 * @throws KeyhearthError `storage-full` when the browser has no room; nothing is written then.
 */
export async function commit(
  db: Database,
  changes: readonly Change[],
  advance: AdvanceTrail | null,
): Promise<void> {
  if (changes.length === 0 && advance === null) return
  for (const change of changes) tell(db, change)
  const queue = queues.get(db) ?? { waiting: [], running: false, head: null }
  queues.set(db, queue)
  const outcome = new Promise<void>((settle) => queue.waiting.push({ changes, advance, settle }))
  if (!queue.running) void drain(db, queue)
  return outcome
}

/**
 * Before anything is written: who copies the store looks again at what may have changed under them. Rows of the trail
 * only come (`advance`), and are told of when they go: up to one, or all.
 */
function tell(db: Database, change: Change): void {
  if ('restore' in change) {
    if (change.restore === 'everything') db.tellWatchers('trail', Number.MAX_SAFE_INTEGER)
    else for (const name of change.restore) db.tellWatchers(...rowOf(name))
    for (const one of change.after) tell(db, one)
    return
  }
  const key = 'removeUpTo' in change ? change.removeUpTo : keyOf(change)
  if (key !== null) db.tellWatchers(change.store, key)
}

/** What `waitingId` names, without the reading: sealed rows, whose ids are text. */
function rowOf(name: string): [StoreName, string] {
  const at = name.indexOf('/')
  return [name.slice(0, at) as StoreName, name.slice(at + 1)]
}

/** `null` where it is of more than one row. */
function keyOf(change: Change): string | number | null {
  if ('removeUpTo' in change || 'restore' in change) return null
  if ('remove' in change) return change.remove
  const { put } = change
  if ('id' in put) return put.id
  return 'sequence' in put ? put.sequence : put.number
}

async function drain(db: Database, queue: Queue): Promise<void> {
  queue.running = true
  while (queue.waiting.length > 0) {
    const units = queue.waiting
    queue.waiting = []
    await commitTogether(db, queue, units)
  }
  queue.running = false
}

/** Where one of several cannot be written, each is tried by itself: none fails for another's sake. */
async function commitTogether(
  db: Database,
  queue: Queue,
  units: readonly Waiting[],
): Promise<void> {
  const outcome = write(db, queue, units)
  const failed = await outcome.then(
    () => false,
    (error: unknown) => !(error instanceof KeyhearthError && error.reason === 'storage-full'),
  )
  if (!failed || units.length === 1) {
    for (const { settle } of units) settle(outcome)
    return
  }
  for (const unit of units) {
    const alone = write(db, queue, [unit])
    unit.settle(alone)
    await alone.catch(() => {})
  }
}

async function write(db: Database, queue: Queue, units: readonly Unit[]): Promise<void> {
  await assertRoom()
  try {
    if (logMayBeTorn) await beginNewLog()
    logMayBeTorn = false
    await writeAtHead(db, queue, units)
    if (units.some(writesBlocks)) db.forgetBlocksAhead()
  } catch (cause) {
    if (!isWriteFailure(cause)) throw cause
    logMayBeTorn = true
    roomKnownAt = Number.NEGATIVE_INFINITY
    throw new KeyhearthError('storage-full', {}, { cause })
  } finally {
    for (const { changes } of units) {
      for (const change of changes) db.forgetKept(change.store, keyOf(change))
    }
  }
}

const writesBlocks = ({ changes }: Unit): boolean =>
  changes.some(({ store }) => store === 'secretBlocks' || store === 'restoring')

/** What must be free before anything is written, and for how long one look at it counts. */
const leastRoomBytes = 16 * 1024 * 1024
const roomKnownMs = 1000
let roomKnownAt = Number.NEGATIVE_INFINITY
/** A write failed in spite of that: see newLog. */
let logMayBeTorn = false

/**
 * Refuses while there is still a little room, not when there is none. Where the disk itself runs full in
 * the middle of a write, Chromium's database keeps the torn record, goes on behind it, and at its next
 * start takes the whole for damaged and empties it (seen with Chromium 156, tests/attacks/disk).
 *
 * @throws KeyhearthError `storage-full`
 */
async function assertRoom(): Promise<void> {
  const now = performance.now()
  if (now - roomKnownAt < roomKnownMs) return
  const { quota, usage } = (await globalThis.navigator?.storage?.estimate()) ?? {}
  if (quota !== undefined && usage !== undefined && quota - usage < leastRoomBytes) {
    throw new KeyhearthError('storage-full')
  }
  roomKnownAt = now
}

/**
 * Reading the head costs a third of a transaction, and nobody else writes it; so where nothing but events and
 * counters is written, it is taken from memory. Should somebody have written after all, their row is where
 * ours belongs: nothing is committed then, and it is done again from the head that stands there.
 */
async function writeAtHead(db: Database, queue: Queue, units: readonly Unit[]): Promise<void> {
  const known = isLasting(units) ? null : queue.head
  queue.head = null
  const from = (head: TrailHeadRow | null) =>
    db.use((connection) => writeOn(connection, units, head))
  queue.head = await from(known).catch((cause: unknown) => {
    if (!known || !isTaken(cause)) throw cause
    return from(null)
  })
}

/** Any change of state. Trail lines, counters and half-typed words are none. */
const isLasting = (units: readonly Unit[]): boolean =>
  units.some(({ changes }) => changes.some(({ store }) => !passing.has(store)))

const isTaken = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'ConstraintError'

/** @returns the head that the trail has now, `null` where that was not looked at */
async function writeOn(
  db: Connection,
  units: readonly Unit[],
  known: TrailHeadRow | null,
): Promise<TrailHeadRow | null> {
  const changes = units.flatMap((unit) => unit.changes)
  const advances = units.flatMap(({ advance }) => (advance ? [advance] : []))
  const restores = changes.some((change) => 'restore' in change)
  const stores = new Set<StoreName>(restores ? allStores : changes.map((change) => change.store))
  if (advances.length > 0) stores.add('trail').add('vault')
  // State must survive a power cut; a trail line, a counter or a half-typed word need not wait for it.
  const durability = isLasting(units) ? 'strict' : 'relaxed'
  const transaction = db.transaction([...stores], 'readwrite', { durability })
  // Every request's own failure arrives through `done`; unobserved ones must not surface twice.
  const done = transaction.done
  done.catch(() => {})
  try {
    for (const change of changes) if ('restore' in change) await putInPlace(transaction, change)
    apply(transaction, changes)
    const head = advances.length > 0 ? await advanceTrail(transaction, advances, known) : null
    // All is asked for: the browser need not wait to see whether more comes.
    transaction.commit()
    await done
    return head
  } catch (cause) {
    abort(transaction)
    throw transaction.error ?? cause
  }
}

function apply(transaction: Writing, changes: readonly Change[]): void {
  for (const change of changes) {
    if ('restore' in change) apply(transaction, change.after)
    else request(transaction, change).catch(() => {})
  }
}

/** Stays in the transaction: nothing else is awaited. Some rows at a time, for there may be any number. */
async function putInPlace(transaction: Writing, { of, restore, keep }: Restore): Promise<void> {
  const waiting = transaction.objectStore('restoring')
  const put = ({ store, row }: RestoringRow) => transaction.objectStore(store).put(row as never)
  if (restore !== 'everything') {
    for (const name of restore) {
      const found = await waiting.get(waitingId(of, name))
      if (found) put(found).catch(() => {})
    }
    if (!keep) await waiting.clear()
    return
  }
  for (const store of allStores) {
    if (store !== 'restoring') await transaction.objectStore(store).clear()
  }
  const last = waitingId(of, '\uffff')
  for (let after = waitingId(of, ''); ; ) {
    const range = IDBKeyRange.bound(after, last, true)
    const rows: RestoringRow[] = await waiting.getAll(range, restoredAtOnce)
    for (const row of rows) put(row).catch(() => {})
    after = rows.at(-1)?.id ?? after
    if (rows.length < restoredAtOnce) break
  }
  await waiting.clear()
}

const restoredAtOnce = 64

function request(transaction: Writing, change: Exclude<Change, Restore>): Promise<unknown> {
  const store = transaction.objectStore(change.store)
  if ('put' in change) return store.put(change.put as never)
  if ('remove' in change) return store.delete(change.remove as never)
  return store.delete(IDBKeyRange.upperBound(change.removeUpTo) as never)
}

async function advanceTrail(
  transaction: Writing,
  advances: readonly AdvanceTrail[],
  known: TrailHeadRow | null,
): Promise<TrailHeadRow | null> {
  const vault = transaction.objectStore('vault')
  const trail = transaction.objectStore('trail')
  let head = known ?? ((await vault.get('trail-head')) as TrailHeadRow | undefined) ?? null
  for (const advance of advances) {
    const next = advance(head)
    if (next.row) writeRow(trail, next.row, known !== null).catch(() => {})
    head = next.head
  }
  if (head) vault.put(head).catch(() => {})
  return head
}

/** A row that somebody put behind the head must not keep the vault from writing: it is written over. */
const writeRow = (trail: TrailStore, row: TrailRow, mustBeNew: boolean): Promise<number> =>
  mustBeNew ? trail.add(row) : trail.put(row)

function abort(transaction: Writing): void {
  try {
    transaction.abort()
  } catch {
    // Already finished: a transaction that failed has aborted by itself.
  }
}

/**
 * Browsers say QuotaExceededError where their own limit is met. Where the disk itself is full, Chromium
 * says UnknownError or AbortError and closes the connection: nothing was committed then either.
 */
const isWriteFailure = (error: unknown): boolean =>
  error instanceof DOMException &&
  ['QuotaExceededError', 'UnknownError', 'AbortError'].includes(error.name)
