// trail: what happened, CloudTrail-shaped, append-only and hash-chained. This file: reading it.

import type { Handler } from '../hsm/context.ts'
import type { Connection } from '../store/database.ts'
import type { TrailHeadRow, TrailRow } from '../store/schema.ts'
import { firstBroken } from './chain.ts'
import { openEvent } from './events.ts'

/** Newest first. `Before` is the sequence number to go on from. */
export const listEvents: Handler<'keyhearth:ListEvents'> = async ({ hsm }, input) => {
  const { Limit = 50, Before = Number.MAX_SAFE_INTEGER } = input
  const rows = await hsm.db.use((db) => newest(db, Before, Limit))
  const events = await Promise.all(rows.map((row) => openEvent(hsm.opened, hsm.device, row)))
  return { Events: events.filter((event) => event !== null) }
}

async function newest(db: Connection, before: number, limit: number): Promise<TrailRow[]> {
  const rows: TrailRow[] = []
  const range = IDBKeyRange.upperBound(before, true)
  let cursor = await db.transaction('trail').store.openCursor(range, 'prev')
  while (cursor && rows.length < limit) {
    rows.push(cursor.value)
    cursor = await cursor.continue()
  }
  return rows
}

export const verifyTrail: Handler<'keyhearth:VerifyTrail'> = async ({ hsm }) => {
  const [rows, head] = await hsm.db.use((db) => {
    const transaction = db.transaction(['trail', 'vault'])
    return Promise.all([
      transaction.objectStore('trail').getAll(),
      transaction.objectStore('vault').get('trail-head'),
    ])
  })
  const broken = firstBroken(rows, (head as TrailHeadRow | undefined) ?? null)
  return { Intact: broken === null, Events: rows.length, FirstBroken: broken }
}
