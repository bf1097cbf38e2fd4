// cluster: what goes beyond this device: backup, restoring, and approval by several people. This file: what is damaged or
// gone here, put back from a backup that has the very revision that there must be. That changes nothing of the vault but
// that it can be read again, so it need not be one commit with a merge.

import type { Context } from '../hsm/context.ts'
import { isListed } from '../hsm/recordForm.ts'
import { forgetCatalogues } from '../secrets/catalogue.ts'
import { namedRows } from '../secrets/merging.ts'
import { commit } from '../store/commit.ts'
import type { SealedRow, SealedStore } from '../store/schema.ts'
import { sealedInBackup } from './backupContent.ts'
import { isWhole, type WaitingBackup, waitingOf } from './waiting.ts'

/** @returns how many rows were put back */
export async function repair(context: Context, theirs: WaitingBackup): Promise<number> {
  const listed = await repairRows(
    context,
    theirs,
    sealedInBackup.filter(isListed),
    listedAt(context),
  )
  // Which values and files there must be, secrets that can be read say.
  if (listed > 0) forgetCatalogues(context)
  return listed + (await repairRows(context, theirs, ownedStores, await ownedAt(context)))
}

/** Named, with their revisions, where they belong. */
const ownedStores = ['secretVersions', 'attachments'] as const satisfies readonly SealedStore[]

/** The revision that a row must have here; `null` where there must be none, or it does not matter. */
type RevisionOf = (store: SealedStore, row: SealedRow) => Promise<number | null>

const listedAt =
  ({ records }: Context): RevisionOf =>
  (store, { id }) =>
    records.revisionOf(store, id).catch(() => null)

/** What was removed, or belongs to a version that was, stays away. Parts of files are written once, and never again. */
async function ownedAt(context: Context): Promise<RevisionOf> {
  const { values, files } = await namedRows(context)
  return async (store, { id, revision }) => {
    if (store === 'secretVersions') return values.get(id) ?? null
    return files.has(id) ? revision : null
  }
}

async function repairRows(
  context: Context,
  theirs: WaitingBackup,
  stores: readonly SealedStore[],
  wanted: RevisionOf,
): Promise<number> {
  const { db } = context.hsm
  const names: string[] = []
  for (const store of stores) {
    for (const row of await waitingOf(db, theirs, store)) {
      if ((await wanted(store, row)) !== row.revision) continue
      if (!(await isWhole(context, store, row.id, row.revision))) names.push(`${store}/${row.id}`)
    }
  }
  if (names.length === 0) return 0
  const change = {
    store: 'restoring',
    of: theirs.of,
    restore: names,
    keep: true,
    after: [],
  } as const
  await commit(db, [change], null)
  context.records.forgetAll()
  return names.length
}
