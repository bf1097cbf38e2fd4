// cluster: what goes beyond this device: backup, restoring, and approval by several people. This file: keys of a backup
// joined with those that are here, each with its material and its days. A merge deletes no key: one that waited for its
// deletion comes back disabled, as one whose deletion was canceled.

import type { Context } from '../hsm/context.ts'
import { placeOfRow, writeRecord } from '../hsm/recordForm.ts'
import type { UnlockedVault } from '../hsm/unlocked.ts'
import {
  isKeyOver,
  type KeyRecord,
  keyFrom,
  recalled,
  removeMaterial,
  wholeKeys,
} from '../kms/keys.ts'
import { schedule, scheduleOf } from '../kms/schedules.ts'
import type { Change } from '../store/commit.ts'
import type { SealedRow, SealedStore } from '../store/schema.ts'
import {
  compareRow,
  isWhole,
  recordIn,
  type Taken,
  type WaitingBackup,
  waitingOf,
} from './waiting.ts'

interface TakenKey extends Taken {
  /** As it is from then on. */
  readonly key: KeyRecord
  /** Where that is not what the backup's row says. */
  readonly isRecalled: boolean
}

export interface KeysDifference {
  readonly keys: readonly TakenKey[]
  readonly materials: readonly Taken[]
  /** Of keys that are later in the backup, and have these no more. */
  readonly materialsGone: readonly string[]
  /** Whose days here are damaged. */
  readonly toSchedule: readonly KeyRecord[]
}

export async function compareKeys(
  context: Context,
  theirs: WaitingBackup,
): Promise<KeysDifference> {
  const { db } = context.hsm
  const here = new Map((await wholeKeys(context)).map((key) => [key.keyId, key]))
  const joined = new Map(here)
  const keys: TakenKey[] = []
  for (const row of await waitingOf(db, theirs, 'keys')) {
    const taken = await compareKey(context, theirs.vault, row, here.get(row.id))
    if (!taken) continue
    keys.push(taken)
    joined.set(row.id, taken.key)
  }
  const named = new Set([...joined.values()].flatMap(presentMaterials))
  const materials: Taken[] = []
  for (const row of await waitingOf(db, theirs, 'materials')) {
    const taken = named.has(row.id) ? await compareRow(context, 'materials', row) : null
    if (taken) materials.push(taken)
  }
  const before = keys.flatMap(({ row }) => here.get(row.id) ?? []).flatMap(presentMaterials)
  return {
    keys,
    materials,
    materialsGone: before.filter((id) => !named.has(id)),
    toSchedule: await withDamagedDays(context, theirs, joined),
  }
}

const presentMaterials = ({ materials }: KeyRecord): string[] =>
  materials.flatMap(({ materialId, present }) => (present ? [materialId] : []))

/** One whose day to be deleted has come is here no more, swept or not. */
async function compareKey(
  context: Context,
  theirs: UnlockedVault,
  row: SealedRow,
  mine: KeyRecord | undefined,
): Promise<TakenKey | null> {
  const isHere = mine !== undefined && !isKeyOver(mine, context.now)
  const present = (await context.records.revisionOf('keys', row.id)) ?? 0
  if (isHere && present >= row.revision) return null
  const key = keyFrom(await recordIn(theirs, 'keys', row))
  const back = recalled(key)
  return {
    ...{ store: 'keys', row, key: back ?? key },
    isNew: present === 0 || (mine !== undefined && !isHere),
    isRecalled: back !== null,
  }
}

async function withDamagedDays(
  context: Context,
  theirs: WaitingBackup,
  joined: ReadonlyMap<string, KeyRecord>,
): Promise<KeyRecord[]> {
  const keys: KeyRecord[] = []
  for (const { id } of await waitingOf(context.hsm.db, theirs, 'schedules')) {
    const key = joined.get(id)
    const present = (await context.records.revisionOf('schedules', id)) ?? 0
    if (!key || present === 0 || (await isWhole(context, 'schedules', id, present))) continue
    keys.push(key)
  }
  return keys
}

/** @returns rows in the place of those of the backup that are not taken as they are */
export async function stageKeys(
  context: Context,
  { keys, materialsGone, toSchedule }: KeysDifference,
): Promise<SealedRow[]> {
  for (const id of materialsGone) removeMaterial(context, id)
  for (const key of [...toSchedule, ...keys.map((one) => one.key)]) await schedule(context, key)
  const again = keys.filter(({ isRecalled }) => isRecalled)
  return Promise.all(again.map(({ row, key }) => sealedAgain(context.vault, 'keys', row, key)))
}

/**
 * Keys of a backup that is to be restored, whose day to be deleted has come since it was made: they would go at once.
 * @returns rows in the place of theirs, and ids of days that go
 */
export async function recalledKeys(
  { hsm, now }: Context,
  theirs: WaitingBackup,
): Promise<{ readonly puts: Change[]; readonly daysGone: string[] }> {
  const { vault } = theirs
  const puts: Change[] = []
  const daysGone: string[] = []
  const days = new Map((await waitingOf(hsm.db, theirs, 'schedules')).map((row) => [row.id, row]))
  for (const row of await waitingOf(hsm.db, theirs, 'keys')) {
    const key = keyFrom(await recordIn(vault, 'keys', row))
    const back = isKeyOver(key, now) ? recalled(key) : null
    if (!back) continue
    puts.push({ store: 'keys', put: await sealedAgain(vault, 'keys', row, back) })
    const day = days.get(row.id)
    const next = scheduleOf(back)
    if (day && next) {
      puts.push({ store: 'schedules', put: await sealedAgain(vault, 'schedules', day, next) })
    } else if (day) daysGone.push(day.id)
  }
  return { puts, daysGone }
}

/** At the revision it had: with another, the order in which backups are merged would count. */
async function sealedAgain(
  vault: UnlockedVault,
  store: SealedStore,
  row: SealedRow,
  value: object,
): Promise<SealedRow> {
  return { ...row, sealed: await vault.seal(placeOfRow(store, row), writeRecord(store, value)) }
}
