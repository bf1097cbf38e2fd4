// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: the operations on key
// slots: which there are, one more, another name, one less. None of them rewrites an item.

import { KeyhearthError } from '../protocol/errors.ts'
import type { KeySlot, Output } from '../protocol/outputs.ts'
import type { Input } from '../protocol/schemas.ts'
import type { RecoverySlot, SlotRow } from '../store/schema.ts'
import { clearAttempts } from './attempts.ts'
import type { Context, Handler } from './context.ts'
import { type SecurityModule, worksWithoutDevice } from './module.ts'
import { askPasskey, openBy, takeQuestion } from './opening.ts'
import { checkPassphrase } from './operations.ts'
import { isAssertion, isRegistration, passkeyAlgorithms } from './passkey.ts'
import { newRecoveryEntropy, recoveryWords } from './recoveryKey.ts'
import { stageRecovery } from './recoveryOperations.ts'
import { splitIntoShares } from './recoveryShares.ts'
import { factsOfSlots, noteFacts } from './slotFacts.ts'
import {
  assertRoomForSlot,
  makeBackupSlot,
  makeDeviceSlot,
  makePasskeySlot,
  makePassphraseSlot,
  makeRecoverySlot,
  makeSharesSlot,
  type Passkey,
  vaultKeyToUse,
} from './slots.ts'

export const listKeySlots: Handler<'keyhearth:ListKeySlots'> = async ({ hsm }) => {
  const facts = await factsOfSlots(hsm)
  const seconds = (ms: number | undefined) => (ms === undefined ? null : ms / 1000)
  const describe = (slot: Exclude<SlotRow, { kind: 'session' }>): KeySlot => ({
    SlotId: slot.id,
    Kind: slot.kind,
    Name: facts[slot.id]?.name ?? '',
    CreatedAt: slot.createdAt / 1000,
    LastUsedAt: seconds(facts[slot.id]?.lastUsedAt),
    ProvenAt: worksWithoutDevice(slot) ? seconds(slot.confirmedAt) : null,
    ...(slot.kind === 'shares'
      ? { SetId: slot.setId, Threshold: slot.threshold, Shares: slot.count }
      : {}),
  })
  const lasting = (await hsm.slots()).flatMap((slot) => (slot.kind === 'session' ? [] : [slot]))
  const byAge = lasting.sort((one, other) => one.createdAt - other.createdAt)
  return { Slots: byAge.map(describe) }
}

/** What a passkey is asked, to unlock with it or to make it; known while locked, for it is asked then. */
export const beginPasskey: Handler<'keyhearth:BeginPasskey'> = async (context, { For }) => {
  const { challenge, salt } = await askPasskey(context, For)
  const passkeys = (await context.hsm.slots()).flatMap((slot) =>
    slot.kind === 'passkey' ? [{ CredentialId: slot.credentialId, Salt: slot.salt }] : [],
  )
  return { Challenge: challenge, Salt: salt, Algorithms: passkeyAlgorithms, Passkeys: passkeys }
}

type Wanted = Input<'keyhearth:AddKeySlot'>['Slot']
/** What of a new slot is shown once: the words of a key, or of its shares. */
type Shown = Omit<Output<'keyhearth:AddKeySlot'>, 'SlotId'>
type Made = Shown & { readonly slot: Exclude<SlotRow, { readonly kind: 'session' }> }

export const addKeySlot: Handler<'keyhearth:AddKeySlot'> = async (context, input) => {
  const { hsm, staged } = context
  const { Proof, Name, Slot } = input
  await assertRoom(context, Slot)
  const { vaultKey } = await openBy(context, Proof)
  const { slot, ...shown } = await make(context, vaultKey, Slot)
  staged.change(clearAttempts, await noteFacts(hsm, hsm.device, slot, { name: Name }))
  if (worksWithoutDevice(slot)) stageRecovery(context, [slot], [])
  else staged.change({ store: 'slots', put: slot })
  return { SlotId: slot.id, ...shown }
}

async function assertRoom({ hsm }: Context, { Kind }: Wanted): Promise<void> {
  const slots = await hsm.slots()
  assertRoomForSlot(slots)
  const isOneOnly = Kind === 'device' || Kind === 'backup'
  if (isOneOnly && slots.some(({ kind }) => kind === Kind)) {
    throw new KeyhearthError('conflict', { what: 'This vault has one of these already' })
  }
}

