// cluster: what goes beyond this device: backup, restoring, and approval by several people. This file: whom it takes to
// put a backup in the place of the vault that is here. Whoever sits at the screen has no other's vault to put there;
// and what several people guard does not go by a passphrase for backups, or a recovery key that was replaced.

import { type Kept, openByKept } from '../hsm/exporting.ts'
import type { SecurityModule } from '../hsm/module.ts'
import { placeOfRow } from '../hsm/recordForm.ts'
import { asVaultKeyToUse, vaultKeyToUse } from '../hsm/slots.ts'
import type { UnlockedVault } from '../hsm/unlocked.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { BackupVault } from './backupReading.ts'
import { quorumHere } from './quorumSet.ts'

/** `recovery`: what recovers this vault by now must open the backup, for the people cannot be asked. */
export type Needed = 'nobody' | 'people' | 'recovery'

/** Nothing was ever here, or nothing that anybody has could open it any more. */
async function isBeyondOpening(hsm: SecurityModule): Promise<boolean> {
  if (hsm.state === 'missing') return true
  if (hsm.state !== 'damaged') return false
  return hsm.vaultRow === null || (await hsm.recoverySlots()).length === 0
}

const sealedHere = ['keys', 'materials', 'secretBlocks'] as const

/** An id is no secret, and a file is soon made that bears it: something that lies here must open. */
async function isOfVaultHere({ db, vaultRow }: SecurityModule, theirs: UnlockedVault) {
  if (vaultRow?.vaultId !== theirs.vaultId) return false
  const opens = (place: readonly string[], sealed: Uint8Array<ArrayBuffer>) =>
    theirs.open(place, sealed).then(
      () => true,
      () => false,
    )
  let isEmpty = true
  for (const row of await db.getAll('vault')) {
    if (!('revision' in row)) continue
    isEmpty = false
    if (await opens(['manifest', row.id, String(row.revision)], row.sealed)) return true
  }
  for (const store of sealedHere) {
    for (const row of await db.getAll(store)) {
      isEmpty = false
      if (await opens(placeOfRow(store, row), row.sealed)) return true
    }
  }
  return isEmpty
}

/** @throws KeyhearthError `backup-of-other-vault` where there is a vault that somebody can still open */
export async function assertMayReplace(
  hsm: SecurityModule,
  { vault }: Pick<BackupVault, 'vault'>,
): Promise<void> {
  if ((await isBeyondOpening(hsm)) || (await isOfVaultHere(hsm, vault))) return
  throw new KeyhearthError('backup-of-other-vault')
}

/** The slot of this vault that what was kept opens as well, or `null`: a backup may carry one that was replaced. */
export async function recoverySlotBy(hsm: SecurityModule, kept: Kept): Promise<string | null> {
  const { vaultRow } = hsm
  if (!vaultRow) return null
  const slots = await hsm.recoverySlots()
  return openByKept(vaultRow.vaultId, slots, kept, vaultKeyToUse).then(
    ({ slot }) => slot.id,
    () => null,
  )
}

/**
 * @param provedBy the slot of this vault that what opened the backup opens as well
 * @throws KeyhearthError `backup-of-other-vault`
 */
export async function neededToReplace(
  hsm: SecurityModule,
  theirs: BackupVault,
  provedBy: string | null,
): Promise<Needed> {
  await assertMayReplace(hsm, theirs)
  const recovers = await hsm.recoverySlots()
  // It ends the approval as well (quorumSet.removeQuorum).
  if (recovers.some(({ id }) => id === provedBy)) return 'nobody'
  if (!theirs.vaultKey || (await isBeyondOpening(hsm))) return 'nobody'
  const { vaultId } = theirs.vault
  const opened =
    hsm.openedIfAny ?? (await hsm.open(vaultId, await asVaultKeyToUse(theirs.vaultKey)))
  const set = await quorumHere(opened.records, hsm.db)
  if (set === 'none') return 'nobody'
  return set === 'set' && hsm.openedIfAny ? 'people' : 'recovery'
}
