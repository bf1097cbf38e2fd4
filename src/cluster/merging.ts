// cluster: what goes beyond this device: backup, restoring, and approval by several people. This file: a backup of this
// vault joined with what is here. What only the backup has comes back; of what both have, the later stays; what only is
// here stays. Nothing is sealed anew but blocks of secrets, so the same rows come of it in whatever order backups are
// merged.

import type { Context } from '../hsm/context.ts'
import { placeOfRow, readRecord } from '../hsm/recordForm.ts'
import type { UnlockedVault } from '../hsm/unlocked.ts'
import type { BackupDifference } from '../protocol/outputs.ts'
import { compareSecrets, type SecretsDifference, stageTaken } from '../secrets/merging.ts'
import { commit, waitingId } from '../store/commit.ts'
import type { RestoringRow, SealedRow, SealedStore } from '../store/schema.ts'
import { sealedInBackup } from './backupContent.ts'

/** Secrets are merged by their own room, with their values and files; counters and sites go with nothing. */
const mergedOtherwise: ReadonlySet<SealedStore> = new Set([
  'sites',
  'usage',
  'secrets',
  'secretBlocks',
  'secretVersions',
  'attachments',
] as const)

/** Each record by itself: a kind that backups come to hold is merged as well, unless it is named above. */
const storesOfRecords = sealedInBackup.filter((store) => !mergedOtherwise.has(store))

/** Rules: an earlier one in the place of a damaged one would undo what several people were to approve. */
const neverEarlier: ReadonlySet<SealedStore> = new Set(['quorums'] as const)

/** What a person would call a thing of their own; material and the like come along with it. */
const counted: ReadonlySet<SealedStore> = new Set(['keys', 'people', 'certificates'] as const)
const mostNames = 100
const rowsAtOnce = 500

interface Taken {
  readonly store: SealedStore
  readonly row: SealedRow
  readonly isNew: boolean
}

/** What waits of a backup, found whole. */
export interface WaitingBackup {
  /** The reading that its rows came with. */
  readonly of: string
  readonly vault: UnlockedVault
}

interface Compared {
  readonly records: readonly Taken[]
  readonly secrets: SecretsDifference
  readonly onlyHere: number
}

async function waitingOf(context: Context, of: string, store: SealedStore): Promise<SealedRow[]> {
  const rows: SealedRow[] = []
  const prefix = waitingId(of, `${store}/`)
  for (let after = prefix; ; ) {
    const page: RestoringRow[] = await context.hsm.db.page('restoring', after, rowsAtOnce)
    const ofStore = page.filter(({ id }) => id.startsWith(prefix))
    rows.push(...ofStore.map(({ row }) => row as unknown as SealedRow))
    const last = page.at(-1)
    if (!last || ofStore.length < page.length || page.length < rowsAtOnce) return rows
    after = last.id
  }
}

async function compare(context: Context, { of, vault }: WaitingBackup): Promise<Compared> {
  const records: Taken[] = []
  let onlyHere = 0
  for (const store of storesOfRecords) {
    const waiting = await waitingOf(context, of, store)
    for (const row of waiting) {
      const taken = await compareRecord(context, store, row)
      if (taken) records.push(taken)
    }
    if (counted.has(store)) onlyHere += await countOnlyHere(context, store, waiting)
  }
  const blocks = await Promise.all(
    (await waitingOf(context, of, 'secretBlocks')).map(async (row) => ({
      id: row.id,
      bytes: await vault.open(placeOfRow('secretBlocks', row), row.sealed),
    })),
  )
  const secrets = await compareSecrets(context, blocks)
  return { records, secrets, onlyHere: onlyHere + secrets.onlyHere }
}

/**
 * Puts back what is damaged or gone here, where the backup has the very revision that there must be: that changes
 * nothing of the vault but that it can be read again. So it need not be one commit with the merge.
 */
