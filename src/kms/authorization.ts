// kms: keys, their states and what is done under them; one file per family of operations.
// This file: may this caller do this to that key, and why. One function answers, for operations and for
// the person who asks (ExplainAccess).
//
// A web origin is an account, and its pages are that account's root; the person is root of every account.
// So within an account the key's policy decides, and AWS's default policy lets the root in. Across accounts
// the policy must name the caller, or a grant must, as between two AWS accounts.

import { type Context, NeedsTurn } from '../hsm/context.ts'
import { accountId } from '../hsm/module.ts'
import type { KmsOutputs } from '../protocol/kmsOutputs.ts'
import { siteName } from '../protocol/sites.ts'
import { rootArn } from './arns.ts'
import { type GrantRecord, grantAllows, grantsOf, putGrant } from './grantRecords.ts'
import { grantOfToken } from './grantTokens.ts'
import { arnOf, type KeyRecord } from './keys.ts'
import { contextPrefix, tagPrefix } from './policyConditions.ts'
import { type PolicyDocument, parsePolicy } from './policyDocument.ts'
import { evaluatePolicy, type PolicyRequest } from './policyEvaluation.ts'

export interface Access {
  /** IAM's name of the action: the operation, but ReEncryptFrom and ReEncryptTo. */
  readonly action: keyof KmsOutputs | 'kms:ReEncryptFrom' | 'kms:ReEncryptTo'
  readonly key: KeyRecord
  readonly encryptionContext?: Readonly<Record<string, string>>
  readonly grantTokens?: readonly string[]
  /** Whether the caller gets plaintext by it; what the operation under way says, unless told. */
  readonly reveals?: boolean
  /** Further condition keys of this request, by IAM's names in lower case (`kms:signingalgorithm`). */
  readonly conditions?: Readonly<Record<string, readonly string[]>>
}

/** Who asks, as policies and grants see them. */
export interface Caller {
  readonly kind: 'person' | 'page' | 'service'
  readonly account: string
  /** The name of a page's site. */
  readonly site: string | null
}

export type AccessReason =
  /** Keyhearth's own doing. */
  | { readonly kind: 'service' }
  /** The person can always read and replace a policy, so that none locks them out. */
  | { readonly kind: 'person-always' }
  | { readonly kind: 'policy-allows'; readonly statement: string }
  | { readonly kind: 'grant-allows'; readonly grant: GrantRecord }
  | { readonly kind: 'policy-denies'; readonly statement: string }
  /** Only a grant allows it that keeps the plaintext from the grantee, and there is no doing it without. */
  | { readonly kind: 'plaintext-withheld'; readonly grant: GrantRecord }
  /** AWS lets only a key's own account do this. */
  | { readonly kind: 'other-account' }
  | { readonly kind: 'nothing-allows' }

export interface Decision {
  readonly allowed: boolean
  readonly reason: AccessReason
}

const allowed = (reason: AccessReason): Decision => ({ allowed: true, reason })
const refused = (reason: AccessReason): Decision => ({ allowed: false, reason })

/** AWS's default key policy (developer guide, "Default key policy"). */
const defaultPolicy = (account: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: rootArn(account) },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  })

const parsed = new Map<string, PolicyDocument>()
const mostParsed = 256

/** A policy was checked when it was put; the same few are asked for again and again. */
export function readPolicy(text: string): PolicyDocument {
  const known = parsed.get(text)
  if (known) return known
  const policy = parsePolicy(text)
  if (parsed.size >= mostParsed) parsed.clear()
  parsed.set(text, policy)
  return policy
}

export const policyOf = ({ policy, account }: Pick<KeyRecord, 'policy' | 'account'>): string =>
  policy ?? defaultPolicy(account)

const personAlways: ReadonlySet<Access['action']> = new Set([
  'kms:DescribeKey',
  'kms:GetKeyPolicy',
  'kms:ListKeyPolicies',
  'kms:PutKeyPolicy',
] as const)

/** Operations with "Cross-account use: Yes" (API reference). */
const acrossAccounts: ReadonlySet<Access['action']> = new Set([
  'kms:CreateGrant',
  'kms:Decapsulate',
  'kms:Decrypt',
  'kms:DeriveSharedSecret',
  'kms:DescribeKey',
  'kms:Encapsulate',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyPair',
  'kms:GenerateDataKeyPairWithoutPlaintext',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:GenerateMac',
  'kms:GetKeyRotationStatus',
  'kms:GetPublicKey',
  'kms:ListGrants',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:RetireGrant',
  'kms:RevokeGrant',
  'kms:Sign',
  'kms:Verify',
  'kms:VerifyMac',
] as const)

export function callerOf({ principal, account }: Context): Caller {
  const site = principal.kind === 'page' ? siteName(principal) : null
  return { kind: principal.kind, account, site }
}

export const pageCaller = ({ hsm }: Context, site: string): Caller => ({
  kind: 'page',
  account: accountId(hsm.vaultRow?.vaultId ?? '', site),
  site,
})

