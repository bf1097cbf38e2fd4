// secrets: Secrets Manager: secrets, their versions and staging labels. This file: what is known of a secret,
// and the short form it has in a block: 100,000 of them are read at every unlocking, so each byte counts.

import type { Bytes } from '../codec/bytes.ts'
import { recordKind } from '../hsm/records.ts'
import { type ItemKind, itemKinds } from '../items/item.ts'
import { secretArn } from '../kms/arns.ts'
import type { Tag } from '../protocol/secretsOutputs.ts'

/** A file that a version's value names (secrets/attachments). */
export interface StoredFile {
  readonly id: string
  /** How many rows it lies in. */
  readonly parts: number
}

export interface VersionSummary {
  readonly versionId: string
  /** Milliseconds since 1970, as all times here. */
  readonly createdAt: number
  readonly stages: readonly string[]
  /** The KMS key its data key is under; empty where the version has no value yet. */
  readonly keyId: string
  /** Of the row with its value; 0: it has none yet (RotateSecret makes such versions). */
  readonly revision: number
  /** Absent where it has none. */
  readonly files?: readonly StoredFile[]
}

/** What the screens show of a secret besides its value; none of it is hidden. */
export interface ItemFacts {
  readonly title: string
  readonly kind: ItemKind
  readonly username: string
  readonly uris: readonly string[]
  readonly favourite: boolean
  readonly hasOneTimeCode: boolean
  /** The passphrase is asked for before its value is shown. */
  readonly askAgain: boolean
}

export interface Rotation {
  readonly enabled: boolean
  /** ARN of the hook. */
  readonly hook: string
  readonly afterDays: number | null
  readonly schedule: string | null
  readonly duration: string | null
  readonly lastAt: number | null
  readonly nextAt: number | null
}

export interface SecretRecord {
  readonly id: string
  readonly account: string
  readonly name: string
  /** The six characters AWS appends to a secret's ARN. */
  readonly suffix: string
  readonly createdAt: number
  readonly changedAt: number
  /** Oldest first. */
  readonly versions: readonly VersionSummary[]
  readonly facts: ItemFacts
  /** Counts changes: what one window shows, another may have changed. */
  readonly revision: number
  readonly description: string
  /** ARN, id or alias of the KMS key for new versions; `null`: the account's usual one. */
  readonly kmsKeyId: string | null
  readonly tags: readonly Tag[]
  /** When it was marked for deletion, and when it will be destroyed. */
  readonly deletedAt: number | null
  readonly deletionAt: number | null
  readonly policy: string | null
  readonly rotation: Rotation | null
}

/** One version's value under its own data key, as AWS does it. */
export interface VersionRecord {
  readonly encryptedDataKey: Bytes
  /** IV, ciphertext and tag of AES-256-GCM under the data key. */
  readonly ciphertext: Bytes
  readonly kind: 'string' | 'binary'
}

export const versions = recordKind<VersionRecord>('secretVersions')
export const versionRow = (secretId: string, versionId: string) => `${secretId}/${versionId}`

export const arnOf = ({ account, name, suffix }: SecretRecord): string =>
  secretArn(account, name, suffix)

export const refOf = (secret: SecretRecord) => ({ ARN: arnOf(secret), Name: secret.name })

export const isMarked = ({ deletedAt }: SecretRecord): boolean => deletedAt !== null

/** Its day has come: it is gone for everybody, swept or not. */
export const isGone = ({ deletionAt }: SecretRecord, now: number): boolean =>
  deletionAt !== null && deletionAt <= now

const lettersAndDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Six characters from 62; they tell ARNs apart and keep nothing secret, so modulo bias is fine. */
export function newSuffix(): string {
  const random = crypto.getRandomValues(new Uint8Array(6))
  return Array.from(random, (byte) => lettersAndDigits[byte % lettersAndDigits.length]).join('')
}

const usualStages: readonly string[] = ['AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING']
const letters: readonly string[] = ['C', 'P', 'N']

type PackedVersion = readonly [
  versionId: string,
  createdAt: number,
  stages: string | readonly string[],
  keyIndex: number,
  revision: number,
  files?: readonly (readonly [id: string, parts: number])[],
]

type Rare = Partial<
  Pick<
    SecretRecord,
    'description' | 'kmsKeyId' | 'tags' | 'deletedAt' | 'deletionAt' | 'policy' | 'rotation'
  >
>

/** A secret in a block. Members that are most often empty stand last, in one object or not at all. */
export type PackedSecret = readonly [
  id: string,
  name: string,
  suffix: string,
  createdAt: number,
  changedAt: number,
  revision: number,
  versions: readonly PackedVersion[],
  /** Empty where it is the name. */
  title: string,
  kind: number,
  flags: number,
  username: string,
  uris: readonly string[],
  rare?: Rare,
]

