// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: the operations on what
// recovers the vault: the key on paper, its proof, rehearsal, and the recovery itself.

import { equalBytes } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { RecoveryState } from '../protocol/outputs.ts'
import type { RecoverySlot } from '../store/schema.ts'
import { clearAttempts } from './attempts.ts'
import { damaged } from './binding.ts'
import type { Context, Handler } from './context.ts'
import { listedDeviceRows } from './deviceRows.ts'
import {
  erasePendingRecovery,
  type PendingRecovery,
  readPendingRecovery,
  writeMirror,
  writePendingRecovery,
} from './memory.ts'
import { opensHere, type SecurityModule, worksWithoutDevice } from './module.ts'
import { byRecovery, openBy } from './opening.ts'
import { checkPassphrase, unlockWith } from './operations.ts'
import { newRecoveryEntropy, recoveryWords } from './recoveryKey.ts'
import { createDevice, type Device } from './rootKey.ts'
import { assertRoomForSlot, makePassphraseSlot, makeRecoverySlot, vaultKeyToUse } from './slots.ts'

/** How long a proof that recovery works stands before Keyhearth asks for another. */
const rehearsalLastsMs = 90 * 24 * 60 * 60_000

/** Where recovery stands, for reminders. */
export async function recoveryState({
  hsm,
  now,
}: Pick<Context, 'hsm' | 'now'>): Promise<RecoveryState> {
  if (await pendingRecovery(hsm)) return 'shown'
  const slots = await hsm.recoverySlots()
  const proofs = slots.flatMap(({ confirmedAt }) => confirmedAt ?? [])
  if (proofs.length === 0 || slots.some(isHalfway)) return 'unconfirmed'
  return now - Math.max(...proofs) > rehearsalLastsMs ? 'stale' : 'confirmed'
}

/** Made in the place of others, which stay until it is proven. */
const isHalfway = (slot: RecoverySlot): boolean =>
  slot.kind === 'recovery' && slot.replaces !== undefined

/** The words that are shown now: the newest of those whose slot was written. */
async function pendingRecovery(hsm: SecurityModule): Promise<PendingRecovery | null> {
  const pending = await readPendingRecovery(hsm.memory)
  if (pending.length === 0) return null
  const written = new Set((await hsm.recoverySlots()).map(({ id }) => id))
  return pending.find(({ slotId }) => written.has(slotId)) ?? null
}

export const getPendingRecoveryKey: Handler<'keyhearth:GetPendingRecoveryKey'> = async ({
  hsm,
}) => ({ RecoveryKey: (await pendingRecovery(hsm))?.words ?? null })

export const confirmRecoveryKey: Handler<'keyhearth:ConfirmRecoveryKey'> = async (
  context,
  { Words },
) => {
  const { hsm } = context
  const pending = await pendingRecovery(hsm)
  const slot = (await hsm.recoverySlots()).find(({ id }) => id === pending?.slotId)
  if (!pending || !slot) throw new KeyhearthError('recovery-not-pending')
  const distinct = new Set(Words.map(({ Position }) => Position))
  const right = Words.filter(({ Position, Word }) =>
    equalBytes(
      encodeUtf8(pending.words[Position - 1] ?? ''),
      encodeUtf8(Word.trim().toLowerCase()),
    ),
  )
  if (distinct.size !== Words.length || right.length !== Words.length) {
    throw new KeyhearthError('recovery-words-differ')
  }
  await stageProven(context, slot)
  context.afterCommit(() => erasePendingRecovery(hsm.memory))
  return {}
}

/** The person has what opens this slot: what it was made in the place of goes now. */
async function stageProven(context: Context, slot: RecoverySlot): Promise<void> {
  const { hsm, now } = context
  if (slot.kind === 'shares') return stageRecovery(context, [{ ...slot, confirmedAt: now }], [])
  const { replaces = [], ...kept } = slot
  const old = (await hsm.slots()).filter(
    ({ id, kind }) => kind === 'recovery' && id !== slot.id && replaces.includes(id),
  )
  stageRecovery(
    context,
    [{ ...kept, confirmedAt: now }],
    old.map(({ id }) => id),
  )
}

