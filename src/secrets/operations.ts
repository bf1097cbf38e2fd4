// secrets: Secrets Manager: secrets, their versions and staging labels. This file: the operations.

import { readBlob } from '../codec/ciphertextBlob.ts'
import type { Context, Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import {
  accountGroup,
  arnOf,
  assertNotDeleted,
  byName,
  entryOf,
  findSecret,
  nameRow,
  names,
  newSuffix,
  type SecretRecord,
  secrets,
  stageSecret,
  stagesByVersion,
  type VersionSummary,
  versionRow,
  versions,
} from './secrets.ts'
import { openValue, type SecretValue, sealValue, valueIn } from './values.ts'

const dayMs = 86_400_000
const current = 'AWSCURRENT'
const previous = 'AWSPREVIOUS'

const refOf = (secret: SecretRecord) => ({ ARN: arnOf(secret), Name: secret.name })

export const createSecret: Handler<'secretsmanager:CreateSecret'> = async (context, input) => {
  const { account, now } = context
  const value = valueIn(input)
  const existing = await byName(context, account, input.Name)
  if (existing) {
    // The same request sent again answers as it did the first time (CreateSecret, ClientRequestToken).
    const again = existing.versions.some(({ versionId }) => versionId === input.ClientRequestToken)
    if (again && !existing.deletedAt) {
      return { ...refOf(existing), VersionId: input.ClientRequestToken ?? '' }
    }
    throw new KeyhearthError(existing.deletedAt ? 'secret-deleted' : 'secret-exists')
  }
  const secret: SecretRecord = {
    id: crypto.randomUUID(),
    account,
    name: input.Name,
    suffix: newSuffix(),
    description: input.Description ?? '',
    kmsKeyId: input.KmsKeyId ?? null,
    createdAt: now,
    changedAt: now,
    deletedAt: null,
    deletionAt: null,
    tags: input.Tags ?? [],
    versions: [],
  }
  context.touch(arnOf(secret))
  const row = nameRow(context, account, secret.name)
  context.staged.put(names, row, null, { secretId: secret.id })
  if (!value) {
    stageSecret(context, secret)
    return refOf(secret)
  }
  const VersionId = input.ClientRequestToken ?? crypto.randomUUID()
  stageSecret(context, await withVersion(context, secret, VersionId, value))
  return { ...refOf(secret), VersionId }
}

/** Stages a version and moves the labels: AWSCURRENT to it, AWSPREVIOUS to the one that had it. */
async function withVersion(
  context: Context,
  secret: SecretRecord,
  versionId: string,
  value: SecretValue,
): Promise<SecretRecord> {
  const group = context.vault.label('versions of secret', secret.id)
  const record = await sealValue(context, secret, versionId, value)
  context.staged.put(versions, versionRow(secret.id, versionId), group, record)
  const older = secret.versions.map((version): VersionSummary => {
    const rest = version.stages.filter((stage) => stage !== current && stage !== previous)
    return version.stages.includes(current)
      ? { ...version, stages: [...rest, previous] }
      : { ...version, stages: rest }
  })
  const keyId = readBlob(record.encryptedDataKey)?.keyId
  const added: VersionSummary = {
    versionId,
    createdAt: context.now,
    stages: [current],
    ...(keyId === undefined ? {} : { keyId }),
  }
  return { ...secret, changedAt: context.now, versions: [...older, added] }
}

export const updateSecret: Handler<'secretsmanager:UpdateSecret'> = async (context, input) => {
  const found = await findSecret(context, input.SecretId)
  assertNotDeleted(found)
  const value = valueIn(input)
  const secret: SecretRecord = {
    ...found,
    changedAt: context.now,
    description: input.Description ?? found.description,
    kmsKeyId: input.KmsKeyId ?? found.kmsKeyId,
  }
  if (!value) {
    stageSecret(context, secret)
    return refOf(secret)
  }
  const VersionId = input.ClientRequestToken ?? crypto.randomUUID()
  if (secret.versions.some(({ versionId }) => versionId === VersionId)) {
    throw new KeyhearthError('secret-exists')
  }
  stageSecret(context, await withVersion(context, secret, VersionId, value))
  return { ...refOf(secret), VersionId }
}

export const getSecretValue: Handler<'secretsmanager:GetSecretValue'> = async (context, input) => {
  const secret = await findSecret(context, input.SecretId)
  assertNotDeleted(secret)
  const version = pickVersion(secret, input)
  const row = version && versionRow(secret.id, version.versionId)
  const record = row && (await context.records.get(versions, row))
  if (!version || !record) throw new KeyhearthError('secret-not-found')
  const value = await openValue(context, secret, version.versionId, record)
  return {
    ...refOf(secret),
    VersionId: version.versionId,
    VersionStages: version.stages,
    CreatedDate: version.createdAt / 1000,
    ...(value.kind === 'string' ? { SecretString: value.text } : { SecretBinary: value.bytes }),
  }
}

/** By id, by label, or by both, which must then agree (GetSecretValue); AWSCURRENT by default. */
function pickVersion(
  secret: SecretRecord,
  { VersionId, VersionStage }: { readonly VersionId?: string; readonly VersionStage?: string },
): VersionSummary | null {
  const stage = VersionStage ?? (VersionId === undefined ? current : null)
  const fits = ({ versionId, stages }: VersionSummary) =>
    (VersionId === undefined || versionId === VersionId) &&
    (stage === null || stages.includes(stage))
  return secret.versions.find(fits) ?? null
}

export const describeSecret: Handler<'secretsmanager:DescribeSecret'> = async (
  context,
  { SecretId },
) => {
  const secret = await findSecret(context, SecretId)
  return { ...entryOf(secret), VersionIdsToStages: stagesByVersion(secret) }
}

/** Pages in the order of creation; the token is the place to go on from. */
export const listSecrets: Handler<'secretsmanager:ListSecrets'> = async (context, input) => {
  const { MaxResults = 100, NextToken, IncludePlannedDeletion = false } = input
  const start = NextToken === undefined ? 0 : Number.parseInt(NextToken, 10)
  if (!Number.isSafeInteger(start) || start < 0) {
    throw new KeyhearthError('secret-invalid', { what: 'NextToken is not valid' })
  }
  const all = (await context.records.list(secrets, accountGroup(context, context.account)))
    .filter(({ deletedAt }) => IncludePlannedDeletion || deletedAt === null)
    .sort((left, right) => left.createdAt - right.createdAt || (left.id < right.id ? -1 : 1))
  const end = start + MaxResults
  return {
    SecretList: all.slice(start, end).map(entryOf),
    ...(all.length > end ? { NextToken: String(end) } : {}),
  }
}

export const deleteSecret: Handler<'secretsmanager:DeleteSecret'> = async (context, input) => {
  const { RecoveryWindowInDays, ForceDeleteWithoutRecovery: force = false } = input
  if (force && RecoveryWindowInDays !== undefined) {
    throw new KeyhearthError('secret-invalid', {
      what: 'Give either RecoveryWindowInDays or ForceDeleteWithoutRecovery, not both',
    })
  }
  const secret = await findSecret(context, input.SecretId)
  if (!force) assertNotDeleted(secret)
  const deletionAt = context.now + (force ? 0 : (RecoveryWindowInDays ?? 30) * dayMs)
  if (force) destroy(context, secret)
  else stageSecret(context, { ...secret, deletedAt: context.now, deletionAt })
  return { ...refOf(secret), DeletionDate: deletionAt / 1000 }
}

function destroy(context: Context, secret: SecretRecord): void {
  const { staged } = context
  staged.remove(secrets, secret.id)
  staged.remove(names, nameRow(context, secret.account, secret.name))
  for (const { versionId } of secret.versions) {
    staged.remove(versions, versionRow(secret.id, versionId))
  }
}

/** Stages the end of every secret whose recovery window is over; runs with each unlocking. */
export async function destroyExpired(context: Context): Promise<void> {
  const all = await context.records.list(secrets, accountGroup(context, context.account))
  for (const secret of all) {
    if (secret.deletionAt !== null && secret.deletionAt <= context.now) destroy(context, secret)
  }
}

export const restoreSecret: Handler<'secretsmanager:RestoreSecret'> = async (
  context,
  { SecretId },
) => {
  const secret = await findSecret(context, SecretId)
  stageSecret(context, { ...secret, deletedAt: null, deletionAt: null })
  return refOf(secret)
}

export const tagResource: Handler<'secretsmanager:TagResource'> = async (
  context,
  { SecretId, Tags },
) => {
  const secret = await findSecret(context, SecretId)
  assertNotDeleted(secret)
  const named = new Map(secret.tags.map((tag) => [tag.Key, tag]))
  for (const tag of Tags) named.set(tag.Key, tag)
  if (named.size > 50) throw new KeyhearthError('secret-invalid', { what: 'At most 50 tags' })
  stageSecret(context, { ...secret, changedAt: context.now, tags: [...named.values()] })
  return {}
}
