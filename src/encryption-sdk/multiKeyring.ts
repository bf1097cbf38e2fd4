// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: several keyrings as one (framework/multi-keyring.md): any child opens, all children wrap.

import { assertNoDataKey } from './dataKeys.ts'
import { EncryptionSdkError } from './errors.ts'
import type { EncryptionMaterials, Keyring } from './materials.ts'

export interface MultiKeyringOptions {
  /** Makes the data key. */
  readonly generator?: Keyring
  /** Wrap it too; without a generator they only decrypt, or wrap a data key there is already. */
  readonly children?: readonly Keyring[]
}

/** @throws EncryptionSdkError `invalid` */
export function multiKeyring({ generator, children = [] }: MultiKeyringOptions): Keyring {
  const all = generator ? [generator, ...children] : [...children]
  if (all.length === 0) throw new EncryptionSdkError('invalid', 'A multi keyring needs keyrings.')
  return {
    async onEncrypt(materials) {
      let result = await generated(materials, generator)
      for (const keyring of generator ? all.slice(1) : all) result = await keyring.onEncrypt(result)
      return result
    },
    async onDecrypt(materials, encryptedDataKeys) {
      assertNoDataKey(materials)
      const causes: unknown[] = []
      for (const keyring of all) {
        try {
          const result = await keyring.onDecrypt(materials, encryptedDataKeys)
          if (result.plaintextDataKey) return result
        } catch (error) {
          causes.push(...eachCause(error))
        }
      }
      if (causes.length === 0) return materials
      const which = causes
        .map((cause) => (cause instanceof Error ? cause.message : cause))
        .join('; ')
      throw new EncryptionSdkError('no-key', `No keyring opened the message. ${which}`, { causes })
    },
  }
}

/** Materials with a data key: the generator's, or without one what there is ("OnEncrypt"). */
async function generated(
  materials: EncryptionMaterials,
  generator?: Keyring,
): Promise<EncryptionMaterials> {
  if (generator ? materials.plaintextDataKey : !materials.plaintextDataKey) {
    throw new EncryptionSdkError('invalid', 'Exactly one keyring makes the data key.')
  }
  const result = generator ? await generator.onEncrypt(materials) : materials
  if (result.plaintextDataKey) return result
  throw new EncryptionSdkError('no-key', 'The generator made no data key.')
}

/** What a keyring says of each data key, or of itself. */
const eachCause = (error: unknown): readonly unknown[] =>
  error instanceof EncryptionSdkError && error.causes.length > 0 ? error.causes : [error]
