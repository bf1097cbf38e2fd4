// command-line: `npx keyhearth`, the message format without a browser. This file: keys that Keyhearth
// exported (kms/exportKeys), opened by the recovery key's 24 words, as a KMS that can only decrypt.

import { type Bytes, unshared } from '../codec/bytes.ts'
import { additionalData, readBlob } from '../codec/ciphertextBlob.ts'
import {
  type ExportedBranchKey,
  type ExportedKey,
  type ExportedKeys,
  exportKeyName,
  readExportedKeys,
} from '../codec/exportedKeys.ts'
import { decodeBase64 } from '../codec/text.ts'
import {
  type BranchKey,
  decrypt,
  describeMessage,
  importBranchKey,
  type Keyring,
  type KmsClient,
  kmsHierarchicalKeyring,
  kmsKeyring,
  multiKeyring,
  rawAesKeyring,
} from '../encryption-sdk/index.ts'
import { open } from '../hsm/binding.ts'
import { exportKeyBy, readKept } from '../hsm/exporting.ts'
import { deriveMessageKey } from '../hsm/symmetric.ts'
import { contentOf } from './input.ts'
import { CommandError } from './words.ts'

/** @throws CommandError, KeyhearthError, EncryptionSdkError */
export async function exportedKeyring(
  keysFile: string,
  recoveryKeyFile: string | undefined,
): Promise<Keyring> {
  if (recoveryKeyFile === undefined) {
    throw new CommandError('Exported keys open with --recovery-key-file FILE.')
  }
  const file = unshared(await contentOf(keysFile))
  const words = new TextDecoder().decode(await contentOf(recoveryKeyFile))
  const { keys, branchKeys } = await openExport(file, words)
  const kmsDecrypt = decryptingWith(keys)
  const client = { generateDataKey: cannot, encrypt: cannot, decrypt: kmsDecrypt }
  return multiKeyring({
    children: [
      kmsKeyring({ client, discovery: true }),
      ...branchKeys.map((branchKey) => branchKeyring(kmsDecrypt, branchKey)),
    ],
  })
}

async function openExport(file: Uint8Array, words: string): Promise<ExportedKeys> {
  const wrappingKey = await exportKeyBy(describeMessage(file).encryptionContext, readKept(words))
  const { plaintext } = await decrypt(rawAesKeyring({ ...exportKeyName, wrappingKey }), file)
  const exported = readExportedKeys(plaintext)
  plaintext.fill(0)
  if (!exported) throw new CommandError('These keys were exported by a newer Keyhearth.')
  return exported
}

const cannot = async (): Promise<never> => {
  throw new CommandError('Exported keys decrypt only. Encrypt with --raw-key-file.')
}

type Decrypt = (
  input: Parameters<KmsClient['decrypt']>[0],
) => Promise<{ readonly KeyId: string; readonly Plaintext: Bytes }>

/** KMS's Decrypt, with the exported keys. */
export const decryptingWith =
  (keys: readonly ExportedKey[]): Decrypt =>
  async ({ KeyId, CiphertextBlob, EncryptionContext }) => {
    const blob = readBlob(CiphertextBlob)
    const key = keys.find(({ arn, keyId }) => arn === KeyId && keyId === blob?.keyId)
    const version = key?.versions.find(({ materialId }) => materialId === blob?.materialId)
    if (!blob || !version) throw new CommandError(`The key ${KeyId} is not among those exported.`)
    const material = decodeBase64(version.material)
    const base = await crypto.subtle.importKey('raw', material, 'HKDF', false, ['deriveKey'])
    material.fill(0)
    const by = await deriveMessageKey(base, blob.salt)
    const Plaintext = await open(by, additionalData(blob, EncryptionContext), blob.ciphertext)
    if (!Plaintext) throw new CommandError('The message was changed.')
    return { KeyId, Plaintext }
  }

function branchKeyring(kmsDecrypt: Decrypt, exported: ExportedBranchKey): Keyring {
  const { branchKeyId, kmsKeyArn, versions } = exported
  const keyStore = {
    logicalKeyStoreName: 'exported',
    getActiveBranchKey: cannot,
    async getBranchKeyVersion(_branchKeyId: string, wanted: string): Promise<BranchKey> {
      const one = versions.find(({ version }) => version === wanted)
      if (!one)
        throw new CommandError(`This version of ${branchKeyId} is not among those exported.`)
      const { Plaintext } = await kmsDecrypt({
        KeyId: kmsKeyArn,
        CiphertextBlob: decodeBase64(one.ciphertext),
        EncryptionContext: one.encryptionContext,
      })
      return {
        branchKeyId,
        branchKeyVersion: wanted,
        branchKey: await importBranchKey(Plaintext),
      }
    },
  }
  return kmsHierarchicalKeyring({ keyStore, branchKeyId, cacheLimitTtl: 60 })
}
