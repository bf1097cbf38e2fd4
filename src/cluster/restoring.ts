// cluster: what goes beyond this device: backup, restoring, and approval by several people. This file: the operations
// that read a backup: to prove it, to merge it, or to put all of it in the place of what there is. What comes waits in
// a store of its own; one commit puts it in its place, or nothing does.

import type { BackupRow } from '../codec/backupFormat.ts'
import { BackupFormatError } from '../codec/backupFormat.ts'
import { type Bytes, release } from '../codec/bytes.ts'
import { encodeBase64 } from '../codec/text.ts'
import { EncryptionSdkError } from '../encryption-sdk/index.ts'
import { clearAttempts } from '../hsm/attempts.ts'
import type { Context, Handler } from '../hsm/context.ts'
import type { Kept } from '../hsm/exporting.ts'
import { relisted } from '../hsm/manifest.ts'
import { writeMirror } from '../hsm/memory.ts'
import { worksWithoutDevice } from '../hsm/module.ts'
import { beginSession, checkPassphrase } from '../hsm/operations.ts'
import { createDevice, sealForDevice } from '../hsm/rootKey.ts'
import { makePassphraseSlot } from '../hsm/slots.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { BackupDifference, BackupReview } from '../protocol/outputs.ts'
import type { Input } from '../protocol/schemas.ts'
import { Block } from '../secrets/blocks.ts'
import { type Change, commit, waitingId } from '../store/commit.ts'
import type { Database } from '../store/database.ts'
import type { ManifestRow, RestoringRow, SlotRow, StoreName, VaultRow } from '../store/schema.ts'
import {
  type BackupCheck,
  type BackupOpener,
  BackupReader,
  type BackupVault,
  openerBy,
  vaultIdOf,
} from './backupReading.ts'
import { Jobs } from './jobs.ts'
import { askedOfMerge, compareWith, stageMerge } from './merging.ts'
import { recalledKeys } from './mergingKeys.ts'
import { repair } from './repairing.ts'
import { assertMayReplace, neededToReplace, recoverySlotBy } from './replacing.ts'
import type { WaitingBackup } from './waiting.ts'

type Purpose = Input<'keyhearth:StartRestore'>['Purpose']

type Checked = BackupCheck & BackupVault

interface Incoming {
  readonly id: string
  readonly purpose: Purpose
  readonly reader: BackupReader
  readonly found: Found
  /** The slot of the vault here that what opens the backup opens as well. */
  readonly provedBy: string | null
  lane: Promise<unknown>
  part: number
  checked: Promise<Checked> | null
}

/** What the review tells of, and what restoring wants besides the rows. */
class Found {
  secrets = 0
  rows = 0
  vault: VaultRow | null = null
  top: ManifestRow | null = null
  readonly slots: SlotRow[] = []
  readonly #secretsOf = new Map<string, number>()

  take({ store, row, body }: BackupRow, plaintext: Bytes | null): void {
    this.rows++
    if (store === 'gone') this.#count(String(row['store']), String(row['key']), 0)
    if (store === 'slots') this.slots.push({ ...row } as unknown as SlotRow)
    if (store === 'vault' && row['id'] === 'vault') this.vault = row as unknown as VaultRow
    if (store === 'vault' && row['id'] === 'manifest') {
      this.top = { ...row, sealed: body.slice() } as unknown as ManifestRow
    }
    if (store === 'secretBlocks' && plaintext) {
      this.#count(store, String(row['id']), secretsIn(plaintext))
    }
  }

  #count(store: string, id: string, secrets: number): void {
    if (store !== 'secretBlocks') return
    this.secrets += secrets - (this.#secretsOf.get(id) ?? 0)
    this.#secretsOf.set(id, secrets)
  }
}

/** The directory of blocks lies among them, and is no block. */
function secretsIn(plaintext: Bytes): number {
  try {
    return Block.read(plaintext).heads.length
  } catch {
    return 0
  }
}

const incoming = new Jobs<Incoming>()

const keptOf = (kept: NonNullable<Input<'keyhearth:StartRestore'>['Kept']>): Kept => {
  if ('RecoveryKey' in kept) return { words: kept.RecoveryKey }
  return 'Shares' in kept ? { shares: kept.Shares } : { passphrase: kept.BackupPassphrase }
}

/** The open vault opens its own backups. */
const openerByVault =
  ({ vault }: Context): BackupOpener =>
  async (context) => {
    if (vaultIdOf(context) !== vault.vaultId) throw new KeyhearthError('backup-of-other-vault')
    return { vault, vaultKey: null }
  }

/** Rows of another vault, or of another key, would be damaged ones here. @throws KeyhearthError `backup-of-other-vault` */
function assertOfThisVault({ vault }: Context, { vault: theirs }: BackupVault): void {
  if (!vault.isSameAs(theirs)) throw new KeyhearthError('backup-of-other-vault')
}

