// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: several keyrings as one (framework/multi-keyring.md): any child opens, all children wrap.

import { EncryptionSdkError } from './errors.ts'
import type { Keyring } from './materials.ts'

export interface MultiKeyringOptions {
  /** Makes the data key. */
  readonly generator?: Keyring
  readonly children?: readonly Keyring[]
}

export function multiKeyring({ generator, children = [] }: MultiKeyringOptions): Keyring {
  const all = generator ? [generator, ...children] : [...children]
  if (all.length === 0) throw new EncryptionSdkError('invalid', 'A multi keyring needs keyrings.')
  return {
    async onEncrypt(materials) {
      if (generator ? materials.plaintextDataKey : !materials.plaintextDataKey) {
        throw new EncryptionSdkError('invalid', 'Exactly one keyring makes the data key.')
      }
      let result = materials
      for (const keyring of all) result = await keyring.onEncrypt(result)
      return result
    },
    async onDecrypt(materials, encryptedDataKeys) {
      if (materials.plaintextDataKey) return materials
      const causes: unknown[] = []
      for (const keyring of all) {
        try {
          const result = await keyring.onDecrypt(materials, encryptedDataKeys)
          if (result.plaintextDataKey) return result
        } catch (error) {
          causes.push(error)
        }
      }
      if (causes.length === 0) return materials
      throw new EncryptionSdkError('no-key', 'No keyring opened the message.', { causes })
    },
  }
}
