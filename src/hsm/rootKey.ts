// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: the root key,
// one per device, and the small records sealed under it alone.
//
// Chromium keeps a stored CryptoKey's bytes inside the profile, so whoever copies the profile can, with
// effort, have this key. Nothing that must survive that theft may rest on the root key alone.

import type { Bytes } from '../codec/bytes.ts'
import { decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import type { Change } from '../store/commit.ts'
import type { Database } from '../store/database.ts'
import type { DeviceRow, RootKeyRow } from '../store/schema.ts'
import { aesGcm, bindTo, notExtractable, open, seal } from './binding.ts'

export interface Device {
  readonly deviceId: string
  readonly rootKey: CryptoKey
}

export type DeviceRecord = Exclude<DeviceRow['id'], 'canary'>

const place = (device: Device, id: DeviceRow['id']): Bytes => bindTo('device', device.deviceId, id)
const canary = encodeUtf8('keyhearth canary')

/** A new device with its root key, and the rows that make it last. */
export async function createDevice(): Promise<{ device: Device; changes: Change[] }> {
  const rootKey = await crypto.subtle.generateKey(aesGcm, notExtractable, ['encrypt', 'decrypt'])
  const device: Device = { deviceId: crypto.randomUUID(), rootKey }
  const row: RootKeyRow = { id: 'root', deviceId: device.deviceId, key: rootKey }
  const sealed = await seal(rootKey, place(device, 'canary'), canary)
  return {
    device,
    changes: [
      { store: 'device', put: row },
      { store: 'device', put: { id: 'canary', sealed } },
    ],
  }
}

/** This device, or `null` where its root key is missing, is not that kind of key, or fails the canary. */
export async function loadDevice(db: Database): Promise<Device | null> {
  const [root, bird] = await Promise.all([db.get('device', 'root'), db.get('device', 'canary')])
  if (!root || !('key' in root) || !isRootKey(root.key)) return null
  if (!bird || !('sealed' in bird)) return null
  const device: Device = { deviceId: root.deviceId, rootKey: root.key }
  return (await open(device.rootKey, place(device, 'canary'), bird.sealed)) ? device : null
}

function isRootKey(key: unknown): key is CryptoKey {
  return (
    key instanceof CryptoKey &&
    !key.extractable &&
    key.algorithm.name === 'AES-GCM' &&
    (key.algorithm as AesKeyAlgorithm).length === 256 &&
    key.usages.includes('decrypt')
  )
}

/** Seals a value any JSON can hold under the root key, as a change to commit. */
export async function sealForDevice(
  device: Device,
  id: DeviceRecord,
  value: unknown,
): Promise<Change> {
  const sealed = await seal(device.rootKey, place(device, id), encodeUtf8(JSON.stringify(value)))
  return { store: 'device', put: { id, sealed } }
}

/** The value, or `null` where it was never written or does not open. */
export async function openForDevice<T>(
  db: Database,
  device: Device,
  id: DeviceRecord,
): Promise<T | null> {
  const row = await db.getKept('device', id)
  if (!row || !('sealed' in row)) return null
  const plaintext = await open(device.rootKey, place(device, id), row.sealed)
  return plaintext && (JSON.parse(decodeUtf8(plaintext)) as T)
}
