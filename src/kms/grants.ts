// kms: keys, their states and what is done under them; one file per family of operations.
// This file: CreateGrant, ListGrants, ListRetirableGrants, RetireGrant and RevokeGrant.

import { encodeHex } from '../codec/text.ts'
import type { Context, Handler } from '../hsm/context.ts'
import { accountId } from '../hsm/module.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { type KeyUsageType, specRow } from '../protocol/keySpecs.ts'
import type { GrantOperation } from '../protocol/kmsInputs.ts'
import type { GrantListEntry } from '../protocol/kmsOutputs.ts'
import type { Input } from '../protocol/schemas.ts'
import { isSite } from '../protocol/sites.ts'
import { keyByIdFor } from './access.ts'
import { rootArn } from './arns.ts'
import { callerOf, namesOf } from './authorization.ts'
import {
  allGrants,
  type GrantRecord,
  grantsOf,
  isOver,
  putGrant,
  readGrant,
  takeBackGrant,
} from './grantRecords.ts'
import { grantOfToken, grantToken } from './grantTokens.ts'
import { arnOf, assertState, type KeyRecord } from './keys.ts'
import { pageOf } from './paging.ts'
import { principalName } from './policyDocument.ts'
import { endDryRun } from './use.ts'

const mostGrants = 50_000
const invalid = (what: string) => new KeyhearthError('invalid-input', { what })
const unsupported = (what: string) => new KeyhearthError('unsupported', { what })

const always: readonly GrantOperation[] = ['CreateGrant', 'DescribeKey', 'RetireGrant']
const ofSymmetric: readonly GrantOperation[] = [
  'Encrypt',
  'Decrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'ReEncryptFrom',
  'ReEncryptTo',
]
const ofUsage = {
  WRAP_UNWRAP: ['Encrypt', 'Decrypt', 'GetPublicKey'],
  DERIVE_KEYS: ['DeriveSharedSecret'],
  ENCRYPT_DECRYPT: ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo', 'GetPublicKey'],
  SIGN_VERIFY: ['Sign', 'Verify', 'GetPublicKey'],
  GENERATE_VERIFY_MAC: ['GenerateMac', 'VerifyMac'],
  KEY_AGREEMENT: ['DeriveSharedSecret', 'GetPublicKey'],
  ENCAPSULATE_DECAPSULATE: ['Encapsulate', 'Decapsulate', 'GetPublicKey'],
} as const satisfies Record<KeyUsageType, readonly GrantOperation[]>

/** A grant allows what its key can do (developer guide, "Grant operations"). */
function assertOperationsFit({ keySpec, keyUsage }: KeyRecord, wanted: readonly GrantOperation[]) {
  const symmetric = specRow(keySpec).encryption?.includes('SYMMETRIC_DEFAULT') ?? false
  const possible: readonly GrantOperation[] = symmetric ? ofSymmetric : ofUsage[keyUsage]
  const unfit = wanted.find((one) => !always.includes(one) && !possible.includes(one))
  if (unfit) throw invalid(`Operations: ${unfit} is not possible with a key of ${keySpec}`)
}

function principal(member: string, text: string): string {
  const name = principalName(text)
  if (name === null)
    throw new KeyhearthError('invalid-arn', { keyId: `${member} ${text.slice(0, 128)}` })
  return name
}

type GrantInput = Input<'kms:CreateGrant'>

function assertSupported(input: GrantInput): void {
  if (input.GranteeServicePrincipal !== undefined || input.RetiringServicePrincipal !== undefined) {
    throw unsupported('service principals')
  }
  if (input.Constraints?.SourceArn !== undefined) throw unsupported('Constraints.SourceArn')
}

/** What only the person gives: a page's own grants within its account have no use for it. */
function ownLimits(context: Context, input: GrantInput) {
  const { Uses, ExpiresAt, AskEachTime, MaySeePlaintext, MaySignHashes } = input
  const own = [Uses, ExpiresAt, AskEachTime, MaySeePlaintext, MaySignHashes]
  if (own.some((one) => one !== undefined) && context.principal.kind === 'page')
    throw new KeyhearthError('not-allowed')
  const expiresAt = ExpiresAt === undefined ? null : Math.floor(ExpiresAt * 1000)
  if (expiresAt !== null && expiresAt <= context.now) throw invalid('ExpiresAt is in the past')
  const hidden = MaySeePlaintext === false ? ({ hidesPlaintext: true } as const) : {}
  const hashes = MaySignHashes === true ? ({ signsHashes: true } as const) : {}
  return { usesLeft: Uses ?? null, expiresAt, asks: AskEachTime ?? false, ...hidden, ...hashes }
}

