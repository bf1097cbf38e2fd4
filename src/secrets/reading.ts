// secrets: Secrets Manager: secrets, their versions and staging labels. This file: secrets are described,
// listed and read.

import type { Context, Handler } from '../hsm/context.ts'
import { keyArn } from '../kms/arns.ts'
import { KeyhearthError, toErrorReply } from '../protocol/errors.ts'
import type { SecretListEntry, SecretValueEntry } from '../protocol/secretsOutputs.ts'
import { lastAccesses, noteAccess } from './accesses.ts'
import { catalogueOf } from './catalogue.ts'
import { matchesFilters } from './filters.ts'
import { liveSecretFor, mayDo, secretFor } from './find.ts'
import { byVersionId, current, stagesByVersion, withStage } from './labels.ts'
import { type Order, pageFrom } from './pages.ts'
import {
  arnOf,
  isGone,
  isMarked,
  refOf,
  type SecretRecord,
  type VersionSummary,
} from './records.ts'
import { openValue } from './values.ts'

/** By id, by label, or by both, which must then agree (GetSecretValue); AWSCURRENT by default. */
function pickVersion(
  { versions }: SecretRecord,
  { VersionId, VersionStage }: { readonly VersionId?: string; readonly VersionStage?: string },
): VersionSummary {
  const picked =
    VersionId === undefined
      ? withStage(versions, VersionStage ?? current)
      : byVersionId(versions, VersionId)
  if (!picked) throw new KeyhearthError('secret-not-found')
  if (VersionStage !== undefined && !picked.stages.includes(VersionStage)) {
    throw new KeyhearthError('secret-request', {
      what: 'The VersionStage is not attached to the VersionId',
    })
  }
  return picked
}

async function valueEntry(
  context: Context,
  secret: SecretRecord,
  wanted: { readonly VersionId?: string; readonly VersionStage?: string } = {},
): Promise<SecretValueEntry> {
  // A screen shows such a secret by GetItem, which takes the passphrase or a passkey's answer.
  if (context.principal.kind === 'person' && secret.facts.askAgain) {
    throw new KeyhearthError('passphrase-needed')
  }
  const version = pickVersion(secret, wanted)
  const value = await openValue(context, secret, version)
  await noteAccess(context, secret)
  return {
    ...refOf(secret),
    VersionId: version.versionId,
    VersionStages: version.stages,
    CreatedDate: version.createdAt / 1000,
    ...(value.kind === 'string' ? { SecretString: value.text } : { SecretBinary: value.bytes }),
  }
}

export const getSecretValue: Handler<'secretsmanager:GetSecretValue'> = async (context, input) => {
  const action = 'secretsmanager:GetSecretValue'
  return valueEntry(context, await liveSecretFor(context, input.SecretId, action), input)
}

export const batchGetSecretValue: Handler<'secretsmanager:BatchGetSecretValue'> = async (
  context,
  { SecretIdList, Filters, MaxResults = 20, NextToken },
) => {
  if ((SecretIdList === undefined) === (Filters === undefined)) {
    throw new KeyhearthError('secret-invalid', { what: 'Give either SecretIdList or Filters' })
  }
  const { items, next } = SecretIdList
    ? idsFrom(SecretIdList, NextToken, MaxResults)
    : await arnsFrom(context, Filters ?? [], NextToken, MaxResults)
  const SecretValues: SecretValueEntry[] = []
  const Errors: { SecretId: string; ErrorCode: string; Message: string }[] = []
  for (const SecretId of items) {
    try {
      const action = 'secretsmanager:GetSecretValue'
      SecretValues.push(await valueEntry(context, await liveSecretFor(context, SecretId, action)))
    } catch (error) {
      if (!(error instanceof KeyhearthError)) throw error
      const { code, message } = toErrorReply(error)
      Errors.push({ SecretId, ErrorCode: code, Message: message })
    }
  }
  return { SecretValues, Errors, ...next }
}

/** As they were given, and are given again with the token. */
function idsFrom(ids: readonly string[], token: string | undefined, most: number) {
  const order = { name: 'SecretIdList', keyOf: (at: number) => at, idOf: () => '' }
  const { items, next } = pageFrom([...ids.keys()], order, token, most)
  return { items: items.flatMap((at) => ids[at] ?? []), next }
}

async function arnsFrom(
  context: Context,
  Filters: NonNullable<Wanted['Filters']>,
  token: string | undefined,
  most: number,
) {
  const found = await filtered(context, { Filters })
  const { items, next } = pageFrom(found, await orderOf(context, {}), token, most)
  return { items: items.map(arnOf), next }
}

/** What ListSecrets and DescribeSecret both tell. @param lastAccess in milliseconds since 1970 */
const factsOf = (secret: SecretRecord, lastAccess: number | null) => ({
  ...refOf(secret),
  ...(secret.description === '' ? {} : { Description: secret.description }),
  ...(secret.kmsKeyId === null ? {} : { KmsKeyId: secret.kmsKeyId }),
  ...rotationOf(secret),
  CreatedDate: secret.createdAt / 1000,
  LastChangedDate: secret.changedAt / 1000,
  ...(lastAccess === null ? {} : { LastAccessedDate: lastAccess / 1000 }),
  ...(secret.deletedAt === null ? {} : { DeletedDate: secret.deletedAt / 1000 }),
  Tags: secret.tags,
})

