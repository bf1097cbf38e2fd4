// kms: keys, their states and what is done under them; one file per family of operations.
// This file: keys and aliases as records, and finding one by any form of its id.

import type { Bytes } from '../codec/bytes.ts'
import { encodeHex } from '../codec/text.ts'
import type { Context } from '../hsm/context.ts'
import type { WrappedMaterial } from '../hsm/materials.ts'
import { recordKind } from '../hsm/records.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { KeySpec, KeyUsageType } from '../protocol/keySpecs.ts'
import type {
  ExpirationModel,
  Implementation,
  KeyOrigin,
  KeyState,
  KmsTag,
} from '../protocol/kmsOutputs.ts'
import { accountGroup, allGroups } from './accounts.ts'
import { findAlias } from './aliasRecords.ts'
import { type KeyReference, keyArn, parseKeyId } from './arns.ts'
import { schedule } from './schedules.ts'

/** One version of a key's material. Its wrapped bytes are a record of their own. */
export interface MaterialEntry {
  readonly materialId: string
  readonly state: 'CURRENT' | 'NON_CURRENT' | 'PENDING_ROTATION'
  /** Whether the wrapped bytes are there: imported material can expire or be deleted, and come back. */
  readonly present: boolean
  /** Milliseconds since 1970 when it became current by rotation; absent for the first. */
  readonly rotatedAt?: number
  readonly rotationType?: 'AUTOMATIC' | 'ON_DEMAND'
  readonly description?: string
  readonly expirationModel?: ExpirationModel
  /** Milliseconds since 1970. */
  readonly validTo?: number
}

interface Rotation {
  readonly periodInDays: number
  /** Milliseconds since 1970: when automatic rotation was switched on, and when it comes next. */
  readonly since: number
  readonly nextAt: number
}

export interface KeyRecord {
  readonly keyId: string
  readonly account: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly description: string
  /** The person's switch. What AWS calls KeyState follows from it and the rest (stateOf). */
  readonly enabled: boolean
  readonly keySpec: KeySpec
  readonly keyUsage: KeyUsageType
  readonly origin: KeyOrigin
  readonly implementation: Implementation
  readonly multiRegion: boolean
  /** Subject public key info, DER (RFC 5280 section 4.1); `null` for symmetric keys. */
  readonly publicKey: Bytes | null
  /** Oldest first. */
  readonly materials: readonly MaterialEntry[]
  readonly rotation: Rotation | null
  readonly onDemandRotations: number
  readonly deletion: { readonly at: number; readonly windowInDays: number } | null
  /** JSON as it was put; `null` is AWS's default policy. */
  readonly policy: string | null
  readonly tags: readonly KmsTag[]
  /** Whether it may leave the vault; absent: it may not. Set when the key is made, and never after. */
  readonly exportable?: true
}

/** A key as Keyhearth 0.1 wrote it. */
interface FirstKeyRecord
  extends Pick<KeyRecord, 'keyId' | 'account' | 'createdAt' | 'description' | 'tags'> {
  readonly currentMaterialId: string
}

const keys = recordKind<KeyRecord | FirstKeyRecord>('keys')
const materials = recordKind<WrappedMaterial>('materials')

const materialGroup = (context: Context, keyId: string) => context.vault.label('key', keyId)

const symmetricDefaults = {
  enabled: true,
  keySpec: 'SYMMETRIC_DEFAULT',
  keyUsage: 'ENCRYPT_DECRYPT',
  origin: 'AWS_KMS',
  implementation: 'WebCrypto',
  multiRegion: false,
  publicKey: null,
  rotation: null,
  onDemandRotations: 0,
  deletion: null,
  policy: null,
} as const

/** A record as it was read, here or in a backup, in its present form. */
export function keyFrom(record: KeyRecord | FirstKeyRecord): KeyRecord {
  if ('materials' in record) return record
  const { keyId, account, createdAt, description, tags, currentMaterialId } = record
  const first: MaterialEntry = { materialId: currentMaterialId, state: 'CURRENT', present: true }
  return { ...symmetricDefaults, keyId, account, createdAt, description, tags, materials: [first] }
}

export const arnOf = (key: Pick<KeyRecord, 'account' | 'keyId'>): string =>
  keyArn(key.account, key.keyId)

export const currentMaterial = (key: KeyRecord): MaterialEntry | null =>
  key.materials.find(({ state }) => state === 'CURRENT') ?? null

/** Whether its bytes are here, and still valid. */
export const isThere = (material: MaterialEntry, now: number): boolean =>
  material.present && (material.validTo === undefined || now < material.validTo)

/** A key is whole with all the material it was ever used with (developer guide, "Importing key material"). */
export function stateOf(key: KeyRecord, now: number): KeyState {
  if (key.deletion) return 'PendingDeletion'
  const lasting = key.materials.filter(({ state }) => state !== 'PENDING_ROTATION')
  if (lasting.length === 0 || !lasting.every((one) => isThere(one, now))) return 'PendingImport'
  return key.enabled ? 'Enabled' : 'Disabled'
}

const stateWords = {
  Enabled: 'enabled',
  Disabled: 'disabled',
  PendingDeletion: 'pending deletion',
  PendingImport: 'pending import',
} as const satisfies Record<KeyState, string>

