// kms: keys, their states and what is done under them; one file per family of operations.
// This file: ListKeySummaries and ViewKey, what the person's own screens show of keys. AWS's ListKeys has
// ids alone, of one account; a screen would have to ask for each key by itself, with several operations,
// and each question would be an event.

import type { Context, Handler } from '../hsm/context.ts'
import type { KeySummary } from '../protocol/outputs.ts'
import { findKey } from './access.ts'
import { aliasesOf } from './aliasRecords.ts'
import { allKeys, arnOf, type KeyRecord, stateOf } from './keys.ts'
import { metadataOf } from './metadata.ts'
import { lastUses } from './usage.ts'

export const listKeySummaries: Handler<'keyhearth:ListKeySummaries'> = async (context) => {
  const keys = await allKeys(context)
  const aliases = await aliasNames(context, new Set(keys.map(({ account }) => account)))
  const used = await lastUses(context)
  const Keys = keys.map((key) => {
    const at = used.get(key.keyId)
    const LastUsedAt = at === undefined ? null : at / 1000
    return { ...summaryOf(context, key, aliases.get(key.keyId) ?? []), LastUsedAt }
  })
  return { Keys }
}

/** By key id; those of an account are read once. */
async function aliasNames(
  context: Context,
  accounts: ReadonlySet<string>,
): Promise<Map<string, string[]>> {
  const names = new Map<string, string[]>()
  for (const account of accounts) {
    for (const { keyId, alias } of await aliasesOf(context, account)) {
      names.set(keyId, [...(names.get(keyId) ?? []), alias])
    }
  }
  return names
}

const summaryOf = (
  context: Context,
  key: KeyRecord,
  Aliases: readonly string[],
): Omit<KeySummary, 'LastUsedAt'> => ({
  AWSAccountId: key.account,
  KeyId: key.keyId,
  Arn: arnOf(key),
  CreationDate: key.createdAt / 1000,
  Description: key.description,
  KeySpec: key.keySpec,
  KeyUsage: key.keyUsage,
  KeyState: stateOf(key, context.now),
  ...(key.deletion ? { DeletionDate: key.deletion.at / 1000 } : {}),
  Aliases,
})

export const viewKey: Handler<'keyhearth:ViewKey'> = async (context, { KeyId }) => {
  const key = await findKey(context, KeyId)
  return { KeyMetadata: metadataOf(context, key), Tags: key.tags, PublicKey: key.publicKey }
}
