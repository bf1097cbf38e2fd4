// trail: what happened, CloudTrail-shaped, append-only and hash-chained. This file: reading it.

import type { Handler } from '../hsm/context.ts'
import type { TrailHeadRow } from '../store/schema.ts'
import { firstBroken } from './chain.ts'
import { openEvent } from './events.ts'

/** Newest first. `Before` is the sequence number to go on from. */
export const listEvents: Handler<'keyhearth:ListEvents'> = async ({ hsm }, input) => {
  const { Limit = 50, Before = Number.MAX_SAFE_INTEGER } = input
  const rows = []
  const range = IDBKeyRange.upperBound(Before, true)
  let cursor = await hsm.db.transaction('trail').store.openCursor(range, 'prev')
  while (cursor && rows.length < Limit) {
    rows.push(cursor.value)
    cursor = await cursor.continue()
  }
  const events = await Promise.all(rows.map((row) => openEvent(hsm.opened, hsm.device, row)))
  return { Events: events.filter((event) => event !== null) }
}

export const verifyTrail: Handler<'keyhearth:VerifyTrail'> = async ({ hsm }) => {
  const transaction = hsm.db.transaction(['trail', 'vault'])
  const [rows, head] = await Promise.all([
    transaction.objectStore('trail').getAll(),
    transaction.objectStore('vault').get('trail-head'),
  ])
  const broken = firstBroken(rows, (head as TrailHeadRow | undefined) ?? null)
  return { Intact: broken === null, Events: rows.length, FirstBroken: broken }
}
