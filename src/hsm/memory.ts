// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: what lies
// outside IndexedDB: a little in memory for as long as the browser runs, a little mirrored on disk.

import { decodeBase64, encodeBase64 } from '../codec/text.ts'
import type { RecoverySlot, RecoverySlotRow, VaultRow } from '../store/schema.ts'
import type { SessionSecret } from './slots.ts'

/** The part of `browser.storage.session` and `.local` used here; both are for trusted contexts only. */
export interface StorageArea {
  get(key: string): Promise<Record<string, unknown>>
  set(items: Record<string, unknown>): Promise<void>
  remove(key: string): Promise<void>
}

/**
 * An area that holds second copies alone. Where its own files are damaged the browser refuses every access to it, which
 * must not keep the vault shut: it is emptied, and what belongs there is written again.
 */
export function ofSecondCopies(area: StorageArea & { clear(): Promise<void> }): StorageArea {
  const mend = async (error: unknown) => {
    console.error('keyhearth: second copies', error)
    await area.clear().catch(() => {})
  }
  return {
    get: (key) => area.get(key).catch((error: unknown) => mend(error).then(() => ({}))),
    set: (items) =>
      area.set(items).catch((error: unknown) =>
        mend(error)
          .then(() => area.set(items))
          .catch(() => {}),
      ),
    remove: (key) => area.remove(key).catch(mend),
  }
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
const recoveryWordsKey = 'recovery-pending'
const mirrorKey = 'vault-mirror'

export const readSessionSecret = ({ session }: Memory): Promise<SessionSecret | null> =>
  read(session, sessionSecretKey)
export const writeSessionSecret = ({ session }: Memory, secret: SessionSecret): Promise<void> =>
  session.set({ [sessionSecretKey]: secret })
export const eraseSessionSecret = ({ session }: Memory): Promise<void> =>
  session.remove(sessionSecretKey)

/**
 * A new recovery key while it is on the screen, so that a closed popup can show it again. It is written before its slot
 * is; where that never comes, the one before is what is shown.
 */
export interface PendingRecovery {
  readonly slotId: string
  readonly words: readonly string[]
}

/** The newest first; it counts where its slot is there. */
export const readPendingRecovery = async ({
  session,
}: Memory): Promise<readonly PendingRecovery[]> =>
  (await read<readonly PendingRecovery[]>(session, recoveryWordsKey)) ?? []
export const writePendingRecovery = (
  { session }: Memory,
  pending: readonly PendingRecovery[],
): Promise<void> => session.set({ [recoveryWordsKey]: pending })
export const erasePendingRecovery = ({ session }: Memory): Promise<void> =>
  session.remove(recoveryWordsKey)

/** What a passkey is asked, until it answers: once, and not for long. */
export interface PasskeyQuestion {
  /** base64 */
  readonly challenge: string
  /** For a passkey that is made with it; base64. */
  readonly salt: string
  /** Milliseconds since 1970. */
  readonly askedAt: number
}

/** One that is made and one that unlocks may be asked for the same act. */
export type PasskeyPurpose = 'create' | 'get'
const questionKey = (purpose: PasskeyPurpose) => `passkey-question-${purpose}`

export const readPasskeyQuestion = (
  { session }: Memory,
  purpose: PasskeyPurpose,
): Promise<PasskeyQuestion | null> => read(session, questionKey(purpose))
export const writePasskeyQuestion = (
  { session }: Memory,
  purpose: PasskeyPurpose,
  question: PasskeyQuestion,
): Promise<void> => session.set({ [questionKey(purpose)]: question })
export const erasePasskeyQuestion = ({ session }: Memory, purpose: PasskeyPurpose): Promise<void> =>
  session.remove(questionKey(purpose))

/** Locked by the person, where no lock is on the vault: it stays so until they come back or the browser ends. */
const heldLockedKey = 'held-locked'

export const isHeldLocked = async ({ session }: Memory): Promise<boolean> =>
  (await read<boolean>(session, heldLockedKey)) === true
export const holdLocked = ({ session }: Memory): Promise<void> =>
  session.set({ [heldLockedKey]: true })
export const releaseLocked = ({ session }: Memory): Promise<void> => session.remove(heldLockedKey)

/** A second copy of what recovery needs, for the day IndexedDB is damaged. */
export interface VaultMirror {
  readonly vault: VaultRow
  readonly slots: readonly RecoverySlot[]
}

/** `storage.local` holds JSON, so the one bytes member is written as base64. */
type WrittenSlot = Omit<RecoverySlot, 'wrapped'> & { readonly wrapped: string }

/** Before there could be several, one stood there under another name. */
interface EarlierMirror {
  readonly recovery: Omit<RecoverySlotRow, 'wrapped'>
  readonly wrapped: string
}

export async function readMirror({ local }: Memory): Promise<VaultMirror | null> {
  type Written = { vault: VaultRow } & ({ slots: readonly WrittenSlot[] } | EarlierMirror)
  const stored = await read<Written>(local, mirrorKey)
  if (!stored) return null
  const written =
    'slots' in stored ? stored.slots : [{ ...stored.recovery, wrapped: stored.wrapped }]
  return {
    vault: stored.vault,
    slots: written.map(
      (slot) => ({ ...slot, wrapped: decodeBase64(slot.wrapped) }) as RecoverySlot,
    ),
  }
}

export async function writeMirror({ local }: Memory, { vault, slots }: VaultMirror) {
  const written = slots.map((slot) => ({ ...slot, wrapped: encodeBase64(slot.wrapped) }))
  await local.set({ [mirrorKey]: { vault, slots: written } })
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
