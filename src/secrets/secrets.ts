// secrets: Secrets Manager: secrets, their versions and staging labels. This file: the records.

import type { Bytes } from '../codec/bytes.ts'
import { readBlob } from '../codec/ciphertextBlob.ts'
import type { Context } from '../hsm/context.ts'
import { recordKind } from '../hsm/records.ts'
import { secretArn } from '../kms/arns.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { SecretListEntry, Tag } from '../protocol/secretsOutputs.ts'

export interface SecretRecord {
  readonly id: string
  readonly account: string
  readonly name: string
  /** The six characters AWS appends to a secret's ARN. */
  readonly suffix: string
  readonly description: string
  /** ARN, id or alias of the KMS key for new versions; `null` = the account's default key. */
  readonly kmsKeyId: string | null
  /** Milliseconds since 1970, as all times here. */
  readonly createdAt: number
  readonly changedAt: number
  /** When the secret may be destroyed, once it is marked for deletion. */
  readonly deletedAt: number | null
  readonly deletionAt: number | null
  readonly tags: readonly Tag[]
  readonly versions: readonly VersionSummary[]
}

export interface VersionSummary {
  readonly versionId: string
  readonly createdAt: number
  readonly stages: readonly string[]
  /** The KMS key its data key is under; absent in what Keyhearth 0.1 wrote. */
  readonly keyId?: string
}

/** One version's value under its own data key, as AWS does it. */
export interface VersionRecord {
  readonly encryptedDataKey: Bytes
  /** IV, ciphertext and tag of AES-256-GCM under the data key. */
  readonly ciphertext: Bytes
  readonly kind: 'string' | 'binary'
}

export const secrets = recordKind<SecretRecord>('secrets')
export const versions = recordKind<VersionRecord>('secretVersions')
/** The row that holds a name within an account, so that a name is taken once. */
export const names = recordKind<{ readonly secretId: string }>('secrets')

export const nameRow = (context: Context, account: string, name: string) =>
  context.vault.label('secret name', `${account}:${name}`)
export const accountGroup = (context: Context, account: string) =>
  context.vault.label('secrets of account', account)
export const versionRow = (secretId: string, versionId: string) => `${secretId}/${versionId}`

export const arnOf = ({ account, name, suffix }: SecretRecord): string =>
  secretArn(account, name, suffix)

const lettersAndDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Six characters from 62; they tell ARNs apart and keep nothing secret, so modulo bias is fine. */
export function newSuffix(): string {
  const random = crypto.getRandomValues(new Uint8Array(6))
  return Array.from(random, (byte) => lettersAndDigits[byte % lettersAndDigits.length]).join('')
}

const arnPattern = /^arn:aws:secretsmanager:browser-1:(\d{12}):secret:(.+)$/

/**
 * The secret a SecretId names: its name, its ARN, or its ARN without the six characters.
 * @throws KeyhearthError `secret-not-found`; `not-allowed` for another account of a page
 */
export async function findSecret(context: Context, secretId: string): Promise<SecretRecord> {
  const [, arnAccount, rest] = arnPattern.exec(secretId) ?? []
  const account = arnAccount ?? context.account
  if (context.principal.kind === 'page' && account !== context.account) {
    throw new KeyhearthError('not-allowed')
  }
  const candidates = rest === undefined ? [secretId] : [rest.slice(0, -7), rest]
  for (const name of candidates) {
    const secret = await byName(context, account, name)
    if (secret && (rest === undefined || rest === name || secretId === arnOf(secret))) {
      context.touch(arnOf(secret))
      return secret
    }
  }
  throw new KeyhearthError('secret-not-found')
}

export async function byName(
  context: Context,
  account: string,
  name: string,
): Promise<SecretRecord | null> {
  const taken = await context.records.get(names, nameRow(context, account, name))
  return taken && context.records.get(secrets, taken.secretId)
}

export function stageSecret(context: Context, secret: SecretRecord): void {
  context.staged.put(secrets, secret.id, accountGroup(context, secret.account), secret)
}

/** @throws KeyhearthError `secret-deleted` */
export function assertNotDeleted({ deletedAt }: SecretRecord): void {
  if (deletedAt !== null) throw new KeyhearthError('secret-deleted')
}

/** Secrets of the key's account with a version under it. Deleting the key would lose those. */
export async function secretsUnder(
  context: Context,
  key: { readonly account: string; readonly keyId: string },
): Promise<SecretRecord[]> {
  const all = await context.records.list(secrets, accountGroup(context, key.account))
  const under = await Promise.all(all.map((secret) => isUnder(context, secret, key.keyId)))
  return all.filter((_secret, i) => under[i])
}

async function isUnder(context: Context, secret: SecretRecord, keyId: string): Promise<boolean> {
  for (const { versionId, keyId: known } of secret.versions) {
    if ((known ?? (await keyOfVersion(context, secret.id, versionId))) === keyId) return true
  }
  return false
}

async function keyOfVersion(context: Context, secretId: string, versionId: string) {
  const version = await context.records.get(versions, versionRow(secretId, versionId))
  return version && readBlob(version.encryptedDataKey)?.keyId
}

export const stagesByVersion = ({ versions: all }: SecretRecord): Record<string, string[]> =>
  Object.fromEntries(
    all
      .filter(({ stages }) => stages.length > 0)
      .map(({ versionId, stages }) => [versionId, [...stages]]),
  )

export const entryOf = (secret: SecretRecord): SecretListEntry => ({
  ARN: arnOf(secret),
  Name: secret.name,
  ...(secret.description === '' ? {} : { Description: secret.description }),
  ...(secret.kmsKeyId === null ? {} : { KmsKeyId: secret.kmsKeyId }),
  CreatedDate: secret.createdAt / 1000,
  LastChangedDate: secret.changedAt / 1000,
  ...(secret.deletedAt === null ? {} : { DeletedDate: secret.deletedAt / 1000 }),
  Tags: secret.tags,
  SecretVersionsToStages: stagesByVersion(secret),
})
