// secrets: Secrets Manager: secrets, their versions and staging labels. This file: blocks as they were first written,
// all of a secret in one row. Such a block is read as it is, and is written anew when one of its secrets changes.

import type { Bytes } from '../codec/bytes.ts'
import { decodeUtf8 } from '../codec/text.ts'
import { itemKinds } from '../items/item.ts'
import { type PackedVersion, unpackVersion } from './packedVersions.ts'
import type { SecretRecord } from './records.ts'

type FirstSecret = readonly [
  id: string,
  name: string,
  suffix: string,
  createdAt: number,
  changedAt: number,
  revision: number,
  versions: readonly PackedVersion[],
  title: string,
  kind: number,
  flags: number,
  username: string,
  uris: readonly string[],
  rare?: Partial<SecretRecord>,
]

interface FirstBlock {
  readonly account: string
  readonly keys: readonly string[]
  readonly secrets: readonly FirstSecret[]
}

const objectBegins = 0x7b

/** Those were objects; today's begin with a list. */
export const isFirstForm = (bytes: Bytes): boolean => bytes[0] === objectBegins

export function readFirstForm(bytes: Bytes): {
  readonly account: string
  readonly secrets: readonly SecretRecord[]
} {
  const block: FirstBlock = JSON.parse(decodeUtf8(bytes))
  return { account: block.account, secrets: block.secrets.map((one) => secretOf(one, block)) }
}

function secretOf(secret: FirstSecret, { account, keys }: FirstBlock): SecretRecord {
  const [id, name, suffix, createdAt, changedAt, revision, versions, ...shown] = secret
  const [title, kind, flags, username, uris, rare] = shown
  return {
    id,
    account,
    name,
    suffix,
    createdAt,
    changedAt,
    revision,
    versions: versions.map((one) => unpackVersion(one, keys)),
    facts: {
      title: title === '' ? name : title,
      kind: itemKinds[kind] ?? 'value',
      username,
      uris,
      favourite: (flags & 1) !== 0,
      hasOneTimeCode: (flags & 2) !== 0,
      askAgain: (flags & 4) !== 0,
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
