// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: the operations
// on the vault itself: create, unlock, lock, passphrase.

import { KeyhearthError } from '../protocol/errors.ts'
import type { Change } from '../store/commit.ts'
import type { PassphraseSlotRow, SlotRow, VaultRow } from '../store/schema.ts'
import { clearAttempts } from './attempts.ts'
import type { Context, Handler } from './context.ts'
import { settleDeviceRows } from './deviceRows.ts'
import { type Exporting, exportingOf } from './exporting.ts'
import {
  erasePendingRecovery,
  holdLocked,
  readMirror,
  releaseLocked,
  writeMirror,
  writePendingRecovery,
  writeSessionSecret,
} from './memory.ts'
import { type Opened, worksWithoutDevice } from './module.ts'
import { byPassphrase, type OpenedSlot, openBy, type Proof } from './opening.ts'
import { argon2Now } from './passphrase.ts'
import { newRecoveryEntropy, recoveryWords } from './recoveryKey.ts'
import { createDevice, type Device } from './rootKey.ts'
import { factsOfSlots, noteFacts } from './slotFacts.ts'
import {
  asVaultKeyToUse,
  makePassphraseSlot,
  makeRecoverySlot,
  makeSessionSlot,
  newVaultKey,
  vaultKeyToUse,
} from './slots.ts'

const shortestPassphrase = 8

export function checkPassphrase(passphrase: string): void {
  if ([...passphrase].length < shortestPassphrase) throw new KeyhearthError('passphrase-too-short')
}

/** Runs inside the commit that creates the vault, e.g. to make `alias/personal`. */
export type Provision = (context: Context) => Promise<void>

export const createVault =
  (provision: Provision): Handler<'keyhearth:CreateVault'> =>
  async (context, { Passphrase }) => {
    if (context.hsm.state !== 'missing') throw new KeyhearthError('vault-exists')
    checkPassphrase(Passphrase)
    const vault: VaultRow = {
      id: 'vault',
      vaultId: crypto.randomUUID(),
      createdAt: context.now,
    }
    const { device, changes } = await createDevice()
    const vaultKey = await newVaultKey()
    const entropy = newRecoveryEntropy()
    const recovery = await makeRecoverySlot(vault.vaultId, vaultKey, entropy)
    const passphrase = await makePassphraseSlot(device, vault.vaultId, vaultKey, Passphrase)
    context.staged.change(
      ...changes,
      { store: 'vault', put: vault },
      { store: 'slots', put: passphrase },
      { store: 'slots', put: recovery },
      clearAttempts,
    )
    await unlockWith(context, device, vault, { vaultKey, slot: passphrase })
    await provision(context)
    const words = recoveryWords(entropy)
    await writePendingRecovery(context.hsm.memory, [{ slotId: recovery.id, words }])
    context.afterCommit(() => writeMirror(context.hsm.memory, { vault, slots: [recovery] }))
    return { RecoveryKey: words }
  }

/** Stages the session slot and opens the vault once committed. The vault key is in the form to wrap. */
export async function unlockWith(
  context: Context,
  device: Device,
  vault: VaultRow,
  by: OpenedSlot,
): Promise<void> {
  const { hsm, staged } = context
  const { opened, session } = await beginSession(context, device, vault, by.vaultKey)
  staged.change(session)
  for (const old of await hsm.slots()) {
    if (old.kind === 'session') staged.change({ store: 'slots', remove: old.id })
  }
  await checkSlots(context, await opened.records.slotIds(), by.slot)
  await settleDeviceRows(context, await opened.records.deviceRows(), device)
  context.afterCommit(() => mirrorIfGone(context, vault))
}

/** The second copy of what recovery needs: it may have been damaged by itself. */
async function mirrorIfGone({ hsm }: Context, vault: VaultRow): Promise<void> {
  if (await readMirror(hsm.memory)) return
  const slots = (await hsm.slots()).filter(worksWithoutDevice)
  if (slots.length > 0) await writeMirror(hsm.memory, { vault, slots })
}

/** The vault is open once what is returned has been committed with the rest. */
export async function beginSession(
  context: Context,
  device: Device,
  vault: VaultRow,
  vaultKey: CryptoKey,
): Promise<{ readonly opened: Opened; readonly session: Change }> {
  const { hsm } = context
  const { slot, secret } = await makeSessionSlot(device, vault.vaultId, vaultKey)
  const opened = await hsm.open(vault.vaultId, await asVaultKeyToUse(vaultKey))
  context.use(opened)
  // Before the commit: without its slot the secret opens nothing, after it a death finds both.
  await writeSessionSecret(hsm.memory, secret)
  context.afterCommit(() => {
    hsm.becomeUnlocked(device, vault, opened)
    return releaseLocked(hsm.memory)
  })
  return { opened, session: { store: 'slots', put: slot } }
}