async function make(context: Context, vaultKey: CryptoKey, wanted: Wanted): Promise<Made> {
  const { device } = context.hsm
  const { vaultId } = context.vault
  switch (wanted.Kind) {
    case 'passphrase':
      checkPassphrase(wanted.Passphrase)
      return { slot: await makePassphraseSlot(device, vaultId, vaultKey, wanted.Passphrase) }
    case 'passkey': {
      const passkey = await checkedPasskey(context, wanted)
      return { slot: await makePasskeySlot(device, vaultId, vaultKey, passkey, wanted.Output) }
    }
    case 'backup':
      checkPassphrase(wanted.Passphrase)
      return { slot: await makeBackupSlot(device, vaultId, vaultKey, wanted.Passphrase) }
    case 'device':
      return { slot: await makeDeviceSlot(device, vaultId, vaultKey) }
    case 'recovery': {
      const entropy = newRecoveryEntropy()
      const slot = await makeRecoverySlot(vaultId, vaultKey, entropy)
      return { slot, RecoveryKey: recoveryWords(entropy) }
    }
    case 'shares':
      return makeShares(vaultId, vaultKey, { threshold: wanted.Threshold, count: wanted.Shares })
  }
}

async function makeShares(
  vaultId: string,
  vaultKey: CryptoKey,
  wanted: { readonly threshold: number; readonly count: number },
): Promise<Made> {
  if (wanted.threshold > wanted.count) {
    throw new KeyhearthError('invalid-input', { what: 'Threshold: more than there are shares' })
  }
  const entropy = newRecoveryEntropy()
  const { setId, shares } = await splitIntoShares(entropy, 'recovery', wanted)
  const slot = await makeSharesSlot(vaultId, vaultKey, entropy, { setId, ...wanted })
  entropy.fill(0)
  return { slot, Shares: shares, SetId: setId }
}

/** @throws KeyhearthError `passkey-not-asked`, `passkey-unsuitable` */
async function checkedPasskey(
  context: Context,
  wanted: Extract<Wanted, { readonly Kind: 'passkey' }>,
): Promise<Passkey> {
  const { challenge, salt } = await takeQuestion(context, 'create')
  const { CredentialId, PublicKey, Algorithm, Assertion } = wanted
  const isAsked = passkeyAlgorithms.some((one) => one === Algorithm)
  if (!isAsked || !isRegistration(wanted, challenge)) throw new KeyhearthError('passkey-unsuitable')
  const key = { publicKey: PublicKey, algorithm: Algorithm }
  if (Assertion && !(await isAssertion(Assertion, challenge, key))) {
    throw new KeyhearthError('passkey-unsuitable')
  }
  return { credentialId: CredentialId, publicKey: PublicKey, algorithm: Algorithm, salt }
}

export const renameKeySlot: Handler<'keyhearth:RenameKeySlot'> = async (
  { hsm, staged },
  { SlotId, Name },
) => {
  const slot = await slotOf(hsm, SlotId)
  staged.change(await noteFacts(hsm, hsm.device, slot, { name: Name }))
  return {}
}

/** Never the last passphrase, which is asked for again at times, nor the last of those that recover. */
export const removeKeySlot: Handler<'keyhearth:RemoveKeySlot'> = async (
  context,
  { SlotId, Proof },
) => {
  const { hsm, staged } = context
  const slot = await slotOf(hsm, SlotId)
  const others = (await hsm.slots()).filter(({ id }) => id !== SlotId)
  if (worksWithoutDevice(slot)) assertRecovers(others.filter(worksWithoutDevice))
  if (slot.kind === 'passphrase' && !others.some(({ kind }) => kind === 'passphrase')) {
    throw new KeyhearthError('slot-last-passphrase')
  }
  await openBy(context, Proof, vaultKeyToUse)
  staged.change(clearAttempts)
  if (worksWithoutDevice(slot)) stageRecovery(context, [], [SlotId])
  else staged.change({ store: 'slots', remove: SlotId })
  return {}
}

/**
 * One that works without this device must be left, and somebody must have proved to have it: words and sheets of the
 * others may never have come onto paper.
 *
 * @throws KeyhearthError `slot-last-to-recover`, `slot-none-proven`
 */
function assertRecovers(others: readonly RecoverySlot[]): void {
  if (others.length === 0) throw new KeyhearthError('slot-last-to-recover')
  if (!others.some(({ confirmedAt }) => confirmedAt !== undefined))
    throw new KeyhearthError('slot-none-proven')
}

async function slotOf(hsm: SecurityModule, id: string): Promise<SlotRow> {
  const slot = (await hsm.slots()).find((one) => one.id === id && one.kind !== 'session')
  if (!slot) throw new KeyhearthError('slot-not-found')
  return slot
}