/** What policies and grants can call the caller. The person is root of the key's own account as well. */
export const namesOf = ({ kind, account, site }: Caller, keyAccount: string): string[] => [
  account,
  ...(kind === 'person' ? [keyAccount] : []),
  ...(site === null ? [] : [site]),
]

export async function decide(
  context: Context,
  access: Access,
  caller: Caller = callerOf(context),
): Promise<Decision> {
  if (caller.kind === 'service') return allowed({ kind: 'service' })
  const { action, key } = access
  if (caller.kind === 'person' && personAlways.has(action)) {
    return allowed({ kind: 'person-always' })
  }
  const foreign = caller.kind === 'page' && key.account !== caller.account
  if (foreign && !acrossAccounts.has(action)) return refused({ kind: 'other-account' })
  const verdict = evaluatePolicy(readPolicy(policyOf(key)), policyRequest(context, access, caller))
  const tokens = await Promise.all(
    (access.grantTokens ?? []).map((token) => grantOfToken(context, token)),
  )
  if (verdict?.effect === 'Deny') {
    return refused({ kind: 'policy-denies', statement: verdict.statement })
  }
  if (verdict) return allowed({ kind: 'policy-allows', statement: verdict.statement })
  const grant = await grantFor(context, access, caller, tokens)
  if (!grant) return refused({ kind: 'nothing-allows' })
  const { reveals = context.reveals } = access
  if (reveals && grant.hidesPlaintext) return refused({ kind: 'plaintext-withheld', grant })
  return allowed({ kind: 'grant-allows', grant })
}

/**
 * Whether the person is asked before the grant is used. A hash that is signed shows nobody what it is of, so that is a right
 * apart from signing, for keys of the person's; what one page grants another with its own keys is theirs to say.
 */
export function asksFor(
  context: Context,
  { asks, signsHashes, account }: GrantRecord,
  { action, conditions }: Pick<Access, 'action' | 'conditions'>,
): boolean {
  if (asks) return true
  const [messageType] = conditions?.['kms:messagetype'] ?? []
  const isHash = action === 'kms:Sign' && messageType !== 'RAW'
  return isHash && !signsHashes && account === accountId(context.vault.vaultId, null)
}

/**
 * The grant that costs the least: one that keeps nothing back first, then one that asks nobody before one that
 * asks, one without a count before one with.
 */
async function grantFor(
  context: Context,
  access: Access,
  caller: Caller,
  tokens: readonly GrantRecord[],
): Promise<GrantRecord | null> {
  const { action, key, encryptionContext = {} } = access
  const [, operation = ''] = action.split(':')
  const names = namesOf(caller, key.account)
  const all = [
    ...tokens.filter(({ keyId }) => keyId === key.keyId),
    ...(await grantsOf(context, key.keyId)),
  ]
  const cost = (grant: GrantRecord) =>
    (grant.hidesPlaintext ? 4 : 0) +
    (asksFor(context, grant, access) ? 2 : 0) +
    (grant.usesLeft === null ? 0 : 1)
  return (
    all
      .filter((grant) => grantAllows(grant, names, operation, encryptionContext, context.now))
      .sort((left, right) => cost(left) - cost(right))[0] ?? null
  )
}

/** Counts a use of the grant, in the commit of what it allowed; alone, so that none takes the last twice. */
export function takeUse(context: Context, grant: GrantRecord): void {
  if (grant.usesLeft === null) return
  if (!context.alone) throw new NeedsTurn()
  putGrant(context, { ...grant, usesLeft: grant.usesLeft - 1 })
}

function policyRequest(context: Context, access: Access, caller: Caller): PolicyRequest {
  const { key, action } = access
  return {
    principals: namesOf(caller, key.account),
    action,
    resource: arnOf(key),
    values: valuesOf(context, access, caller),
  }
}

function valuesOf(
  context: Context,
  access: Access,
  caller: Caller,
): Map<string, readonly string[]> {
  const { key, encryptionContext = {}, conditions = {} } = access
  const values = new Map<string, readonly string[]>(Object.entries(conditions))
  values.set('aws:currenttime', [new Date(context.now).toISOString()])
  values.set('aws:principalaccount', [caller.account])
  values.set('aws:principalarn', [rootArn(caller.account)])
  values.set('kms:calleraccount', [caller.account])
  values.set('kms:keyspec', [key.keySpec])
  values.set('kms:keyusage', [key.keyUsage])
  values.set('kms:keyorigin', [key.origin])
  values.set('kms:multiregion', [String(key.multiRegion)])
  if (caller.site !== null) values.set('keyhearth:origin', [caller.site])
  if (context.via !== undefined) values.set('kms:viaservice', [context.via])
  const names = Object.keys(encryptionContext)
  if (names.length > 0) values.set('kms:encryptioncontextkeys', names)
  for (const name of names) add(values, `${contextPrefix}${name}`, encryptionContext[name] ?? '')
  for (const { TagKey, TagValue } of key.tags) add(values, `${tagPrefix}${TagKey}`, TagValue)
  return values
}

/** Two names that differ in case alone are one condition key with two values. */
function add(values: Map<string, readonly string[]>, name: string, value: string): void {
  const key = name.toLowerCase()
  values.set(key, [...(values.get(key) ?? []), value])
}
