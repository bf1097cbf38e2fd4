// ui: what the person sees; speaks the protocol like any other client. This file: a backup that is due, into the folder
// the person chose, without asking: the browser must have been told to allow it on every visit.

import { backupFolder } from './backupFolder.ts'
import { makeBackup } from './backupWork.ts'
import { say } from './Notices.tsx'
import { refresh } from './status.ts'
import { t } from './words.ts'

/** One manager of several makes it. */
const lock = 'keyhearth scheduled backup'

export async function backUpIfGranted(): Promise<void> {
  await navigator.locks.request(lock, { ifAvailable: true }, async (held) => {
    const folder = held && (await backupFolder())
    if (!folder?.isGranted) return
    const name = await makeBackup(folder.handle, () => {})
    await refresh()
    say(t('backup_done', [name]))
  })
}
