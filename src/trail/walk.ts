// trail: what happened, CloudTrail-shaped, append-only and hash-chained. This file: walking the chain
// row by row and digest by digest, each against what came before. Judges alone; reading is verify's.

import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { encodeHex } from '../codec/text.ts'
import { fingerprintOf, verifySignature } from '../hsm/trailKey.ts'
import type { TrailProblem } from '../protocol/outputs.ts'
import type {
  DigestRow,
  ProvenHeadRow,
  ProvenTrailRow,
  TrailHeadRow,
  TrailRow,
  TrailSeal,
} from '../store/schema.ts'
import { chainHash, headMac, isProven, isProvenHead, proofOf } from './chain.ts'
import { type DigestStatement, readStatement, statementHash } from './digests.ts'
import { nameMisfit } from './misfit.ts'
import { sealerOf, type TrailKeys } from './sealing.ts'

/** Where the trail stops being whole. */
export class Broken extends Error {
  readonly at: number
  readonly problem: TrailProblem

  constructor(at: number, problem: TrailProblem) {
    super(problem)
    this.at = at
    this.problem = problem
  }
}

/** Where a walk begins: at nothing, or behind the last event that was removed. */
export interface Start {
  readonly sequence: number
  readonly hash: Bytes
  /** Who wrote that event; `null` at the very beginning. */
  readonly by: TrailSeal | null
}

export class Walk {
  readonly #keys: TrailKeys
  #sequence: number
  #hash: Bytes
  /** Who wrote the row before; `null` before the first proven one. */
  #by: TrailSeal | null
  /** How many digests the row before knew. */
  #digests = 0
  /** Hashes of the statements that rows to come may know as the newest. */
  readonly #statements = new Map<number, string>([[0, '']])
  /** The digest walked last, and the event up to which there are digests. */
  #newest: DigestStatement | null = null
  #covered: number
  /** Number of the digest whose place is still ahead. */
  #due: number | null = null
  events = 0
  unproven = 0

  constructor(keys: TrailKeys, { sequence, hash, by }: Start) {
    this.#keys = keys
    this.#sequence = sequence
    this.#covered = sequence
    this.#hash = hash
    this.#by = by
  }

  get sequence(): number {
    return this.#sequence
  }

  /** The last event that a digest covers. */
  get covered(): number {
    return this.#covered
  }

  get newest(): DigestStatement | null {
    return this.#newest
  }

  /** The next row, `following` being those read behind it. @throws Broken */
  step(row: TrailRow, following: () => readonly TrailRow[]): void {
    const expected = this.#sequence + 1
    if (row.sequence !== expected) throw new Broken(expected, 'event-missing')
    if (!equalBytes(row.hash, chainHash(this.#hash, row))) {
      throw new Broken(expected, nameMisfit(this.#hash, [row, ...following()]))
    }
    if (isProven(row)) this.#prove(row)
    else if (this.#by) throw new Broken(expected, 'event-forged')
    else this.unproven += 1
    this.#sequence = expected
    this.#hash = row.hash
    this.events += 1
  }

  #prove(row: ProvenTrailRow): void {
    const { sequence, digests, sealedBy, device } = row
    const digestHash = this.#statements.get(digests)
    if (digestHash === undefined) {
      // A row cannot know a digest that covers it.
      if (this.#due !== null && digests >= this.#due) throw new Broken(sequence, 'event-forged')
      this.#fail('digest-missing')
    }
    const before = this.#macBefore({ digests, digestHash })
    if (before === null) this.unproven += 1
    else if (!equalBytes(row.proof, proofOf(before, row.hash))) {
      throw new Broken(sequence, 'event-forged')
    }
    for (let passed = this.#digests; passed < digests; passed++) this.#statements.delete(passed)
    this.#digests = digests
    this.#by = { sealedBy, device }
  }

  /** The MAC the head had when the next row was appended; `null` where its key is gone. */
  #macBefore(known: Pick<ProvenHeadRow, 'digests' | 'digestHash'>): string | null {
    if (!this.#by) return ''
    const sealer = sealerOf(this.#keys, this.#by)
    return sealer && headMac(sealer, { sequence: this.#sequence, hash: this.#hash, ...known })
  }

  /** A digest kept from the part that was removed; the last of them is the anchor. @throws Broken */
  async anchor(row: DigestRow, named: string | null): Promise<void> {
    const statement = await this.#read(row, named)
    const previous = this.#newest && this.#statements.get(this.#newest.number)
    if (previous && statement.previous !== previous) this.#fail('digest-edited')
    this.#accept(row, statement)
  }

  /** The event at which the next digest belongs. @throws Broken */
  placeOf(row: DigestRow): number {
    if (row.number !== (this.#newest?.number ?? 0) + 1) this.#fail('digest-missing')
    const statement = readStatement(row.statement)
    const first = this.#covered + 1
    if (!statement || statement.first !== first || statement.last < first) {
      this.#fail('digest-edited')
    }
    this.#due = row.number
    return statement.last
  }

  /** The next digest, at its place. `named`: the hash its successor gives it. @throws Broken */
  async digest(row: DigestRow, named: string | null): Promise<void> {
    const statement = await this.#read(row, named)
    const previous = this.#newest && this.#statements.get(this.#newest.number)
    // An older one may be forgotten, all rows to come knowing a newer one; never the one just before.
    if (statement.previous !== previous || statement.hash !== encodeHex(this.#hash)) {
      this.#fail('digest-edited')
    }
    this.#accept(row, statement)
    this.#covered = statement.last
    this.#due = null
  }

  #accept(row: DigestRow, statement: DigestStatement): void {
    this.#statements.set(row.number, statementHash(row.statement))
    this.#newest = statement
  }

  async #read(row: DigestRow, named: string | null): Promise<DigestStatement> {
    const statement = readStatement(row.statement)
    const edited = named !== null && named !== statementHash(row.statement)
    if (!statement || statement.number !== row.number || edited) this.#fail('digest-edited')
    const rightKey = statement.key === fingerprintOf(row.publicKey)
    if (!rightKey || !(await verifySignature(row.publicKey, row.signature, row.statement))) {
      this.#fail('digest-signature')
    }
    return statement
  }

  /** At the first event the next digest covers. */
  #fail(problem: TrailProblem): never {
    throw new Broken(this.#covered + 1, problem)
  }

  /** Everything is walked: does the head stand just here, and know the same digests? @throws Broken */
  end(head: TrailHeadRow): void {
    if (head.sequence > this.#sequence) throw new Broken(this.#sequence + 1, 'end-cut')
    const here = head.sequence === this.#sequence && equalBytes(head.hash, this.#hash)
    if (!here || !this.#isProven(head)) throw new Broken(this.#sequence, 'head-forged')
    const newest = this.#newest?.number ?? 0
    const { digests, digestHash } = isProvenHead(head) ? head : noDigests
    if (digests !== newest) this.#fail('digest-missing')
    if (digestHash !== this.#statements.get(newest)) this.#fail('digest-edited')
  }

  /** Only where nothing was written since version 1 has the head no MAC. */
  #isProven(head: TrailHeadRow): boolean {
    if (!isProvenHead(head)) return this.#by === null
    const sealer = sealerOf(this.#keys, head)
    const byTheSame = head.sealedBy === this.#by?.sealedBy && head.device === this.#by.device
    return byTheSame && sealer !== null && head.mac === headMac(sealer, head)
  }
}

const noDigests = { digests: 0, digestHash: '' }
