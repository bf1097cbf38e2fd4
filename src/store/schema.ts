// store: IndexedDB, its schema, migrations and transactions; the only room that uses idb.
// This file: what lies in the database. Nothing readable stands here but ids, counters and ciphertext.

import type { DBSchema } from 'idb'
import type { Bytes } from '../codec/bytes.ts'

export const databaseName = 'keyhearth'

/**
 * A record the hsm sealed. Its additional data names vault, store, id and revision, so a row that is
 * moved, swapped or exchanged for an older one does not open.
 */
export interface SealedRow {
  readonly id: string
  /** Keyed hash of what rows are listed by (an account, a secret); absent where nothing lists. */
  readonly group?: string
  readonly revision: number
  readonly sealed: Bytes
}

/** Stores whose rows are sealed under the vault key. */
export const sealedStores = [
  'keys',
  'materials',
  'aliases',
  'secrets',
  'secretVersions',
  'sites',
  'usage',
  'drafts',
] as const
export type SealedStore = (typeof sealedStores)[number]

/** This browser's own key. Structured clone keeps it a CryptoKey; its bytes are never in JavaScript. */
export interface RootKeyRow {
  readonly id: 'root'
  readonly deviceId: string
  readonly key: CryptoKey
}

/** Small state that must be readable while locked, sealed under the root key alone. */
export interface DeviceRow {
  readonly id: 'canary' | 'settings' | 'site-mirror'
  readonly sealed: Bytes
}

export interface VaultRow {
  readonly id: 'vault'
  readonly vaultId: string
  readonly createdAt: number
}

/** Failed unlocks. Plain numbers: they must count while nothing can be opened. */
export interface AttemptsRow {
  readonly id: 'attempts'
  readonly failures: number
  /** Milliseconds since 1970 of the last failure. */
  readonly lastFailureAt: number
}

/** Head of the trail's hash chain. */
export interface TrailHeadRow {
  readonly id: 'trail-head'
  readonly sequence: number
  readonly hash: Bytes
}

/** Which revision of each sealed row is the present one (hsm/manifest): one top, 256 leaves. */
export interface ManifestRow {
  readonly id: 'manifest' | `leaf-${number}`
  readonly revision: number
  readonly sealed: Bytes
}

export interface Argon2Parameters {
  readonly memoryKib: number
  readonly iterations: number
  readonly parallelism: number
}

export interface PassphraseSlotRow {
  readonly id: string
  readonly kind: 'passphrase'
  readonly createdAt: number
  readonly argon2: Argon2Parameters
  readonly salt: Bytes
  readonly wrapped: Bytes
}

export interface RecoverySlotRow {
  readonly id: string
  readonly kind: 'recovery'
  readonly createdAt: number
  /** Milliseconds since 1970 when the person proved to have the words; absent until then. */
  readonly confirmedAt?: number
  readonly wrapped: Bytes
}

export interface SessionSlotRow {
  readonly id: string
  readonly kind: 'session'
  readonly createdAt: number
  readonly wrapped: Bytes
}

export type SlotRow = PassphraseSlotRow | RecoverySlotRow | SessionSlotRow

export interface TrailRow {
  readonly sequence: number
  /** `vault`: sealed under the vault key; `device`: happened while locked, under the root key. */
  readonly sealedBy: 'vault' | 'device'
  readonly sealed: Bytes
  readonly hash: Bytes
}

type Sealed = {
  readonly [Name in SealedStore]: { key: string; value: SealedRow; indexes: { group: string } }
}

export interface KeyhearthSchema extends DBSchema, Sealed {
  device: { key: string; value: RootKeyRow | DeviceRow }
  vault: { key: string; value: VaultRow | AttemptsRow | TrailHeadRow | ManifestRow }
  slots: { key: string; value: SlotRow }
  trail: { key: number; value: TrailRow }
}

export const allStores = ['device', 'vault', 'slots', 'trail', ...sealedStores] as const
export type StoreName = (typeof allStores)[number]
