// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: key slots.
//
// A slot holds the vault key, wrapped; as in LUKS any one slot opens the vault, and slots come and go
// without touching an item. `passphrase` and `session` are wrapped twice, by their own key and then by
// this device's root key, so that neither a stolen profile copy without the passphrase nor a passphrase
// without the device opens anything. `recovery` is wrapped once: it must work without the device.

import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64, encodeBase64 } from '../codec/text.ts'
import type {
  PassphraseSlotRow,
  RecoverySlotRow,
  SessionSlotRow,
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

const place = (vaultId: string, slot: { id: string; kind: string }, ...more: string[]): Bytes =>
  bindTo('slot', vaultId, slot.id, slot.kind, ...more)

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

const argon2Place = (slot: Pick<PassphraseSlotRow, 'argon2' | 'salt'>): string[] => [
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
): Promise<PassphraseSlotRow> {
  const slot = {
    ...newSlot('passphrase'),
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

export async function openRecoverySlot(
  vaultId: string,
  slot: RecoverySlotRow,
  entropy: Bytes,
  form: VaultKeyForm,
): Promise<CryptoKey | null> {
  const key = await recoveryKey(entropy, vaultId)
  return unwrap(key, place(vaultId, slot), slot.wrapped, form)
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
