// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: the key that exports
// of the vault are encrypted under. It is derived from the vault key, and the export carries the slots that
// recover: so the 24 words, or enough shares, open it, without this device and without the vault.

import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64, encodeBase64 } from '../codec/text.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { BackupSlotRow, RecoverySlot } from '../store/schema.ts'
import { deriveAesKey } from './derivedKeys.ts'
import type { SecurityModule } from './module.ts'
import { recoveryEntropy } from './recoveryKey.ts'
import { combineShares, shareWords } from './recoveryShares.ts'
import {
  asVaultKeyToUse,
  carriedBackupSlot,
  openCarriedSlot,
  openRecoverySlot,
  type VaultKeyForm,
  vaultKeyToUse,
  vaultKeyToWrap,
} from './slots.ts'

/** As the encryption context of an export names them: the first recovery slot, and all others by their ids. */
const names = {
  vault: 'keyhearth:vault',
  slot: 'keyhearth:recovery-slot',
  wrapped: 'keyhearth:recovery-slot-key',
  other: 'keyhearth:slot:',
} as const

const deriveExportKey = (vaultId: string, vaultKey: CryptoKey): Promise<CryptoKey> =>
  deriveAesKey(vaultId, vaultKey, 'export', ['encrypt', 'decrypt'])

export interface Exporting {
  readonly exportKey: CryptoKey
  /** What must stand with the export in clear: not secret, and of use to the recovery key alone. */
  readonly context: Readonly<Record<string, string>>
}

export async function exportingOf(
  vaultId: string,
  vaultKey: CryptoKey,
  slots: readonly RecoverySlot[],
): Promise<Exporting> {
  return {
    exportKey: await deriveExportKey(vaultId, vaultKey),
    context: { [names.vault]: vaultId, ...writeSlots(slots) },
  }
}

/** Slots that a file takes along, in clear: of use to those alone who have what opens them. */
type CarriedSlot = RecoverySlot | BackupSlotRow

function writeSlots(slots: readonly CarriedSlot[]): Readonly<Record<string, string>> {
  const first = slots.find(({ kind }) => kind === 'recovery')
  const others = slots.filter((slot) => slot !== first)
  return {
    ...(first ? { [names.slot]: first.id, [names.wrapped]: encodeBase64(first.wrapped) } : {}),
    ...Object.fromEntries(others.map((slot) => [`${names.other}${slot.id}`, writeSlot(slot)])),
  }
}

function writeSlot(slot: CarriedSlot): string {
  const wrapped = encodeBase64(slot.wrapped)
  if (slot.kind === 'recovery') return `recovery ${wrapped}`
  if (slot.kind === 'shares') {
    return `shares ${slot.setId} ${slot.threshold} ${slot.count} ${wrapped}`
  }
  const { memoryKib, iterations, parallelism } = slot.argon2
  const salt = encodeBase64(slot.salt)
  return `backup ${memoryKib} ${iterations} ${parallelism} ${salt} ${wrapped}`
}

/** Those that were written; what cannot be read is none. */
function readSlots(context: Readonly<Record<string, string>>): CarriedSlot[] {
  const { [names.slot]: id, [names.wrapped]: wrapped } = context
  const others = Object.entries(context).flatMap(([name, text]) =>
    name.startsWith(names.other) ? readSlot(name.slice(names.other.length), text) : [],
  )
  if (id === undefined || wrapped === undefined) return others
  return [...readSlot(id, `recovery ${wrapped}`), ...others]
}

function readSlot(id: string, text: string): CarriedSlot[] {
  const [kind, ...rest] = text.split(' ')
  const createdAt = 0
  try {
    const wrapped = decodeBase64(rest.at(-1) ?? '')
    if (kind === 'recovery') return [{ id, kind, createdAt, wrapped }]
    if (kind === 'shares') {
      const [setId = '', threshold, count] = rest
      const numbers = { threshold: Number(threshold), count: Number(count) }
      return [{ id, kind, createdAt, setId, ...numbers, wrapped }]
    }
    if (kind !== 'backup') return []
    const [memoryKib = 0, iterations = 0, parallelism = 0] = rest.map(Number)
    const argon2 = { memoryKib, iterations, parallelism }
    return [{ id, kind, createdAt, argon2, salt: decodeBase64(rest[3] ?? ''), wrapped }]
  } catch {
    return []
  }
}

