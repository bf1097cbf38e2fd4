// secrets: Secrets Manager: secrets, their versions and staging labels. This file: the values of an imported item as
// versions of its secret.

import type { Context } from '../hsm/context.ts'
import { type Item, writeSecretString } from '../items/item.ts'
import type { Input } from '../protocol/schemas.ts'
import { withValue } from './changing.ts'
import { current } from './labels.ts'
import type { SecretRecord, StoredFile } from './records.ts'
import { textValue } from './values.ts'

export type Imported = Input<'keyhearth:AddToImport'>['Items'][number]

/** Its earlier values as earlier versions, then the present one; `sent` are files that they name. */
export async function withImported(
  context: Context,
  secret: SecretRecord,
  { Item, CreatedAt, ChangedAt, Older = [] }: Imported,
  sent: readonly StoredFile[],
): Promise<SecretRecord> {
  const createdAt = CreatedAt === undefined ? context.now : CreatedAt * 1000
  const changedAt = ChangedAt === undefined ? createdAt : ChangedAt * 1000
  let next = secret
  for (const { Item: older, At } of Older.toReversed()) {
    const at = At === undefined ? createdAt : At * 1000
    next = await withVersion(context, next, older, at, sent)
  }
  next = await withVersion(context, next, Item, changedAt, sent)
  return { ...next, createdAt, changedAt, revision: 1 }
}

async function withVersion(
  context: Context,
  secret: SecretRecord,
  item: Item,
  createdAt: number,
  sent: readonly StoredFile[],
): Promise<SecretRecord> {
  const id = crypto.randomUUID()
  const value = textValue(writeSecretString(item))
  const next = await withValue(context, secret, id, value, [current], sent)
  const versions = next.versions.map((one) => (one.versionId === id ? { ...one, createdAt } : one))
  return { ...next, versions }
}
