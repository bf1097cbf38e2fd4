// trail: what happened, CloudTrail-shaped, append-only and hash-chained. This file: letting go of old
// events, whole digests of them, so that what remains begins behind a signed statement and stays
// verifiable. Only the open vault does it: with the disk's keys alone, events cannot be made to vanish.

import type { SecurityModule } from '../hsm/module.ts'
import { vaultSealer } from '../hsm/trailKey.ts'
import type { UnlockedVault } from '../hsm/unlocked.ts'
import type { Change } from '../store/commit.ts'
import type { TrailAnchorRow, TrailRow } from '../store/schema.ts'
import { isProven } from './chain.ts'
import { type DigestStatement, readStatement } from './digests.ts'
import { digestsFrom, readEnds } from './reading.ts'
import { anchorMac } from './verify.ts'

/** So many at once at most; the rest an hour later. */
const mostRemoved = 20_000

export interface Boundary {
  readonly digest: number
  readonly first: number
  /** The last event to go. */
  readonly last: number
}

/** How far events are older than that and covered by digests, never all; `null` where nothing is to go. */
export async function removable(
  { db }: SecurityModule,
  olderThanDays: number,
  now: number,
): Promise<Boundary | null> {
  const { firstRow, lastRow, anchor } = await readEnds(db)
  const cutoff = now - olderThanDays * 86_400_000
  let found: DigestStatement | null = null
  for await (const { row } of digestsFrom(db, (anchor?.digest ?? 0) + 1)) {
    const statement = readStatement(row.statement)
    // A digest is made after the events it covers: where it is old enough, so are they.
    if (!statement || Date.parse(statement.time) >= cutoff) break
    if (statement.last >= Math.min(lastRow, firstRow + mostRemoved)) break
    found = statement
  }
  return found && { digest: found.number, first: firstRow, last: found.last }
}

/** The changes that remove them; `null` where the rows at the boundary are missing. */
export async function removal(
  { db }: SecurityModule,
  vault: UnlockedVault,
  { digest, last }: Boundary,
): Promise<Change[] | null> {
  const [lastGone, firstKept] = await Promise.all([
    db.get('trail', last),
    db.get('trail', last + 1),
  ])
  if (!lastGone || !firstKept) return null
  const by = isProven(lastGone) ? { sealedBy: lastGone.sealedBy, device: lastGone.device } : null
  const mac = anchorMac(vaultSealer(vault), { digest, by })
  const anchor: TrailAnchorRow = { id: 'trail-anchor', digest, by, mac }
  return [
    { store: 'trail', removeUpTo: last },
    { store: 'digests', removeUpTo: oldestNeeded(firstKept, digest) - 1 },
    { store: 'vault', put: anchor },
  ]
}

/** Rows written while a digest was being signed know the one before it as the newest. */
const oldestNeeded = (firstKept: TrailRow, anchor: number): number =>
  isProven(firstKept) ? Math.min(firstKept.digests, anchor) : anchor
