// cluster: what goes beyond this device: backup, restoring, and approval by several people. This file: rows of a backup
// that wait, found whole, beside those of the vault.

import type { Context } from '../hsm/context.ts'
import { placeOfRow, readRecord } from '../hsm/recordForm.ts'
import type { UnlockedVault } from '../hsm/unlocked.ts'
import { waitingId } from '../store/commit.ts'
import type { Database } from '../store/database.ts'
import type { RestoringRow, SealedRow, SealedStore } from '../store/schema.ts'

/** What waits of a backup. */
export interface WaitingBackup {
  /** The reading that its rows came with. */
  readonly of: string
  readonly vault: UnlockedVault
}

/** A row of it that takes its place here. */
export interface Taken {
  readonly store: SealedStore
  readonly row: SealedRow
  readonly isNew: boolean
}

const rowsAtOnce = 500

export async function waitingOf(
  db: Database,
  { of }: Pick<WaitingBackup, 'of'>,
  store: SealedStore,
): Promise<SealedRow[]> {
  const rows: SealedRow[] = []
  const prefix = waitingId(of, `${store}/`)
  for (let after = prefix; ; ) {
    const page: RestoringRow[] = await db.page('restoring', after, rowsAtOnce)
    const ofStore = page.filter(({ id }) => id.startsWith(prefix))
    rows.push(...ofStore.map(({ row }) => row as unknown as SealedRow))
    const last = page.at(-1)
    if (!last || ofStore.length < page.length || page.length < rowsAtOnce) return rows
    after = last.id
  }
}

export async function recordIn<Value>(
  vault: UnlockedVault,
  store: SealedStore,
  row: SealedRow,
): Promise<Value> {
  return readRecord(store, await vault.open(placeOfRow(store, row), row.sealed)) as Value
}

export async function isWhole(
  { hsm, vault }: Context,
  store: SealedStore,
  id: string,
  revision: number,
): Promise<boolean> {
  const row = await hsm.db.get(store, id)
  if (row?.revision !== revision) return false
  return vault.open(placeOfRow(store, row), row.sealed).then(
    () => true,
    () => false,
  )
}

/** Rules: an earlier one in the place of a damaged one would undo what several people were to approve. */
const neverEarlier: ReadonlySet<SealedStore> = new Set(['quorums'] as const)

/** One that is here and whole stays, where the backup's is not later. */
export async function compareRow(
  context: Context,
  store: SealedStore,
  row: SealedRow,
): Promise<Taken | null> {
  const present = (await context.records.revisionOf(store, row.id)) ?? 0
  if (present > row.revision && neverEarlier.has(store)) return null
  if (present >= row.revision && (await isWhole(context, store, row.id, present))) return null
  return { store, row, isNew: present === 0 }
}
