// trail: what happened, CloudTrail-shaped, append-only and hash-chained. This file: where the chain
// breaks, what was done to it. That it broke is certain; the name is the likeliest of what would leave
// these rows, judged by which of them still fit each other.

import { equalBytes } from '../codec/bytes.ts'
import type { TrailProblem } from '../protocol/outputs.ts'
import type { TrailRow } from '../store/schema.ts'
import { chainHash } from './chain.ts'

/** Whether the row would stand whole as this one, behind that hash. */
const fits = (row: TrailRow | undefined, previous: Uint8Array, sequence: number): boolean =>
  row !== undefined && equalBytes(chainHash(previous, { ...row, sequence }), row.hash)

/** `rows` begins with the row that does not follow `previous`; the rest are those behind it. Pure. */
export function nameMisfit(previous: Uint8Array, rows: readonly TrailRow[]): TrailProblem {
  const [row, next, afterNext] = rows
  if (!row) return 'end-cut'
  const at = row.sequence
  if (fits(next, row.hash, at + 1)) return 'event-edited'
  const rightful = rows.findIndex((candidate) => fits(candidate, previous, at))
  if (rightful > 1) return 'event-moved'
  if (rightful === 1 && next) {
    // Everything behind an inserted row moved up by one; a row that changed places left the rest alone.
    return fits(afterNext, next.hash, at + 1) ? 'event-inserted' : 'event-moved'
  }
  return fits(next, row.hash, at + 2) ? 'event-missing' : 'event-edited'
}