/** @throws KeyhearthError `key-invalid-state` where the key is in none of these states */
export function assertState(key: KeyRecord, now: number, ...wanted: readonly KeyState[]): void {
  const state = stateOf(key, now)
  if (wanted.includes(state)) return
  throw new KeyhearthError('key-invalid-state', { keyId: arnOf(key), state: stateWords[state] })
}

/** For cryptographic use. @throws KeyhearthError `key-disabled`, `key-invalid-state` */
export function assertUsable(key: KeyRecord, now: number): void {
  if (stateOf(key, now) === 'Disabled') {
    throw new KeyhearthError('key-disabled', { keyId: arnOf(key) })
  }
  assertState(key, now, 'Enabled')
}

/** A key id (a UUID, or `mrk-` for multi-Region keys). */
export const newKeyId = (multiRegion: boolean): string =>
  multiRegion ? `mrk-${encodeHex(crypto.getRandomValues(new Uint8Array(16)))}` : crypto.randomUUID()

/** A key that nothing becomes of by itself yet. */
export function putNewKey(context: Context, key: KeyRecord): void {
  context.staged.put(keys, key.keyId, accountGroup(context, key.account), key)
  context.touch(arnOf(key))
}

export async function putKey(context: Context, key: KeyRecord): Promise<void> {
  putNewKey(context, key)
  await schedule(context, key)
}

/** Writes one version's wrapped bytes; the key that lists it is put beside it. */
export function putMaterial(context: Context, material: WrappedMaterial): void {
  const { materialId, keyId } = material
  context.staged.put(materials, materialId, materialGroup(context, keyId), material)
}

export function removeMaterial(context: Context, materialId: string): void {
  context.staged.remove(materials, materialId)
}

/** Takes the key and its material away for good. Aliases and grants are their own families' affair. */
export function removeKey(context: Context, key: KeyRecord): void {
  for (const { materialId, present } of key.materials) {
    if (present) removeMaterial(context, materialId)
  }
  context.staged.remove(keys, key.keyId)
  context.touch(arnOf(key))
}

/** The wrapped bytes of one version, or `null` where the key has no such version at hand. */
export async function materialOf(
  context: Context,
  key: KeyRecord,
  materialId: string,
): Promise<WrappedMaterial | null> {
  const entry = key.materials.find((one) => one.materialId === materialId)
  if (!entry || !isThere(entry, context.now)) return null
  const material = await context.records.get(materials, materialId)
  return material?.keyId === key.keyId ? material : null
}

/** @throws KeyhearthError `record-damaged` where a usable key lacks its material */
export async function currentMaterialOf(
  context: Context,
  key: KeyRecord,
): Promise<WrappedMaterial> {
  const current = currentMaterial(key)
  const material = current && (await materialOf(context, key, current.materialId))
  if (!material) throw new KeyhearthError('record-damaged', { what: 'key material' })
  return material
}

/** Its day to be deleted has come: it is gone for everybody, swept or not. */
export const isKeyOver = ({ deletion }: KeyRecord, now: number): boolean =>
  deletion !== null && deletion.at <= now

/** As one whose deletion is canceled: disabled, as AWS has it. `null` where it did not wait for its deletion. */
export const recalled = (key: KeyRecord): KeyRecord | null =>
  key.deletion === null ? null : { ...key, deletion: null, enabled: false }

/** Those of every account that can be read, also where their day has come. */
export async function wholeKeys({ records }: Context): Promise<KeyRecord[]> {
  return (await records.wholeOf(keys)).map(({ value }) => keyFrom(value))
}

/** A key by its bare id, also one whose day to be deleted has come. */
export async function readKeyAnyhow(context: Context, keyId: string): Promise<KeyRecord | null> {
  const record = await context.records.get(keys, keyId)
  return record && keyFrom(record)
}

/** A key by its bare id, whoever asks; `null` where there is none, or its day to be deleted has come. */
export async function readKey(context: Context, keyId: string): Promise<KeyRecord | null> {
  const key = await readKeyAnyhow(context, keyId)
  return key && isKeyOver(key, context.now) ? null : key
}

/** The keys of every account, for the person alone: also of sites that are no longer connected. */
export async function allKeys(context: Context): Promise<KeyRecord[]> {
  const groups = await allGroups(context, 'keys')
  const all = (await Promise.all(groups.map((group) => context.records.list(keys, group)))).flat()
  return all.map(keyFrom).filter((key) => !isKeyOver(key, context.now))
}

/**
 * What a request's KeyId points at, whoever asks: the reference and the key behind it, if any.
 * @throws KeyhearthError `invalid-arn`, `key-not-found`
 */
export async function resolveKey(
  context: Context,
  keyIdText: string,
): Promise<{ reference: KeyReference; key: KeyRecord | null }> {
  const reference = parseKeyId(keyIdText, context.account)
  const keyId =
    reference.type === 'key'
      ? reference.keyId
      : (await findAlias(context, reference.account, reference.alias))?.keyId
  const found = keyId === undefined ? null : await readKey(context, keyId)
  // A full ARN names the account too; an id that lives in another account is another key. Only the
  // person, root of every account, may name a key of any account by its bare id.
  const bare = reference.type === 'key' && !keyIdText.startsWith('arn:')
  const mine = found?.account === reference.account
  const anyAccount = bare && context.principal.kind !== 'page'
  return { reference, key: mine || anyAccount ? found : null }
}