/** Slots that recover come and go with their mirror. */
export function stageRecovery(
  { hsm, staged, afterCommit }: Context,
  put: readonly RecoverySlot[],
  removed: readonly string[],
): void {
  staged.change(
    ...put.map((slot) => ({ store: 'slots', put: slot }) as const),
    ...removed.map((id) => ({ store: 'slots', remove: id }) as const),
  )
  afterCommit(async () => {
    const vault = hsm.vaultRow
    const slots = (await hsm.slots()).filter(worksWithoutDevice)
    if (vault) await writeMirror(hsm.memory, { vault, slots })
  })
}

export const postponeRecoveryKey: Handler<'keyhearth:PostponeRecoveryKey'> = async (context) => {
  context.afterCommit(() => erasePendingRecovery(context.hsm.memory))
  return {}
}

/**
 * A new key on paper in the place of all that there were, which work until this one is proven: whenever worker or
 * browser are killed, there are words that somebody has. Shares stay good.
 */
export const replaceRecoveryKey: Handler<'keyhearth:ReplaceRecoveryKey'> = async (
  context,
  proof,
) => {
  const { hsm, staged } = context
  const slots = await hsm.slots()
  assertRoomForSlot(slots)
  const { vaultKey } = await openBy(context, proof)
  const entropy = newRecoveryEntropy()
  const fresh = await makeRecoverySlot(context.vault.vaultId, vaultKey, entropy)
  const old = slots.flatMap(({ id, kind }) => (kind === 'recovery' ? [id] : []))
  staged.change(clearAttempts)
  stageRecovery(context, [{ ...fresh, replaces: old }], [])
  const words = recoveryWords(entropy)
  const before = await pendingRecovery(hsm)
  // Before the commit: without their slot the words are not shown, after it a death finds both.
  await writePendingRecovery(hsm.memory, [{ slotId: fresh.id, words }, ...(before ? [before] : [])])
  return { RecoveryKey: words }
}

/** "Prove that you can recover": opens a slot with what was kept, changes nothing else, and notes the day. */
export const rehearseRecovery: Handler<'keyhearth:RehearseRecovery'> = async (
  context,
  { Proof },
) => {
  if (!('RecoveryKey' in Proof) && !('Shares' in Proof)) throw new KeyhearthError('not-allowed')
  const { slot } = await byRecovery(context, Proof, vaultKeyToUse)
  await stageProven(context, slot)
  return { SlotId: slot.id }
}

/**
 * Opens the vault by what recovers it and gives it a new passphrase, on this device's root key or,
 * where that is missing or damaged, on a new one. No item is rewritten.
 */
export const recoverVault: Handler<'keyhearth:RecoverVault'> = async (
  context,
  { Passphrase, ...proof },
) => {
  const { hsm, staged } = context
  if (hsm.state === 'missing') throw new KeyhearthError('vault-missing')
  if (hsm.state === 'unlocked') throw new KeyhearthError('vault-exists')
  checkPassphrase(Passphrase)
  const { vaultKey, slot } = await byRecovery(context, proof)
  const vault = hsm.vaultRow
  if (!vault) throw damaged('recovery slot')
  const device = await deviceForRecovery(context)
  const passphrase = await makePassphraseSlot(device, vault.vaultId, vaultKey, Passphrase)
  // What was bound to this device goes: it may be lost with its root key, or be what somebody else knows.
  const old = (await hsm.slots()).filter(opensHere)
  staged.change(
    { store: 'vault', put: vault },
    { store: 'slots', put: passphrase },
    ...old.map(({ id }) => ({ store: 'slots', remove: id }) as const),
    clearAttempts,
  )
  await unlockWith(context, device, vault, { vaultKey, slot })
  await stageProven(context, slot)
  return {}
}

async function deviceForRecovery({ hsm, staged }: Context): Promise<Device> {
  if (hsm.deviceIfAny) return hsm.deviceIfAny
  const { device, changes } = await createDevice()
  staged.change(...changes)
  // What the lost one had sealed opens no more.
  staged.settle(...listedDeviceRows)
  return device
}
