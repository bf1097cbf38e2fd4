// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the CMM that demands pairs of every message (framework/required-encryption-context-cmm.md).
// Messages do not store them, so whoever decrypts has to know them.

import { assertHasKeys, assertUserContext } from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import { type Cmm, type Keyring, toCmm } from './materials.ts'

export interface RequiredEncryptionContextCmmOptions {
  /** Where the materials come from. */
  readonly backingMaterials: Keyring | Cmm
  readonly requiredEncryptionContextKeys: readonly string[]
}

/** @throws EncryptionSdkError `invalid`; its functions throw `context` where a pair is missing */
export function requiredEncryptionContextCmm({
  backingMaterials,
  requiredEncryptionContextKeys,
}: RequiredEncryptionContextCmmOptions): Cmm {
  const keys = [...new Set(requiredEncryptionContextKeys)]
  if (keys.length === 0) {
    throw new EncryptionSdkError('invalid', 'At least one key is required, or this does nothing.')
  }
  assertUserContext(Object.fromEntries(keys.map((key) => [key, ''])))
  const cmm = toCmm(backingMaterials)
  return {
    async getEncryptionMaterials(request) {
      assertHasKeys(request.encryptionContext, keys)
      const required = [...new Set([...(request.requiredEncryptionContextKeys ?? []), ...keys])]
      const materials = await cmm.getEncryptionMaterials({
        ...request,
        requiredEncryptionContextKeys: required,
      })
      const kept = materials.requiredEncryptionContextKeys ?? []
      if (!keys.every((key) => kept.includes(key))) {
        throw new EncryptionSdkError(
          'invalid',
          'The backing materials store what must not be stored.',
        )
      }
      return materials
    },
    async decryptMaterials(request) {
      assertHasKeys(request.reproducedEncryptionContext ?? {}, keys)
      const materials = await cmm.decryptMaterials(request)
      assertHasKeys(materials.encryptionContext, keys)
      return materials
    },
  }
}
