// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: the operations
// on the vault itself: create, unlock, lock, passphrase, recovery.

import { equalBytes } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { RecoveryState } from '../protocol/outputs.ts'
import type { PassphraseSlotRow, RecoverySlotRow, VaultRow } from '../store/schema.ts'
import { beginAttempt, clearAttempts } from './attempts.ts'
import { damaged } from './binding.ts'
import type { Context, Handler } from './context.ts'
import { type Exporting, exportingOf } from './exporting.ts'
import {
  eraseRecoveryWords,
  readRecoveryWords,
  writeMirror,
  writeRecoveryWords,
  writeSessionSecret,
} from './memory.ts'
import { newRecoveryEntropy, recoveryEntropy, recoveryWords } from './recoveryKey.ts'
import { createDevice, type Device } from './rootKey.ts'
import {
  makePassphraseSlot,
  makeRecoverySlot,
  makeSessionSlot,
  newVaultKey,
  openPassphraseSlot,
  openRecoverySlot,
  type VaultKeyForm,
  vaultKeyToUse,
  vaultKeyToWrap,
} from './slots.ts'

const shortestPassphrase = 8

function checkPassphrase(passphrase: string): void {
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
    await unlockWith(context, device, vault, vaultKey)
    await provision(context)
    const words = recoveryWords(entropy)
    await writeRecoveryWords(context.hsm.memory, words)
    context.afterCommit(() => writeMirror(context.hsm.memory, { vault, recovery }))
    return { RecoveryKey: words }
  }

/** Stages the session slot and opens the vault once committed. `vaultKey` is the form to wrap. */
async function unlockWith(
  context: Context,
  device: Device,
  vault: VaultRow,
  vaultKey: CryptoKey,
): Promise<void> {
  const { hsm, staged } = context
  const { slot, secret } = await makeSessionSlot(device, vault.vaultId, vaultKey)
  staged.change({ store: 'slots', put: slot })
  for (const old of await hsm.slots()) {
    if (old.kind === 'session') staged.change({ store: 'slots', remove: old.id })
  }
  const opened = await hsm.open(vault.vaultId, await asVaultKeyToUse(vaultKey))
  context.use(opened)
  // Before the commit: without its slot the secret opens nothing, after it a death finds both.
  await writeSessionSecret(hsm.memory, secret)
  context.afterCommit(() => hsm.becomeUnlocked(device, vault, opened))
}

/** From the form to wrap to the form to use, by wrapping once under a key that lives for two lines. */
async function asVaultKeyToUse(vaultKey: CryptoKey): Promise<CryptoKey> {
  const passing = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'wrapKey',
    'unwrapKey',
  ])
  const gcm = { name: 'AES-GCM', iv: new Uint8Array(12) }
  const wrapped = await crypto.subtle.wrapKey('raw', vaultKey, passing, gcm)
  const { algorithm, extractable, usages } = vaultKeyToUse
  return crypto.subtle.unwrapKey('raw', wrapped, passing, gcm, algorithm, extractable, [...usages])
}

/** The vault key by the person's passphrase, with its slot. Wrong ones count (hsm/attempts). */
async function byPassphrase(
  context: Context,
  passphrase: string,
  form: VaultKeyForm = vaultKeyToWrap,
): Promise<{ vaultKey: CryptoKey; slot: PassphraseSlotRow; vault: VaultRow; device: Device }> {
  const { hsm, now } = context
  const { device, vaultRow: vault } = hsm
  if (!vault) throw new KeyhearthError('vault-missing')
  if (hsm.state === 'damaged') throw new KeyhearthError('vault-damaged')
  await beginAttempt(hsm.db, now)
  for (const slot of await hsm.slots()) {
    if (slot.kind !== 'passphrase') continue
    const vaultKey = await openPassphraseSlot(device, vault.vaultId, slot, passphrase, form)
    if (vaultKey) return { vaultKey, slot, vault, device }
  }
  throw new KeyhearthError('wrong-passphrase')
}

export const unlock: Handler<'keyhearth:Unlock'> = async (context, { Passphrase }) => {
  const { hsm } = context
  if (hsm.state === 'unlocked') return {}
  hsm.db.readBlocksAhead()
  const opened = await byPassphrase(context, Passphrase).catch((error: unknown) => {
    hsm.db.forgetBlocksAhead()
    throw error
  })
  const { vaultKey, vault, device } = opened
  context.staged.change(clearAttempts)
  await unlockWith(context, device, vault, vaultKey)
  return {}
}

export const lock: Handler<'keyhearth:Lock'> = async (context) => {
  const { hsm, staged } = context
  await hsm.lock()
  hsm.db.forgetBlocksAhead()
  await eraseRecoveryWords(hsm.memory)
  for (const slot of await hsm.slots()) {
    if (slot.kind === 'session') staged.change({ store: 'slots', remove: slot.id })
  }
  return {}
}

export const changePassphrase: Handler<'keyhearth:ChangePassphrase'> = async (context, input) => {
  checkPassphrase(input.NewPassphrase)
  const { vaultKey, slot, vault, device } = await byPassphrase(context, input.CurrentPassphrase)
  const fresh = await makePassphraseSlot(device, vault.vaultId, vaultKey, input.NewPassphrase)
  context.staged.change(
    { store: 'slots', put: fresh },
    { store: 'slots', remove: slot.id },
    clearAttempts,
  )
  return {}
}

