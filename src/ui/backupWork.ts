// ui: what the person sees; speaks the protocol like any other client. This file: a backup on its way between the
// background, which makes and reads it, and the disk.

import { backupPartMaxBytes } from '../protocol/limits.ts'
import type { BackupReview } from '../protocol/outputs.ts'
import type { Input } from '../protocol/schemas.ts'
import { call } from './call.ts'
import { intoDownloads, intoFolder } from './fileTargets.ts'
import { undisturbed } from './undisturbed.ts'

export interface Progress {
  readonly done: number
  readonly all: number
}

/** Where no folder is given, among the downloads. @returns the file's name */
export const makeBackup = undisturbed(make)

async function make(
  folder: FileSystemDirectoryHandle | null,
  onProgress: (progress: Progress) => void,
): Promise<string> {
  const day = new Date().toISOString().slice(0, 10)
  const begin = folder ? intoFolder(folder) : intoDownloads
  const name = `keyhearth-backup-${day}.keyhearth`
  const target = await begin({ name, folders: [], type: 'application/octet-stream' })
  try {
    const { BackupId } = await call('keyhearth:StartBackup', {})
    for (let Part = 0; ; Part++) {
      const { Bytes, Done, Rows, AllRows } = await call('keyhearth:ReadBackup', { BackupId, Part })
      await target.write(Bytes)
      onProgress({ done: Rows, all: AllRows })
      if (Done) break
    }
    const written = await target.finish()
    await call('keyhearth:FinishBackup', { BackupId })
    return written
  } catch (error) {
    await target.abandon()
    throw error
  }
}

export type Purpose = Input<'keyhearth:StartRestore'>['Purpose']
export type Kept = NonNullable<Input<'keyhearth:StartRestore'>['Kept']>

export interface ReadBackup {
  readonly restoreId: string
  readonly review: BackupReview
}

/** @param kept `null`: by the open vault itself */
export const readBackup = undisturbed(read)

async function read(
  file: File,
  purpose: Purpose,
  kept: Kept | null,
  onProgress: (progress: Progress) => void,
): Promise<ReadBackup> {
  const { RestoreId } = await call('keyhearth:StartRestore', {
    Purpose: purpose,
    ...(kept ? { Kept: kept } : {}),
  })
  for (let Part = 0; Part === 0 || Part * backupPartMaxBytes < file.size; Part++) {
    const at = Part * backupPartMaxBytes
    const piece = await file.slice(at, at + backupPartMaxBytes).arrayBuffer()
    await call('keyhearth:SendBackup', { RestoreId, Part, Bytes: new Uint8Array(piece) })
    onProgress({ done: at + piece.byteLength, all: file.size })
  }
  return { restoreId: RestoreId, review: await call('keyhearth:ReviewBackup', { RestoreId }) }
}
