// secrets: Secrets Manager: secrets, their versions and staging labels. This file: secrets are made, changed,
// deleted and restored, and their values put.

import type { Context, Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Tag } from '../protocol/secretsOutputs.ts'
import { catalogueOf } from './catalogue.ts'
import { changed, newSecret, removeValues, withLabels, withValue } from './changing.ts'
import { stageChanged } from './due.ts'
import { liveSecretFor, secretFor, secretOrNames } from './find.ts'
import { byVersionId, current, moveStage } from './labels.ts'
import { arnOf, isGone, isMarked, refOf, type SecretRecord } from './records.ts'
import { assertHeldHere, assertRegions } from './regions.ts'
import { openValue, type SecretValue, sameValue, valueIn } from './values.ts'

const dayMs = 86_400_000

const invalid = (what: string) => new KeyhearthError('secret-invalid', { what })

/** What a secret may have. @throws KeyhearthError `secret-invalid`, `secret-limit` */
export function assertTags(tags: readonly Tag[]): readonly Tag[] {
  const names = tags.map(({ Key }) => Key)
  if (new Set(names).size < names.length) throw invalid('A tag key is given twice')
  if (names.some((name) => name.toLowerCase().startsWith('aws:'))) {
    throw invalid('Tag keys that begin with aws: are reserved')
  }
  if (tags.length > 50) throw new KeyhearthError('secret-limit', { what: 'At most 50 tags' })
  return tags
}

/** A request sent again answers as it did the first time; one with another value is refused. */
async function isRepeated(
  context: Context,
  secret: SecretRecord,
  token: string | undefined,
  value: SecretValue | null,
): Promise<boolean> {
  const version = token === undefined ? null : byVersionId(secret.versions, token)
  if (!version || version.revision === 0) return false
  if (value && sameValue(value, await openValue(context, secret, version))) return true
  throw new KeyhearthError('secret-exists')
}

export const createSecret: Handler<'secretsmanager:CreateSecret'> = async (context, input) => {
  const { account } = context
  const value = valueIn(input)
  assertHeldHere(input)
  assertRegions(input.AddReplicaRegions)
  const existing = (await catalogueOf(context, account)).byName(input.Name)
  if (existing && !isGone(existing, context.now)) {
    if (isMarked(existing)) throw new KeyhearthError('secret-deleted')
    const { ClientRequestToken: token } = input
    if (await isRepeated(context, existing, token, value)) {
      return { ...refOf(existing), VersionId: token ?? '' }
    }
    throw new KeyhearthError('secret-exists')
  }
  if (existing) removeValues(context, existing)
  const secret = newSecret(context, {
    account,
    name: input.Name,
    description: input.Description ?? '',
    kmsKeyId: input.KmsKeyId ?? null,
    tags: assertTags(input.Tags ?? []),
  })
  context.touch(arnOf(secret))
  const gone = existing ? [existing] : []
  if (!value) {
    await stageChanged(context, [secret], gone)
    return refOf(secret)
  }
  const VersionId = input.ClientRequestToken ?? crypto.randomUUID()
  await stageChanged(context, [await withValue(context, secret, VersionId, value)], gone)
  return { ...refOf(secret), VersionId }
}

export const putSecretValue: Handler<'secretsmanager:PutSecretValue'> = async (context, input) => {
  const secret = await liveSecretFor(context, input.SecretId, 'secretsmanager:PutSecretValue')
  const value = valueIn(input)
  if (!value) throw invalid('Give a SecretString or a SecretBinary')
  const { ClientRequestToken: token, VersionStages = [current] } = input
  if (await isRepeated(context, secret, token, value)) {
    const VersionStagesNow = byVersionId(secret.versions, token ?? '')?.stages ?? []
    return { ...refOf(secret), VersionId: token ?? '', VersionStages: VersionStagesNow }
  }
  const VersionId = token ?? crypto.randomUUID()
  const next = await withValue(context, secret, VersionId, value, VersionStages)
  await stageChanged(context, [next])
  const stages = byVersionId(next.versions, VersionId)?.stages ?? []
  return { ...refOf(secret), VersionId, VersionStages: stages }
}

export const updateSecret: Handler<'secretsmanager:UpdateSecret'> = async (context, input) => {
  const found = await liveSecretFor(context, input.SecretId, 'secretsmanager:UpdateSecret')
  const value = valueIn(input)
  assertHeldHere(input)
  const secret = changed(context, found, {
    description: input.Description ?? found.description,
    kmsKeyId: input.KmsKeyId ?? found.kmsKeyId,
  })
  const VersionId = input.ClientRequestToken ?? crypto.randomUUID()
  // Asked before anything is staged: a row committed without its secret's record could not be read again. Of a
  // request sent again, all but the value counts.
  const isNew = value !== null && !(await isRepeated(context, found, VersionId, value))
  const rekeyed =
    input.KmsKeyId === undefined || input.KmsKeyId === found.kmsKeyId
      ? secret
      : await underNewKey(context, secret)
  await stageChanged(context, [
    isNew ? await withValue(context, rekeyed, VersionId, value) : rekeyed,
  ])
  return value ? { ...refOf(secret), VersionId } : refOf(secret)
}

