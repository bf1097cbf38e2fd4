// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: key slots.
//
// A slot holds the vault key, wrapped; as in LUKS any one slot opens the vault, and slots come and go
// without touching an item. `passphrase`, `passkey` and `session` are wrapped twice, by their own key and
// then by this device's root key, so that neither a stolen profile copy without the passphrase nor a
// passphrase without the device opens anything. `recovery` and `shares` are wrapped once: they must work
// without the device. `device` has its own key beside it, so that the root key alone opens it: no lock.

import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64, encodeBase64 } from '../codec/text.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type {
  BackupSlotRow,
  DeviceSlotRow,
  PasskeySlotRow,
  PassphraseSlotRow,
  RecoverySlot,
  RecoverySlotRow,
  SessionSlotRow,
  SharesSlotRow,
  SlotRow,
} from '../store/schema.ts'
import {
  aesGcm,
  bindTo,
  extractableToWrap,
  notExtractable,
  open,
  seal,
  unwrap,
  wrap,
} from './binding.ts'
import { deriveAesKey } from './derivedKeys.ts'
import { argon2Now, passphraseKey } from './passphrase.ts'
import { recoveryKey } from './recoveryKey.ts'
import type { Device } from './rootKey.ts'

/**
 * The vault key as it may lie in memory: HKDF base material, not extractable. Every working key is
 * derived from it (hsm/unlocked), so no key has two uses (NIST SP 800-57 part 1 section 5.2).
 */
export const vaultKeyToUse = {
  algorithm: 'HKDF',
  extractable: notExtractable,
  usages: ['deriveKey'],
} as const

/** The vault key for the moment in which it is wrapped into another slot. */
export const vaultKeyToWrap = {
  algorithm: aesGcm,
  extractable: extractableToWrap,
  usages: ['encrypt'],
} as const

export type VaultKeyForm = typeof vaultKeyToUse | typeof vaultKeyToWrap

export const newVaultKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey(aesGcm, extractableToWrap, ['encrypt'])

/** From the form to wrap to the form to use, by wrapping once under a key that lives for two lines. */
export async function asVaultKeyToUse(vaultKey: CryptoKey): Promise<CryptoKey> {
  const passing = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'wrapKey',
    'unwrapKey',
  ])
  const gcm = { name: 'AES-GCM', iv: new Uint8Array(12) }
  const wrapped = await crypto.subtle.wrapKey('raw', vaultKey, passing, gcm)
  const { algorithm, extractable, usages } = vaultKeyToUse
  return crypto.subtle.unwrapKey('raw', wrapped, passing, gcm, algorithm, extractable, [...usages])
}

const place = (vaultId: string, slot: { id: string; kind: string }, ...more: string[]): Bytes =>
  bindTo('slot', vaultId, slot.id, slot.kind, ...more)

/** Each is tried in turn at unlocking, and stands at the top of the vault's list of records. */
const mostSlots = 32

/** @throws KeyhearthError `limit-exceeded` */
export function assertRoomForSlot(slots: readonly SlotRow[]): void {
  if (slots.filter(({ kind }) => kind !== 'session').length < mostSlots) return
  throw new KeyhearthError('limit-exceeded', { what: `A vault has at most ${mostSlots} slots` })
}

const newSlot = <Kind extends SlotRow['kind']>(kind: Kind) => ({
  id: crypto.randomUUID() as string,
  kind,
  createdAt: Date.now(),
})

async function wrapTwice(device: Device, by: CryptoKey, binding: Bytes, vaultKey: CryptoKey) {
  return seal(device.rootKey, binding, await wrap(by, binding, vaultKey))
}

async function unwrapTwice(
  device: Device,
  by: CryptoKey,
  binding: Bytes,
  wrapped: Bytes,
  form: VaultKeyForm,
) {
  const inner = await open(device.rootKey, binding, wrapped)
  return inner && unwrap(by, binding, inner, form)
}

type Stretched = Pick<PassphraseSlotRow, 'argon2' | 'salt'>

const argon2Place = (slot: Stretched): string[] => [
  String(slot.argon2.memoryKib),
  String(slot.argon2.iterations),
  String(slot.argon2.parallelism),
  encodeBase64(slot.salt),
]

