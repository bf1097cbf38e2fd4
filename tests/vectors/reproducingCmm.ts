// Opens messages as AWS's default CMM does: what the caller reproduces and the header does not store is
// proven with it. Runs in a browser as well.

import type { Cmm, Keyring } from '../../src/encryption-sdk/index.ts'
import { defaultCmm } from '../../src/encryption-sdk/materials.ts'

export function reproducingCmm(onDecrypt: Keyring['onDecrypt']): Cmm {
  const standard = defaultCmm({ onEncrypt: async (materials) => materials, onDecrypt })
  return {
    ...standard,
    async decryptMaterials({ reproducedEncryptionContext: given = {}, ...request }) {
      const stored = request.encryptionContext
      const encryptionContext = { ...stored, ...given }
      const requiredEncryptionContextKeys = Object.keys(given).filter((key) => !(key in stored))
      const materials = await standard.decryptMaterials({ ...request, encryptionContext })
      return { ...materials, requiredEncryptionContextKeys }
    },
  }
}
