// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: what all keyrings do alike (framework/keyring-interface.md): they make a data key where there
// is none, add it to the materials as they wrapped it, and try those that are theirs one after the other.

import type { Bytes } from '../codec/bytes.ts'
import { DataKeyError, EncryptionSdkError } from './errors.ts'
import type { EncryptedDataKey } from './header.ts'
import type { DecryptionMaterials, EncryptionMaterials } from './materials.ts'
import { keyNameOf } from './rawKeyNames.ts'

/** The data key there is, or a fresh one as long as the suite wants it ("Generate Data Key"). */
export const dataKeyFor = ({ plaintextDataKey, suite }: EncryptionMaterials): Bytes =>
  plaintextDataKey ?? crypto.getRandomValues(new Uint8Array(suite.dataKeyBytes))

/** The materials with that data key, and with it wrapped once more ("Encrypt Data Key"). */
export const withDataKey = (
  materials: EncryptionMaterials,
  plaintextDataKey: Bytes,
  wrapped: EncryptedDataKey,
): EncryptionMaterials => ({
  ...materials,
  plaintextDataKey,
  encryptedDataKeys: [...materials.encryptedDataKeys, wrapped],
})

/**
 * How one data key is opened, or `null` where it is another's. Opening rejects where it fails; the
 * question itself throws only for a message that no keyring of the kind may read.
 */
type Opening = (dataKey: EncryptedDataKey) => (() => Promise<Bytes>) | null

/**
 * The first of the data keys that opens ("OnDecrypt"). Materials without one mean: none is this keyring's.
 * @throws EncryptionSdkError `invalid` where there is one already; `no-key` with a DataKeyError for each
 *   that failed
 */
export async function openDataKey(
  materials: DecryptionMaterials,
  encryptedDataKeys: readonly EncryptedDataKey[],
  openingOf: Opening,
): Promise<DecryptionMaterials> {
  assertNoDataKey(materials)
  const own = encryptedDataKeys.map((dataKey) => ({ dataKey, open: openingOf(dataKey) }))
  const causes: DataKeyError[] = []
  for (const { dataKey, open } of own) {
    if (!open) continue
    try {
      const plaintextDataKey = await open()
      assertLength(plaintextDataKey, materials)
      return { ...materials, plaintextDataKey }
    } catch (error) {
      const { providerId, providerInfo } = dataKey
      causes.push(new DataKeyError(providerId, keyNameOf(providerInfo), error))
    }
  }
  if (causes.length === 0) return materials
  const which = causes.map(({ message }) => message).join('; ')
  throw new EncryptionSdkError('no-key', `No data key could be opened. ${which}`, { causes })
}

/** @throws EncryptionSdkError `invalid` */
export function assertNoDataKey({ plaintextDataKey }: DecryptionMaterials): void {
  if (plaintextDataKey) {
    throw new EncryptionSdkError('invalid', 'These materials have their data key already.')
  }
}

function assertLength(dataKey: Bytes, { suite }: DecryptionMaterials): void {
  if (dataKey.byteLength !== suite.dataKeyBytes) {
    throw new EncryptionSdkError('no-key', 'The data key has another length than its suite.')
  }
}
