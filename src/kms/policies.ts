// kms: keys, their states and what is done under them; one file per family of operations.
// This file: GetKeyPolicy, PutKeyPolicy and ListKeyPolicies, and what a new policy must leave possible.

import type { Context, Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { keyByIdFor } from './access.ts'
import { callerOf, decide, policyOf, readPolicy } from './authorization.ts'
import { assertState, type KeyRecord, putKey } from './keys.ts'
import { pageOf } from './paging.ts'

/** The only policy a key has (API reference, PolicyName). */
const onlyName = 'default'

function assertName(name: string | undefined): void {
  if (name === undefined || name === onlyName) return
  throw new KeyhearthError('policy-not-found', { name })
}

/**
 * A policy for a key: it must be one, and leave its writer able to change it, unless they say they know
 * better (API reference, BypassPolicyLockoutSafetyCheck). The person can change it even then.
 *
 * @throws KeyhearthError `policy-malformed`, `policy-lockout`
 */
export async function assertNewPolicy(
  context: Context,
  key: KeyRecord,
  bypass: boolean,
): Promise<void> {
  readPolicy(policyOf(key))
  const caller = callerOf(context)
  if (bypass || caller.kind === 'service') return
  // As a page of the key's account: what the person may always do is not what the policy says.
  const writer = { ...caller, kind: 'page', account: key.account } as const
  const { allowed } = await decide(context, { action: 'kms:PutKeyPolicy', key }, writer)
  if (!allowed) throw new KeyhearthError('policy-lockout')
}

export const getKeyPolicy: Handler<'kms:GetKeyPolicy'> = async (context, input) => {
  assertName(input.PolicyName)
  const key = await keyByIdFor(context, input.KeyId, { action: 'kms:GetKeyPolicy' })
  return { Policy: policyOf(key), PolicyName: onlyName }
}

export const putKeyPolicy: Handler<'kms:PutKeyPolicy'> = async (context, input) => {
  assertName(input.PolicyName)
  const bypass = input.BypassPolicyLockoutSafetyCheck ?? false
  const key = await keyByIdFor(context, input.KeyId, {
    action: 'kms:PutKeyPolicy',
    conditions: { 'kms:bypasspolicylockoutsafetycheck': [String(bypass)] },
  })
  assertState(key, context.now, 'Enabled', 'Disabled', 'PendingImport')
  const next = { ...key, policy: input.Policy }
  await assertNewPolicy(context, next, bypass)
  await putKey(context, next)
  return {}
}

export const listKeyPolicies: Handler<'kms:ListKeyPolicies'> = async (context, input) => {
  await keyByIdFor(context, input.KeyId, { action: 'kms:ListKeyPolicies' })
  const { items, page } = pageOf([onlyName], (name) => name, input, 100)
  return { PolicyNames: items, ...page }
}