function rotationOf({ rotation }: SecretRecord) {
  if (!rotation) return {}
  const { enabled, hook, afterDays, schedule, duration, lastAt, nextAt } = rotation
  return {
    RotationEnabled: enabled,
    RotationLambdaARN: hook,
    RotationRules: {
      ...(afterDays === null ? {} : { AutomaticallyAfterDays: afterDays }),
      ...(duration === null ? {} : { Duration: duration }),
      ...(schedule === null ? {} : { ScheduleExpression: schedule }),
    },
    ...(lastAt === null ? {} : { LastRotatedDate: lastAt / 1000 }),
    ...(enabled && nextAt !== null ? { NextRotationDate: nextAt / 1000 } : {}),
  }
}

export const describeSecret: Handler<'secretsmanager:DescribeSecret'> = async (
  context,
  { SecretId },
) => {
  const secret = await secretFor(context, SecretId, 'secretsmanager:DescribeSecret')
  const lastAccess = await lastAccesses(context, secret.account)
  return {
    ...factsOf(secret, lastAccess(secret.id)),
    VersionIdsToStages: stagesByVersion(secret.versions),
  }
}

const entryOf = (secret: SecretRecord, lastAccess: number | null): SecretListEntry => ({
  ...factsOf(secret, lastAccess),
  SecretVersionsToStages: stagesByVersion(secret.versions),
})

type Wanted = Pick<
  Parameters<Handler<'secretsmanager:ListSecrets'>>[1],
  'Filters' | 'IncludePlannedDeletion' | 'SortBy' | 'SortOrder'
>

/** The caller's own secrets that fit. */
async function filtered(
  context: Context,
  { Filters = [], IncludePlannedDeletion = false }: Wanted,
): Promise<SecretRecord[]> {
  const catalogue = await catalogueOf(context)
  return [...catalogue.all()].filter(
    (secret) =>
      !isGone(secret, context.now) &&
      (IncludePlannedDeletion || !isMarked(secret)) &&
      matchesFilters(secret, Filters),
  )
}

const orderOf = async (
  context: Context,
  { SortBy = 'created-date', SortOrder = 'asc' }: Wanted,
): Promise<Order<SecretRecord>> => ({
  name: `secrets by ${SortBy}, ${SortOrder}`,
  keyOf: await sortKeyOf(context, SortBy),
  idOf: ({ id }) => id,
  descending: SortOrder === 'desc',
})

async function sortKeyOf(
  context: Context,
  by: NonNullable<Wanted['SortBy']>,
): Promise<(secret: SecretRecord) => number | string> {
  switch (by) {
    case 'created-date':
      return ({ createdAt }) => createdAt
    case 'last-changed-date':
      return ({ changedAt }) => changedAt
    case 'last-accessed-date': {
      const lastAccess = await lastAccesses(context, context.account)
      return ({ id }) => lastAccess(id) ?? 0
    }
    case 'name':
      return ({ name }) => name
  }
}

export const listSecrets: Handler<'secretsmanager:ListSecrets'> = async (context, input) => {
  const { NextToken, MaxResults = 100 } = input
  const found = await filtered(context, input)
  const { items, next } = pageFrom(found, await orderOf(context, input), NextToken, MaxResults)
  const lastAccess = await lastAccesses(context, context.account)
  return { SecretList: items.map((secret) => entryOf(secret, lastAccess(secret.id))), ...next }
}

const oldestFirst: Order<VersionSummary> = {
  name: 'versions',
  keyOf: ({ createdAt }) => createdAt,
  idOf: ({ versionId }) => versionId,
}

export const listSecretVersionIds: Handler<'secretsmanager:ListSecretVersionIds'> = async (
  context,
  { SecretId, MaxResults = 100, NextToken, IncludeDeprecated = false },
) => {
  const secret = await secretFor(context, SecretId, 'secretsmanager:ListSecretVersionIds')
  const shown = secret.versions.filter(({ stages }) => IncludeDeprecated || stages.length > 0)
  const { items, next } = pageFrom(shown, oldestFirst, NextToken, MaxResults)
  return {
    ...refOf(secret),
    Versions: items.map(({ versionId, stages, createdAt, keyId }) => ({
      VersionId: versionId,
      VersionStages: stages,
      CreatedDate: createdAt / 1000,
      KmsKeyIds: keyId === '' ? [] : [keyArn(secret.account, keyId)],
    })),
    ...next,
  }
}

/** Secrets of the key's account with a version under it. Deleting the key would lose those. */
export async function secretsUnder(
  context: Context,
  key: { readonly account: string; readonly keyId: string },
): Promise<SecretRecord[]> {
  const catalogue = await catalogueOf(context, key.account)
  return [...catalogue.all()].filter(
    (secret) =>
      !isGone(secret, context.now) &&
      secret.versions.some(({ keyId }) => keyId === key.keyId) &&
      mayDo(context, secret, 'secretsmanager:DescribeSecret'),
  )
}
