// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: the keys of the
// trail: what seals and proves its rows, and what signs its digests.
//
// Proofs are MACs made synchronously, inside the transaction that appends. While the vault is open they
// rest on the vault key. While it is locked they rest on a key sealed under the root key, so whoever
// took the root key out of the profile can write a locked vault's events, and no others.

import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, joinUnambiguously } from '../codec/bytes.ts'
import {
  decodeBase64,
  encodeBase64,
  encodeBase64Url,
  encodeHex,
  encodeUtf8,
} from '../codec/text.ts'
import { type Change, commit } from '../store/commit.ts'
import type { Database } from '../store/database.ts'
import type { TrailSignerRow } from '../store/schema.ts'
import { bindTo, notExtractable, open, seal } from './binding.ts'
import { type Device, openForDevice, sealForDevice } from './rootKey.ts'
import type { UnlockedVault } from './unlocked.ts'

/** Seals the trail's rows and proves its head, on behalf of the open vault or of this device. */
export interface TrailSealer {
  readonly sealedBy: 'vault' | 'device'
  /** Which device; empty for the vault, which has one key on all of them. */
  readonly device: string
  seal(plaintext: Bytes): Promise<Bytes>
  /** `null` where it was sealed by another, or altered. */
  open(sealed: Bytes): Promise<Bytes | null>
  mac(text: string): string
}

const kind = 'trail'
const place = bindTo(kind)

export const vaultSealer = (vault: UnlockedVault): TrailSealer => ({
  sealedBy: 'vault',
  device: '',
  seal: (plaintext) => vault.seal([kind], plaintext),
  open: (sealed) => vault.open([kind], sealed).catch(() => null),
  mac: (text) => encodeBase64Url(vault.mac(kind, text)),
})

const sealersOfDevices = new WeakMap<Device, Promise<TrailSealer>>()

export function deviceSealer(db: Database, device: Device): Promise<TrailSealer> {
  const known = sealersOfDevices.get(device)
  if (known) return known
  const made = macKeyOf(db, device).then((key) => sealerWith(device, key))
  sealersOfDevices.set(device, made)
  made.catch(() => sealersOfDevices.delete(device))
  return made
}

const sealerWith = (device: Device, key: Bytes): TrailSealer => ({
  sealedBy: 'device',
  device: device.deviceId,
  seal: (plaintext) => seal(device.rootKey, place, plaintext),
  open: (sealed) => open(device.rootKey, place, sealed),
  mac: (text) => encodeBase64Url(hmac(sha256, key, joinUnambiguously(kind, text)).subarray(0, 16)),
})

async function macKeyOf(db: Database, device: Device): Promise<Bytes> {
  const stored = await openForDevice<string>(db, device, 'trail-key')
  if (stored) return decodeBase64(stored)
  const key = crypto.getRandomValues(new Uint8Array(32))
  await commit(db, [await sealForDevice(device, 'trail-key', encodeBase64(key))], null)
  return key
}

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

export interface TrailSigner {
  /** SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7). */
  readonly publicKey: Bytes
  /** SHA-256 of `publicKey`, hex. */
  readonly fingerprint: string
  /** r and s side by side (IEEE P1363), over the text's UTF-8. */
  sign(text: string): Promise<Bytes>
  /** To be committed with what it signs first; empty for a key that lasts already. */
  readonly changes: readonly Change[]
}

export const fingerprintOf = (publicKey: Bytes): string => encodeHex(sha256(publicKey))

/** The device's signing key, made where there is none yet. Its private half cannot be exported. */
export async function trailSigner(db: Database): Promise<TrailSigner> {
  const stored = await db.get('device', 'trail-signer')
  if (stored && 'privateKey' in stored && isSigningKey(stored.privateKey)) {
    return signerOf(stored, [])
  }
  const pair = await crypto.subtle.generateKey(ecdsa, notExtractable, ['sign', 'verify'])
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey))
  const put: TrailSignerRow = { id: 'trail-signer', privateKey: pair.privateKey, publicKey }
  return signerOf(put, [{ store: 'device', put }])
}

const isSigningKey = (key: CryptoKey): boolean =>
  !key.extractable && key.algorithm.name === ecdsa.name && key.usages.includes('sign')

const signerOf = (
  { privateKey, publicKey }: TrailSignerRow,
  changes: readonly Change[],
): TrailSigner => ({
  publicKey,
  fingerprint: fingerprintOf(publicKey),
  sign: async (text) =>
    new Uint8Array(await crypto.subtle.sign(ecdsa, privateKey, encodeUtf8(text))),
  changes,
})

/** False for anything that is not a signature of this text by this key, a malformed key included. */
export async function verifySignature(
  publicKey: Bytes,
  signature: Bytes,
  text: string,
): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('spki', publicKey, ecdsa, true, ['verify'])
    return await crypto.subtle.verify(ecdsa, key, signature, encodeUtf8(text))
  } catch {
    return false
  }
}
