// Every released schema opens in this version with what was in it. A new version adds its line here and
// never edits an older one.

import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { expect, test } from 'vitest'
import { Database } from '../../src/store/database.ts'
import { allStores } from '../../src/store/schema.ts'

const sealed = [
  'keys',
  'materials',
  'aliases',
  'secrets',
  'secretVersions',
  'sites',
  'usage',
  'drafts',
]

/** The database as that version made it, written down apart from the code that makes it today. */
const released: Readonly<Record<number, (name: string) => Promise<void>>> = {
  1: async (name) => {
    const db = await openDB(name, 1, {
      upgrade(made) {
        for (const store of ['device', 'vault', 'slots'])
          made.createObjectStore(store, { keyPath: 'id' })
        made.createObjectStore('trail', { keyPath: 'sequence' })
        for (const store of sealed) {
          made.createObjectStore(store, { keyPath: 'id' }).createIndex('group', 'group')
        }
      },
    })
    for (const store of sealed) {
      await db.put(store, { id: 'row', group: 'g', revision: 3, sealed: new Uint8Array([1, 2]) })
    }
    await db.put('trail', {
      sequence: 1,
      sealedBy: 'vault',
      sealed: new Uint8Array(1),
      hash: new Uint8Array(32),
    })
    db.close()
  },
}

test.each(Object.keys(released).map(Number))(
  'a database of version %i opens whole',
  async (version) => {
    const name = crypto.randomUUID()
    await released[version]?.(name)
    const db = new Database(name)
    const connection = await db.connect()
    expect([...connection.objectStoreNames].sort()).toEqual([...allStores].sort())
    expect(await db.getGroup('secrets', 'group', 'g')).toEqual([
      { id: 'row', group: 'g', revision: 3, sealed: new Uint8Array([1, 2]) },
    ])
    expect(await db.count('trail')).toBe(1)
  },
)

test('a new database is made as the newest released one is', async () => {
  const [fresh, old] = [crypto.randomUUID(), crypto.randomUUID()]
  const newest = Math.max(...Object.keys(released).map(Number))
  await released[newest]?.(old)
  const shape = async (name: string) => {
    const connection = await new Database(name).connect()
    return [...connection.objectStoreNames].map((store) => {
      const { keyPath, indexNames } = connection.transaction(store).store
      return [store, keyPath, [...indexNames]]
    })
  }
  expect(await shape(fresh)).toEqual(await shape(old))
})
