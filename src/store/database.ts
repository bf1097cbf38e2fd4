// store: IndexedDB, its schema, migrations and transactions; the only room that uses idb.
// This file: the database, brought from any released version to this one, and opened again when the
// browser closes it (it does so by itself when writing fails, as on a full disk).

import {
  type IDBPDatabase,
  type IDBPTransaction,
  type IndexNames,
  openDB,
  type StoreKey,
  type StoreValue,
} from 'idb'
import { KeyhearthError } from '../protocol/errors.ts'
import { databaseName, type KeyhearthSchema, type SealedRow, type StoreName } from './schema.ts'

export type Connection = IDBPDatabase<KeyhearthSchema>

type Migration = (db: Connection, transaction: Upgrade) => void

type Upgrade = IDBPTransaction<KeyhearthSchema, StoreName[], 'versionchange'>

const firstSealedStores = [
  'keys',
  'materials',
  'aliases',
  'secrets',
  'secretVersions',
  'sites',
  'usage',
  'drafts',
] as const

/** Entry n brings version n to n + 1. Released entries never change (tests/unit/store-migrations). */
const migrations: readonly Migration[] = [
  function createFirstSchema(db) {
    db.createObjectStore('device', { keyPath: 'id' })
    db.createObjectStore('vault', { keyPath: 'id' })
    db.createObjectStore('slots', { keyPath: 'id' })
    db.createObjectStore('trail', { keyPath: 'sequence' })
    for (const name of firstSealedStores) {
      db.createObjectStore(name, { keyPath: 'id' }).createIndex('group', 'group')
    }
  },
  /** Events of version 1 stay as they are: the chain goes on from their head. */
  function addDigests(db) {
    db.createObjectStore('digests', { keyPath: 'number' })
  },
  /** Keys by the page, in the order of their ids; what becomes of which key when; grants. */
  function addKeyLists(db, transaction) {
    transaction.objectStore('keys').createIndex('group-id', ['group', 'id'])
    for (const name of ['schedules', 'grants'] as const) {
      db.createObjectStore(name, { keyPath: 'id' }).createIndex('group', 'group')
    }
  },
  function addBranchKeysAndPeople(db) {
    for (const name of ['branchKeys', 'people'] as const) {
      db.createObjectStore(name, { keyPath: 'id' }).createIndex('group', 'group')
    }
  },
  /** Secrets in blocks (secrets/blocks moves those of earlier versions, once the vault is open). */
  function addSecretBlocks(db) {
    for (const name of ['secretBlocks', 'attachments'] as const) {
      db.createObjectStore(name, { keyPath: 'id' }).createIndex('group', 'group')
    }
  },
  function addCertificates(db) {
    db.createObjectStore('certificates', { keyPath: 'id' }).createIndex('group', 'group')
  },
  function addRestoringAndQuorums(db) {
    db.createObjectStore('restoring', { keyPath: 'id' })
    db.createObjectStore('quorums', { keyPath: 'id' }).createIndex('group', 'group')
  },
]

/** Rows of these keys, or all after one (`null`: from the first). */
export type Wanted =
  | { readonly store: StoreName; readonly keys: readonly (string | number)[] }
  | { readonly store: StoreName; readonly after: string | number | null }

export type Watcher = (store: StoreName, key: string | number) => void

export class Database {
  readonly #name: string
  #connection: Promise<Connection> | null = null
  #ahead: Promise<SealedRow[]> | null = null
  readonly #kept = new Map<string, Promise<unknown>>()
  readonly #watchers = new Set<Watcher>()

  constructor(name: string = databaseName) {
    this.#name = name
  }

  /** @throws KeyhearthError `storage-newer`; `storage-unavailable` where the browser keeps nothing, or cannot now */
  connect(): Promise<Connection> {
    this.#connection ??= this.#open()
    return this.#connection
  }