export async function repair(context: Context, of: string): Promise<number> {
  const names: string[] = []
  for (const store of sealedInBackup) {
    if (store === 'usage') continue
    for (const row of await waitingOf(context, of, store)) {
      const present = await context.records.revisionOf(store, row.id).catch(() => 0)
      // Values and files are named where they belong, with their revisions, and listed nowhere else.
      const here = await context.hsm.db.get(store, row.id)
      const wanted = present ?? here?.revision ?? row.revision
      if (wanted !== row.revision || (await isWhole(context, store, row.id, row.revision))) continue
      names.push(`${store}/${row.id}`)
    }
  }
  if (names.length === 0) return 0
  await commit(
    context.hsm.db,
    [{ store: 'restoring', of, restore: names, keep: true, after: [] }],
    null,
  )
  context.records.forgetAll()
  return names.length
}

/** One that is here and whole stays, where the backup's is not later. */
async function compareRecord(
  context: Context,
  store: SealedStore,
  row: SealedRow,
): Promise<Taken | null> {
  const present = (await context.records.revisionOf(store, row.id)) ?? 0
  if (present > row.revision && neverEarlier.has(store)) return null
  if (present >= row.revision && (await isWhole(context, store, row.id, present))) return null
  return { store, row, isNew: present === 0 }
}

/** Whether the rules of who approves would become others. The very same, put back where it was damaged, are not. */
export async function takesQuorum(context: Context, { of }: WaitingBackup): Promise<boolean> {
  for (const { id, revision } of await waitingOf(context, of, 'quorums')) {
    if (revision > ((await context.records.revisionOf('quorums', id)) ?? 0)) return true
  }
  return false
}

async function isWhole(
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

async function countOnlyHere(
  { hsm }: Context,
  store: SealedStore,
  waiting: readonly SealedRow[],
): Promise<number> {
  const theirs = new Set(waiting.map(({ id }) => id))
  const here = await hsm.db.getAll(store)
  return here.filter(({ id }) => !theirs.has(id)).length
}

/** What a merge would do, for the person to look at first. */
export async function compareWith(
  context: Context,
  theirs: WaitingBackup,
): Promise<BackupDifference> {
  const { records, secrets, onlyHere } = await compare(context, theirs)
  const owned = records.filter(({ store }) => counted.has(store))
  const names = await Promise.all(owned.slice(0, mostNames).map((one) => nameOf(theirs.vault, one)))
  return {
    New: owned.filter(({ isNew }) => isNew).length + secrets.isNew.size,
    Changed: owned.filter(({ isNew }) => !isNew).length + secrets.taken.length - secrets.isNew.size,
    OnlyHere: onlyHere,
    Names: [...secrets.taken.map(({ facts }) => facts.title), ...names].slice(0, mostNames),
    InTheWay: secrets.inTheWay.map(({ name }) => name).slice(0, mostNames),
    Quorum: records.some(({ store }) => store === 'quorums'),
  }
}

async function nameOf(theirs: UnlockedVault, { store, row }: Taken): Promise<string> {
  const value = readRecord(store, await theirs.open(placeOfRow(store, row), row.sealed)) as {
    readonly description?: string
    readonly name?: string
    readonly keyId?: string
  }
  return value.description || value.name || value.keyId || row.id
}

/** Stages all of it for the one commit. */
export async function stageMerge(
  context: Context,
  theirs: WaitingBackup,
): Promise<{ readonly New: number; readonly Changed: number }> {
  const { records, secrets } = await compare(context, theirs)
  const { staged } = context
  const { values, files } = await stageTaken(context, secrets)
  for (const { store, row } of records) staged.adopt({ store, id: row.id, revision: row.revision })
  for (const { id, revision } of values) staged.adopt({ store: 'secretVersions', id, revision })
  for (const id of files) staged.adopt({ store: 'attachments', id, revision: 0 })
  staged.change({
    store: 'restoring',
    of: theirs.of,
    restore: [
      ...records.map(({ store, row }) => `${store}/${row.id}`),
      ...values.map(({ id }) => `secretVersions/${id}`),
      ...files.map((id) => `attachments/${id}`),
    ],
    after: [],
  })
  const owned = records.filter(({ store }) => counted.has(store))
  const isNew = owned.filter((one) => one.isNew).length + secrets.isNew.size
  return { New: isNew, Changed: owned.length + secrets.taken.length - isNew }
}
