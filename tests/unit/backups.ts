// Backups as tests make, send and change them: through the operations, as the manager does.

import type { BackupReview } from '../../src/protocol/outputs.ts'
import type { Input } from '../../src/protocol/schemas.ts'
import type { Background } from './background.ts'

export type File = Uint8Array<ArrayBuffer>
export type Kept = Input<'keyhearth:StartRestore'>['Kept']

/** @param meanwhile is done once, after the first part */
export async function backUp(
  vault: Background,
  meanwhile: () => Promise<void> = async () => {},
): Promise<File> {
  const { BackupId } = await vault.call('keyhearth:StartBackup', {})
  const parts: Uint8Array[] = []
  for (let Part = 0; ; Part++) {
    const { Bytes, Done } = await vault.call('keyhearth:ReadBackup', { BackupId, Part })
    parts.push(Bytes)
    if (Part === 0) await meanwhile()
    if (Done) break
  }
  await vault.call('keyhearth:FinishBackup', { BackupId })
  return new Uint8Array(Buffer.concat(parts))
}

export async function send(
  vault: Background,
  file: File,
  Purpose: Input<'keyhearth:StartRestore'>['Purpose'],
  Kept?: Kept,
): Promise<{ readonly RestoreId: string; readonly review: BackupReview }> {
  const { RestoreId } = await vault.call('keyhearth:StartRestore', {
    Purpose,
    ...(Kept ? { Kept } : {}),
  })
  const size = 200_000
  for (let Part = 0; Part * size < file.byteLength || Part === 0; Part++) {
    const Bytes = file.slice(Part * size, (Part + 1) * size)
    await vault.call('keyhearth:SendBackup', { RestoreId, Part, Bytes })
  }
  return { RestoreId, review: await vault.call('keyhearth:ReviewBackup', { RestoreId }) }
}

export async function merge(vault: Background, file: File) {
  const { RestoreId, review } = await send(vault, file, 'merge')
  await vault.call('keyhearth:MergeBackup', { RestoreId })
  return review
}

/** The reason a file is refused for, whichever step finds it. */
export async function refusalOf(doing: Promise<unknown>): Promise<string> {
  return doing.then(
    () => 'none',
    (error: { readonly reason?: string }) => error.reason ?? String(error),
  )
}