/** Labelled versions are encrypted again under the new key (UpdateSecret, KmsKeyId). */
async function underNewKey(context: Context, secret: SecretRecord): Promise<SecretRecord> {
  let next = secret
  for (const version of secret.versions) {
    if (version.stages.length === 0 || version.revision === 0) continue
    const value = await openValue(context, secret, version)
    const { createdAt } = version
    const again = await withValue(context, next, version.versionId, value, version.stages)
    const versions = again.versions.map((one) =>
      one.versionId === version.versionId ? { ...one, createdAt } : one,
    )
    next = { ...again, versions }
  }
  return { ...next, revision: secret.revision }
}

export const updateSecretVersionStage: Handler<'secretsmanager:UpdateSecretVersionStage'> = async (
  context,
  { SecretId, VersionStage, RemoveFromVersionId, MoveToVersionId },
) => {
  const action = 'secretsmanager:UpdateSecretVersionStage'
  const secret = await liveSecretFor(context, SecretId, action)
  const labelled = moveStage(secret.versions, {
    stage: VersionStage,
    ...(RemoveFromVersionId === undefined ? {} : { from: RemoveFromVersionId }),
    ...(MoveToVersionId === undefined ? {} : { to: MoveToVersionId }),
  })
  await stageChanged(context, [await withLabels(context, secret, labelled)])
  return refOf(secret)
}

export const deleteSecret: Handler<'secretsmanager:DeleteSecret'> = async (context, input) => {
  const { RecoveryWindowInDays, ForceDeleteWithoutRecovery: force = false } = input
  if (force && RecoveryWindowInDays !== undefined) {
    throw invalid('Give either RecoveryWindowInDays or ForceDeleteWithoutRecovery, not both')
  }
  if (force) return deleteAtOnce(context, input.SecretId)
  const secret = await secretFor(context, input.SecretId, 'secretsmanager:DeleteSecret')
  if (isMarked(secret)) throw new KeyhearthError('secret-deleted')
  const deletionAt = context.now + (RecoveryWindowInDays ?? 30) * dayMs
  await stageChanged(context, [marked(context, secret, deletionAt)])
  return { ...refOf(secret), DeletionDate: deletionAt / 1000 }
}

/** One that is not there, or not any more, is deleted as well as can be (API reference, DeleteSecret). */
async function deleteAtOnce(context: Context, secretId: string) {
  const found = await secretOrNames(context, secretId, 'secretsmanager:DeleteSecret')
  const DeletionDate = context.now / 1000
  if ('ARN' in found) return { ...found, DeletionDate }
  await destroy(context, [found])
  return { ...refOf(found), DeletionDate }
}

export const marked = (context: Context, secret: SecretRecord, deletionAt: number): SecretRecord =>
  changed(context, secret, { deletedAt: context.now, deletionAt })

export const unmarked = (context: Context, secret: SecretRecord): SecretRecord =>
  changed(context, secret, { deletedAt: null, deletionAt: null })

export async function destroy(context: Context, gone: readonly SecretRecord[]): Promise<void> {
  for (const secret of gone) removeValues(context, secret)
  await stageChanged(context, [], gone)
}

export const deleteDueSecret: Handler<'keyhearth:DeleteDueSecret'> = async (
  context,
  { SecretId },
) => {
  const [, account = '', rest = ''] =
    /^arn:aws:secretsmanager:browser-1:(\d{12}):secret:(.+)$/.exec(SecretId) ?? []
  const secret = (await catalogueOf(context, account)).byName(rest.slice(0, -7))
  if (secret && arnOf(secret) === SecretId && isGone(secret, context.now)) {
    context.touch(SecretId)
    await destroy(context, [secret])
  }
  return {}
}

export const restoreSecret: Handler<'secretsmanager:RestoreSecret'> = async (
  context,
  { SecretId },
) => {
  const secret = await secretFor(context, SecretId, 'secretsmanager:RestoreSecret')
  await stageChanged(context, [unmarked(context, secret)])
  return refOf(secret)
}

export const tagResource: Handler<'secretsmanager:TagResource'> = async (
  context,
  { SecretId, Tags },
) => {
  const secret = await liveSecretFor(context, SecretId, 'secretsmanager:TagResource')
  assertTags(Tags)
  const names = Tags.map(({ Key }) => Key)
  const tags = assertTags([...secret.tags.filter(({ Key }) => !names.includes(Key)), ...Tags])
  await stageChanged(context, [changed(context, secret, { tags })])
  return {}
}

export const untagResource: Handler<'secretsmanager:UntagResource'> = async (
  context,
  { SecretId, TagKeys },
) => {
  const secret = await liveSecretFor(context, SecretId, 'secretsmanager:UntagResource')
  const tags = secret.tags.filter(({ Key }) => !TagKeys.includes(Key))
  await stageChanged(context, [changed(context, secret, { tags })])
  return {}
}