export async function makePassphraseSlot(
  device: Device,
  vaultId: string,
  vaultKey: CryptoKey,
  passphrase: string,
  replaces?: PassphraseSlotRow,
): Promise<PassphraseSlotRow> {
  const { id, createdAt } = replaces ?? newSlot('passphrase')
  const slot = {
    id,
    kind: 'passphrase' as const,
    createdAt,
    argon2: argon2Now,
    salt: crypto.getRandomValues(new Uint8Array(16)),
  }
  const key = await passphraseKey(passphrase, slot.salt, slot.argon2)
  if (!key) throw new RangeError('argon2Now is out of its own bounds')
  const binding = place(vaultId, slot, ...argon2Place(slot))
  return { ...slot, wrapped: await wrapTwice(device, key, binding, vaultKey) }
}

/** The vault key, or `null` for a wrong passphrase or a damaged slot: the two look alike on purpose. */
export async function openPassphraseSlot(
  device: Device,
  vaultId: string,
  slot: PassphraseSlotRow,
  passphrase: string,
  form: VaultKeyForm,
): Promise<CryptoKey | null> {
  const key = await passphraseKey(passphrase, slot.salt, slot.argon2)
  const binding = place(vaultId, slot, ...argon2Place(slot))
  return key && unwrapTwice(device, key, binding, slot.wrapped, form)
}

export async function makeRecoverySlot(
  vaultId: string,
  vaultKey: CryptoKey,
  entropy: Bytes,
): Promise<RecoverySlotRow> {
  const slot = newSlot('recovery')
  const key = await recoveryKey(entropy, vaultId)
  return { ...slot, wrapped: await wrap(key, place(vaultId, slot), vaultKey) }
}

/** As a passphrase slot; the wrapping by the root key comes off when a backup carries it. */
export async function makeBackupSlot(
  device: Device,
  vaultId: string,
  vaultKey: CryptoKey,
  passphrase: string,
): Promise<BackupSlotRow> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const slot = { ...newSlot('backup'), argon2: argon2Now, salt }
  const key = await passphraseKey(passphrase, salt, argon2Now)
  if (!key) throw new RangeError('argon2Now is out of its own bounds')
  const binding = place(vaultId, slot, ...argon2Place(slot))
  return { ...slot, wrapped: await wrapTwice(device, key, binding, vaultKey) }
}

/** As it goes into a backup; `null` where this device cannot take its wrapping off. */
export async function carriedBackupSlot(
  device: Device,
  vaultId: string,
  slot: BackupSlotRow,
): Promise<BackupSlotRow | null> {
  const wrapped = await open(
    device.rootKey,
    place(vaultId, slot, ...argon2Place(slot)),
    slot.wrapped,
  )
  return wrapped && { ...slot, wrapped }
}

/** The other way, from a backup. */
export async function openCarriedSlot(
  vaultId: string,
  slot: BackupSlotRow,
  passphrase: string,
  form: VaultKeyForm,
): Promise<CryptoKey | null> {
  const key = await passphraseKey(passphrase, slot.salt, slot.argon2)
  const binding = place(vaultId, slot, ...argon2Place(slot))
  return key && unwrap(key, binding, slot.wrapped, form)
}

/** How the recovery key of a slot is split. */
export type Split = Pick<SharesSlotRow, 'setId' | 'threshold' | 'count'>

const splitPlace = ({ setId, threshold, count }: Split): string[] => [
  setId,
  String(threshold),
  String(count),
]

/** As a recovery slot; `entropy` is what the shares make. */
export async function makeSharesSlot(
  vaultId: string,
  vaultKey: CryptoKey,
  entropy: Bytes,
  split: Split,
): Promise<SharesSlotRow> {
  const slot = { ...newSlot('shares'), ...split }
  const key = await recoveryKey(entropy, vaultId)
  const wrapped = await wrap(key, place(vaultId, slot, ...splitPlace(split)), vaultKey)
  return { ...slot, wrapped }
}

