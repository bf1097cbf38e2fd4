// cluster: what goes beyond this device: backup, restoring, and approval by several people. This file: the operations
// that make a backup.

import type { Context, Handler } from '../hsm/context.ts'
import type { SecurityModule } from '../hsm/module.ts'
import { openForDevice, sealForDevice } from '../hsm/rootKey.ts'
import { startBackup } from './backup.ts'
import { Jobs, OutgoingBackup } from './jobs.ts'

const outgoing = new Jobs<OutgoingBackup>()

/** @param settings as the person chose them, which a backup holds too */
export const beginBackup =
  (settings: (context: Context) => Promise<object>): Handler<'keyhearth:StartBackup'> =>
  async (context) => {
    const { hsm, vault, now } = context
    const { file, progress } = await startBackup(hsm, vault, await settings(context), now)
    const BackupId = crypto.randomUUID()
    const before = outgoing.begin(hsm.db, BackupId, new OutgoingBackup(file, progress))
    await before?.abandon()
    return { BackupId }
  }

export const readBackup: Handler<'keyhearth:ReadBackup'> = async ({ hsm }, { BackupId, Part }) => {
  const job = outgoing.find(hsm.db, BackupId)
  const { bytes, done } = await job.read(Part)
  const { done: Rows, all: AllRows } = job.progress
  return { Bytes: bytes, Done: done, Rows, AllRows }
}

/** All of it lies where the person wanted it: the day is noted, and the trail tells of it. */
export const finishBackup: Handler<'keyhearth:FinishBackup'> = async (context, { BackupId }) => {
  const { hsm, staged, now, afterCommit } = context
  const { progress } = outgoing.find(hsm.db, BackupId)
  staged.change(await sealForDevice(hsm.device, 'backup-facts', { lastAt: now }))
  afterCommit(() => outgoing.end(hsm.db, BackupId))
  return { Rows: progress.done }
}

const dayMs = 86_400_000

/** When the last backup was made on this device, and whether another is due by now. */
export async function backupState(
  { db, deviceIfAny, vaultRow }: SecurityModule,
  settings: Promise<{ readonly BackupReminderDays: number }>,
  now: number,
): Promise<{ readonly LastAt: number | null; readonly Due: boolean }> {
  const [facts, { BackupReminderDays: reminderDays }] = await Promise.all([
    deviceIfAny && openForDevice<{ lastAt: number }>(db, deviceIfAny, 'backup-facts'),
    settings,
  ])
  const since = facts?.lastAt ?? vaultRow?.createdAt ?? now
  return {
    LastAt: facts ? facts.lastAt / 1000 : null,
    Due: reminderDays > 0 && now - since > reminderDays * dayMs,
  }
}
