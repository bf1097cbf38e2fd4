// kms: keys, their states and what is done under them; one file per family of operations.
// This file: what becomes of a key by itself, and when: it is deleted, rotated, or its imported material
// expires. One row for each key that has such a day, so that nobody must look through all keys.

import type { Context, Handler } from '../hsm/context.ts'
import { recordKind } from '../hsm/records.ts'
import type { KeyRecord } from './keys.ts'

interface Schedule {
  readonly keyId: string
  readonly account: string
  /** Milliseconds since 1970: the first of its days. */
  readonly at: number
  readonly what: 'delete' | 'expire' | 'rotate'
}

const schedules = recordKind<Schedule>('schedules')
const groupOf = (context: Context): string => context.vault.label('schedules', '')

/** The first of the key's days, and what happens then; `null` where nothing does. */
function dayOf({
  deletion,
  rotation,
  materials,
  enabled,
}: KeyRecord): Pick<Schedule, 'at' | 'what'> | null {
  if (deletion) return { at: deletion.at, what: 'delete' }
  const expiries = materials.flatMap(({ present, validTo }) =>
    present && validTo !== undefined ? [validTo] : [],
  )
  const expiry = Math.min(...expiries)
  // A disabled key is not rotated; switched on again, it is as soon as it is due.
  if (rotation && enabled && rotation.nextAt < expiry)
    return { at: rotation.nextAt, what: 'rotate' }
  return Number.isFinite(expiry) ? { at: expiry, what: 'expire' } : null
}

/** What stands in the key's row. */
export function scheduleOf(key: KeyRecord): Schedule | null {
  const { keyId, account } = key
  const day = dayOf(key)
  return day && { keyId, account, ...day }
}

/** Brings a key's row up to date with the key. */
export async function schedule(context: Context, key: KeyRecord): Promise<void> {
  const { keyId } = key
  const next = scheduleOf(key)
  if (next) {
    context.staged.put(schedules, keyId, groupOf(context), next)
  } else if (((await context.records.revisionOf('schedules', keyId)) ?? 0) > 0) {
    unschedule(context, key)
  }
}

export function unschedule(context: Context, { keyId }: KeyRecord): void {
  context.staged.remove(schedules, keyId)
}

async function dueSchedules(context: Context): Promise<Schedule[]> {
  const all = await context.records.list(schedules, groupOf(context))
  return all.filter(({ at }) => at <= context.now)
}

/** Keys whose day to be deleted has come: they are gone for everybody, swept or not. */
export async function deletedKeyIds(context: Context): Promise<ReadonlySet<string>> {
  const due = await dueSchedules(context)
  return new Set(due.filter(({ what }) => what === 'delete').map(({ keyId }) => keyId))
}

const operations = {
  delete: 'keyhearth:DeleteKey',
  expire: 'keyhearth:DeleteExpiredKeyMaterial',
  rotate: 'keyhearth:RotateKey',
} as const

/** What is due today, as the operations that do it. A key can come again, for its next day. */
export const listDueKeys: Handler<'keyhearth:ListDueKeys'> = async (context) => ({
  Keys: (await dueSchedules(context)).map(({ keyId, what }) => ({
    KeyId: keyId,
    Operation: operations[what],
  })),
})
