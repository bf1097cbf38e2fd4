// kms: keys, their states and what is done under them; one file per family of operations.
// This file: the door every operation on a key goes through: find the key, ask whether the caller may.

import { type Context, NeedsApproval } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { aliasesOfKey } from './aliasRecords.ts'
import { aliasArn } from './arns.ts'
import { type Access, asksFor, decide, takeUse } from './authorization.ts'
import { arnOf, type KeyRecord, resolveKey } from './keys.ts'

export type Asked = Omit<Access, 'key'>

/**
 * The key a request names, whether or not the caller may use it. A page learns no more of another
 * account's key than that it may not, whether there is one or not (KMS, cross-account access).
 *
 * @throws KeyhearthError `invalid-arn`, `not-allowed`, `key-not-found`, `alias-not-found`
 */
export async function findKey(context: Context, keyIdText: string): Promise<KeyRecord> {
  const { reference, key } = await resolveKey(context, keyIdText)
  if (key) {
    context.touch(arnOf(key))
    return key
  }
  if (context.principal.kind === 'page' && reference.account !== context.account) {
    throw new KeyhearthError('not-allowed')
  }
  if (reference.type === 'alias') {
    const alias = aliasArn(reference.account, reference.alias)
    throw new KeyhearthError('alias-not-found', { alias })
  }
  throw new KeyhearthError('key-not-found', { keyId: `'${keyIdText}'` })
}

/** The key a request names, where the caller may do this to it. @throws as findKey and authorise */
export async function keyFor(
  context: Context,
  keyIdText: string,
  asked: Asked,
): Promise<KeyRecord> {
  const key = await findKey(context, keyIdText)
  await authorise(context, { ...asked, key })
  return key
}

/**
 * As keyFor, for operations on the key itself: an alias names a key to be used, and could name another
 * one tomorrow (API reference: "Specify the key ID or key ARN").
 */
export async function keyByIdFor(
  context: Context,
  keyIdText: string,
  asked: Asked,
): Promise<KeyRecord> {
  if (keyIdText.startsWith('alias/') || keyIdText.includes(':alias/')) {
    throw new KeyhearthError('key-id-invalid', { keyId: keyIdText })
  }
  return keyFor(context, keyIdText, asked)
}

async function needsApproval(context: Context, key: KeyRecord, grantId: string) {
  const [first] = await aliasesOfKey(context, key)
  const KeyName = first?.alias ?? key.description
  return new NeedsApproval({ grantId, KeyArn: arnOf(key), KeyName })
}

/** @throws KeyhearthError `not-allowed`, `plaintext-withheld`, `invalid-grant-token`; NeedsApproval; NeedsTurn */
export async function authorise(context: Context, access: Access): Promise<void> {
  const { allowed, reason } = await decide(context, access)
  if (reason.kind === 'plaintext-withheld') throw new KeyhearthError('plaintext-withheld')
  if (!allowed) throw new KeyhearthError('not-allowed')
  if (reason.kind !== 'grant-allows') return
  if (asksFor(context, reason.grant, access) && context.approvedGrant !== reason.grant.grantId) {
    throw await needsApproval(context, access.key, reason.grant.grantId)
  }
  takeUse(context, reason.grant)
}
