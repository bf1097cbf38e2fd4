// kms: keys, their states and what is done under them; one file per family of operations.
// This file: GetParametersForImport, ImportKeyMaterial and DeleteImportedKeyMaterial (KMS developer guide,
// "Importing key material"). A key of origin EXTERNAL belongs to the material it was first used with: only
// that very material comes back after it expired or was deleted.

import type { Bytes } from '../codec/bytes.ts'
import type { Context, Handler } from '../hsm/context.ts'
import { readImportedKey } from '../hsm/importedKeys.ts'
import {
  type ImportAlgorithm,
  type ImportSpec,
  type ImportToken,
  makeImportParameters,
  openImported,
  openImportToken,
} from '../hsm/importing.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Input } from '../protocol/schemas.ts'
import { keyByIdFor } from './access.ts'
import type { Access } from './authorization.ts'
import {
  arnOf,
  assertState,
  isThere,
  type KeyRecord,
  type MaterialEntry,
  putKey,
  putMaterial,
  readKey,
  removeMaterial,
} from './keys.ts'

const day = 24 * 60 * 60 * 1000
const tokenLife = day
const longestLife = 365 * day

const invalid = (what: string) => new KeyhearthError('invalid-input', { what })
const unsupported = (what: string) => new KeyhearthError('unsupported', { what })
const wrongMaterial = (what: string) => new KeyhearthError('incorrect-key-material', { what })

async function externalKey(
  context: Context,
  keyId: string,
  action: Access['action'],
): Promise<KeyRecord> {
  const key = await keyByIdFor(context, keyId, { action })
  if (key.origin !== 'EXTERNAL') {
    throw unsupported(`${arnOf(key)} origin is ${key.origin} which is not valid for this operation`)
  }
  assertState(key, context.now, 'PendingImport', 'Enabled', 'Disabled')
  return key
}

/** RSA private keys are too long for RSAES-OAEP, P-521 keys for RSA_2048 (GetParametersForImport). */
function assertFits({ keySpec }: KeyRecord, algorithm: ImportAlgorithm, spec: ImportSpec): void {
  if (algorithm.startsWith('RSA_AES')) return
  const tooLong = keySpec.startsWith('RSA_') || (keySpec === 'ECC_NIST_P521' && spec === 'RSA_2048')
  if (tooLong) throw unsupported(`${algorithm} with ${spec} for ${keySpec} key material`)
}

export const getParametersForImport: Handler<'kms:GetParametersForImport'> = async (
  context,
  input,
) => {
  const { WrappingAlgorithm: algorithm, WrappingKeySpec: spec } = input
  if (algorithm === 'SM2PKE' || spec === 'SM2') throw unsupported('SM2')
  if (algorithm === 'RSAES_PKCS1_V1_5') throw unsupported(algorithm)
  const key = await externalKey(context, input.KeyId, 'kms:GetParametersForImport')
  assertFits(key, algorithm, spec)
  const validTo = context.now + tokenLife
  const wanted = { keyId: key.keyId, algorithm, spec, validTo }
  const { token, publicKey } = await makeImportParameters(context.vault, wanted)
  return {
    KeyId: arnOf(key),
    ImportToken: token,
    PublicKey: publicKey,
    ParametersValidTo: validTo / 1000,
  }
}

type Expiration = Pick<MaterialEntry, 'expirationModel' | 'validTo'>

function expirationOf(input: Input<'kms:ImportKeyMaterial'>, now: number): Expiration {
  const { ExpirationModel = 'KEY_MATERIAL_EXPIRES', ValidTo } = input
  if (ExpirationModel === 'KEY_MATERIAL_DOES_NOT_EXPIRE') {
    if (ValidTo === undefined) return { expirationModel: ExpirationModel }
    throw invalid(
      'A validTo date cannot be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE',
    )
  }
  if (ValidTo === undefined) {
    throw invalid('A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES')
  }
  const validTo = Math.floor(ValidTo * 1000)
  if (validTo <= now || validTo > now + longestLife) {
    throw invalid('ValidTo must be in the future, and at most 365 days from now')
  }
  return { expirationModel: ExpirationModel, validTo }
}

async function tokenFor(context: Context, key: KeyRecord, bytes: Bytes): Promise<ImportToken> {
  const token = await openImportToken(context.vault, bytes)
  if (token?.keyId !== key.keyId) throw new KeyhearthError('invalid-import-token')
  if (token.validTo <= context.now) throw new KeyhearthError('expired-import-token')
  return token
}

interface Arrived {
  readonly materialId: string
  readonly secret: Bytes
  readonly publicKey: Bytes | null
}

async function open(context: Context, key: KeyRecord, input: Input<'kms:ImportKeyMaterial'>) {
  const token = await tokenFor(context, key, input.ImportToken)
  const bytes = await openImported(context.vault, token, input.EncryptedKeyMaterial)
  if (!bytes) throw new KeyhearthError('invalid-ciphertext')
  const read = await readImportedKey(key.keySpec, bytes)
  bytes.fill(0)
  if (!read) throw wrongMaterial(`This is no key material for ${key.keySpec}`)
  const materialId = context.vault.materialIdOf(key.keyId, read.secret)
  return { ...read, materialId }
}

