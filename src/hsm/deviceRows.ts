// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: whether the small records that
// a device seals by itself (hsm/rootKey) are those that were written last. Their own authentication does not say so: an
// earlier one opens as well, in which the lock was longer, say.
//
// Their hashes stand in the vault's list of records (hsm/manifest). That can be written while the vault is open only; so
// what is written while it is locked names, under the root key, the one that is listed, and is listed with the next
// unlocking. Of several such, an earlier one put back is not told from the last.

import { sha256 } from '@noble/hashes/sha2.js'
import { decodeUtf8, encodeBase64Url, encodeUtf8 } from '../codec/text.ts'
import type { Change } from '../store/commit.ts'
import type { Database } from '../store/database.ts'
import type { DeviceRow } from '../store/schema.ts'
import { bindTo, open, seal } from './binding.ts'
import type { Context } from './context.ts'
import type { SecurityModule } from './module.ts'
import type { Staged } from './records.ts'
import type { Device } from './rootKey.ts'

/** What protects the person, or tells what they allowed. The others say less when they are old, and nothing wrong. */
export const listedDeviceRows = ['settings', 'blocked', 'reading', 'site-mirror'] as const
export type ListedDeviceRow = (typeof listedDeviceRows)[number]

/** What can be changed while the vault is locked. */
const mayFollow: ReadonlySet<ListedDeviceRow> = new Set(['blocked', 'reading'] as const)

export const isListedDeviceRow = (id: string): id is ListedDeviceRow =>
  listedDeviceRows.some((one) => one === id)

export const hashOfDeviceRow = ({ sealed }: Pick<DeviceRow, 'sealed'>): string =>
  encodeBase64Url(sha256(sealed))

async function rowOf(db: Database, id: ListedDeviceRow): Promise<DeviceRow | null> {
  const row = await db.getKept('device', id)
  return row && 'sealed' in row ? row : null
}

/** Empty where there is none. */
export async function presentHash(db: Database, id: ListedDeviceRow): Promise<string> {
  const row = await rowOf(db, id)
  return row ? hashOfDeviceRow(row) : ''
}

const followingPlace = ({ deviceId }: Device, row: DeviceRow) =>
  bindTo('device row that follows', deviceId, row.id, hashOfDeviceRow(row))

/** The hash of the listed row that this one was made after, or `null`. */
async function followed(device: Device, row: DeviceRow): Promise<string | null> {
  if (!row.follows) return null
  const plaintext = await open(device.rootKey, followingPlace(device, row), row.follows)
  return plaintext && decodeUtf8(plaintext)
}

/** What is written while the vault is locked, with the name of what it comes after. */
export async function followingDeviceRows(
  { db, deviceIfAny: device }: SecurityModule,
  changes: readonly Change[],
): Promise<Change[]> {
  const follow = async (change: Change): Promise<Change> => {
    if (!device || change.store !== 'device' || !('put' in change)) return change
    const { put } = change
    if (!('sealed' in put) || !isListedDeviceRow(put.id) || !mayFollow.has(put.id)) return change
    const before = await rowOf(db, put.id)
    const last = before && ((await followed(device, before)) ?? hashOfDeviceRow(before))
    const place = followingPlace(device, put)
    const follows = await seal(device.rootKey, place, encodeUtf8(last ?? ''))
    return { store: 'device', put: { ...put, follows } }
  }
  return Promise.all(changes.map(follow))
}

/** At unlocking: what was written meanwhile is listed, and all of a vault that listed none. */
export async function settleDeviceRows(
  { hsm, staged }: Context,
  listed: ReadonlyMap<string, string> | null,
  device: Device,
): Promise<void> {
  if (!listed) return staged.settle(...listedDeviceRows)
  for (const id of mayFollow) {
    const row = await rowOf(hsm.db, id)
    if (row && (await followed(device, row)) === (listed.get(id) ?? '')) settle(staged, row)
  }
}

/** From here on it is what others come after. */
function settle(staged: Staged, { id, sealed }: DeviceRow): void {
  if (!isListedDeviceRow(id)) return
  staged.settle(id)
  staged.change({ store: 'device', put: { id, sealed } })
}

/** Whether one was set back or taken away, as far as the open vault knows; not while it is locked. */
export async function isDeviceRowSetBack(
  { db, openedIfAny }: SecurityModule,
  id: ListedDeviceRow,
): Promise<boolean> {
  const listed = await openedIfAny?.records.deviceRows()
  return !!listed && (listed.get(id) ?? '') !== (await presentHash(db, id))
}

export async function deviceRowsSetBack(hsm: SecurityModule): Promise<ListedDeviceRow[]> {
  const astray = await Promise.all(listedDeviceRows.map((id) => isDeviceRowSetBack(hsm, id)))
  return listedDeviceRows.filter((_id, i) => astray[i])
}

/** They are as they should be: the person says so. */
export async function acceptDeviceRows({ hsm, staged }: Context): Promise<void> {
  for (const id of await deviceRowsSetBack(hsm)) {
    const row = await rowOf(hsm.db, id)
    if (row) settle(staged, row)
    else staged.settle(id)
  }
}
