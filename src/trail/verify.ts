// trail: what happened, CloudTrail-shaped, append-only and hash-chained. This file: the whole trail held
// against itself, its head, its digests and the mirror that stands outside the database.

import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64, decodeHex } from '../codec/text.ts'
import { readTrailMirror, type TrailMirror } from '../hsm/memory.ts'
import type { SecurityModule } from '../hsm/module.ts'
import { fingerprintOf, type TrailSealer, verifySignature } from '../hsm/trailKey.ts'
import type { UnlockedVault } from '../hsm/unlocked.ts'
import type { Output } from '../protocol/outputs.ts'
import type { DigestRow, ProvenHeadRow, TrailAnchorRow, TrailRow } from '../store/schema.ts'
import { genesis, isProvenHead } from './chain.ts'
import { readStatement } from './digests.ts'
import { digestsFrom, type Ends, readEnds, rowsUp } from './reading.ts'
import { openEvent, type TrailKeys, trailKeys } from './sealing.ts'
import { Broken, type Start, Walk } from './walk.ts'

type Verdict = Output<'keyhearth:VerifyTrail'>

export const anchorMac = (
  vault: TrailSealer,
  { digest, by }: Omit<TrailAnchorRow, 'id' | 'mac'>,
): string => vault.mac(`anchor ${digest} ${by?.sealedBy ?? ''} ${by?.device ?? ''}`)

/** A trail begins with the vault, or anew where the vault was recovered into an emptied database. */
const beginnings: ReadonlySet<string> = new Set(['CreateVault', 'RecoverVault'])

export async function verifyTrail(hsm: SecurityModule, vault: UnlockedVault): Promise<Verdict> {
  const keys = await trailKeys(hsm, vault)
  const before = await readEnds(hsm.db)
  const verdict = await judge(hsm, keys, before)
  // Old events were removed under the reader: what it saw is no more.
  const { anchor } = await readEnds(hsm.db)
  return anchor?.digest === before.anchor?.digest ? verdict : verifyTrail(hsm, vault)
}

async function judge(hsm: SecurityModule, keys: TrailKeys, ends: Ends): Promise<Verdict> {
  const verifier = new Verifier(hsm, keys, ends)
  try {
    await verifier.run()
    return verifier.verdict(null)
  } catch (error) {
    if (error instanceof Broken) return verifier.verdict(error)
    throw error
  }
}

type Digests = AsyncGenerator<{ readonly row: DigestRow; readonly next: DigestRow | null }>

/** The digest that comes next, with the event it belongs behind. */
interface Due {
  readonly row: DigestRow
  readonly place: number
  readonly named: string | null
}

class Verifier {
  readonly #hsm: SecurityModule
  readonly #keys: TrailKeys
  readonly #ends: Ends
  readonly #known: Pick<ProvenHeadRow, 'digests' | 'digestHash'>
  readonly #digests: Digests
  #walk: Walk | null = null
  #due: Due | null = null
  #counted = 0

  constructor(hsm: SecurityModule, keys: TrailKeys, ends: Ends) {
    this.#hsm = hsm
    this.#keys = keys
    this.#ends = ends
    const { head } = ends
    this.#known = head && isProvenHead(head) ? head : { digests: 0, digestHash: '' }
    this.#digests = digestsFrom(hsm.db, 1)
  }

  /** What was found, however far the walk came. */
  verdict(broken: Broken | null): Verdict {
    const newest = this.#walk?.newest
    return {
      Intact: broken === null,
      Events: this.#walk?.events ?? 0,
      Digests: this.#counted,
      Unproven: this.#walk?.unproven ?? 0,
      FirstBroken: broken?.at ?? null,
      Problem: broken?.problem ?? null,
      LastDigestAt: newest ? Date.parse(newest.time) / 1000 : null,
      KeyFingerprint: newest?.key ?? null,
    }
  }

