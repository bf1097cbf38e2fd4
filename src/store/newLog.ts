// store: IndexedDB, its schema, migrations and transactions; the only room that uses idb.
// This file: making Chromium's database begin a new log after a write that failed.
//
// LevelDB keeps what a full disk cut off at the end of its log and later writes behind it; at the next
// start it takes that for damage, and Chromium empties the database. Once more than its write buffer
// (4 MiB) has gone in, LevelDB writes what it holds into a table and begins a new log, torn end left
// behind. So a scratch database beside ours is filled and thrown away. Where this is not needed it is
// only a few megabytes written once, after an error.

import { deleteDB, openDB } from 'idb'

const name = 'keyhearth-scratch'
const values = 120
/** Values over 64 KiB go into files of their own, and would not fill the buffer. */
const valueBytes = 50_000

export async function beginNewLog(): Promise<void> {
  const db = await openDB(name, 1, {
    upgrade(fresh) {
      fresh.createObjectStore('filler')
    },
  })
  try {
    const transaction = db.transaction('filler', 'readwrite', { durability: 'strict' })
    const filler = new Uint8Array(valueBytes)
    for (let i = 0; i < values; i++) transaction.store.put(filler, i).catch(() => {})
    await transaction.done
  } finally {
    db.close()
  }
  await deleteDB(name)
}
