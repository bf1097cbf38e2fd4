// kms: keys, their states and what is done under them; one file per family of operations.
// This file: CreateAlias, UpdateAlias, DeleteAlias and ListAliases.

import type { Context, Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { AliasListEntry } from '../protocol/kmsOutputs.ts'
import { authorise, keyByIdFor, keyFor } from './access.ts'
import {
  type AliasRecord,
  aliasesOf,
  aliasesOfKey,
  findAlias,
  putAlias,
  removeAlias,
} from './aliasRecords.ts'
import { aliasArn } from './arns.ts'
import { assertState, type KeyRecord, readKey } from './keys.ts'
import { pageOf } from './paging.ts'

/** Aliases of a key that goes away for good. */
export async function removeAliases(context: Context, key: KeyRecord): Promise<void> {
  for (const record of await aliasesOfKey(context, key)) removeAlias(context, record)
}

/** @throws KeyhearthError `invalid-input`, `alias-reserved` as AWS answers each */
function assertAliasName(name: string): void {
  const invalid = (what: string) => new KeyhearthError('invalid-input', { what })
  if (!name.startsWith('alias/')) throw invalid('Invalid identifier')
  if (name.startsWith('alias/aws/')) throw new KeyhearthError('alias-reserved')
  if (name.endsWith('/')) throw invalid('Alias must not end with a slash')
  if (!/^alias\/[a-zA-Z0-9/_-]+$/.test(name)) {
    throw invalid('AliasName: may hold letters, digits and /_- only')
  }
}

const arnOfAlias = ({ account, alias }: AliasRecord): string => aliasArn(account, alias)

export const createAlias: Handler<'kms:CreateAlias'> = async (context, input) => {
  const { AliasName: alias, TargetKeyId } = input
  assertAliasName(alias)
  const key = await keyByIdFor(context, TargetKeyId, {
    action: 'kms:CreateAlias',
    conditions: { 'kms:requestalias': [alias] },
  })
  assertState(key, context.now, 'Enabled', 'Disabled', 'PendingImport')
  const { account, keyId } = key
  if (await findAlias(context, account, alias)) {
    throw new KeyhearthError('alias-exists', { alias: aliasArn(account, alias) })
  }
  await assertFewAliases(context, key)
  putAlias(context, { alias, account, keyId, createdAt: context.now, updatedAt: context.now })
  context.touch(aliasArn(account, alias))
  return {}
}

const mostAliases = 50

async function assertFewAliases(context: Context, key: KeyRecord): Promise<void> {
  if ((await aliasesOfKey(context, key)).length < mostAliases) return
  throw new KeyhearthError('limit-exceeded', { what: `A key has at most ${mostAliases} aliases` })
}

/** The person is root of every account, but names aliases of their own. */
async function ownAlias(context: Context, alias: string): Promise<AliasRecord> {
  const record = await findAlias(context, context.account, alias)
  if (record) return record
  throw new KeyhearthError('alias-not-found', { alias: aliasArn(context.account, alias) })
}

export const updateAlias: Handler<'kms:UpdateAlias'> = async (context, input) => {
  const { AliasName: alias, TargetKeyId } = input
  assertAliasName(alias)
  const record = await ownAlias(context, alias)
  const asked = { action: 'kms:UpdateAlias', conditions: { 'kms:requestalias': [alias] } } as const
  const next = await keyByIdFor(context, TargetKeyId, asked)
  assertState(next, context.now, 'Enabled', 'Disabled', 'PendingImport')
  const present = await readKey(context, record.keyId)
  if (present) {
    await authorise(context, { ...asked, key: present })
    assertAlike(present, next)
  }
  await assertFewAliases(context, next)
  putAlias(context, { ...record, keyId: next.keyId, updatedAt: context.now })
  context.touch(arnOfAlias(record))
  return {}
}

/** So that what is encrypted through the alias goes on being what it was (API reference, UpdateAlias). */
function assertAlike(present: KeyRecord, next: KeyRecord): void {
  const kind = ({ keySpec }: KeyRecord) => keySpec.split('_')[0]
  if (present.account === next.account && present.keyUsage === next.keyUsage) {
    if (kind(present) === kind(next)) return
  }
  throw new KeyhearthError('invalid-input', {
    what: 'The current and the new key must be of the same type, usage and account',
  })
}

export const deleteAlias: Handler<'kms:DeleteAlias'> = async (context, { AliasName: alias }) => {
  assertAliasName(alias)
  const record = await ownAlias(context, alias)
  const key = await readKey(context, record.keyId)
  const conditions = { 'kms:requestalias': [alias] }
  if (key) await authorise(context, { action: 'kms:DeleteAlias', key, conditions })
  removeAlias(context, record)
  context.touch(arnOfAlias(record))
  return {}
}

const entryOf = (record: AliasRecord): AliasListEntry => {
  const created = (record.createdAt ?? 0) / 1000
  return {
    AliasName: record.alias,
    AliasArn: arnOfAlias(record),
    TargetKeyId: record.keyId,
    CreationDate: created,
    LastUpdatedDate: (record.updatedAt ?? record.createdAt ?? 0) / 1000,
  }
}

export const listAliases: Handler<'kms:ListAliases'> = async (context, input) => {
  const { KeyId } = input
  const all =
    KeyId === undefined
      ? await aliasesOf(context, context.account)
      : await aliasesOfKey(context, await keyFor(context, KeyId, { action: 'kms:ListAliases' }))
  const { items, page } = pageOf(all, ({ alias }) => alias, input, 50)
  return { Aliases: items.map(entryOf), ...page }
}
