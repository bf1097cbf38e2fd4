// secrets: Secrets Manager: secrets, their versions and staging labels. This file: what is known of a secret.

import type { Bytes } from '../codec/bytes.ts'
import { recordKind } from '../hsm/records.ts'
import type { ItemKind } from '../items/item.ts'
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

export const arnOf = ({
  account,
  name,
  suffix,
}: Pick<SecretRecord, 'account' | 'name' | 'suffix'>): string => secretArn(account, name, suffix)

export const refOf = (secret: SecretRecord) => ({ ARN: arnOf(secret), Name: secret.name })

export const isMarked = ({ deletedAt }: Pick<SecretRecord, 'deletedAt'>): boolean =>
  deletedAt !== null

/** Its day has come: it is gone for everybody, swept or not. */
export const isGone = ({ deletionAt }: Pick<SecretRecord, 'deletionAt'>, now: number): boolean =>
  deletionAt !== null && deletionAt <= now

const lettersAndDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Six characters from 62; they tell ARNs apart and keep nothing secret, so modulo bias is fine. */
export function newSuffix(): string {
  const random = crypto.getRandomValues(new Uint8Array(6))
  return Array.from(random, (byte) => lettersAndDigits[byte % lettersAndDigits.length]).join('')
}
