// secrets: Secrets Manager: secrets, their versions and staging labels. This file: what AWS has and one device has
// not: other regions to replicate to (a region would be another of the person's devices), and secrets that another
// company holds.

import type { Context, Handler } from '../hsm/context.ts'
import { region } from '../kms/arns.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { liveSecretFor, type SecretAction } from './find.ts'

/** @throws KeyhearthError `secret-invalid` */
export function assertRegions(regions: readonly { readonly Region: string }[] | undefined): void {
  if (regions) throw nowhere()
}

/** Managed external secrets. @throws KeyhearthError `secret-invalid` */
export function assertHeldHere(input: {
  readonly Type?: string
  readonly ExternalSecretRotationMetadata?: readonly object[]
  readonly ExternalSecretRotationRoleArn?: string
}): void {
  const { Type, ExternalSecretRotationMetadata: metadata, ExternalSecretRotationRoleArn } = input
  if ((Type ?? metadata ?? ExternalSecretRotationRoleArn) === undefined) return
  throw new KeyhearthError('secret-invalid', {
    what: 'Secrets lie here alone: leave out Type, ExternalSecretRotationMetadata and ExternalSecretRotationRoleArn, which are for those that a partner holds',
  })
}

const nowhere = () =>
  new KeyhearthError('secret-invalid', { what: `There is no region but ${region}` })

async function refuse(
  context: Context,
  secretId: string,
  action: SecretAction,
  error: KeyhearthError,
): Promise<never> {
  await liveSecretFor(context, secretId, action)
  throw error
}

export const replicateSecretToRegions: Handler<'secretsmanager:ReplicateSecretToRegions'> = (
  context,
  { SecretId },
) => refuse(context, SecretId, 'secretsmanager:ReplicateSecretToRegions', nowhere())

export const removeRegionsFromReplication: Handler<
  'secretsmanager:RemoveRegionsFromReplication'
> = (context, { SecretId }) =>
  refuse(context, SecretId, 'secretsmanager:RemoveRegionsFromReplication', nowhere())

export const stopReplicationToReplica: Handler<'secretsmanager:StopReplicationToReplica'> = (
  context,
  { SecretId },
) =>
  refuse(
    context,
    SecretId,
    'secretsmanager:StopReplicationToReplica',
    new KeyhearthError('secret-request', { what: 'The secret is not a replica' }),
  )
