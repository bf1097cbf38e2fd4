// store: IndexedDB, its schema, migrations and transactions; the only room that uses idb.
// This file: the one way anything is written: a list of changes and its trail event, all or nothing.

import type { IDBPTransaction } from 'idb'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Connection, Database } from './database.ts'
import { beginNewLog } from './newLog.ts'
import type { KeyhearthSchema, SealedStore, StoreName, TrailHeadRow, TrailRow } from './schema.ts'

interface Put<Name extends StoreName> {
  readonly store: Name
  readonly put: KeyhearthSchema[Name]['value']
}
interface Remove<Name extends StoreName> {
  readonly store: Name
  readonly remove: KeyhearthSchema[Name]['key']
}

export type Change =
  | { [Name in PlainStore]: Put<Name> | Remove<Name> }[PlainStore]
  | Put<SealedStore>
  | Remove<SealedStore>

/** Makes the next trail row and head from the present head; must be synchronous (see below). */
export type AppendTrail = (head: TrailHeadRow | null) => {
  readonly row: TrailRow
  readonly head: TrailHeadRow
}

type PlainStore = Exclude<StoreName, SealedStore>
type Writing = IDBPTransaction<KeyhearthSchema, StoreName[], 'readwrite'>

const passing: ReadonlySet<StoreName> = new Set(['usage', 'drafts'])

/**
 * Commits all changes and, in the same transaction, the trail event that tells of them.
 *
 * `append` hashes synchronously: awaiting WebCrypto would let the transaction end (IndexedDB 3.0
 * section 2.7.1, transactions commit once no request is left).
 *
 * @throws KeyhearthError `storage-full` when the browser has no room; nothing is written then.
 */
export async function commit(
  db: Database,
  changes: readonly Change[],
  append: AppendTrail | null,
): Promise<void> {
  if (changes.length === 0 && append === null) return
  await assertRoom()
  try {
    if (logMayBeTorn) await beginNewLog()
    logMayBeTorn = false
    await db.use((connection) => commitOn(connection, changes, append))
  } catch (cause) {
    if (!isWriteFailure(cause)) throw cause
    logMayBeTorn = true
    roomKnownAt = Number.NEGATIVE_INFINITY
    throw new KeyhearthError('storage-full', {}, { cause })
  }
}

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

async function commitOn(
  db: Connection,
  changes: readonly Change[],
  append: AppendTrail | null,
): Promise<void> {
  const stores = new Set<StoreName>(changes.map((change) => change.store))
  if (append) stores.add('trail').add('vault')
  // State must survive a power cut; a trail line, a counter or a half-typed word need not wait for it.
  const lasting = changes.some(({ store }) => !passing.has(store))
  const durability = lasting ? 'strict' : 'relaxed'
  const transaction = db.transaction([...stores], 'readwrite', { durability })
  // Every request's own failure arrives through `done`; unobserved ones must not surface twice.
  const done = transaction.done
  done.catch(() => {})
  try {
    apply(transaction, changes)
    if (append) await appendTrail(transaction, append)
    await done
  } catch (cause) {
    abort(transaction)
    throw transaction.error ?? cause
  }
}

function apply(transaction: Writing, changes: readonly Change[]): void {
  for (const change of changes) {
    const store = transaction.objectStore(change.store)
    const request =
      'put' in change ? store.put(change.put as never) : store.delete(change.remove as never)
    request.catch(() => {})
  }
}

async function appendTrail(transaction: Writing, append: AppendTrail): Promise<void> {
  const vault = transaction.objectStore('vault')
  const head = ((await vault.get('trail-head')) as TrailHeadRow | undefined) ?? null
  const next = append(head)
  transaction
    .objectStore('trail')
    .add(next.row)
    .catch(() => {})
  vault.put(next.head).catch(() => {})
}

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