/** What lies in a block: secrets of one account, and the KMS keys their versions are under. */
export interface Block {
  readonly account: string
  readonly keys: readonly string[]
  readonly secrets: readonly PackedSecret[]
}

const flag = { favourite: 1, hasOneTimeCode: 2, askAgain: 4 } as const

function packStages(stages: readonly string[]): string | readonly string[] {
  const places = stages.map((stage) => usualStages.indexOf(stage))
  return places.includes(-1) ? stages : places.map((place) => letters[place]).join('')
}

const unpackStages = (packed: string | readonly string[]): readonly string[] =>
  typeof packed !== 'string'
    ? packed
    : [...packed].flatMap((letter) => {
        const place = letters.indexOf(letter)
        return usualStages[place] ?? []
      })

/** @param keys is added to: the block's own list of KMS keys */
export function pack(secret: SecretRecord, keys: string[]): PackedSecret {
  const { id, name, suffix, createdAt, changedAt, revision, facts } = secret
  const keyIndex = (keyId: string) => {
    const known = keys.indexOf(keyId)
    return known >= 0 ? known : keys.push(keyId) - 1
  }
  const packed = [
    id,
    name,
    suffix,
    createdAt,
    changedAt,
    revision,
    secret.versions.map((one): PackedVersion => {
      const { versionId, stages, keyId, files } = one
      const row = [
        versionId,
        one.createdAt,
        packStages(stages),
        keyIndex(keyId),
        one.revision,
      ] as const
      return files ? [...row, files.map((file) => [file.id, file.parts] as const)] : row
    }),
    facts.title === name ? '' : facts.title,
    itemKinds.indexOf(facts.kind),
    (facts.favourite ? flag.favourite : 0) +
      (facts.hasOneTimeCode ? flag.hasOneTimeCode : 0) +
      (facts.askAgain ? flag.askAgain : 0),
    facts.username,
    facts.uris,
  ] as const
  const rare = rareOf(secret)
  return Object.keys(rare).length === 0 ? packed : [...packed, rare]
}

function rareOf(secret: SecretRecord): Rare {
  const { description, kmsKeyId, tags, deletedAt, deletionAt, policy, rotation } = secret
  return {
    ...(description === '' ? {} : { description }),
    ...(kmsKeyId === null ? {} : { kmsKeyId }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(deletedAt === null ? {} : { deletedAt }),
    ...(deletionAt === null ? {} : { deletionAt }),
    ...(policy === null ? {} : { policy }),
    ...(rotation === null ? {} : { rotation }),
  }
}

/** What lists sort, filter and search by. */
export interface Glance {
  readonly id: string
  readonly title: string
  readonly kind: ItemKind
  readonly username: string
  readonly uris: readonly string[]
  readonly tags: readonly Tag[]
  readonly description: string
  readonly favourite: boolean
  readonly marked: boolean
  readonly createdAt: number
  readonly changedAt: number
}

const noTags: readonly Tag[] = []

/** The same as `unpack` has it, without the rest: at every unlocking it is wanted of every secret. */
export function glanceAt(packed: PackedSecret): Glance {
  const [flags, rare] = [packed[9], packed[12]]
  return {
    id: packed[0],
    title: packed[7] === '' ? packed[1] : packed[7],
    kind: itemKinds[packed[8]] ?? 'value',
    username: packed[10],
    uris: packed[11],
    tags: rare?.tags ?? noTags,
    description: rare?.description ?? '',
    favourite: (flags & flag.favourite) !== 0,
    marked: (rare?.deletedAt ?? null) !== null,
    createdAt: packed[3],
    changedAt: packed[4],
  }
}

export function unpack(packed: PackedSecret, { account, keys }: Block): SecretRecord {
  const [id, name, suffix, createdAt, changedAt, revision, packedVersions, ...rest] = packed
  const [title, kind, flags, username, uris, rare] = rest
  return {
    id,
    account,
    name,
    suffix,
    createdAt,
    changedAt,
    revision,
    versions: packedVersions.map(([versionId, madeAt, stages, keyIndex, ofRow, files]) => ({
      versionId,
      createdAt: madeAt,
      stages: unpackStages(stages),
      keyId: keys[keyIndex] ?? '',
      revision: ofRow,
      ...(files ? { files: files.map(([fileId, parts]) => ({ id: fileId, parts })) } : {}),
    })),
    facts: {
      title: title === '' ? name : title,
      kind: itemKinds[kind] ?? 'value',
      username,
      uris,
      favourite: (flags & flag.favourite) !== 0,
      hasOneTimeCode: (flags & flag.hasOneTimeCode) !== 0,
      askAgain: (flags & flag.askAgain) !== 0,
    },
    description: '',
    kmsKeyId: null,
    tags: [],
    deletedAt: null,
    deletionAt: null,
    policy: null,
    rotation: null,
    ...rare,
  }
}
