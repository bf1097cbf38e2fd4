// trail: what happened, CloudTrail-shaped, append-only and hash-chained. This file: the chain itself.
//
// Each row's hash covers the hash before it, its place and its ciphertext, so a row that is edited,
// dropped, inserted or moved breaks the chain where it stands. Hashing is synchronous: it happens inside
// the transaction that commits the change the event tells of.

import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, concatBytes, equalBytes, joinUnambiguously, uint64 } from '../codec/bytes.ts'
import type { AppendTrail } from '../store/commit.ts'
import type { TrailHeadRow, TrailRow } from '../store/schema.ts'

const genesis: Bytes = new Uint8Array(32)

function chainHash(previous: Uint8Array, row: Omit<TrailRow, 'hash'>): Bytes {
  const content = joinUnambiguously(row.sealedBy, row.sealed)
  return new Uint8Array(sha256(concatBytes(previous, uint64(row.sequence), content)))
}

export const appendSealed =
  (sealedBy: TrailRow['sealedBy'], sealed: Bytes): AppendTrail =>
  (head) => {
    const sequence = (head?.sequence ?? 0) + 1
    const content = { sequence, sealedBy, sealed }
    const hash = chainHash(head?.hash ?? genesis, content)
    return { row: { ...content, hash }, head: { id: 'trail-head', sequence, hash } }
  }

/** The sequence number at which the rows stop being one whole chain up to the head, or `null`. Pure. */
export function firstBroken(rows: readonly TrailRow[], head: TrailHeadRow | null): number | null {
  let previous: Uint8Array = genesis
  let expected = 1
  for (const row of rows) {
    if (row.sequence !== expected || !equalBytes(row.hash, chainHash(previous, row))) {
      return expected
    }
    previous = row.hash
    expected += 1
  }
  const whole = (head?.sequence ?? 0) === rows.length && (!head || equalBytes(head.hash, previous))
  return whole ? null : expected
}