export async function openRecoverySlot(
  vaultId: string,
  slot: RecoverySlot,
  entropy: Bytes,
  form: VaultKeyForm,
): Promise<CryptoKey | null> {
  const key = await recoveryKey(entropy, vaultId)
  const more = slot.kind === 'shares' ? splitPlace(slot) : []
  return unwrap(key, place(vaultId, slot, ...more), slot.wrapped, form)
}

/** What is known of a passkey once it was made, and what the authenticator made of `salt`. */
export type Passkey = Pick<PasskeySlotRow, 'credentialId' | 'publicKey' | 'algorithm' | 'salt'>

const passkeyPlace = ({ credentialId, publicKey, algorithm, salt }: Passkey): string[] => [
  encodeBase64(credentialId),
  encodeBase64(publicKey),
  String(algorithm),
  encodeBase64(salt),
]

/** HKDF over the authenticator's output, salted with the credential's id: no two credentials share a key. */
async function passkeyKey(vaultId: string, passkey: Passkey, output: Bytes): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', output, 'HKDF', notExtractable, ['deriveKey'])
  const salted = `${vaultId} ${encodeBase64(passkey.credentialId)}`
  return deriveAesKey(salted, base, 'passkey slot', ['wrapKey', 'unwrapKey'])
}

export async function makePasskeySlot(
  device: Device,
  vaultId: string,
  vaultKey: CryptoKey,
  passkey: Passkey,
  output: Bytes,
): Promise<PasskeySlotRow> {
  const slot = { ...newSlot('passkey'), ...passkey }
  const key = await passkeyKey(vaultId, passkey, output)
  const binding = place(vaultId, slot, ...passkeyPlace(passkey))
  return { ...slot, wrapped: await wrapTwice(device, key, binding, vaultKey) }
}

export async function openPasskeySlot(
  device: Device,
  vaultId: string,
  slot: PasskeySlotRow,
  output: Bytes,
  form: VaultKeyForm,
): Promise<CryptoKey | null> {
  const key = await passkeyKey(vaultId, slot, output)
  return unwrapTwice(device, key, place(vaultId, slot, ...passkeyPlace(slot)), slot.wrapped, form)
}

/**
 * No lock: whatever is needed stands in the row and in this device. The passing key is there because the root
 * key seals bytes and wraps no keys, so that the vault key's bytes stay out of JavaScript here too.
 */
export async function makeDeviceSlot(
  device: Device,
  vaultId: string,
  vaultKey: CryptoKey,
): Promise<DeviceSlotRow> {
  const slot = newSlot('device')
  const secret = crypto.getRandomValues(new Uint8Array(32))
  const key = await sessionKey(secret)
  return { ...slot, secret, wrapped: await wrapTwice(device, key, place(vaultId, slot), vaultKey) }
}

export async function openDeviceSlot(
  device: Device,
  vaultId: string,
  slot: DeviceSlotRow,
  form: VaultKeyForm,
): Promise<CryptoKey | null> {
  const key = await sessionKey(slot.secret)
  return unwrapTwice(device, key, place(vaultId, slot), slot.wrapped, form)
}

/** What `storage.session` keeps (in memory only) while unlocked: opens the session slot and no other. */
export interface SessionSecret {
  readonly slotId: string
  readonly secret: string
}

const sessionKey = (secret: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', secret, aesGcm, notExtractable, ['wrapKey', 'unwrapKey'])

export async function makeSessionSlot(
  device: Device,
  vaultId: string,
  vaultKey: CryptoKey,
): Promise<{ slot: SessionSlotRow; secret: SessionSecret }> {
  const slot = newSlot('session')
  const random = crypto.getRandomValues(new Uint8Array(32))
  const key = await sessionKey(random)
  const wrapped = await wrapTwice(device, key, place(vaultId, slot), vaultKey)
  const secret = { slotId: slot.id, secret: encodeBase64(random) }
  random.fill(0)
  return { slot: { ...slot, wrapped }, secret }
}

export async function openSessionSlot(
  device: Device,
  vaultId: string,
  slot: SessionSlotRow,
  secret: SessionSecret,
): Promise<CryptoKey | null> {
  if (slot.id !== secret.slotId) return null
  const key = await sessionKey(decodeBase64(secret.secret))
  return unwrapTwice(device, key, place(vaultId, slot), slot.wrapped, vaultKeyToUse)
}