/** What an import would be: the first, the same again, or new material to rotate to. */
function placeOf(
  key: KeyRecord,
  { materialId }: Arrived,
  input: Input<'kms:ImportKeyMaterial'>,
): MaterialEntry['state'] {
  const known = key.materials.find((one) => one.materialId === materialId)
  const { ImportType = key.materials.length === 0 ? 'NEW_KEY_MATERIAL' : 'EXISTING_KEY_MATERIAL' } =
    input
  if (input.KeyMaterialId !== undefined && ImportType === 'NEW_KEY_MATERIAL') {
    throw invalid('KeyMaterialId cannot be set with ImportType NEW_KEY_MATERIAL')
  }
  if (input.KeyMaterialId !== undefined && input.KeyMaterialId !== materialId) {
    throw wrongMaterial('The material is not the one that KeyMaterialId names')
  }
  if (known) return known.state
  if (key.materials.length === 0) {
    if (ImportType === 'NEW_KEY_MATERIAL') return 'CURRENT'
    throw wrongMaterial('No key material was ever imported into this key')
  }
  if (ImportType === 'EXISTING_KEY_MATERIAL') {
    throw wrongMaterial('Only the material this key had before can be imported again')
  }
  if (key.keySpec !== 'SYMMETRIC_DEFAULT') {
    throw unsupported(`new key material for a key of ${key.keySpec}`)
  }
  if (key.materials.some(({ state }) => state === 'PENDING_ROTATION')) {
    throw new KeyhearthError('conflict', { what: 'Other new key material waits to be rotated to' })
  }
  return 'PENDING_ROTATION'
}

function withEntry(key: KeyRecord, entry: MaterialEntry): KeyRecord {
  const others = key.materials.filter(({ materialId }) => materialId !== entry.materialId)
  const known = others.length < key.materials.length
  const materials = known
    ? key.materials.map((one) => (one.materialId === entry.materialId ? entry : one))
    : [...key.materials, entry]
  return { ...key, materials }
}

export const importKeyMaterial: Handler<'kms:ImportKeyMaterial'> = async (context, input) => {
  const key = await externalKey(context, input.KeyId, 'kms:ImportKeyMaterial')
  const expiration = expirationOf(input, context.now)
  const arrived: Arrived = await open(context, key, input)
  const state = placeOf(key, arrived, input)
  const { materialId, secret, publicKey } = arrived
  const before = key.materials.find((one) => one.materialId === materialId)
  const { validTo: _validTo, expirationModel: _model, ...lasting } = before ?? { materialId, state }
  const description = input.KeyMaterialDescription ?? before?.description
  const entry: MaterialEntry = {
    ...lasting,
    ...expiration,
    ...(description === undefined ? {} : { description }),
    present: true,
  }
  const place = { keyId: key.keyId, materialId, spec: key.keySpec }
  putMaterial(context, await context.vault.materials.wrapBytes(place, secret))
  await putKey(context, { ...withEntry(key, entry), publicKey: key.publicKey ?? publicKey })
  return { KeyId: arnOf(key), ...idOf(key, materialId) }
}

/** Only symmetric keys' materials have ids for the world (API reference, ImportKeyMaterial). */
const idOf = ({ keySpec }: KeyRecord, KeyMaterialId: string) =>
  keySpec === 'SYMMETRIC_DEFAULT' ? { KeyMaterialId } : {}

/** Without the bytes. What was never used goes altogether, and other material can come in its place. */
function withoutMaterial(context: Context, key: KeyRecord, materialId: string): KeyRecord {
  removeMaterial(context, materialId)
  const materials = key.materials
    .filter((one) => one.materialId !== materialId || one.state !== 'PENDING_ROTATION')
    .map((one) => (one.materialId === materialId ? { ...one, present: false } : one))
  return { ...key, materials }
}

export const deleteImportedKeyMaterial: Handler<'kms:DeleteImportedKeyMaterial'> = async (
  context,
  input,
) => {
  const key = await externalKey(context, input.KeyId, 'kms:DeleteImportedKeyMaterial')
  const wanted = input.KeyMaterialId
  const entry = key.materials.find(({ materialId, state }) =>
    wanted === undefined ? state === 'CURRENT' : materialId === wanted,
  )
  if (!entry) {
    if (wanted === undefined) return { KeyId: arnOf(key) }
    throw wrongMaterial('This key never had the material that KeyMaterialId names')
  }
  if (entry.present) await putKey(context, withoutMaterial(context, key, entry.materialId))
  return { KeyId: arnOf(key), ...idOf(key, entry.materialId) }
}

/** Keyhearth's own doing, once material has expired: its bytes go, the key waits for them to come back. */
export const deleteExpiredKeyMaterial: Handler<'keyhearth:DeleteExpiredKeyMaterial'> = async (
  context,
  { KeyId },
) => {
  const key = await readKey(context, KeyId)
  const expired = key?.materials.filter((one) => one.present && !isThere(one, context.now)) ?? []
  if (!key || expired.length === 0) throw new KeyhearthError('request-gone')
  const rest = expired.reduce((left, one) => withoutMaterial(context, left, one.materialId), key)
  await putKey(context, rest)
  return {}
}
