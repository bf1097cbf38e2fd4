// cluster: what goes beyond this device: backup, restoring, and approval by several people. This file: a backup of this
// vault joined with what is here. What only the backup has comes back; of what both have, the later stays; what only is
// here stays. Rows keep their revisions, so the same comes of it in whatever order backups are merged.

import type { Context } from '../hsm/context.ts'
import type { UnlockedVault } from '../hsm/unlocked.ts'
import type { BackupDifference, MergedKind, NamedSome } from '../protocol/outputs.ts'
import {
  compareSecrets,
  dayOfSecret,
  type SecretsDifference,
  stageTaken,
} from '../secrets/merging.ts'
import type { SealedRow, SealedStore } from '../store/schema.ts'
import { sealedInBackup } from './backupContent.ts'
import { compareKeys, type KeysDifference, stageKeys } from './mergingKeys.ts'
import {
  compareRow,
  isWhole,
  recordIn,
  type Taken,
  type WaitingBackup,
  waitingOf,
} from './waiting.ts'

/** Keys with what is theirs, and secrets, are merged by themselves; counters and sites go with nothing. */
const mergedOtherwise: ReadonlySet<SealedStore> = new Set([
  'keys',
  'materials',
  'schedules',
  'sites',
  'usage',
  'secrets',
  'secretBlocks',
  'secretVersions',
  'attachments',
] as const)

/** Each record by itself: a kind that backups come to hold is merged as well, unless it is named above. */
const storesOfRecords = sealedInBackup.filter((store) => !mergedOtherwise.has(store))

interface Compared {
  readonly keys: KeysDifference
  readonly records: readonly Taken[]
  readonly secrets: SecretsDifference
}

async function compare(context: Context, theirs: WaitingBackup): Promise<Compared> {
  const { db } = context.hsm
  const records: Taken[] = []
  for (const store of storesOfRecords) {
    for (const row of await waitingOf(db, theirs, store)) {
      const taken = await compareRow(context, store, row)
      if (taken) records.push(taken)
    }
  }
  const blocks = await Promise.all(
    (await waitingOf(db, theirs, 'secretBlocks')).map(async (row) => ({
      id: row.id,
      bytes: await recordIn<Uint8Array<ArrayBuffer>>(theirs.vault, 'secretBlocks', row),
    })),
  )
  const secrets = await compareSecrets(context, blocks)
  return { keys: await compareKeys(context, theirs), records, secrets }
}

/**
 * Whether a merge needs the people who approve: where it has other rules of who they are, or takes the material of a key
 * away, as the later record of that key has it.
 */
export async function askedOfMerge(
  context: Context,
  theirs: WaitingBackup,
): Promise<'always' | 'delete-key' | null> {
  if (await takesQuorum(context, theirs)) return 'always'
  return (await compareKeys(context, theirs)).materialsGone.length > 0 ? 'delete-key' : null
}

/** The very same, put back where it was damaged, are no other rules. */
async function takesQuorum(context: Context, theirs: WaitingBackup): Promise<boolean> {
  for (const { id, revision } of await waitingOf(context.hsm.db, theirs, 'quorums')) {
    if (revision > ((await context.records.revisionOf('quorums', id)) ?? 0)) return true
  }
  return false
}

/** What a person would call a thing of their own; material and days come along with keys and secrets. */
const kinds = {
  keys: 'keys',
  aliases: 'aliases',
  grants: 'grants',
  branchKeys: 'branchKeys',
  people: 'people',
  certificates: 'certificates',
} as const satisfies { readonly [Store in SealedStore]?: MergedKind }
type KindOfRecord = keyof typeof kinds

const mostNames = 100
const someOf = (names: readonly string[]): NamedSome => ({
  Count: names.length,
  Names: names.slice(0, mostNames),
})

/** What a merge would do, for the person to look at first. */
export async function compareWith(
  context: Context,
  theirs: WaitingBackup,
): Promise<BackupDifference> {
  const { keys, records, secrets } = await compare(context, theirs)
  const all = [...keys.keys, ...records]
  const isNew = ({ id }: { readonly id: string }) => secrets.isNew.has(id)
  const titles = (list: readonly { readonly facts: { readonly title: string } }[]) =>
    someOf(list.map(({ facts }) => facts.title))
  const ofSecrets = {
    Kind: 'secrets' as const,
    New: titles(secrets.taken.filter(isNew)),
    Changed: titles(secrets.taken.filter((one) => !isNew(one))),
    OnlyHere: titles(secrets.onlyHere),
  }
  const others = await Promise.all(
    (Object.keys(kinds) as KindOfRecord[]).map(async (store) => {
      const taken = all.filter((one) => one.store === store)
      const rows = (isNew: boolean) => taken.filter((one) => one.isNew === isNew).map(rowOf)
      return {
        Kind: kinds[store],
        New: someOf(await namesOf(theirs.vault, store, rows(true))),
        Changed: someOf(await namesOfChanged(context, theirs, store, rows(false))),
        OnlyHere: someOf(await namesOnlyHere(context, theirs, store)),
      }
    }),
  )
  const found = [ofSecrets, ...others]
  const total = (of: 'New' | 'Changed' | 'OnlyHere') =>
    found.reduce((sum, kind) => sum + kind[of].Count, 0)
  return {
    New: total('New'),
    Changed: total('Changed'),
    OnlyHere: total('OnlyHere'),
    Kinds: found.filter((kind) => kind.New.Count + kind.Changed.Count + kind.OnlyHere.Count > 0),
    InTheWay: secrets.inTheWay.map(({ name }) => name).slice(0, mostNames),
    Replaced: secrets.replaced.map(({ name }) => name).slice(0, mostNames),
    Quorum: records.some(({ store }) => store === 'quorums'),
  }
}

