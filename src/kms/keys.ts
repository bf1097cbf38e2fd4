// kms: keys, their states and what is done under them; one file per family of operations.
// This file: keys and aliases as records, and finding one by any form of its id.

import type { Context } from '../hsm/context.ts'
import { recordKind } from '../hsm/records.ts'
import type { WrappedMaterial } from '../hsm/unlocked.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { KeyMetadata } from '../protocol/outputs.ts'
import { keyArn, parseKeyId } from './arns.ts'

export interface KeyRecord {
  readonly keyId: string
  readonly account: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly description: string
  readonly state: 'Enabled' | 'Disabled' | 'PendingDeletion'
  readonly keySpec: 'SYMMETRIC_DEFAULT'
  readonly keyUsage: 'ENCRYPT_DECRYPT'
  readonly currentMaterialId: string
  readonly tags: readonly { readonly TagKey: string; readonly TagValue: string }[]
}

interface AliasRecord {
  readonly alias: string
  readonly account: string
  readonly keyId: string
}

const keys = recordKind<KeyRecord>('keys')
const materials = recordKind<WrappedMaterial>('materials')
const aliases = recordKind<AliasRecord>('aliases')

const accountGroup = (context: Context, account: string) => context.vault.label('account', account)
const aliasRow = (context: Context, account: string, alias: string) =>
  context.vault.label('alias', `${account}:${alias}`)

/** Stages a new symmetric key in an account, with its first backing key. */
export async function stageKey(
  context: Context,
  account: string,
  attributes: Pick<KeyRecord, 'description' | 'tags'>,
): Promise<KeyRecord> {
  const keyId = crypto.randomUUID()
  const material = await context.vault.generateMaterial(keyId)
  const key: KeyRecord = {
    ...attributes,
    keyId,
    account,
    createdAt: context.now,
    state: 'Enabled',
    keySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    currentMaterialId: material.materialId,
  }
  context.staged.put(materials, material.materialId, context.vault.label('key', keyId), material)
  context.staged.put(keys, keyId, accountGroup(context, account), key)
  context.touch(arnOf(key))
  return key
}

function stageAlias(context: Context, account: string, alias: string, keyId: string): void {
  const record: AliasRecord = { alias, account, keyId }
  const group = accountGroup(context, account)
  context.staged.put(aliases, aliasRow(context, account, alias), group, record)
}

/** An account's default key behind its alias, made where there is none yet. */
export async function ensureAliasKey(
  context: Context,
  account: string,
  alias: string,
  description: string,
): Promise<void> {
  if (await context.records.get(aliases, aliasRow(context, account, alias))) return
  const key = await stageKey(context, account, { description, tags: [] })
  stageAlias(context, account, alias, key.keyId)
}

export const arnOf = (key: KeyRecord): string => keyArn(key.account, key.keyId)

/**
 * The key a request names, where the caller may see it. The person is root of every account; a page
 * sees its own alone, and learns no more of another's than that it may not (KMS, cross-account access).
 *
 * @throws KeyhearthError `invalid-arn`, `not-allowed`, `key-not-found`
 */
export async function findKey(context: Context, keyIdText: string): Promise<KeyRecord> {
  const reference = parseKeyId(keyIdText, context.account)
  const { kind } = context.principal
  if (kind === 'page' && reference.account !== context.account) {
    throw new KeyhearthError('not-allowed')
  }
  const keyId =
    reference.type === 'key'
      ? reference.keyId
      : (await context.records.get(aliases, aliasRow(context, reference.account, reference.alias)))
          ?.keyId
  const key = keyId === undefined ? null : await context.records.get(keys, keyId)
  if (!key || (kind === 'page' && key.account !== context.account)) {
    throw new KeyhearthError('key-not-found', { keyId: `'${keyIdText}'` })
  }
  // A full ARN names the account too; an id that lives in another account is another key.
  if (
    reference.type === 'key' &&
    keyIdText.startsWith('arn:') &&
    key.account !== reference.account
  ) {
    throw new KeyhearthError('key-not-found', { keyId: `'${keyIdText}'` })
  }
  context.touch(arnOf(key))
  return key
}

/** @throws KeyhearthError `key-disabled`, `key-invalid-state` */
export function assertUsable(key: KeyRecord): void {
  switch (key.state) {
    case 'Enabled':
      return
    case 'Disabled':
      throw new KeyhearthError('key-disabled', { keyId: arnOf(key) })
    case 'PendingDeletion':
      throw new KeyhearthError('key-invalid-state', {
        keyId: arnOf(key),
        state: 'pending deletion',
      })
  }
}

/** @throws KeyhearthError `record-damaged` where a key lacks the material it names */
export async function materialOf(
  context: Context,
  key: KeyRecord,
  materialId: string,
): Promise<WrappedMaterial | null> {
  const material = await context.records.get(materials, materialId)
  return material?.keyId === key.keyId ? material : null
}

export async function listKeys(context: Context, account: string): Promise<KeyRecord[]> {
  return context.records.list(keys, accountGroup(context, account))
}

export const metadataOf = (key: KeyRecord): KeyMetadata => ({
  AWSAccountId: key.account,
  KeyId: key.keyId,
  Arn: arnOf(key),
  CreationDate: key.createdAt / 1000,
  Enabled: key.state === 'Enabled',
  Description: key.description,
  KeyUsage: key.keyUsage,
  KeyState: key.state,
  Origin: 'AWS_KMS',
  KeyManager: 'CUSTOMER',
  CustomerMasterKeySpec: key.keySpec,
  KeySpec: key.keySpec,
  EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
  MultiRegion: false,
  CurrentKeyMaterialId: key.currentMaterialId,
})