/** What the person kept: 24 words, or shares of a set; or the passphrase they chose for backups. */
export type Kept =
  | { readonly words: string }
  | { readonly shares: readonly string[] }
  | { readonly passphrase: string }

/** From a text that holds 24 words, or the words of several shares one after the other. */
export function readKept(text: string): Kept {
  const words = text.split(/[^A-Za-z]+/).filter((word) => word !== '')
  if (words.length % shareWords !== 0) return { words: text }
  const starts = Array.from({ length: words.length / shareWords }, (_, i) => i * shareWords)
  return { shares: starts.map((at) => words.slice(at, at + shareWords).join(' ')) }
}

/**
 * The vault key, and which of the slots gave it; a file's own slots as well as a vault's.
 * @throws KeyhearthError `wrong-recovery-key`, `wrong-shares`, `wrong-backup-passphrase`, and as words and shares
 *   are malformed
 */
export async function openByKept<Slot extends CarriedSlot>(
  vaultId: string,
  slots: readonly Slot[],
  kept: Kept,
  form: VaultKeyForm,
): Promise<{ readonly vaultKey: CryptoKey; readonly slot: Slot }> {
  const opener = await openerOf(vaultId, kept, form)
  for (const slot of slots) {
    const vaultKey = await opener(slot)
    if (vaultKey) return { vaultKey, slot }
  }
  throw new KeyhearthError(
    refusals['words' in kept ? 'words' : 'shares' in kept ? 'shares' : 'passphrase'],
  )
}

const refusals = {
  words: 'wrong-recovery-key',
  shares: 'wrong-shares',
  passphrase: 'wrong-backup-passphrase',
} as const

async function openerOf(vaultId: string, kept: Kept, form: VaultKeyForm) {
  if ('passphrase' in kept) {
    return async (slot: CarriedSlot) =>
      slot.kind === 'backup' ? openCarriedSlot(vaultId, slot, kept.passphrase, form) : null
  }
  const entropy: Bytes =
    'words' in kept
      ? recoveryEntropy(kept.words)
      : (await combineShares(kept.shares, 'recovery')).secret
  return async (slot: CarriedSlot) =>
    slot.kind === 'backup' ? null : openRecoverySlot(vaultId, slot, entropy, form)
}

/** What a backup carries in clear. @throws KeyhearthError `recovery-needed` where nothing could ever open it */
export async function backupContext(
  hsm: SecurityModule,
  vaultId: string,
): Promise<Readonly<Record<string, string>>> {
  const slots = await hsm.recoverySlots()
  if (slots.length === 0) throw new KeyhearthError('recovery-needed')
  const own = (await hsm.slots()).find((slot) => slot.kind === 'backup')
  const carried = own && (await carriedBackupSlot(hsm.device, vaultId, own))
  const all = carried ? [...slots, carried] : slots
  return { 'keyhearth:content': 'backup/1', [names.vault]: vaultId, ...writeSlots(all) }
}

/** The vault key of a backup, in both forms, and the slots that recover which it carries. */
export async function openCarried(context: Readonly<Record<string, string>>, kept: Kept) {
  const vaultId = context[names.vault]
  if (vaultId === undefined) throw new KeyhearthError('backup-malformed')
  const slots = readSlots(context)
  const { vaultKey } = await openByKept(vaultId, slots, kept, vaultKeyToWrap)
  return { vaultId, vaultKey, vaultKeyToUse: await asVaultKeyToUse(vaultKey) }
}

/**
 * The key of an export, without a vault.
 * @throws as `openByKept`
 */
export async function exportKeyBy(
  context: Readonly<Record<string, string>>,
  kept: Kept,
): Promise<CryptoKey> {
  const vaultId = context[names.vault]
  if (vaultId === undefined) throw new KeyhearthError('wrong-recovery-key')
  const { vaultKey } = await openByKept(vaultId, readSlots(context), kept, vaultKeyToUse)
  return deriveExportKey(vaultId, vaultKey)
}
