// kms: keys, their states and what is done under them; one file per family of operations.
// This file: ExportKeys: every symmetric key of the vault with all its versions, in one message of the
// Encryption SDK's format, so that nobody is locked in. docs/command-line.md has the format.

import { encodeBase64, encodeUtf8 } from '../codec/text.ts'
import { encrypt, rawAesKeyring } from '../encryption-sdk/index.ts'
import type { Context, Handler } from '../hsm/context.ts'
import { exportingBy } from '../hsm/operations.ts'
import { allKeys, arnOf, isThere, type KeyRecord, materialOf } from './keys.ts'

const format = 'keyhearth/keys-1'
const content = { 'keyhearth:content': 'keys/1' } as const

async function versionsOf(context: Context, key: KeyRecord) {
  const present = key.materials.filter((material) => isThere(material, context.now))
  const versions = await Promise.all(
    present.map(async ({ materialId }) => {
      const wrapped = await materialOf(context, key, materialId)
      const { materials } = context.vault
      return (
        wrapped && {
          materialId,
          material: await materials.withRevealedBytes(wrapped, encodeBase64),
        }
      )
    }),
  )
  return versions.filter((version) => version !== null)
}

export const exportKeys: Handler<'keyhearth:ExportKeys'> = async (context, { Passphrase }) => {
  const exporting = await exportingBy(context, Passphrase)
  const symmetric = (await allKeys(context)).filter(
    ({ keySpec }) => keySpec === 'SYMMETRIC_DEFAULT',
  )
  const keys = await Promise.all(
    symmetric.map(async (key) => ({
      arn: arnOf(key),
      keyId: key.keyId,
      description: key.description,
      versions: await versionsOf(context, key),
    })),
  )
  const plaintext = encodeUtf8(JSON.stringify({ format, keys }))
  const wrappingKey = exporting.exportKey
  const keyring = rawAesKeyring({ keyNamespace: 'keyhearth', keyName: 'export', wrappingKey })
  const { result } = await encrypt(keyring, plaintext, {
    suiteId: 0x0478,
    encryptionContext: { ...content, ...exporting.context },
  })
  plaintext.fill(0)
  return { File: result, Keys: keys.length }
}
