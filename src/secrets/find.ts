// secrets: Secrets Manager: secrets, their versions and staging labels. This file: the secret that a SecretId
// names, and whether the caller may do this to it.
//
// As between AWS accounts: in its own account a page may do everything that the secret's policy does not deny;
// in another the policy must allow it, and the value's KMS key must be the caller's to use as well. The person
// is root of all accounts.

import type { Context } from '../hsm/context.ts'
import { rootArn, secretArn } from '../kms/arns.ts'
import { callerOf, namesOf } from '../kms/authorization.ts'

import { parsePolicy } from '../kms/policyDocument.ts'
import { evaluatePolicy } from '../kms/policyEvaluation.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { secretsOperations } from '../protocol/secretsOperations.ts'
import { catalogueOf } from './catalogue.ts'
import { arnOf, isGone, isMarked, type SecretRecord } from './records.ts'

export type SecretAction = keyof typeof secretsOperations

/** So that no policy locks its writer out. */
const always: ReadonlySet<SecretAction> = new Set([
  'secretsmanager:GetResourcePolicy',
  'secretsmanager:PutResourcePolicy',
  'secretsmanager:DeleteResourcePolicy',
] as const)

const arnPattern = /^arn:aws:secretsmanager:browser-1:(\d{12}):secret:(.+)$/

/** The account a SecretId names, and the names it may mean: an ARN may lack its six characters. */
function readSecretId(context: Context, secretId: string) {
  const [, arnAccount, rest] = arnPattern.exec(secretId) ?? []
  return {
    account: arnAccount ?? context.account,
    rest,
    names: rest === undefined ? [secretId] : [rest.slice(0, -7), rest],
  }
}

async function lookUp(context: Context, secretId: string): Promise<SecretRecord | null> {
  const { account, rest, names } = readSecretId(context, secretId)
  const catalogue = await catalogueOf(context, account)
  for (const name of names) {
    const secret = catalogue.byName(name)
    const fits = secret && (rest === undefined || rest === name || secretId === arnOf(secret))
    if (fits && !isGone(secret, context.now)) return secret
  }
  if (catalogue.damaged.length > 0) {
    throw new KeyhearthError('record-damaged', { what: 'secrets' })
  }
  return null
}

/**
 * The secret a SecretId names: its name, its ARN, or its ARN without the six characters.
 *
 * @throws KeyhearthError `secret-not-found`, `record-damaged` where it may be in what is; `not-allowed`, which a page gets for another account's secrets
 *   whether there are such or not
 */
export async function secretFor(
  context: Context,
  secretId: string,
  action: SecretAction,
): Promise<SecretRecord> {
  const secret = await lookUp(context, secretId)
  const foreign = readSecretId(context, secretId).account !== context.account
  if (!secret) {
    throw new KeyhearthError(
      foreign && context.principal.kind === 'page' ? 'not-allowed' : 'secret-not-found',
    )
  }
  if (!mayDo(context, secret, action)) throw new KeyhearthError('not-allowed')
  context.touch(arnOf(secret))
  return secret
}

/**
 * As `secretFor`, for an operation that does not mind whether there is such a secret: where there is none, the names
 * that were asked by.
 *
 * @throws KeyhearthError as `secretFor`, but for `secret-not-found`
 */
export async function secretOrNames(
  context: Context,
  secretId: string,
  action: SecretAction,
): Promise<SecretRecord | { readonly ARN: string; readonly Name: string }> {
  try {
    return await secretFor(context, secretId, action)
  } catch (error) {
    if (!(error instanceof KeyhearthError && error.reason === 'secret-not-found')) throw error
    const { account, rest } = readSecretId(context, secretId)
    if (rest === undefined) return { ARN: secretArn(account, secretId), Name: secretId }
    return { ARN: secretId, Name: rest.replace(/-[A-Za-z0-9]{6}$/, '') }
  }
}

/** As `secretFor`, for operations that a secret marked for deletion refuses. @throws `secret-deleted` */
export async function liveSecretFor(
  context: Context,
  secretId: string,
  action: SecretAction,
): Promise<SecretRecord> {
  const secret = await secretFor(context, secretId, action)
  if (isMarked(secret)) throw new KeyhearthError('secret-deleted')
  return secret
}

export function mayDo(context: Context, secret: SecretRecord, action: SecretAction): boolean {
  const caller = callerOf(context)
  if (caller.kind !== 'page') return true
  const own = secret.account === caller.account
  if (own && (secret.policy === null || always.has(action))) return true
  if (secret.policy === null) return false
  const verdict = evaluatePolicy(parsePolicy(secret.policy, 'secretsmanager'), {
    principals: namesOf(caller, secret.account),
    action,
    resource: arnOf(secret),
    values: new Map([
      ['aws:currenttime', [new Date(context.now).toISOString()]],
      ['aws:principalaccount', [caller.account]],
      ['aws:principalarn', [rootArn(caller.account)]],
      ['secretsmanager:secretid', [arnOf(secret)]],
      ...(caller.site === null ? [] : [['keyhearth:origin', [caller.site]] as const]),
    ]),
  })
  return verdict ? verdict.effect === 'Allow' : own
}
