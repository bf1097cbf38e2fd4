// trail: what happened, CloudTrail-shaped, append-only and hash-chained. This file: the trail as JSON
// Lines that anybody can check without Keyhearth and without a key (docs/trail.md has the recipe).
//
// The chain covers ciphertext, which an export does not carry: a line has the hash of the ciphertext in
// its place, and the salt by which its event is held against the row's commitment.

import { encodeBase64, encodeHex } from '../codec/text.ts'
import type { SecurityModule } from '../hsm/module.ts'
import type { UnlockedVault } from '../hsm/unlocked.ts'
import type { Output } from '../protocol/outputs.ts'
import type { Input } from '../protocol/schemas.ts'
import type { Database } from '../store/database.ts'
import type { DigestRow, TrailRow } from '../store/schema.ts'
import { hashOf, isProven } from './chain.ts'
import { makeDigests, readStatement } from './digests.ts'
import { digestsFrom, readEnds, rowsUp } from './reading.ts'
import { openEvent, type TrailKeys, trailKeys } from './sealing.ts'

/** A page that starts anew signs what is not signed yet, and the export ends at that digest. */
export async function exportTrail(
  hsm: SecurityModule,
  vault: UnlockedVault,
  { Limit = 500, After }: Input<'keyhearth:ExportTrail'>,
  now: number,
): Promise<Output<'keyhearth:ExportTrail'>> {
  if (After === undefined) await makeDigests(hsm, vault, now)
  const { firstRow, lastRow } = await readEnds(hsm.db)
  const first = Math.max(firstRow, (After ?? 0) + 1)
  const digests = await digestsWithin(
    hsm,
    After === undefined ? first - 1 : first,
    first + Limit - 1,
  )
  const end = await lastCovered(hsm)
  const last = Math.min(first + Limit - 1, end, lastRow)
  const lines = digests.filter(({ at }) => at < first).map(({ line }) => line)
  const keys = await trailKeys(hsm, vault)
  for await (const rows of rowsUp(hsm.db, first, last)) {
    for (const row of rows) {
      lines.push(await eventLine(keys, row))
      lines.push(...digests.filter(({ at }) => at === row.sequence).map(({ line }) => line))
    }
  }
  const Lines = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  return { Lines, ...(last < end ? { NextAfter: last } : {}) }
}

interface DigestLine {
  readonly at: number
  readonly line: object
}

/** Digests behind these events, in their order. */
async function digestsWithin(
  { db }: SecurityModule,
  first: number,
  last: number,
): Promise<DigestLine[]> {
  const lines: DigestLine[] = []
  for await (const { row } of digestsFrom(db, await firstDigestFrom(db, first))) {
    const statement = readStatement(row.statement)
    if (!statement || statement.last < first) continue
    if (statement.last > last) break
    lines.push({ at: statement.last, line: digestLine(row, statement) })
  }
  return lines
}

/** Number of the first digest that reaches this event; they are in the order of their events. */
async function firstDigestFrom(db: Database, sequence: number): Promise<number> {
  const { lastDigest } = await readEnds(db)
  let [low, high] = [1, lastDigest + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const row = await db.get('digests', middle)
    // Those that are gone were the oldest.
    const last = (row && readStatement(row.statement)?.last) ?? 0
    if (last >= sequence) high = middle
    else low = middle + 1
  }
  return low
}

const digestLine = ({ signature, publicKey }: DigestRow, digest: object) => ({
  digest,
  signature: encodeBase64(signature),
  publicKey: encodeBase64(publicKey),
})

async function lastCovered({ db }: SecurityModule): Promise<number> {
  const { lastDigest } = await readEnds(db)
  const newest = lastDigest > 0 ? await db.get('digests', lastDigest) : undefined
  return (newest && readStatement(newest.statement)?.last) ?? 0
}

async function eventLine(keys: TrailKeys, row: TrailRow): Promise<object> {
  const { sequence, sealedBy, sealed } = row
  const opened = await openEvent(keys, row)
  const event = opened?.event ?? null
  const hash = encodeHex(row.hash)
  if (!isProven(row)) return { sequence, hash, sealedBy, sealed: encodeBase64(sealed), event }
  const { device, digests } = row
  const sealedHash = encodeHex(hashOf(sealed))
  const commitment = encodeHex(row.commitment)
  const salt = opened && encodeHex(opened.salt)
  return { sequence, hash, sealedBy, device, sealedHash, digests, commitment, salt, event }
}