  /** @throws Broken */
  async run(): Promise<void> {
    const { head, lastRow, lastDigest } = this.#ends
    const mirror = await readTrailMirror(this.#hsm.memory)
    if (mirror) await checkMirror(mirror, this.#ends, this.#known.digests)
    if (!head) throw new Broken(1, lastRow > 0 ? 'head-forged' : 'end-cut')
    const walk = await this.#begin()
    for await (const rows of rowsUp(this.#hsm.db, walk.sequence + 1, lastRow)) {
      await this.#stepAll(walk, rows)
    }
    walk.end(head)
    if (lastDigest > this.#known.digests) throw new Broken(walk.covered + 1, 'digest-edited')
    await this.#compare(walk, mirror)
  }

  /** Behind nothing, or behind the digest that anchors what is left. */
  async #begin(): Promise<Walk> {
    const { anchor } = this.#ends
    const start = anchor ? await this.#anchored(anchor) : { sequence: 0, hash: genesis, by: null }
    const walk = new Walk(this.#keys, start)
    this.#walk = walk
    while (anchor && walk.newest?.number !== anchor.digest) {
      const { value } = await this.#digests.next()
      if (!value || value.row.number > anchor.digest)
        throw new Broken(walk.sequence + 1, 'digest-missing')
      await walk.anchor(value.row, this.#nameOf(value))
    }
    await this.#advance(walk)
    return walk
  }

  async #anchored(anchor: TrailAnchorRow): Promise<Start> {
    const row = await this.#hsm.db.get('digests', anchor.digest)
    const statement = row && readStatement(row.statement)
    const { vault } = this.#keys
    if (!vault || anchor.mac !== anchorMac(vault, anchor)) throw new Broken(1, 'beginning-cut')
    if (!statement) throw new Broken(1, row ? 'digest-edited' : 'digest-missing')
    return { sequence: statement.last, hash: hexOrNothing(statement.hash), by: anchor.by }
  }

  async #stepAll(walk: Walk, rows: readonly TrailRow[]): Promise<void> {
    for (const [i, row] of rows.entries()) {
      walk.step(row, () => rows.slice(i + 1))
      if (row.sequence === 1) await checkBeginning(this.#keys, row)
      while (this.#due?.place === walk.sequence) {
        await walk.digest(this.#due.row, this.#due.named)
        this.#counted += 1
        await this.#advance(walk)
      }
    }
  }

  /** Digests made since the head was read are for the next time. */
  async #advance(walk: Walk): Promise<void> {
    const { value } = await this.#digests.next()
    this.#due =
      value && value.row.number <= this.#known.digests
        ? { row: value.row, place: walk.placeOf(value.row), named: this.#nameOf(value) }
        : null
  }

  /** The hash by which the successor names this digest; of the newest, the head does. */
  #nameOf({ row, next }: { row: DigestRow; next: DigestRow | null }): string | null {
    if (row.number === this.#known.digests) return this.#known.digestHash
    return (next && readStatement(next.statement)?.previous) ?? null
  }

  /** The mirror is of this very history. A worker may have died between the first digest and its mirror. */
  async #compare(walk: Walk, mirror: TrailMirror | null): Promise<void> {
    if (!mirror) {
      if (this.#known.digests > 1) throw new Broken(walk.sequence, 'mirror-missing')
      return
    }
    const row = await this.#hsm.db.get('digests', mirror.number)
    if (row?.statement !== mirror.statement) throw new Broken(walk.sequence, 'set-back')
  }
}

/** What stands outside is a digest of this house, and not of a later day than the database. */
async function checkMirror(mirror: TrailMirror, { head }: Ends, digests: number): Promise<void> {
  const statement = readStatement(mirror.statement)
  const at = (head?.sequence ?? 0) + 1
  const [publicKey, signature] = [mirror.publicKey, mirror.signature].map(base64OrNothing)
  const genuine =
    statement?.number === mirror.number &&
    publicKey &&
    signature &&
    statement.key === fingerprintOf(publicKey) &&
    (await verifySignature(publicKey, signature, mirror.statement))
  if (!genuine) throw new Broken(at, 'mirror-edited')
  if (mirror.number > digests) throw new Broken(Math.min(at, statement.last), 'set-back')
}

async function checkBeginning(keys: TrailKeys, row: TrailRow): Promise<void> {
  const opened = await openEvent(keys, row)
  if (!opened || !beginnings.has(opened.event.eventName)) throw new Broken(1, 'beginning-cut')
}

/** What is no such text gives nothing, which then matches nothing. */
const orNothing =
  (decode: (text: string) => Bytes) =>
  (text: string): Bytes => {
    try {
      return decode(text)
    } catch {
      return new Uint8Array()
    }
  }
const hexOrNothing = orNothing(decodeHex)
const base64OrNothing = orNothing(decodeBase64)
