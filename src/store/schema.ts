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
const sealedStores = [
  'keys',
  'materials',
  'aliases',
  'secrets',
  'secretVersions',
  'sites',
  'usage',
  'drafts',
  'schedules',
  'grants',
  'branchKeys',
  'people',
  'secretBlocks',
  'attachments',
  'certificates',
  'quorums',
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
  readonly id:
    | 'canary'
    | 'settings'
    | 'site-mirror'
    | 'blocked'
    | 'reading'
    | 'trail-key'
    | 'slot-facts'
    | 'backup-facts'
  readonly sealed: Bytes
  /** Written while the vault was locked: which one it comes after (hsm/deviceRows). */
  readonly follows?: Bytes
}

/** Signs the trail's digests; made with the first of them. */
export interface TrailSignerRow {
  readonly id: 'trail-signer'
  readonly privateKey: CryptoKey
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Bytes
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

/** Who sealed a row of the trail: the open vault, or while it was locked a device by its root key. */
export interface TrailSeal {
  readonly sealedBy: 'vault' | 'device'
  /** The device's id; empty for the vault. */
  readonly device: string
}

/** Head of the trail's hash chain, as version 1 wrote it. */
interface UnprovenHeadRow {
  readonly id: 'trail-head'
  readonly sequence: number
  readonly hash: Bytes
}

/** Head of the trail's hash chain, with a MAC by the one who sealed its newest row. */
export interface ProvenHeadRow extends UnprovenHeadRow, TrailSeal {
  /** How many digests were made so far, and the hash of the newest one's statement; 0 and empty: none. */
  readonly digests: number
  readonly digestHash: string
  readonly mac: string
}

export type TrailHeadRow = UnprovenHeadRow | ProvenHeadRow

/** Where the trail begins once old events were removed: behind a digest, which stays as its anchor. */
export interface TrailAnchorRow {
  readonly id: 'trail-anchor'
  /** The digest whose last event was the last one removed. */
  readonly digest: number
  /** Who sealed that event; `null` for one of version 1. */
  readonly by: TrailSeal | null
  /** By the open vault: nobody else removes events. */
  readonly mac: string
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
  /** Ids of those in whose place it was made: they go once it is proven, and not before. */
  readonly replaces?: readonly string[]
  readonly wrapped: Bytes
}

/** The recovery key of a slot of its own, split (Shamir): `threshold` of `count` shares make it again. */
export interface SharesSlotRow {
  readonly id: string
  readonly kind: 'shares'
  readonly createdAt: number
  /** As the shares name their set: 8 hex digits. */
  readonly setId: string
  readonly threshold: number
  readonly count: number
  /** As that of a recovery slot. */
  readonly confirmedAt?: number
  readonly wrapped: Bytes
}

/** Opened by what an authenticator makes of `salt` (WebAuthn Level 3 section 10.1.4, PRF). */
export interface PasskeySlotRow {
  readonly id: string
  readonly kind: 'passkey'
  readonly createdAt: number
  readonly credentialId: Bytes
  /** SubjectPublicKeyInfo, with its COSE algorithm: what assertions are checked by. */
  readonly publicKey: Bytes
  readonly algorithm: number
  readonly salt: Bytes
  readonly wrapped: Bytes
}

/** A passphrase for backups: it opens nothing here, for a backup alone carries it without the root key's wrapping. */
export interface BackupSlotRow {
  readonly id: string
  readonly kind: 'backup'
  readonly createdAt: number
  readonly argon2: Argon2Parameters
  readonly salt: Bytes
  readonly wrapped: Bytes
}

/** No lock: the root key alone opens it. */
export interface DeviceSlotRow {
  readonly id: string
  readonly kind: 'device'
  readonly createdAt: number
  readonly secret: Bytes
  readonly wrapped: Bytes
}

export interface SessionSlotRow {
  readonly id: string
  readonly kind: 'session'
  readonly createdAt: number
  readonly wrapped: Bytes
}

/** Those that work without this device. */
export type RecoverySlot = RecoverySlotRow | SharesSlotRow
/** Those that open the vault on this device. */
export type DeviceBoundSlot = PassphraseSlotRow | PasskeySlotRow | DeviceSlotRow
export type SlotRow = RecoverySlot | DeviceBoundSlot | BackupSlotRow | SessionSlotRow

/** An event as version 1 wrote it: on the chain, without proof. */
export interface UnprovenTrailRow {
  readonly sequence: number
  readonly sealedBy: TrailSeal['sealedBy']
  readonly sealed: Bytes
  readonly hash: Bytes
}

/** An event, sealed, with its place in the chain (trail/chain). */
export interface ProvenTrailRow extends UnprovenTrailRow, TrailSeal {
  /** Salted hash of the plaintext, so that an export can be checked without a key. */
  readonly commitment: Bytes
  /** How many digests there were when it was appended. */
  readonly digests: number
  /** Ties the row to the MAC of the head it was appended to. */
  readonly proof: Bytes
}

export type TrailRow = UnprovenTrailRow | ProvenTrailRow

/** A signed statement of how far the chain had come (trail/digests). */
export interface DigestRow {
  readonly number: number
  /** Canonical JSON, the very text that is signed. */
  readonly statement: string
  readonly signature: Bytes
  readonly publicKey: Bytes
}

type Sealed = {
  readonly [Name in SealedStore]: { key: string; value: SealedRow; indexes: { group: string } }
}
/** Keys can be listed by the page: in a group, by id. */
interface Keys {
  readonly keys: { key: string; value: SealedRow; indexes: { group: string; 'group-id': string } }
}

/**
 * A row of a backup that waits to be put in its place: `id` names the reading of a backup that it came with (one that
 * was given up may have left some), store and key.
 */
export interface RestoringRow {
  readonly id: string
  readonly store: StoreName
  readonly row: Readonly<Record<string, unknown>>
}

export interface KeyhearthSchema extends DBSchema, Omit<Sealed, 'keys'>, Keys {
  device: { key: string; value: RootKeyRow | DeviceRow | TrailSignerRow }
  vault: {
    key: string
    value: VaultRow | AttemptsRow | TrailHeadRow | TrailAnchorRow | ManifestRow
  }
  slots: { key: string; value: SlotRow }
  trail: { key: number; value: TrailRow }
  digests: { key: number; value: DigestRow }
  restoring: { key: string; value: RestoringRow }
}

export const allStores = [
  'device',
  'vault',
  'slots',
  'trail',
  'digests',
  'restoring',
  ...sealedStores,
] as const
export type StoreName = (typeof allStores)[number]