const rowOf = ({ row }: Taken): SealedRow => row

/** As they are in the backup; of a grant that was taken back, as it is here. */
async function namesOfChanged(
  { hsm }: Context,
  { vault }: WaitingBackup,
  store: KindOfRecord,
  rows: readonly SealedRow[],
): Promise<string[]> {
  const names = rows.map(async (row) => {
    const here = await hsm.db.get(store, row.id)
    const [name = ''] = await namesOf(vault, store, [row])
    return name === '' && here ? namesOf(vault, store, [here]) : [name]
  })
  return (await Promise.all(names)).flat().filter((name) => name !== '')
}

async function namesOnlyHere(
  context: Context,
  theirs: WaitingBackup,
  store: KindOfRecord,
): Promise<string[]> {
  const waiting = new Set((await waitingOf(context.hsm.db, theirs, store)).map(({ id }) => id))
  const here = await context.hsm.db.getAll(store)
  return namesOf(
    context.vault,
    store,
    here.filter(({ id }) => !waiting.has(id)),
  )
}

/** Of a grant that was taken back nothing is left that anybody would miss. */
async function namesOf(
  vault: UnlockedVault,
  store: KindOfRecord,
  rows: readonly SealedRow[],
): Promise<string[]> {
  const records = rows.map((row) => recordIn<NamedRecord>(vault, store, row).catch(() => ({})))
  const names = (await Promise.all(records)).map((record, i) => nameOf(record) ?? rows[i]?.id ?? '')
  return names.filter((name) => name !== '')
}

/** Members by which the kinds of records are named; of a grant, whom it is for, and what it allows. */
interface NamedRecord {
  readonly revokedAt?: number
  readonly description?: string
  readonly name?: string
  readonly alias?: string
  readonly branchKeyId?: string
  readonly grantee?: string
  readonly operations?: readonly string[]
  readonly keyId?: string
}

function nameOf(record: NamedRecord): string | undefined {
  const { grantee, operations, alias, description, branchKeyId, name, keyId, revokedAt } = record
  if (grantee !== undefined) {
    return revokedAt === undefined ? `${grantee}: ${(operations ?? []).join(', ')}` : ''
  }
  return alias ?? branchKeyId ?? (description || name || keyId)
}

/** Stages all of it for the one commit. */
export async function stageMerge(
  context: Context,
  theirs: WaitingBackup,
): Promise<{ readonly New: number; readonly Changed: number }> {
  const compared = await compare(context, theirs)
  const { keys, records, secrets } = compared
  const { staged } = context
  const { values, files } = await stageTaken(context, secrets)
  const again = await stageKeys(context, keys)
  const days = await stageDays(context, theirs, secrets)
  const rows = [...keys.keys, ...keys.materials, ...records, ...days]
  for (const { store, row } of rows) staged.adopt({ store, id: row.id, revision: row.revision })
  for (const { id, revision } of values) staged.adopt({ store: 'secretVersions', id, revision })
  for (const id of files) staged.adopt({ store: 'attachments', id, revision: 0 })
  staged.change({
    store: 'restoring',
    of: theirs.of,
    restore: [
      ...rows.map(({ store, row }) => `${store}/${row.id}`),
      ...values.map(({ id }) => `secretVersions/${id}`),
      ...files.map((id) => `attachments/${id}`),
    ],
    after: again.map((put) => ({ store: 'keys', put })),
  })
  const owned = [...keys.keys, ...records].filter(({ store }) => store in kinds)
  const isNew = owned.filter((one) => one.isNew).length + secrets.isNew.size
  return { New: isNew, Changed: owned.length + secrets.taken.length - isNew }
}

/** The days of secrets come with them, where they have any. Those that are damaged here come back by themselves. */
async function stageDays(
  context: Context,
  theirs: WaitingBackup,
  { taken, recalled }: SecretsDifference,
): Promise<Taken[]> {
  const rows = new Map(
    (await waitingOf(context.hsm.db, theirs, 'schedules')).map((row) => [row.id, row]),
  )
  const days: Taken[] = []
  for (const { id } of taken) {
    const row = rows.get(dayOfSecret.row(id))
    if (row && !recalled.has(id)) days.push({ store: 'schedules', row, isNew: false })
    else await dayOfSecret.remove(context, id)
    rows.delete(dayOfSecret.row(id))
  }
  for (const row of rows.values()) {
    const present = (await context.records.revisionOf('schedules', row.id)) ?? 0
    if (!dayOfSecret.is(row.id) || present === 0) continue
    if (await isWhole(context, 'schedules', row.id, present)) continue
    days.push({ store: 'schedules', row, isNew: false })
  }
  return days
}