function wantedGrant(context: Context, input: GrantInput, key: KeyRecord): GrantRecord {
  if (input.GranteePrincipal === undefined) throw invalid('GranteePrincipal is missing')
  assertOperationsFit(key, input.Operations)
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset } =
    input.Constraints ?? {}
  if ((equals || subset) && key.keySpec !== 'SYMMETRIC_DEFAULT') {
    throw invalid('Constraints: encryption contexts are for symmetric encryption keys')
  }
  if (equals && subset) throw invalid('Constraints: give either Equals or Subset, not both')
  return {
    grantId: encodeHex(crypto.getRandomValues(new Uint8Array(32))),
    keyId: key.keyId,
    account: key.account,
    issuingAccount: context.account,
    name: input.Name ?? null,
    createdAt: context.now,
    grantee: principal('GranteePrincipal', input.GranteePrincipal),
    retiring:
      input.RetiringPrincipal === undefined
        ? null
        : principal('RetiringPrincipal', input.RetiringPrincipal),
    operations: [...new Set(input.Operations)].sort(),
    constraints: equals || subset ? (input.Constraints ?? null) : null,
    ...ownLimits(context, input),
  }
}

/** The same request with the same name answers with the grant it made before (API reference, Name). */
function sameAs(wanted: GrantRecord, grant: GrantRecord): boolean {
  const essence = ({ grantId: _id, createdAt: _at, ...rest }: GrantRecord) => JSON.stringify(rest)
  return wanted.name !== null && essence(wanted) === essence(grant)
}

export const createGrant: Handler<'kms:CreateGrant'> = async (context, input) => {
  assertSupported(input)
  const { GrantTokens: grantTokens = [] } = input
  const key = await keyByIdFor(context, input.KeyId, {
    action: 'kms:CreateGrant',
    grantTokens,
    conditions: {
      'kms:grantoperations': input.Operations,
      'kms:granteeprincipal': input.GranteePrincipal === undefined ? [] : [input.GranteePrincipal],
    },
  })
  assertState(key, context.now, 'Enabled', 'Disabled')
  const wanted = wantedGrant(context, input, key)
  await assertNotWidened(context, key, wanted)
  endDryRun(input)
  const present = await grantsOf(context, key.keyId)
  const again = present.find((grant) => sameAs(wanted, grant))
  if (again) return { GrantId: again.grantId, GrantToken: await grantToken(context, again) }
  if (present.length >= mostGrants) {
    throw new KeyhearthError('limit-exceeded', { what: `A key has at most ${mostGrants} grants` })
  }
  putGrant(context, wanted)
  return { GrantId: wanted.grantId, GrantToken: await grantToken(context, wanted) }
}

/** Whoever may make grants only by a grant gives on what that grant has, and no more (CreateGrant). */
async function assertNotWidened(context: Context, key: KeyRecord, wanted: GrantRecord) {
  const caller = callerOf(context)
  if (caller.kind !== 'page' || caller.account === key.account) return
  const names = namesOf(caller, key.account)
  const own = (await grantsOf(context, key.keyId)).filter(
    ({ grantee, operations, ...grant }) =>
      names.includes(grantee) &&
      operations.includes('CreateGrant') &&
      !isOver({ grantee, operations, ...grant }, context.now),
  )
  // Allowed by the policy itself: then it is the policy's to say for what.
  if (own.length === 0) return
  const covers = ({ operations, constraints, usesLeft, expiresAt, ...rest }: GrantRecord) =>
    wanted.operations.every((one) => operations.includes(one)) &&
    (constraints === null || JSON.stringify(constraints) === JSON.stringify(wanted.constraints)) &&
    usesLeft === null &&
    expiresAt === null &&
    !rest.asks &&
    !rest.hidesPlaintext
  if (!own.some(covers)) throw new KeyhearthError('not-allowed')
}

/** How AWS shows a principal: an ARN; a site as what it is. */
const shown = (name: string): string => (isSite(name) ? name : rootArn(name))

const entryOf = (key: string, grant: GrantRecord): GrantListEntry => ({
  KeyId: key,
  GrantId: grant.grantId,
  ...(grant.name === null ? {} : { Name: grant.name }),
  CreationDate: grant.createdAt / 1000,
  GranteePrincipal: shown(grant.grantee),
  ...(grant.retiring === null ? {} : { RetiringPrincipal: shown(grant.retiring) }),
  IssuingAccount: rootArn(grant.issuingAccount),
  Operations: grant.operations,
  ...(grant.constraints === null ? {} : { Constraints: grant.constraints }),
  ...(grant.usesLeft === null ? {} : { UsesLeft: grant.usesLeft }),
  ...(grant.expiresAt === null ? {} : { ExpiresAt: grant.expiresAt / 1000 }),
  ...(grant.asks ? { AskEachTime: true } : {}),
  ...(grant.hidesPlaintext ? { MaySeePlaintext: false } : {}),
  ...(grant.signsHashes ? { MaySignHashes: true } : {}),
})