function openerOf(context: Context, purpose: Purpose, kept: Kept | null): BackupOpener {
  if (!kept) return openerByVault(context)
  const open = openerBy(kept)
  return async (carried) => {
    const opened = await open(carried)
    if (purpose === 'merge') assertOfThisVault(context, opened)
    if (purpose === 'replace') await assertMayReplace(context.hsm, opened)
    return opened
  }
}

export const startRestore: Handler<'keyhearth:StartRestore'> = async (
  context,
  { Purpose, Kept: kept },
) => {
  const { hsm } = context
  if (Purpose === 'replace' && !kept) throw new KeyhearthError('not-allowed')
  if (Purpose === 'merge') hsm.assertOpened()
  const id = crypto.randomUUID()
  const has = kept ? keptOf(kept) : null
  const opener = openerOf(context, Purpose, has)
  const found = new Found()
  const waiting = new Waiting(context, Purpose, id)
  const reader = new BackupReader(opener, async (row, plaintext) => {
    found.take(row, plaintext)
    await waiting.take(row)
    if (plaintext) release(plaintext)
  })
  const before = incoming.begin(hsm.db, id, {
    id,
    purpose: Purpose,
    reader,
    found,
    provedBy: has && (await recoverySlotBy(hsm, has)),
    lane: Promise.resolve(),
    part: -1,
    checked: null,
  })
  // The one before may still be writing rows.
  await before?.reader.abandon()
  await waiting.clear()
  return { RestoreId: id }
}

/** Rows on their way: some at a time into the store where they wait. */
class Waiting {
  readonly #context: Context
  readonly #purpose: Purpose
  readonly #of: string
  #rows: Change[] = []
  #bytes = 0

  /** @param of the reading that the rows come with */
  constructor(context: Context, purpose: Purpose, of: string) {
    this.#context = context
    this.#purpose = purpose
    this.#of = of
  }

