// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: wrong
// passphrases slow the next try, counted on disk so that a killed worker forgets none.
//
// This stops a person or script at the keyboard. Whoever copied the disk tries elsewhere, against
// Argon2id and without the count (SECURITY.md).

import { KeyhearthError } from '../protocol/errors.ts'
import { commit } from '../store/commit.ts'
import type { Database } from '../store/database.ts'
import type { AttemptsRow } from '../store/schema.ts'

const freeAttempts = 5
const firstDelayMs = 5_000
const longestDelayMs = 15 * 60_000

const none: AttemptsRow = { id: 'attempts', failures: 0, lastFailureAt: 0 }

async function load(db: Database): Promise<AttemptsRow> {
  const row = await db.getKept('vault', 'attempts')
  return row && 'failures' in row ? row : none
}

/** How long after a failure the next try must wait. Pure. */
export function delayMs(failures: number): number {
  if (failures < freeAttempts) return 0
  return Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures - freeAttempts, 20))
}

/** Milliseconds to wait. A clock set back makes the wait start anew, not last for years. Pure. */
export function remainingMs({ failures, lastFailureAt }: AttemptsRow, now: number): number {
  const elapsed = now - lastFailureAt
  return elapsed < 0 ? delayMs(failures) : Math.max(0, delayMs(failures) - elapsed)
}

export async function retryAfterMs(db: Database, now: number): Promise<number> {
  const row = await load(db)
  if (row.lastFailureAt > now) await write(db, { ...row, lastFailureAt: now })
  return remainingMs(row, now)
}

const write = (db: Database, put: AttemptsRow) => commit(db, [{ store: 'vault', put }], null)

/**
 * Counts a try as failed before it is made; success clears the count in its own commit.
 * @throws KeyhearthError `too-many-attempts` with `seconds`
 */
export async function beginAttempt(db: Database, now: number): Promise<void> {
  const waitMs = await retryAfterMs(db, now)
  if (waitMs > 0) {
    throw new KeyhearthError('too-many-attempts', { seconds: String(Math.ceil(waitMs / 1000)) })
  }
  const row = await load(db)
  try {
    await write(db, { ...row, failures: row.failures + 1, lastFailureAt: now })
  } catch (error) {
    // A full disk must not lock the person out of their own data; the count stays where it was.
    if (!(error instanceof KeyhearthError && error.reason === 'storage-full')) throw error
  }
}

export const clearAttempts = { store: 'vault', put: none } as const
