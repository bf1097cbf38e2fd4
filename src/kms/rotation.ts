// kms: keys, their states and what is done under them; one file per family of operations.
// This file: rotation, automatic and on demand. What was encrypted before goes on being decrypted: old
// material stays, and new messages are under the new.

import type { Context, Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { RotationsListEntry } from '../protocol/kmsOutputs.ts'
import { keyByIdFor } from './access.ts'
import type { Access } from './authorization.ts'
import {
  arnOf,
  assertUsable,
  isThere,
  type KeyRecord,
  type MaterialEntry,
  putKey,
  putMaterial,
  readKey,
} from './keys.ts'
import { pageOf } from './paging.ts'

const day = 24 * 60 * 60 * 1000
const usualPeriod = 365
const mostOnDemand = 25

/** @throws KeyhearthError `unsupported` for what AWS does not rotate */
async function rotatableKey(
  context: Context,
  KeyId: string,
  action: Access['action'],
  origins: readonly KeyRecord['origin'][],
): Promise<KeyRecord> {
  const key = await keyByIdFor(context, KeyId, { action })
  const rotates = key.keySpec === 'SYMMETRIC_DEFAULT' && origins.includes(key.origin)
  if (!rotates) {
    throw new KeyhearthError('unsupported', {
      what: `rotation of a key of ${key.keySpec} and origin ${key.origin}`,
    })
  }
  return key
}

export const enableKeyRotation: Handler<'kms:EnableKeyRotation'> = async (context, input) => {
  const key = await rotatableKey(context, input.KeyId, 'kms:EnableKeyRotation', ['AWS_KMS'])
  assertUsable(key, context.now)
  const since = key.rotation?.since ?? context.now
  const periodInDays = input.RotationPeriodInDays ?? key.rotation?.periodInDays ?? usualPeriod
  const unchanged = key.rotation?.periodInDays === periodInDays
  const nextAt = unchanged ? key.rotation.nextAt : context.now + periodInDays * day
  await putKey(context, { ...key, rotation: { periodInDays, since, nextAt } })
  return {}
}

export const disableKeyRotation: Handler<'kms:DisableKeyRotation'> = async (context, { KeyId }) => {
  const key = await rotatableKey(context, KeyId, 'kms:DisableKeyRotation', ['AWS_KMS'])
  assertUsable(key, context.now)
  if (key.rotation) await putKey(context, { ...key, rotation: null })
  return {}
}

export const getKeyRotationStatus: Handler<'kms:GetKeyRotationStatus'> = async (context, input) => {
  const origins = ['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM'] as const
  const key = await rotatableKey(context, input.KeyId, 'kms:GetKeyRotationStatus', origins)
  const { rotation } = key
  return {
    KeyId: arnOf(key),
    KeyRotationEnabled: rotation !== null,
    ...(rotation && {
      RotationPeriodInDays: rotation.periodInDays,
      NextRotationDate: rotation.nextAt / 1000,
    }),
  }
}

type Rotated = Required<Pick<MaterialEntry, 'rotatedAt' | 'rotationType'>>

/** The key with this material as its current one. */
const withCurrent = (key: KeyRecord, materialId: string, rotated: Rotated): KeyRecord => ({
  ...key,
  materials: key.materials.map((one) => {
    if (one.materialId === materialId) return { ...one, ...rotated, state: 'CURRENT' as const }
    return one.state === 'CURRENT' ? { ...one, state: 'NON_CURRENT' as const } : one
  }),
})

async function withFreshMaterial(context: Context, key: KeyRecord): Promise<[KeyRecord, string]> {
  const { keyId, keySpec, keyUsage, materials } = key
  const { material } = await context.vault.materials.generate(keyId, keySpec, keyUsage)
  putMaterial(context, material)
  const { materialId } = material
  const entry: MaterialEntry = { materialId, state: 'PENDING_ROTATION', present: true }
  return [{ ...key, materials: [...materials, entry] }, materialId]
}

export const rotateKeyOnDemand: Handler<'kms:RotateKeyOnDemand'> = async (context, { KeyId }) => {
  const origins = ['AWS_KMS', 'EXTERNAL'] as const
  const key = await rotatableKey(context, KeyId, 'kms:RotateKeyOnDemand', origins)
  assertUsable(key, context.now)
  if (key.onDemandRotations >= mostOnDemand) {
    throw new KeyhearthError('limit-exceeded', {
      what: `A key can be rotated on demand at most ${mostOnDemand} times`,
    })
  }
  const [ready, materialId] =
    key.origin === 'EXTERNAL' ? importedNext(key, context) : await withFreshMaterial(context, key)
  const rotated = { rotatedAt: context.now, rotationType: 'ON_DEMAND' } as const
  const onDemandRotations = key.onDemandRotations + 1
  await putKey(context, { ...withCurrent(ready, materialId, rotated), onDemandRotations })
  return { KeyId: arnOf(key) }
}

/** A key of imported material rotates to what was imported for it (API reference, RotateKeyOnDemand). */
function importedNext(key: KeyRecord, { now }: Context): [KeyRecord, string] {
  const next = key.materials.find(({ state }) => state === 'PENDING_ROTATION')
  if (next && isThere(next, now)) return [key, next.materialId]
  throw new KeyhearthError('key-invalid-state', {
    keyId: arnOf(key),
    state: 'without new key material to rotate to; import it first',
  })
}

/** Automatic rotation, once it is due. Days missed while the vault was locked are not made up for. */
export const rotateKey: Handler<'keyhearth:RotateKey'> = async (context, { KeyId }) => {
  const key = await readKey(context, KeyId)
  if (!key?.rotation || key.rotation.nextAt > context.now) throw new KeyhearthError('request-gone')
  assertUsable(key, context.now)
  const [ready, materialId] = await withFreshMaterial(context, key)
  const rotated = { rotatedAt: context.now, rotationType: 'AUTOMATIC' } as const
  const { periodInDays } = key.rotation
  const rotation = { ...key.rotation, nextAt: context.now + periodInDays * day }
  await putKey(context, { ...withCurrent(ready, materialId, rotated), rotation })
  return {}
}

function entryOf(key: KeyRecord, one: MaterialEntry, now: number): RotationsListEntry {
  const imported = key.origin === 'EXTERNAL'
  return {
    KeyId: arnOf(key),
    KeyMaterialId: one.materialId,
    KeyMaterialState: one.state,
    ...(one.description === undefined ? {} : { KeyMaterialDescription: one.description }),
    ...(imported ? { ImportState: isThere(one, now) ? 'IMPORTED' : 'PENDING_IMPORT' } : {}),
    ...(imported && one.expirationModel ? { ExpirationModel: one.expirationModel } : {}),
    ...(one.validTo === undefined ? {} : { ValidTo: one.validTo / 1000 }),
    ...(one.rotatedAt === undefined ? {} : { RotationDate: one.rotatedAt / 1000 }),
    ...(one.rotationType === undefined ? {} : { RotationType: one.rotationType }),
  }
}

export const listKeyRotations: Handler<'kms:ListKeyRotations'> = async (context, input) => {
  const origins = ['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM'] as const
  const key = await rotatableKey(context, input.KeyId, 'kms:ListKeyRotations', origins)
  const all = input.IncludeKeyMaterial === 'ALL_KEY_MATERIAL'
  const wanted = key.materials.filter(({ rotatedAt }) => all || rotatedAt !== undefined)
  const position = (one: MaterialEntry) => String(key.materials.indexOf(one)).padStart(6, '0')
  const { items, page } = pageOf(wanted, position, input, 100)
  return { Rotations: items.map((one) => entryOf(key, one, context.now)), ...page }
}