  async #open(): Promise<Connection> {
    const forget = () => {
      this.#connection = null
    }
    try {
      return await openDB<KeyhearthSchema>(this.#name, migrations.length, {
        upgrade(db, oldVersion, _newVersion, transaction) {
          // That it was cut off, the opening itself says.
          transaction.done.catch(() => {})
          for (const migrate of migrations.slice(oldVersion)) migrate(db, transaction)
        },
        // A newer Keyhearth wants to migrate: give way, the next call opens again.
        blocking(_current, _blocked, event) {
          forget()
          ;(event.target as IDBDatabase).close()
        },
        terminated: forget,
      })
    } catch (cause) {
      forget()
      // IndexedDB 3.0 section 4.3: what is stored is of a higher version. It is whole, and for a newer Keyhearth.
      const isNewer = cause instanceof DOMException && cause.name === 'VersionError'
      throw new KeyhearthError(isNewer ? 'storage-newer' : 'storage-unavailable', {}, { cause })
    }
  }

  /** Does its work on the connection; once more on a new one where the old had been closed under it. */
  async use<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    try {
      return await work(await this.connect())
    } catch (error) {
      // IndexedDB 3.0 section 5.4: `transaction()` on a closing connection; nothing has begun then.
      if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error
      this.#connection = null
      return work(await this.connect())
    }
  }

  get<Name extends StoreName>(
    store: Name,
    key: StoreKey<KeyhearthSchema, Name>,
  ): Promise<StoreValue<KeyhearthSchema, Name> | undefined> {
    return this.use((db) => db.get(store, key))
  }

  getAll<Name extends StoreName>(store: Name): Promise<StoreValue<KeyhearthSchema, Name>[]> {
    return this.use((db) => db.getAll(store))
  }

  /**
   * As `get`, from memory where it was read since it was last written: for the few rows that each window of the
   * extension asks about when it opens. Nobody writes but `commit`, in this worker.
   */
  getKept<Name extends StoreName>(
    store: Name,
    key: StoreKey<KeyhearthSchema, Name> & string,
  ): Promise<StoreValue<KeyhearthSchema, Name> | undefined> {
    return this.#keep(`${store}/${key}`, () => this.get(store, key))
  }

  /** As `getAll`, in the same way. */
  async getAllKept<Name extends StoreName>(
    store: Name,
  ): Promise<StoreValue<KeyhearthSchema, Name>[]> {
    return [...(await this.#keep(`${store}/`, () => this.getAll(store)))]
  }

  #keep<T>(name: string, read: () => Promise<T>): Promise<T> {
    const kept = this.#kept.get(name) as Promise<T> | undefined
    if (kept) return kept
    const reading = read()
    this.#kept.set(name, reading)
    reading.catch(() => {
      if (this.#kept.get(name) === reading) this.#kept.delete(name)
    })
    return reading
  }

  /** For `commit` alone, once it has written there. @param key `null` where that may be any */
  forgetKept(store: StoreName, key: string | number | null): void {
    if (key === null) this.#kept.clear()
    for (const name of [`${store}/${key}`, `${store}/`]) this.#kept.delete(name)
  }

  getGroup<Name extends StoreName>(
    store: Name,
    index: IndexNames<KeyhearthSchema, Name>,
    group: string,
  ): Promise<StoreValue<KeyhearthSchema, Name>[]> {
    return this.use((db) => db.getAllFromIndex(store, index, group as never))
  }

  /**
   * Begins to read all secret blocks. At a hundred thousand secrets that takes as long as making a key of a
   * passphrase, so it is done meanwhile; the rows are as sealed as on the disk.
   */
  readBlocksAhead(): void {
    // Where that fails, whoever asks for them reads, and hears of it, then.
    this.#ahead = this.getAll('secretBlocks').catch(() => [])
  }

  /** What was read ahead is not, or no longer, what there is. */
  forgetBlocksAhead(): void {
    this.#ahead = null
  }

  /** A group of secret blocks: from what was read ahead, where that is all of it. */
  async blocksOf(group: string): Promise<SealedRow[]> {
    const ahead = this.#ahead
    if (ahead) {
      const known = (await ahead).filter((row) => row.group === group)
      const count = await this.use((db) => db.countFromIndex('secretBlocks', 'group', group))
      const isAll = ahead === this.#ahead && known.length === count
      // Kept for this one question: they are large.
      this.#ahead = null
      if (isAll) return known
    }
    return this.getGroup('secretBlocks', 'group', group)
  }

  /** The rows of these ids, in their order, read at once. */
  getMany<Name extends StoreName>(
    store: Name,
    keys: readonly StoreKey<KeyhearthSchema, Name>[],
  ): Promise<(StoreValue<KeyhearthSchema, Name> | undefined)[]> {
    return this.use((db) => {
      const rows = db.transaction(store, 'readonly').store
      return Promise.all(keys.map((key) => rows.get(key)))
    })
  }

  /** Rows in the order of their keys: those after `after`, at most so many. */
  page<Name extends StoreName>(
    store: Name,
    after: StoreKey<KeyhearthSchema, Name> | null,
    most: number,
  ): Promise<StoreValue<KeyhearthSchema, Name>[]> {
    const range = after === null ? null : IDBKeyRange.lowerBound(after, true)
    return this.use((db) => db.getAll(store, range as never, most))
  }

  /**
   * What stands in these stores at one moment: all rows after a key, or those of some keys. One transaction; what
   * is asked for must not depend on what it answers, for awaiting anything else would end it.
   */
  snapshot(wanted: readonly Wanted[]): Promise<readonly (readonly unknown[])[]> {
    return this.use(async (db) => {
      const transaction = db.transaction([...new Set(wanted.map(({ store }) => store))], 'readonly')
      const answers = wanted.map(async (one) => {
        const rows = transaction.objectStore(one.store)
        if ('keys' in one) return Promise.all(one.keys.map((key) => rows.get(key as never)))
        const range = one.after === null ? null : IDBKeyRange.lowerBound(one.after, true)
        return rows.getAll(range as never)
      })
      const [all] = await Promise.all([Promise.all(answers), transaction.done])
      return all
    })
  }

  /** Tells of every row that is about to be written or removed, until it is called off. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
  }

  /** For `commit` alone. */
  tellWatchers(...told: Parameters<Watcher>): void {
    for (const watcher of this.#watchers) watcher(...told)
  }

  /** Ids of a group's rows, in their order: those after `after`, at most so many. */
  idsAfter(store: 'keys', group: string, after: string, most: number): Promise<string[]> {
    const range = IDBKeyRange.bound([group, after], [group, []], true)
    return this.use((db) => db.getAllKeysFromIndex(store, 'group-id', range as never, most))
  }

  /** How many rows a group has. */
  countGroup(store: 'keys' | 'branchKeys', group: string): Promise<number> {
    return this.use((db) => db.countFromIndex(store, 'group', group))
  }

  count(store: StoreName): Promise<number> {
    return this.use((db) => db.count(store))
  }

  async close(): Promise<void> {
    const connection = this.#connection
    this.#connection = null
    ;(await connection)?.close()
  }
}
