// trail: what happened, CloudTrail-shaped, append-only and hash-chained. This file: reading the stored
// rows, some hundreds at a time, so that a trail of any length needs the same memory.

import type { Database } from '../store/database.ts'
import type { DigestRow, TrailAnchorRow, TrailHeadRow, TrailRow } from '../store/schema.ts'

/** One read of the database; long enough to be quick, short enough to let others have their turn. */
const batchRows = 512

export interface Ends {
  readonly head: TrailHeadRow | null
  readonly anchor: TrailAnchorRow | null
  /** Numbers of the first and last row there are, whatever the head says; 1 and 0 for none. */
  readonly firstRow: number
  readonly lastRow: number
  readonly lastDigest: number
}

/** Of one moment. */
export function readEnds(db: Database): Promise<Ends> {
  return db.use(async (connection) => {
    const transaction = connection.transaction(['vault', 'trail', 'digests'])
    const vault = transaction.objectStore('vault')
    const [head, anchor, first, last, digest] = await Promise.all([
      vault.get('trail-head'),
      vault.get('trail-anchor'),
      transaction.objectStore('trail').openKeyCursor(),
      transaction.objectStore('trail').openKeyCursor(null, 'prev'),
      transaction.objectStore('digests').openKeyCursor(null, 'prev'),
    ])
    return {
      head: (head as TrailHeadRow | undefined) ?? null,
      anchor: (anchor as TrailAnchorRow | undefined) ?? null,
      firstRow: first?.key ?? 1,
      lastRow: last?.key ?? 0,
      lastDigest: digest?.key ?? 0,
    }
  })
}

const readRange = (db: Database, first: number, last: number): Promise<TrailRow[]> =>
  db.use((connection) => connection.getAll('trail', IDBKeyRange.bound(first, last), batchRows))

/** Rows from `first` to `last`, oldest first, batch by batch; gaps are the caller's to notice. */
export async function* rowsUp(
  db: Database,
  first: number,
  last: number,
): AsyncGenerator<TrailRow[]> {
  for (let from = first; from <= last; ) {
    const rows = await readRange(db, from, last)
    const newest = rows.at(-1)
    if (!newest) return
    yield rows
    from = newest.sequence + 1
  }
}

/** The same, newest first. */
export async function* rowsDown(
  db: Database,
  last: number,
  first: number,
): AsyncGenerator<TrailRow[]> {
  for (let to = last; to >= first; to -= batchRows) {
    yield (await readRange(db, Math.max(first, to - batchRows + 1), to)).reverse()
  }
}

/** Digests from this number on, each with the one behind it. */
export async function* digestsFrom(
  db: Database,
  number: number,
): AsyncGenerator<{ readonly row: DigestRow; readonly next: DigestRow | null }> {
  let held: DigestRow | null = null
  for (let from = number; ; ) {
    const range = IDBKeyRange.lowerBound(from)
    const rows = await db.use((connection) => connection.getAll('digests', range, batchRows))
    for (const row of rows) {
      if (held) yield { row: held, next: row }
      held = row
    }
    if (!held || rows.length === 0) break
    from = held.number + 1
  }
  if (held) yield { row: held, next: null }
}
