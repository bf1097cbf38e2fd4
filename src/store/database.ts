// store: IndexedDB, its schema, migrations and transactions; the only room that uses idb.
// This file: opening the database and bringing it from any released version to this one.

import { type IDBPDatabase, openDB } from 'idb'
import { databaseName, type KeyhearthSchema, sealedStores } from './schema.ts'

export type Database = IDBPDatabase<KeyhearthSchema>

type Migration = (db: Database) => void

/** Entry n brings version n to n + 1. Released entries never change (tests/unit/store-migrations). */
const migrations: readonly Migration[] = [
  function createFirstSchema(db) {
    db.createObjectStore('device', { keyPath: 'id' })
    db.createObjectStore('vault', { keyPath: 'id' })
    db.createObjectStore('slots', { keyPath: 'id' })
    db.createObjectStore('trail', { keyPath: 'sequence' })
    for (const name of sealedStores) {
      db.createObjectStore(name, { keyPath: 'id' }).createIndex('group', 'group')
    }
  },
]

const schemaVersion = migrations.length

/** Opens (and if need be creates or migrates) the database. A newer one is refused by IndexedDB itself. */
export function openDatabase(name: string = databaseName): Promise<Database> {
  return openDB<KeyhearthSchema>(name, schemaVersion, {
    upgrade(db, oldVersion) {
      for (const migrate of migrations.slice(oldVersion)) migrate(db)
    },
    // A newer Keyhearth wants to migrate: give way, the next call opens again.
    blocking(_current, _blocked, event) {
      ;(event.target as IDBDatabase).close()
    },
  })
}
