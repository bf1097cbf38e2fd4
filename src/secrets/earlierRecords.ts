// secrets: Secrets Manager: secrets, their versions and staging labels. This file: what Keyhearth 0.1 wrote, one
// row a secret, is moved into blocks once the vault is open, in one commit.

import { readBlob } from '../codec/ciphertextBlob.ts'
import type { Context } from '../hsm/context.ts'
import { recordKind } from '../hsm/records.ts'
import type { Tag } from '../protocol/secretsOutputs.ts'
import { type Changes, stageSecrets } from './catalogue.ts'
import { factsOf, newSecret } from './changing.ts'
import { current, withStage } from './labels.ts'
import { type SecretRecord, type VersionSummary, versionRow, versions } from './records.ts'
import { openValue } from './values.ts'

interface EarlierVersion {
  readonly versionId: string
  readonly createdAt: number
  readonly stages: readonly string[]
  readonly keyId?: string
}

interface EarlierSecret {
  readonly id: string
  readonly account: string
  readonly name: string
  readonly suffix: string
  readonly description: string
  readonly kmsKeyId: string | null
  readonly createdAt: number
  readonly changedAt: number
  readonly deletedAt: number | null
  readonly deletionAt: number | null
  readonly tags: readonly Tag[]
  readonly versions: readonly EarlierVersion[]
}

const titleTag = 'keyhearth:title'
const earlier = recordKind<unknown>('secrets')

/** The other rows of that store held names. */
const isSecret = (value: unknown): value is EarlierSecret =>
  typeof value === 'object' && value !== null && 'versions' in value

/** Stages the move, where there is something to move. Once in an operation, as all staging of secrets. */
export async function moveEarlierSecrets(context: Context): Promise<void> {
  const rows = await context.records.all('secrets')
  if (rows.length === 0) return
  const accounts = new Map<string, Map<string, SecretRecord>>()
  for (const { value } of rows) {
    if (!isSecret(value)) continue
    const secrets = accounts.get(value.account) ?? new Map<string, SecretRecord>()
    accounts.set(value.account, secrets.set(value.id, await moved(context, value)))
  }
  await stageSecrets(context, accounts satisfies ReadonlyMap<string, Changes>)
  for (const { row } of rows) context.staged.remove(earlier, row.id)
}

async function moved(context: Context, old: EarlierSecret): Promise<SecretRecord> {
  const title = old.tags.find(({ Key }) => Key === titleTag)?.Value ?? old.name
  const tags = old.tags.filter(({ Key }) => Key !== titleTag)
  const kept = await Promise.all(old.versions.map((version) => movedVersion(context, old, version)))
  const all = kept.filter((version) => version !== null)
  const secret = newSecret(context, { ...old, tags, versions: all })
  const facts = { ...secret.facts, title }
  const present = withStage(all, current)
  // A key that is switched off now opens its values later; until then they are listed as plain ones.
  const value = present && (await openValue(context, secret, present).catch(() => null))
  return { ...secret, facts: value ? factsOf(facts, value) : facts }
}

/** Its row keeps its place and revision; from now on the block says which that is. */
async function movedVersion(
  context: Context,
  { id }: EarlierSecret,
  { versionId, createdAt, stages, keyId }: EarlierVersion,
): Promise<VersionSummary | null> {
  const found = await context.records.revisionNow(versions, versionRow(id, versionId))
  if (!found) return null
  const under = keyId ?? readBlob(found.value.encryptedDataKey)?.keyId ?? ''
  return { versionId, createdAt, stages, keyId: under, revision: found.revision }
}
