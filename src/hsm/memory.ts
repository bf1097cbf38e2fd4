// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: what lies
// outside IndexedDB: a little in memory for as long as the browser runs, a little mirrored on disk.

import { decodeBase64, encodeBase64 } from '../codec/text.ts'
import type { RecoverySlotRow, VaultRow } from '../store/schema.ts'
import type { SessionSecret } from './slots.ts'

/** The part of `browser.storage.session` and `.local` used here; both are for trusted contexts only. */
export interface StorageArea {
  get(key: string): Promise<Record<string, unknown>>
  set(items: Record<string, unknown>): Promise<void>
  remove(key: string): Promise<void>
}

export interface Memory {
  /** In memory only; gone when the browser ends. */
  readonly session: StorageArea
  /** On disk. */
  readonly local: StorageArea
}

async function read<T>(area: StorageArea, key: string): Promise<T | null> {
  return ((await area.get(key))[key] as T | undefined) ?? null
}

const sessionSecretKey = 'session-secret'
const recoveryWordsKey = 'recovery-words'
const mirrorKey = 'vault-mirror'

export const readSessionSecret = ({ session }: Memory): Promise<SessionSecret | null> =>
  read(session, sessionSecretKey)
export const writeSessionSecret = ({ session }: Memory, secret: SessionSecret): Promise<void> =>
  session.set({ [sessionSecretKey]: secret })
export const eraseSessionSecret = ({ session }: Memory): Promise<void> =>
  session.remove(sessionSecretKey)

/** Words of a new recovery key while they are on the screen, so that a closed popup can show them again. */
export const readRecoveryWords = ({ session }: Memory): Promise<string[] | null> =>
  read(session, recoveryWordsKey)
export const writeRecoveryWords = ({ session }: Memory, words: readonly string[]): Promise<void> =>
  session.set({ [recoveryWordsKey]: words })
export const eraseRecoveryWords = ({ session }: Memory): Promise<void> =>
  session.remove(recoveryWordsKey)

/** A second copy of what the recovery key needs, for the day IndexedDB is damaged. */
export interface VaultMirror {
  readonly vault: VaultRow
  readonly recovery: RecoverySlotRow
}

export async function readMirror({ local }: Memory): Promise<VaultMirror | null> {
  const stored = await read<{ vault: VaultRow; recovery: RecoverySlotRow; wrapped: string }>(
    local,
    mirrorKey,
  )
  if (!stored) return null
  return {
    vault: stored.vault,
    recovery: { ...stored.recovery, wrapped: decodeBase64(stored.wrapped) },
  }
}

/** `storage.local` holds JSON, so the one bytes member is written as base64. */
export async function writeMirror({ local }: Memory, { vault, recovery }: VaultMirror) {
  const { wrapped, ...rest } = recovery
  await local.set({ [mirrorKey]: { vault, recovery: rest, wrapped: encodeBase64(wrapped) } })
}

/** The newest digest of the trail, out of the database's reach. */
export interface TrailMirror {
  readonly number: number
  readonly statement: string
  /** base64 */
  readonly signature: string
  readonly publicKey: string
}

const trailMirrorKey = 'trail-mirror'

export const readTrailMirror = ({ local }: Memory): Promise<TrailMirror | null> =>
  read(local, trailMirrorKey)
export const writeTrailMirror = ({ local }: Memory, mirror: TrailMirror): Promise<void> =>
  local.set({ [trailMirrorKey]: mirror })
export const eraseTrailMirror = ({ local }: Memory): Promise<void> => local.remove(trailMirrorKey)
