// secrets: Secrets Manager: secrets, their versions and staging labels. This file: the form that secrets have in a
// block. 100,000 of them are read at every unlocking, so what lists show stands first, and only that is read then;
// the rest (versions, policy, rotation) lies behind it as bytes until one secret of the block is asked for.

import type { Bytes } from '../codec/bytes.ts'
import { decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import { type ItemKind, itemKinds } from '../items/item.ts'
import type { Tag } from '../protocol/secretsOutputs.ts'
import { isFirstForm, readFirstForm } from './firstBlocks.ts'
import { waitingVersion } from './labels.ts'
import { type PackedVersion, packVersion, unpackVersion } from './packedVersions.ts'
import { isMarked, type SecretRecord } from './records.ts'

/** Members that are most often empty stand last, in one object or not at all. */
type RareInLists = Partial<Pick<SecretRecord, 'description' | 'tags' | 'deletedAt' | 'deletionAt'>>
type RareElsewhere = Partial<Pick<SecretRecord, 'kmsKeyId' | 'policy' | 'rotation'>>

/** What lists sort, filter, search by and show. */
export type Head = readonly [
  id: string,
  name: string,
  suffix: string,
  createdAt: number,
  changedAt: number,
  /** Empty where it is the name. */
  title: string,
  kind: number,
  flags: number,
  username: string,
  /** One as it is, others as a list. */
  uris: string | readonly string[],
  rare?: RareInLists,
]

type Rest = readonly [revision: number, versions: readonly PackedVersion[], rare?: RareElsewhere]

/** With the KMS keys that the versions are under. */
interface RestOfBlock {
  readonly keys: readonly string[]
  /** In the order of the heads. */
  readonly secrets: readonly Rest[]
}

const flag = { favourite: 1, hasOneTimeCode: 2, askAgain: 4, rotating: 8 } as const

const noTags: readonly Tag[] = []

/** What lists want to know of a secret, taken from its head when it is wanted. */
export class Glance {
  readonly #head: Head

  constructor(head: Head) {
    this.#head = head
  }

  get id(): string {
    return this.#head[0]
  }
  get name(): string {
    return this.#head[1]
  }
  get suffix(): string {
    return this.#head[2]
  }
  get createdAt(): number {
    return this.#head[3]
  }
  get changedAt(): number {
    return this.#head[4]
  }
  get title(): string {
    return this.#head[5] === '' ? this.#head[1] : this.#head[5]
  }
  get kind(): ItemKind {
    return itemKinds[this.#head[6]] ?? 'value'
  }
  get favourite(): boolean {
    return (this.#head[7] & flag.favourite) !== 0
  }
  get hasOneTimeCode(): boolean {
    return (this.#head[7] & flag.hasOneTimeCode) !== 0
  }
  get askAgain(): boolean {
    return (this.#head[7] & flag.askAgain) !== 0
  }
  /** A version waits to be tested and set. */
  get rotating(): boolean {
    return (this.#head[7] & flag.rotating) !== 0
  }
  get username(): string {
    return this.#head[8]
  }
  get uris(): readonly string[] {
    const uris = this.#head[9]
    return typeof uris === 'string' ? [uris] : uris
  }
  get description(): string {
    return this.#head[10]?.description ?? ''
  }
  get tags(): readonly Tag[] {
    return this.#head[10]?.tags ?? noTags
  }
  get deletedAt(): number | null {
    return this.#head[10]?.deletedAt ?? null
  }
  get deletionAt(): number | null {
    return this.#head[10]?.deletionAt ?? null
  }
  get marked(): boolean {
    return isMarked(this)
  }
}

/** Some dozens of secrets of one account, as they lie in the store: one sealed record. */
export class Block {
  readonly account: string
  readonly heads: readonly Head[]
  #rest: Bytes | RestOfBlock

  private constructor(account: string, heads: readonly Head[], rest: Bytes | RestOfBlock) {
    this.account = account
    this.heads = heads
    this.#rest = rest
  }

  static of(account: string, secrets: Iterable<SecretRecord>): Block {
    const keys: string[] = []
    const heads: Head[] = []
    const rests: Rest[] = []
    for (const secret of secrets) {
      heads.push(headOf(secret))
      rests.push(restOf(secret, keys))
    }
    return new Block(account, heads, { keys, secrets: rests })
  }

  static read(bytes: Bytes): Block {
    if (isFirstForm(bytes)) {
      const { account, secrets } = readFirstForm(bytes)
      return Block.of(account, secrets)
    }
    const end = bytes.indexOf(newline)
    const [account, heads]: [string, Head[]] = JSON.parse(decodeUtf8(bytes.subarray(0, end)))
    // A copy: what lists do without must not keep all of it in memory.
    return new Block(account, heads, bytes.slice(end + 1))
  }

  /** JSON has no line break in it but those written as `\n`. */
  write(): Bytes {
    const rest = JSON.stringify(this.#restOfBlock)
    return encodeUtf8(`${JSON.stringify([this.account, this.heads])}\n${rest}`)
  }

  get #restOfBlock(): RestOfBlock {
    if (this.#rest instanceof Uint8Array)
      this.#rest = JSON.parse(decodeUtf8(this.#rest)) as RestOfBlock
    return this.#rest
  }

  *all(): Generator<SecretRecord> {
    for (const head of this.heads) yield this.open(head)
  }

  /** @param head one of this block's */
  open(head: Head): SecretRecord {
    const { keys, secrets } = this.#restOfBlock
    const [revision = 0, packed = [], rare] = secrets[this.heads.indexOf(head)] ?? []
    const glance = new Glance(head)
    const { id, name, suffix, createdAt, changedAt, tags, description } = glance
    const { title, kind, username, uris, favourite, hasOneTimeCode, askAgain } = glance
    return {
      id,
      account: this.account,
      name,
      suffix,
      createdAt,
      changedAt,
      revision,
      versions: packed.map((one) => unpackVersion(one, keys)),
      facts: { title, kind, username, uris, favourite, hasOneTimeCode, askAgain },
      description,
      tags,
      deletedAt: glance.deletedAt,
      deletionAt: glance.deletionAt,
      kmsKeyId: null,
      policy: null,
      rotation: null,
      ...rare,
    }
  }
}

const newline = 0x0a

/** In bytes, as it is written. */
export const sizeOf = (secret: SecretRecord): number =>
  encodeUtf8(JSON.stringify([headOf(secret), restOf(secret, [])])).byteLength

function headOf(secret: SecretRecord): Head {
  const { id, name, suffix, createdAt, changedAt, facts } = secret
  const [only, ...others] = facts.uris
  const head = [
    id,
    name,
    suffix,
    createdAt,
    changedAt,
    facts.title === name ? '' : facts.title,
    itemKinds.indexOf(facts.kind),
    (facts.favourite ? flag.favourite : 0) +
      (facts.hasOneTimeCode ? flag.hasOneTimeCode : 0) +
      (facts.askAgain ? flag.askAgain : 0) +
      (waitingVersion(secret) ? flag.rotating : 0),
    facts.username,
    only !== undefined && others.length === 0 ? only : facts.uris,
  ] as const
  const { description, tags, deletedAt, deletionAt } = secret
  const rare = {
    ...(description === '' ? {} : { description }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(deletedAt === null ? {} : { deletedAt }),
    ...(deletionAt === null ? {} : { deletionAt }),
  }
  return Object.keys(rare).length === 0 ? head : [...head, rare]
}

/** @param keys is added to: the block's own list of KMS keys */
function restOf(secret: SecretRecord, keys: string[]): Rest {
  const { revision, kmsKeyId, policy, rotation } = secret
  const rest = [revision, secret.versions.map((one) => packVersion(one, keys))] as const
  const rare = {
    ...(kmsKeyId === null ? {} : { kmsKeyId }),
    ...(policy === null ? {} : { policy }),
    ...(rotation === null ? {} : { rotation }),
  }
  return Object.keys(rare).length === 0 ? rest : [...rest, rare]
}