  async clear(): Promise<void> {
    const { db } = this.#context.hsm
    if ((await db.count('restoring')) === 0) return
    await commit(db, [{ store: 'restoring', of: this.#of, restore: [], after: [] }], null)
  }

  async take({ store, row, body }: BackupRow): Promise<void> {
    if (this.#purpose === 'verify') return
    if (store === 'gone') {
      const remove = waitingId(this.#of, `${row['store']}/${row['key']}`)
      this.#rows.push({ store: 'restoring', remove })
    } else if (store !== 'end') {
      const put = waitingRow(this.#of, store as StoreName, row, body.slice())
      this.#rows.push({ store: 'restoring', put })
    }
    this.#bytes += body.byteLength
    if (store === 'end' || this.#rows.length >= 500 || this.#bytes > 4 << 20) await this.#write()
  }

  async #write(): Promise<void> {
    const rows = this.#rows
    this.#rows = []
    this.#bytes = 0
    await commit(this.#context.hsm.db, rows, null)
  }
}

function waitingRow(
  of: string,
  store: StoreName,
  row: Readonly<Record<string, unknown>>,
  body: Bytes,
): RestoringRow {
  const key = row['id'] ?? row['sequence'] ?? row['number']
  const whole = body.byteLength > 0 ? { ...row, sealed: body } : row
  return { id: waitingId(of, `${store}/${key}`), store, row: whole }
}

/** What a file that is none, or was changed, is called. */
function named(error: unknown): KeyhearthError {
  if (error instanceof KeyhearthError) return error
  if (error instanceof EncryptionSdkError && error.code === 'limit') {
    return new KeyhearthError('backup-malformed', {}, { cause: error })
  }
  const isOfFile = error instanceof EncryptionSdkError || error instanceof BackupFormatError
  return new KeyhearthError(isOfFile ? 'backup-malformed' : 'internal', {}, { cause: error })
}

export const sendBackup: Handler<'keyhearth:SendBackup'> = async ({ hsm }, input) => {
  const job = incoming.find(hsm.db, input.RestoreId)
  const turn = job.lane.then(async () => {
    // Sent once more, since its answer was lost.
    if (input.Part === job.part) return
    if (input.Part !== job.part + 1) throw new KeyhearthError('backup-gone')
    await job.reader.push(input.Bytes)
    job.part = input.Part
  })
  job.lane = turn
  turn.catch(() => {})
  await turn.catch((error: unknown) => {
    incoming.end(hsm.db, job.id)
    throw named(error)
  })
  return { Rows: job.found.rows }
}

type Read = Omit<Incoming, 'checked'> & { readonly checked: Checked }

async function checked({ hsm }: Context, id: string): Promise<Read> {
  const job = incoming.find(hsm.db, id)
  job.checked ??= job.lane
    .then(() => job.reader.end())
    .catch((error: unknown) => {
      incoming.end(hsm.db, id)
      throw named(error)
    })
  return { ...job, checked: await job.checked }
}

const backupOf = ({ id, checked: { vault } }: Read): WaitingBackup => ({ of: id, vault })

export const reviewBackup: Handler<'keyhearth:ReviewBackup'> = async (context, { RestoreId }) => {
  const job = await checked(context, RestoreId)
  const difference: BackupDifference | null =
    job.purpose === 'merge' ? await compareWith(context, backupOf(job)) : null
  return describe(job, difference)
}

function describe(
  { checked: { start, counts, damaged, trailIntact, events }, found }: Read,
  Difference: BackupDifference | null,
): BackupReview {
  return {
    VaultId: start.vaultId,
    CreatedAt: start.createdAt / 1000,
    Secrets: found.secrets,
    Keys: counts['keys'] ?? 0,
    People: counts['people'] ?? 0,
    Certificates: counts['certificates'] ?? 0,
    Sites: counts['sites'] ?? 0,
    Events: events,
    Damaged: damaged.length,
    TrailIntact: trailIntact,
    Difference,
  }
}

/** What is damaged is not put in the place of what is whole. @throws KeyhearthError `backup-damaged` */
function assertWhole({ damaged }: BackupCheck): void {
  if (damaged.length > 0) {
    throw new KeyhearthError('backup-damaged', { what: String(damaged.length) })
  }
}

/** What was read, for those who are to approve what becomes of it. */
export async function backupWaiting(
  context: Context,
  id: string,
): Promise<{ readonly createdAt: number; readonly content: string }> {
  const { found, checked: whole } = await checked(context, id)
  // Sealed anew with each change, it names the revision of every record.
  const content = encodeBase64(found.top?.sealed ?? new Uint8Array(0))
  return { createdAt: whole.start.createdAt, content }
}

/** What several people are to approve of a merge, if anything. */
export async function askedToMerge(context: Context, id: string) {
  const job = await checked(context, id)
  return job.purpose === 'merge' ? askedOfMerge(context, backupOf(job)) : null
}

/** Whether several people are to approve that this backup takes the place of all there is. */
export async function needsPeople(context: Context, id: string): Promise<boolean> {
  const { purpose, checked: whole, provedBy } = await checked(context, id)
  if (purpose !== 'replace') return false
  return (await neededToReplace(context.hsm, whole, provedBy)) === 'people'
}

export const mergeBackup: Handler<'keyhearth:MergeBackup'> = async (context, { RestoreId }) => {
  const job = await checked(context, RestoreId)
  if (job.purpose !== 'merge') throw new KeyhearthError('backup-gone')
  assertOfThisVault(context, job.checked)
  assertWhole(job.checked)
  const repaired = await repair(context, backupOf(job))
  const merged = await stageMerge(context, backupOf(job))
  context.afterCommit(() => incoming.end(context.hsm.db, job.id))
  return { ...merged, Repaired: repaired }
}

async function waitingLeaf(
  db: Database,
  of: string,
  leaf: ManifestRow['id'],
): Promise<ManifestRow | null> {
  const waiting = await db.get('restoring', waitingId(of, `vault/${leaf}`))
  return (waiting?.row as unknown as ManifestRow | undefined) ?? null
}

/**
 * Everything in the place of what there is, under a new passphrase and this device's own new root key.
 * No record is sealed anew: the vault key is the backup's.
 */
export const restoreBackup: Handler<'keyhearth:RestoreBackup'> = async (
  context,
  { RestoreId, Passphrase },
) => {
  const { hsm, staged, afterCommit } = context
  checkPassphrase(Passphrase)
  const { id, purpose, found, checked: whole, provedBy } = await checked(context, RestoreId)
  const { vault: row, top } = found
  const { vaultKey } = whole
  if (purpose !== 'replace' || !vaultKey || !row || !top) throw new KeyhearthError('backup-gone')
  assertWhole(whole)
  if ((await neededToReplace(hsm, whole, provedBy)) === 'recovery') {
    throw new KeyhearthError('restore-needs-recovery')
  }
  const { device, changes } = await createDevice()
  const slot = await makePassphraseSlot(device, row.vaultId, vaultKey, Passphrase)
  const recovering = found.slots.filter(worksWithoutDevice)
  const theirs = { of: id, vault: whole.vault }
  const { puts, daysGone } = await recalledKeys(context, theirs)
  const list = { top, leaf: (leaf: ManifestRow['id']) => waitingLeaf(hsm.db, id, leaf) }
  const slots = [slot, ...recovering].map((one) => one.id)
  const gone = daysGone.map((day) => ({ store: 'schedules', id: day }) as const)
  const manifest = await relisted(whole.vault, list, slots, gone)
  const { session, opened } = await beginSession(context, device, row, vaultKey)
  staged.change({
    store: 'restoring',
    of: id,
    restore: 'everything',
    after: [
      ...changes,
      { store: 'slots', put: slot },
      session,
      ...manifest.map((put) => ({ store: 'vault', put }) as const),
      ...puts,
      ...gone.map((day) => ({ store: day.store, remove: day.id }) as const),
      await sealForDevice(device, 'settings', whole.start.settings),
      clearAttempts,
    ],
  })
  afterCommit(() => incoming.end(hsm.db, id))
  afterCommit(() => writeMirror(hsm.memory, { vault: row, slots: recovering }))
  afterCommit(() => opened.records.acceptAsNewest())
  return {}
}