/**
 * A slot that was removed opens nothing, though somebody put its row back: whoever could write to the disk may
 * know an old passphrase. Where an earlier version listed none, those that are there are listed now.
 *
 * @throws KeyhearthError `slot-put-back`
 */
async function checkSlots(
  { hsm, staged }: Context,
  listed: ReadonlySet<string> | null,
  used: SlotRow,
): Promise<void> {
  const lasting = (await hsm.slots()).filter(({ kind }) => kind !== 'session')
  if (!listed) return staged.change(...lasting.map((put) => ({ store: 'slots', put }) as const))
  if (lasting.some(({ id }) => id === used.id) && !listed.has(used.id)) {
    throw new KeyhearthError('slot-put-back')
  }
  const foreign = lasting.filter(({ id }) => !listed.has(id))
  staged.change(...foreign.map(({ id }) => ({ store: 'slots', remove: id }) as const))
}

export const unlock: Handler<'keyhearth:Unlock'> = async (context, proof) => {
  const { hsm, staged } = context
  if (hsm.state === 'unlocked') return {}
  // Stretching a passphrase takes as long as reading them. What opens at once does not wait for them.
  if ('Passphrase' in proof) hsm.db.readBlocksAhead()
  else context.afterCommit(() => hsm.db.readBlocksAhead())
  const by = await openBy(context, proof).catch((error: unknown) => {
    hsm.db.forgetBlocksAhead()
    throw error
  })
  const { device, vaultRow: vault } = hsm
  if (!vault) throw new KeyhearthError('vault-missing')
  staged.change(clearAttempts)
  await unlockWith(context, device, vault, by)
  const slot = await strengthened(context, device, vault, by, proof)
  staged.change(await noteFacts(hsm, device, slot, { lastUsedAt: context.now }))
  return {}
}

/** Where passphrases are stretched more by now than when this one was set, it is stretched anew. */
async function strengthened(
  { staged }: Context,
  device: Device,
  { vaultId }: VaultRow,
  { vaultKey, slot }: OpenedSlot,
  proof: Proof,
): Promise<SlotRow> {
  if (slot.kind !== 'passphrase' || !('Passphrase' in proof) || !isWeak(slot)) return slot
  const fresh = await makePassphraseSlot(device, vaultId, vaultKey, proof.Passphrase, slot)
  staged.change({ store: 'slots', put: fresh })
  return fresh
}

const isWeak = ({ argon2 }: PassphraseSlotRow): boolean =>
  argon2.memoryKib * argon2.iterations < argon2Now.memoryKib * argon2Now.iterations

export const lock: Handler<'keyhearth:Lock'> = async (context) => {
  const { hsm, staged } = context
  await hsm.lock()
  hsm.db.forgetBlocksAhead()
  await erasePendingRecovery(hsm.memory)
  await holdLocked(hsm.memory)
  for (const slot of await hsm.slots()) {
    if (slot.kind === 'session') staged.change({ store: 'slots', remove: slot.id })
  }
  return {}
}

export const changePassphrase: Handler<'keyhearth:ChangePassphrase'> = async (context, input) => {
  const { hsm, staged } = context
  checkPassphrase(input.NewPassphrase)
  const { vaultKey, slot } = await byPassphrase(context, input.CurrentPassphrase)
  const { vaultId } = context.vault
  const fresh = await makePassphraseSlot(hsm.device, vaultId, vaultKey, input.NewPassphrase)
  staged.change(
    { store: 'slots', put: fresh },
    { store: 'slots', remove: slot.id },
    await renamed(context, slot, fresh),
    clearAttempts,
  )
  return {}
}

/** Bears the name of the one whose place it takes. */
async function renamed({ hsm, now }: Context, old: SlotRow, fresh: SlotRow) {
  const { name } = (await factsOfSlots(hsm))[old.id] ?? {}
  return noteFacts(hsm, hsm.device, fresh, {
    ...(name === undefined ? {} : { name }),
    lastUsedAt: now,
  })
}

/** The person is there, not only their open vault. @throws KeyhearthError as `openBy` */
export async function confirmPerson(context: Context, proof: Proof): Promise<void> {
  await openBy(context, proof)
  context.staged.change(clearAttempts)
}

/** The person shows again who they are: an open vault on an unattended screen exports nothing. */
export async function exportingBy(context: Context, proof: Proof): Promise<Exporting> {
  const { vaultKey } = await openBy(context, proof, vaultKeyToUse)
  context.staged.change(clearAttempts)
  const slots = await context.hsm.recoverySlots()
  if (slots.length === 0) throw new KeyhearthError('recovery-not-pending')
  return exportingOf(context.vault.vaultId, vaultKey, slots)
}
