// kms: keys, their states and what is done under them; one file per family of operations.
// This file: ExportKeys: every symmetric key of the vault with all its versions, and the branch keys under
// them, in one message of the Encryption SDK's format, so that nobody is locked in.

import { type ExportedBranchKey, exportKeyName, writeExportedKeys } from '../codec/exportedKeys.ts'
import { encodeBase64 } from '../codec/text.ts'
import { encrypt, rawAesKeyring } from '../encryption-sdk/index.ts'
import type { Context, Handler } from '../hsm/context.ts'
import { exportingBy } from '../hsm/operations.ts'
import { allBranchKeys, type BranchKeyRecord, wrappingContext } from './branchKeyRecords.ts'
import { allKeys, arnOf, isThere, type KeyRecord, materialOf } from './keys.ts'

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

const exportKey = async (context: Context, key: KeyRecord) => ({
  arn: arnOf(key),
  keyId: key.keyId,
  description: key.description,
  versions: await versionsOf(context, key),
})

/** As KMS encrypted them, which opens without KMS where its key is there. */
export const exportBranchKey = (branchKey: BranchKeyRecord): ExportedBranchKey => ({
  branchKeyId: branchKey.branchKeyId,
  kmsKeyArn: branchKey.kmsKeyArn,
  versions: branchKey.versions.map((one) => ({
    version: one.version,
    encryptionContext: wrappingContext(branchKey, one),
    ciphertext: encodeBase64(one.ciphertext),
  })),
})

export const exportKeys: Handler<'keyhearth:ExportKeys'> = async (context, proof) => {
  const exporting = await exportingBy(context, proof)
  const symmetric = (await allKeys(context)).filter(
    ({ keySpec }) => keySpec === 'SYMMETRIC_DEFAULT',
  )
  const keys = await Promise.all(symmetric.map((key) => exportKey(context, key)))
  const branchKeys = (await allBranchKeys(context)).map(exportBranchKey)
  const plaintext = writeExportedKeys({ keys, branchKeys })
  const keyring = rawAesKeyring({ ...exportKeyName, wrappingKey: exporting.exportKey })
  const { result } = await encrypt(keyring, plaintext, {
    suiteId: 0x0478,
    encryptionContext: { ...content, ...exporting.context },
  })
  plaintext.fill(0)
  return { File: result, Keys: keys.length }
}
