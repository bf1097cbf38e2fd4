// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: opening a key slot by
// what the person has or knows, whichever it is, and saying which it was.

import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64, encodeBase64 } from '../codec/text.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Input } from '../protocol/schemas.ts'
import type { SlotRow, VaultRow } from '../store/schema.ts'
import { beginAttempt } from './attempts.ts'
import { damaged } from './binding.ts'
import type { Context } from './context.ts'
import { type Kept, openByKept } from './exporting.ts'
import {
  erasePasskeyQuestion,
  type PasskeyPurpose,
  readPasskeyQuestion,
  writePasskeyQuestion,
} from './memory.ts'
import { isAssertion } from './passkey.ts'
import type { Device } from './rootKey.ts'
import {
  openDeviceSlot,
  openPasskeySlot,
  openPassphraseSlot,
  type VaultKeyForm,
  vaultKeyToWrap,
} from './slots.ts'

/** What the person shows: on this device, or from what they kept for the day it is lost. */
export type Proof = Input<'keyhearth:RehearseRecovery'>['Proof']
type Passkey = Extract<Proof, { readonly Passkey: unknown }>['Passkey']

export interface OpenedSlot<Slot extends SlotRow = SlotRow> {
  readonly vaultKey: CryptoKey
  readonly slot: Slot
}

/** @throws KeyhearthError `vault-missing`, `vault-damaged` */
function whole({ hsm }: Context): { readonly vault: VaultRow; readonly device: Device } {
  const { device, vaultRow: vault } = hsm
  if (!vault) throw new KeyhearthError('vault-missing')
  if (hsm.state === 'damaged') throw new KeyhearthError('vault-damaged')
  return { vault, device }
}

/**
 * The vault key, and the slot that gave it.
 * @throws KeyhearthError `wrong-passphrase`, `too-many-attempts`, `wrong-passkey`, `passkey-not-asked`,
 *   `wrong-recovery-key`, `wrong-shares` and what malformed words and shares are refused with
 */
export async function openBy(
  context: Context,
  proof: Proof,
  form: VaultKeyForm = vaultKeyToWrap,
): Promise<OpenedSlot> {
  if ('Passphrase' in proof) return byPassphrase(context, proof.Passphrase, form)
  if ('Passkey' in proof) return byPasskey(context, proof.Passkey, form)
  if ('Device' in proof) return byDevice(context, form)
  return byRecovery(context, proof, form)
}

/** Wrong ones count (hsm/attempts). */
export async function byPassphrase(
  context: Context,
  passphrase: string,
  form: VaultKeyForm = vaultKeyToWrap,
) {
  const { vault, device } = whole(context)
  await beginAttempt(context.hsm.db, context.now)
  for (const slot of await context.hsm.slots()) {
    if (slot.kind !== 'passphrase') continue
    const vaultKey = await openPassphraseSlot(device, vault.vaultId, slot, passphrase, form)
    if (vaultKey) return { vaultKey, slot }
  }
  throw new KeyhearthError('wrong-passphrase')
}

async function byPasskey(context: Context, passkey: Passkey, form: VaultKeyForm) {
  const { vault, device } = whole(context)
  const { challenge } = await takeQuestion(context, 'get')
  for (const slot of await context.hsm.slots()) {
    if (slot.kind !== 'passkey' || !isSame(slot.credentialId, passkey.CredentialId)) continue
    if (!(await isAssertion(passkey, challenge, slot))) continue
    const vaultKey = await openPasskeySlot(device, vault.vaultId, slot, passkey.Output, form)
    if (vaultKey) return { vaultKey, slot }
  }
  throw new KeyhearthError('wrong-passkey')
}

const isSame = (one: Bytes, other: Bytes) => encodeBase64(one) === encodeBase64(other)

async function byDevice(context: Context, form: VaultKeyForm) {
  const { vault, device } = whole(context)
  for (const slot of await context.hsm.slots()) {
    if (slot.kind !== 'device') continue
    const vaultKey = await openDeviceSlot(device, vault.vaultId, slot, form)
    if (vaultKey) return { vaultKey, slot }
  }
  throw new KeyhearthError('slot-not-found')
}

/** What a person has for the day the device is lost. */
export type RecoveryProof = Extract<Proof, { RecoveryKey: unknown } | { Shares: unknown }>

export async function byRecovery(
  { hsm }: Context,
  proof: RecoveryProof,
  form: VaultKeyForm = vaultKeyToWrap,
) {
  const vault = hsm.vaultRow
  const slots = await hsm.recoverySlots()
  if (!vault || slots.length === 0) throw damaged('recovery slot')
  return openByKept(vault.vaultId, slots, keptOf(proof), form)
}

const keptOf = (proof: RecoveryProof): Kept =>
  'Shares' in proof ? { shares: proof.Shares } : { words: proof.RecoveryKey }

/** How long an authenticator may take: the person looks for it, finds it, and touches it. */
const questionLastsMs = 5 * 60_000

/** A question for a passkey, new each time; the answer must be to it. */
export async function askPasskey({ hsm, now }: Context, purpose: PasskeyPurpose) {
  const challenge = crypto.getRandomValues(new Uint8Array(32))
  const salt = crypto.getRandomValues(new Uint8Array(32))
  await writePasskeyQuestion(hsm.memory, purpose, {
    challenge: encodeBase64(challenge),
    salt: encodeBase64(salt),
    askedAt: now,
  })
  return { challenge, salt }
}

/** Each question is good for one answer. @throws KeyhearthError `passkey-not-asked` */
export async function takeQuestion({ hsm, now }: Context, purpose: PasskeyPurpose) {
  const question = await readPasskeyQuestion(hsm.memory, purpose)
  await erasePasskeyQuestion(hsm.memory, purpose)
  if (!question || Math.abs(now - question.askedAt) > questionLastsMs) {
    throw new KeyhearthError('passkey-not-asked')
  }
  return { challenge: decodeBase64(question.challenge), salt: decodeBase64(question.salt) }
}