/** Where the recovery key stands, for reminders. */
export async function recoveryState({ hsm }: Pick<Context, 'hsm'>): Promise<RecoveryState> {
  if (await readRecoveryWords(hsm.memory)) return 'shown'
  const slot = await hsm.recoverySlot()
  return slot?.confirmedAt === undefined ? 'unconfirmed' : 'confirmed'
}

export const getPendingRecoveryKey: Handler<'keyhearth:GetPendingRecoveryKey'> = async ({
  hsm,
}) => ({ RecoveryKey: await readRecoveryWords(hsm.memory) })

export const confirmRecoveryKey: Handler<'keyhearth:ConfirmRecoveryKey'> = async (
  context,
  { Words },
) => {
  const { hsm, now } = context
  const words = await readRecoveryWords(hsm.memory)
  const slot = await hsm.recoverySlot()
  if (!words || !slot) throw new KeyhearthError('recovery-not-pending')
  const distinct = new Set(Words.map(({ Position }) => Position))
  const right = Words.filter(({ Position, Word }) =>
    equalBytes(encodeUtf8(words[Position - 1] ?? ''), encodeUtf8(Word.trim().toLowerCase())),
  )
  if (distinct.size !== Words.length || right.length !== Words.length) {
    throw new KeyhearthError('recovery-words-differ')
  }
  stageRecovery(context, { ...slot, confirmedAt: now })
  context.afterCommit(() => eraseRecoveryWords(hsm.memory))
  return {}
}

function stageRecovery({ hsm, staged, afterCommit }: Context, recovery: RecoverySlotRow): void {
  staged.change({ store: 'slots', put: recovery })
  const vault = hsm.vaultRow
  if (vault) afterCommit(() => writeMirror(hsm.memory, { vault, recovery }))
}

export const postponeRecoveryKey: Handler<'keyhearth:PostponeRecoveryKey'> = async (context) => {
  context.afterCommit(() => eraseRecoveryWords(context.hsm.memory))
  return {}
}

export const replaceRecoveryKey: Handler<'keyhearth:ReplaceRecoveryKey'> = async (
  context,
  { Passphrase },
) => {
  const { hsm, staged } = context
  const { vaultKey, vault } = await byPassphrase(context, Passphrase)
  const entropy = newRecoveryEntropy()
  for (const slot of await hsm.slots()) {
    if (slot.kind === 'recovery') staged.change({ store: 'slots', remove: slot.id })
  }
  staged.change(clearAttempts)
  stageRecovery(context, await makeRecoverySlot(vault.vaultId, vaultKey, entropy))
  const words = recoveryWords(entropy)
  context.afterCommit(() => writeRecoveryWords(hsm.memory, words))
  return { RecoveryKey: words }
}

/**
 * Opens the vault by its recovery key and gives it a new passphrase, on this device's root key or,
 * where that is missing or damaged, on a new one. No item is rewritten.
 */
export const recoverVault: Handler<'keyhearth:RecoverVault'> = async (context, input) => {
  const { hsm, staged, now } = context
  if (hsm.state === 'missing') throw new KeyhearthError('vault-missing')
  if (hsm.state === 'unlocked') throw new KeyhearthError('vault-exists')
  checkPassphrase(input.Passphrase)
  const entropy = recoveryEntropy(input.RecoveryKey)
  const [vault, recovery] = [hsm.vaultRow, await hsm.recoverySlot()]
  if (!vault || !recovery) throw damaged('recovery slot')
  const vaultKey = await openRecoverySlot(vault.vaultId, recovery, entropy, vaultKeyToWrap)
  if (!vaultKey) throw new KeyhearthError('wrong-recovery-key')
  const device = await deviceForRecovery(context)
  const passphrase = await makePassphraseSlot(device, vault.vaultId, vaultKey, input.Passphrase)
  for (const slot of await hsm.slots()) {
    if (slot.kind === 'passphrase') staged.change({ store: 'slots', remove: slot.id })
  }
  staged.change(
    { store: 'vault', put: vault },
    { store: 'slots', put: passphrase },
    { store: 'slots', put: { ...recovery, confirmedAt: now } },
    clearAttempts,
  )
  await unlockWith(context, device, vault, vaultKey)
  return {}
}

async function deviceForRecovery({ hsm, staged }: Context): Promise<Device> {
  if (hsm.deviceIfAny) return hsm.deviceIfAny
  const { device, changes } = await createDevice()
  staged.change(...changes)
  return device
}

/** The person is there, not only their open vault. @throws KeyhearthError `wrong-passphrase`, `too-many-attempts` */
export async function confirmPassphrase(context: Context, passphrase: string): Promise<void> {
  await byPassphrase(context, passphrase)
  context.staged.change(clearAttempts)
}

/** The person gives the passphrase again: an open vault on an unattended screen exports nothing. */
export async function exportingBy(context: Context, passphrase: string): Promise<Exporting> {
  const { vaultKey, vault } = await byPassphrase(context, passphrase, vaultKeyToUse)
  context.staged.change(clearAttempts)
  const slot = await context.hsm.recoverySlot()
  if (!slot) throw new KeyhearthError('recovery-not-pending')
  return exportingOf(vault.vaultId, vaultKey, slot)
}