export const listGrants: Handler<'kms:ListGrants'> = async (context, input) => {
  const key = await keyByIdFor(context, input.KeyId, { action: 'kms:ListGrants' })
  if (input.GranteeServicePrincipal !== undefined) throw unsupported('service principals')
  const { GrantId: id, GranteePrincipal: grantee } = input
  if (id !== undefined && !/^[0-9a-f]{64}$/.test(id)) throw new KeyhearthError('invalid-grant-id')
  const name = grantee === undefined ? null : principal('GranteePrincipal', grantee)
  const all = (await grantsOf(context, key.keyId)).filter(
    (grant) =>
      (id === undefined || grant.grantId === id) && (name === null || grant.grantee === name),
  )
  const { items, page } = pageOf(all, ({ grantId }) => grantId, input, 50)
  return { Grants: items.map((grant) => entryOf(arnOf(key), grant)), ...page }
}

/** For the caller as retiring principal; the person may ask for any. */
export const listRetirableGrants: Handler<'kms:ListRetirableGrants'> = async (context, input) => {
  if (input.RetiringServicePrincipal !== undefined) throw unsupported('service principals')
  if (input.RetiringPrincipal === undefined) throw invalid('RetiringPrincipal is missing')
  const name = principal('RetiringPrincipal', input.RetiringPrincipal)
  const caller = callerOf(context)
  if (caller.kind === 'page' && !namesOf(caller, '').includes(name)) {
    throw new KeyhearthError('not-allowed')
  }
  const names = name === caller.account ? namesOf(caller, '') : [name]
  const all = (await allGrants(context)).filter(
    ({ retiring }) => retiring !== null && names.includes(retiring),
  )
  const { items, page } = pageOf(all, ({ grantId }) => grantId, input, 50)
  const arn = ({ account, keyId }: GrantRecord) => arnOf({ account, keyId })
  return { Grants: items.map((grant) => entryOf(arn(grant), grant)), ...page }
}

/** Of one site, for every key that is not its own; the person's look at their own screen. */
export const listSiteGrants: Handler<'keyhearth:ListSiteGrants'> = async (context, { Origin }) => {
  const names = [Origin, accountId(context.vault.vaultId, Origin)]
  const all = (await allGrants(context)).filter(({ grantee }) => names.includes(grantee))
  const arn = ({ account, keyId }: GrantRecord) => arnOf({ account, keyId })
  return { Grants: all.map((grant) => entryOf(arn(grant), grant)) }
}

/** By its token, or by key and id; never both (API reference, RetireGrant). */
async function grantToRetire(
  context: Context,
  { GrantToken: token, GrantId: grantId, KeyId }: Input<'kms:RetireGrant'>,
): Promise<GrantRecord> {
  if (token !== undefined && (grantId !== undefined || KeyId !== undefined)) {
    throw invalid('give either GrantToken, or KeyId and GrantId')
  }
  if (token !== undefined) return grantOfToken(context, token)
  if (grantId === undefined || KeyId === undefined) throw invalid('KeyId and GrantId are missing')
  const grant = await readGrant(context, grantId)
  const named = grant && (KeyId === grant.keyId || KeyId === arnOf(grant))
  if (!grant || !named) throw new KeyhearthError('grant-not-found', { grantId })
  return grant
}

/** By the retiring principal, the grantee where the grant says so, or the account that made it. */
function mayRetire(context: Context, grant: GrantRecord): boolean {
  const caller = callerOf(context)
  const names = namesOf(caller, grant.account)
  if (grant.retiring !== null && names.includes(grant.retiring)) return true
  if (names.includes(grant.grantee) && grant.operations.includes('RetireGrant')) return true
  return caller.kind !== 'page' || caller.account === grant.issuingAccount
}

export const retireGrant: Handler<'kms:RetireGrant'> = async (context, input) => {
  const grant = await grantToRetire(context, input)
  if (!mayRetire(context, grant)) throw new KeyhearthError('not-allowed')
  endDryRun(input)
  takeBackGrant(context, grant)
  context.touch(arnOf(grant))
  return {}
}

export const revokeGrant: Handler<'kms:RevokeGrant'> = async (context, input) => {
  const key = await keyByIdFor(context, input.KeyId, { action: 'kms:RevokeGrant' })
  if (!/^[0-9a-f]{64}$/.test(input.GrantId)) throw new KeyhearthError('invalid-grant-id')
  const grant = await readGrant(context, input.GrantId)
  if (grant?.keyId !== key.keyId) {
    throw new KeyhearthError('grant-not-found', { grantId: input.GrantId })
  }
  endDryRun(input)
  takeBackGrant(context, grant)
  return {}
}
