// kms: keys, their states and what is done under them; one file per family of operations.
// This file: CreateKey and DescribeKey, and the keys Keyhearth makes by itself.

import type { Bytes } from '../codec/bytes.ts'
import { implementationOf } from '../hsm/algorithms.ts'
import type { Context, Handler } from '../hsm/context.ts'
import { readImportedKey } from '../hsm/importedKeys.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { type KeySpec, type KeyUsageType, specRow } from '../protocol/keySpecs.ts'
import type { KeyOrigin } from '../protocol/kmsOutputs.ts'
import type { Input } from '../protocol/schemas.ts'
import { keyFor } from './access.ts'
import { accountGroup } from './accounts.ts'
import { findAlias, putAlias } from './aliasRecords.ts'
import { type KeyRecord, newKeyId, putMaterial, putNewKey } from './keys.ts'
import { metadataOf } from './metadata.ts'
import { assertNewPolicy } from './policies.ts'
import { assertTags } from './tags.ts'
import { thisDevice } from './thisDevice.ts'

type NewKey = Pick<
  KeyRecord,
  | 'account'
  | 'description'
  | 'keySpec'
  | 'keyUsage'
  | 'origin'
  | 'multiRegion'
  | 'policy'
  | 'tags'
  | 'exportable'
>

function bareKey(context: Context, wanted: NewKey): KeyRecord {
  const { keySpec, keyUsage } = wanted
  return {
    ...wanted,
    keyId: newKeyId(wanted.multiRegion),
    createdAt: context.now,
    enabled: true,
    implementation: implementationOf(keySpec, keyUsage),
    publicKey: null,
    materials: [],
    rotation: null,
    onDemandRotations: 0,
    deletion: null,
  }
}

/** Stages a key and, unless its material is to be imported, its first material. */
async function stageKey(context: Context, wanted: NewKey, bypass = false): Promise<KeyRecord> {
  const bare = bareKey(context, wanted)
  await assertNewPolicy(context, bare, bypass)
  const key = wanted.origin === 'EXTERNAL' ? bare : await withMaterial(context, bare)
  putNewKey(context, key)
  return key
}

async function withMaterial(context: Context, key: KeyRecord): Promise<KeyRecord> {
  const { keyId, keySpec, keyUsage } = key
  const made = await context.vault.materials.generate(keyId, keySpec, keyUsage)
  putMaterial(context, made.material)
  const { materialId } = made.material
  return {
    ...key,
    publicKey: made.publicKey,
    implementation: made.implementation,
    materials: [{ materialId, state: 'CURRENT', present: true }],
  }
}

const invalid = (what: string) => new KeyhearthError('invalid-input', { what })
const unsupported = (what: string) => new KeyhearthError('unsupported', { what })

/** KeySpec, or its old name; never both (API reference, CreateKey). */
function specOf(input: Input<'kms:CreateKey'>): KeySpec {
  if (input.KeySpec !== undefined && input.CustomerMasterKeySpec !== undefined) {
    throw invalid(
      'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated',
    )
  }
  const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT'
  if (spec === 'SM2') throw unsupported('KeySpec SM2')
  return spec
}

function usageOf(
  { KeyUsage }: Pick<Input<'kms:CreateKey'>, 'KeyUsage'>,
  spec: KeySpec,
): KeyUsageType {
  const [only, ...others] = specRow(spec).usages
  if (KeyUsage === undefined) {
    // AWS wants it named for all but symmetric keys, even where only one fits.
    if (spec === 'SYMMETRIC_DEFAULT' && only) return only
    throw invalid(
      'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys',
    )
  }
  if (KeyUsage !== only && !others.includes(KeyUsage)) {
    throw invalid(`KeyUsage ${KeyUsage} is not compatible with KeySpec ${spec}`)
  }
  return KeyUsage
}

function originOf(context: Context, input: Input<'kms:CreateKey'>, spec: KeySpec): KeyOrigin {
  const { Origin = 'AWS_KMS', CustomKeyStoreId, MultiRegion } = input
  if (Origin === 'EXTERNAL_KEY_STORE' || input.XksKeyId !== undefined) {
    throw unsupported('external key stores')
  }
  if (spec === 'TRIPLE_DES' && Origin !== 'EXTERNAL') {
    throw unsupported('new keys of Triple DES; they can be imported, to read what is under them')
  }
  if (Origin !== 'AWS_CLOUDHSM') {
    if (CustomKeyStoreId === undefined) return Origin
    throw invalid(`a key of origin ${Origin} is not in a custom key store`)
  }
  if (CustomKeyStoreId !== thisDevice(context).CustomKeyStoreId) {
    throw new KeyhearthError('key-store-not-found')
  }
  if (spec !== 'SYMMETRIC_DEFAULT' || MultiRegion) {
    throw unsupported('asymmetric, HMAC and multi-Region keys in a custom key store')
  }
  return Origin
}

