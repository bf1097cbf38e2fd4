// secrets: Secrets Manager: secrets, their versions and staging labels. This file: resource policies. Their
// principals are accounts and web origins, as in key policies.

import type { Handler } from '../hsm/context.ts'
import { parsePolicy, type Statement } from '../kms/policyDocument.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { changed } from './changing.ts'
import { stageChanged } from './due.ts'
import { liveSecretFor } from './find.ts'
import { refOf } from './records.ts'

/** @throws KeyhearthError `secret-policy-malformed` */
function parse(text: string): readonly Statement[] {
  try {
    return parsePolicy(text, 'secretsmanager')
  } catch (error) {
    if (!(error instanceof KeyhearthError)) throw error
    const { what = 'The policy is not valid' } = error.details
    throw new KeyhearthError('secret-policy-malformed', { what }, { cause: error })
  }
}

/** Lets in whoever asks: everybody is a principal of an Allow, and no condition narrows it. */
const isPublic = (statements: readonly Statement[]): boolean =>
  statements.some(
    ({ effect, principals, conditions }) =>
      effect === 'Allow' &&
      conditions.length === 0 &&
      (principals.not || principals.patterns.includes('*')),
  )

export const getResourcePolicy: Handler<'secretsmanager:GetResourcePolicy'> = async (
  context,
  { SecretId },
) => {
  const action = 'secretsmanager:GetResourcePolicy'
  const secret = await liveSecretFor(context, SecretId, action)
  return {
    ...refOf(secret),
    ...(secret.policy === null ? {} : { ResourcePolicy: secret.policy }),
  }
}

export const putResourcePolicy: Handler<'secretsmanager:PutResourcePolicy'> = async (
  context,
  { SecretId, ResourcePolicy, BlockPublicPolicy = true },
) => {
  const action = 'secretsmanager:PutResourcePolicy'
  const secret = await liveSecretFor(context, SecretId, action)
  if (isPublic(parse(ResourcePolicy)) && BlockPublicPolicy) {
    throw new KeyhearthError('secret-policy-public')
  }
  await stageChanged(context, [changed(context, secret, { policy: ResourcePolicy })])
  return refOf(secret)
}

export const deleteResourcePolicy: Handler<'secretsmanager:DeleteResourcePolicy'> = async (
  context,
  { SecretId },
) => {
  const action = 'secretsmanager:DeleteResourcePolicy'
  const secret = await liveSecretFor(context, SecretId, action)
  await stageChanged(context, [changed(context, secret, { policy: null })])
  return refOf(secret)
}

export const validateResourcePolicy: Handler<'secretsmanager:ValidateResourcePolicy'> = async (
  context,
  { SecretId, ResourcePolicy },
) => {
  if (SecretId !== undefined) {
    await liveSecretFor(context, SecretId, 'secretsmanager:ValidateResourcePolicy')
  }
  const statements = parse(ResourcePolicy)
  const errors = isPublic(statements)
    ? [{ CheckName: 'PUBLIC_POLICY', ErrorMessage: 'The policy lets everybody in.' }]
    : []
  return { PolicyValidationPassed: errors.length === 0, ValidationErrors: errors }
}
