// trail: what happened, CloudTrail-shaped, append-only and hash-chained. This file: digests, signed
// statements of how far the chain had come.
//
// Signing is asynchronous, so a digest is a commit of its own behind the events it covers; a worker that
// dies between leaves events whose digest is not yet made. Whoever can prove the head makes the digest:
// what was last written by the open vault waits, once locked, until it is open again.

import { canonicalJson } from '../codec/canonicalJson.ts'
import { encodeBase64, encodeHex, encodeUtf8 } from '../codec/text.ts'
import { type Memory, readTrailMirror, writeTrailMirror } from '../hsm/memory.ts'
import type { SecurityModule } from '../hsm/module.ts'
import { type TrailSealer, trailSigner } from '../hsm/trailKey.ts'
import type { UnlockedVault } from '../hsm/unlocked.ts'
import { type AdvanceTrail, commit } from '../store/commit.ts'
import type { Database } from '../store/database.ts'
import type { DigestRow, ProvenHeadRow, TrailHeadRow } from '../store/schema.ts'
import { hashOf, headMac, isProvenHead, proveHead } from './chain.ts'
import { sealerOf, type TrailKeys, trailKeys } from './sealing.ts'

/** At most so many events are without a digest while the browser runs, and stand in one. */
export const digestEvents = 1000

export interface DigestStatement {
  readonly number: number
  readonly first: number
  readonly last: number
  /** The chain's hash at `last`, hex. */
  readonly hash: string
  /** SHA-256 of the statement of the digest before, hex; `null` in the first. */
  readonly previous: string | null
  /** ISO 8601, UTC. */
  readonly time: string
  /** SHA-256 of the public key, hex. */
  readonly key: string
}

const isNumber = (value: unknown): value is number => Number.isSafeInteger(value)
const isText = (value: unknown): value is string => typeof value === 'string'

/** `null` for anything but the one spelling of a digest. */
export function readStatement(text: string): DigestStatement | null {
  try {
    const { number, first, last, hash, previous, time, key } = JSON.parse(text) as Partial<
      Record<keyof DigestStatement, unknown>
    >
    if (!isNumber(number) || !isNumber(first) || !isNumber(last)) return null
    if (!isText(hash) || !isText(time) || !isText(key)) return null
    if (previous !== null && !isText(previous)) return null
    const statement = { number, first, last, hash, previous, time, key }
    return canonicalJson(statement) === text && !Number.isNaN(Date.parse(time)) ? statement : null
  } catch {
    return null
  }
}

export const statementHash = (statement: string): string => encodeHex(hashOf(encodeUtf8(statement)))

const underWay = new WeakMap<SecurityModule, Promise<void>>()

/**
 * Signs what no digest covers yet, one digest after the other, up to that event or the head of this
 * moment: what happens meanwhile is for the next time. Does nothing where nothing is new.
 */
export function makeDigests(
  hsm: SecurityModule,
  vault: UnlockedVault | null,
  now: number,
  last = Number.MAX_SAFE_INTEGER,
): Promise<void> {
  const go = async () => {
    const keys = await trailKeys(hsm, vault)
    const { sequence = 0 } = (await ends(hsm.db)).head ?? {}
    while (await makeDigest(hsm, keys, Math.min(last, sequence), now)) {}
  }
  const turn = (underWay.get(hsm) ?? Promise.resolve()).then(go, go)
  underWay.set(hsm, turn)
  return turn
}

async function makeDigest(
  { db, memory }: SecurityModule,
  keys: TrailKeys,
  upTo: number,
  now: number,
): Promise<boolean> {
  const { head, newest } = await ends(db)
  if (!head || !isProvenHead(head)) return false
  const next = proverOf(keys, head) && (await stateNext(db, head, newest, upTo))
  if (!next) return false
  const signer = await trailSigner(db)
  const { fingerprint, publicKey } = signer
  const time = new Date(now).toISOString()
  const statement = canonicalJson({ ...next, time, key: fingerprint } satisfies DigestStatement)
  const signature = await signer.sign(statement)
  const put = { number: next.number, statement, signature, publicKey }
  const changes = [...signer.changes, { store: 'digests', put } as const]
  await commit(db, changes, countDigest(keys, put))
  await mirror(db, memory, put)
  return true
}

async function stateNext(
  db: Database,
  head: ProvenHeadRow,
  newest: DigestRow | null,
  upTo: number,
): Promise<Omit<DigestStatement, 'time' | 'key'> | null> {
  const first = (newest ? (readStatement(newest.statement)?.last ?? 0) : 0) + 1
  const last = Math.min(upTo, first + digestEvents - 1)
  const row = first > last ? undefined : await db.get('trail', last)
  if (!row) return null
  const previous = newest && statementHash(newest.statement)
  return { number: head.digests + 1, first, last, hash: encodeHex(row.hash), previous }
}

/** Who may vouch for this head anew: the one who did, and does. A forged head must not become a true one. */
function proverOf(keys: TrailKeys, head: TrailHeadRow | null): TrailSealer | null {
  if (!head || !isProvenHead(head)) return null
  const sealer = sealerOf(keys, head)
  return sealer && headMac(sealer, head) === head.mac ? sealer : null
}

/** The head names the newest digest under its MAC, and so does every later row by its proof. */
const countDigest =
  (keys: TrailKeys, { number, statement }: DigestRow): AdvanceTrail =>
  (head) => {
    const sealer = proverOf(keys, head)
    if (!head || !sealer) throw new Error('the head of the trail is not provable any more')
    const digestHash = statementHash(statement)
    return { row: null, head: proveHead(sealer, { ...head, digests: number, digestHash }) }
  }

async function ends(
  db: Database,
): Promise<{ head: TrailHeadRow | null; newest: DigestRow | null }> {
  return db.use(async (connection) => {
    const transaction = connection.transaction(['vault', 'digests'])
    const [head, newest] = await Promise.all([
      transaction.objectStore('vault').get('trail-head'),
      transaction.objectStore('digests').openCursor(null, 'prev'),
    ])
    return { head: (head as TrailHeadRow | undefined) ?? null, newest: newest?.value ?? null }
  })
}

/**
 * Outside the database stands the newest digest, so that a database set back shows. A mirror that tells
 * of more than the database has is that evidence, and stays.
 */
async function mirror(db: Database, memory: Memory, digest: DigestRow): Promise<void> {
  const present = await readTrailMirror(memory)
  const known = present && (await db.get('digests', present.number))
  if (present && known?.statement !== present.statement) return
  await writeTrailMirror(memory, {
    number: digest.number,
    statement: digest.statement,
    signature: encodeBase64(digest.signature),
    publicKey: encodeBase64(digest.publicKey),
  })
}