/** Of one web origin. AWS allows an account 100,000; a page must not fill the person's disk. */
const mostKeysOfPage = 10_000

async function assertRoomForKey(context: Context): Promise<void> {
  if (context.principal.kind !== 'page') return
  const group = accountGroup(context, context.account)
  if ((await context.hsm.db.countGroup('keys', group)) < mostKeysOfPage) return
  throw new KeyhearthError('limit-exceeded', {
    what: `A website has at most ${mostKeysOfPage} keys`,
  })
}

/** Only the person lets a key leave: what a page could export, it could have kept in the first place. */
function exportableOf({ principal }: Context, wanted: boolean | undefined) {
  if (wanted === undefined) return {}
  if (principal.kind === 'page') throw new KeyhearthError('not-allowed')
  return wanted ? ({ exportable: true } as const) : {}
}

export const createKey: Handler<'kms:CreateKey'> = async (context, input) => {
  await assertRoomForKey(context)
  assertTags(input.Tags ?? [])
  const keySpec = specOf(input)
  const wanted: NewKey = {
    account: context.account,
    description: input.Description ?? '',
    keySpec,
    keyUsage: usageOf(input, keySpec),
    origin: originOf(context, input, keySpec),
    multiRegion: input.MultiRegion ?? false,
    policy: input.Policy ?? null,
    tags: input.Tags ?? [],
    ...exportableOf(context, input.Exportable),
  }
  const key = await stageKey(context, wanted, input.BypassPolicyLockoutSafetyCheck)
  return { KeyMetadata: metadataOf(context, key) }
}

interface Kept extends Pick<Input<'kms:CreateKey'>, 'Description' | 'Exportable' | 'KeyUsage'> {
  readonly KeySpec: KeySpec
  readonly Origin: 'AWS_KMS' | 'EXTERNAL'
}

/**
 * A key of the caller's out of bytes that are here already: unwrapped, or derived. They are cleared.
 * @throws KeyhearthError `incorrect-key-material` where they are no key of that spec
 */
export async function keepSecret(context: Context, kept: Kept, bytes: Bytes): Promise<KeyRecord> {
  await assertRoomForKey(context)
  const bare = bareKey(context, {
    account: context.account,
    description: kept.Description ?? '',
    keySpec: kept.KeySpec,
    keyUsage: usageOf(kept, kept.KeySpec),
    origin: kept.Origin,
    multiRegion: false,
    policy: null,
    tags: [],
    ...exportableOf(context, kept.Exportable),
  })
  const { keyId, keySpec: spec } = bare
  const read = await readImportedKey(spec, bytes)
  bytes.fill(0)
  if (!read) {
    throw new KeyhearthError('incorrect-key-material', {
      what: `This is no key material for ${spec}`,
    })
  }
  const materialId = context.vault.materialIdOf(keyId, read.secret)
  const place = { keyId, materialId, spec }
  putMaterial(context, await context.vault.materials.wrapBytes(place, read.secret))
  const expires =
    kept.Origin === 'EXTERNAL' ? { expirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' as const } : {}
  const entry = { materialId, state: 'CURRENT', present: true, ...expires } as const
  const key: KeyRecord = { ...bare, publicKey: read.publicKey, materials: [entry] }
  putNewKey(context, key)
  return key
}

export const describeKey: Handler<'kms:DescribeKey'> = async (context, { KeyId, GrantTokens }) => {
  const asked = { action: 'kms:DescribeKey', grantTokens: GrantTokens ?? [] } as const
  return { KeyMetadata: metadataOf(context, await keyFor(context, KeyId, asked)) }
}

/** An account's default key behind its alias, made where there is none yet. */
export async function ensureAliasKey(
  context: Context,
  account: string,
  alias: string,
  description: string,
): Promise<void> {
  if (await findAlias(context, account, alias)) return
  await makeAliasKey(context, account, alias, description)
}

/** A key of Keyhearth's own making, behind its alias. */
export async function makeAliasKey(
  context: Context,
  account: string,
  alias: string,
  description: string,
  kind: Pick<NewKey, 'keySpec' | 'keyUsage'> = symmetric,
): Promise<KeyRecord> {
  const key = await stageKey(context, {
    account,
    description,
    ...kind,
    origin: 'AWS_KMS',
    multiRegion: false,
    policy: null,
    tags: [],
  })
  const times = { createdAt: context.now, updatedAt: context.now }
  putAlias(context, { alias, account, keyId: key.keyId, ...times })
  return key
}

const symmetric = { keySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT' } as const
