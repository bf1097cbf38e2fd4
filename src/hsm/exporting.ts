// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: the key that exports
// of the vault are encrypted under. It is derived from the vault key, and the export carries the recovery
// slot: so the 24 words open it, without this device and without the vault.

import { decodeBase64, encodeBase64 } from '../codec/text.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { RecoverySlotRow } from '../store/schema.ts'
import { deriveAesKey } from './derivedKeys.ts'
import { recoveryEntropy } from './recoveryKey.ts'
import { openRecoverySlot, vaultKeyToUse } from './slots.ts'

/** As the encryption context of an export names them. */
const names = {
  vault: 'keyhearth:vault',
  slot: 'keyhearth:recovery-slot',
  wrapped: 'keyhearth:recovery-slot-key',
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
  slot: RecoverySlotRow,
): Promise<Exporting> {
  return {
    exportKey: await deriveExportKey(vaultId, vaultKey),
    context: {
      [names.vault]: vaultId,
      [names.slot]: slot.id,
      [names.wrapped]: encodeBase64(slot.wrapped),
    },
  }
}

/**
 * The other way, without a vault.
 * @param typed the 24 words
 * @throws KeyhearthError `recovery-words-malformed`, `wrong-recovery-key`
 */
export async function exportKeyByWords(
  context: Readonly<Record<string, string>>,
  typed: string,
): Promise<CryptoKey> {
  const { [names.vault]: vaultId, [names.slot]: id, [names.wrapped]: wrapped } = context
  if (vaultId === undefined || id === undefined || wrapped === undefined) {
    throw new KeyhearthError('wrong-recovery-key')
  }
  const entropy = recoveryEntropy(typed)
  const kind = 'recovery'
  const slot: RecoverySlotRow = { id, kind, createdAt: 0, wrapped: decodeBase64(wrapped) }
  const vaultKey = await openRecoverySlot(vaultId, slot, entropy, vaultKeyToUse)
  entropy.fill(0)
  if (!vaultKey) throw new KeyhearthError('wrong-recovery-key')
  return deriveExportKey(vaultId, vaultKey)
}
