// command-line: `npx keyhearth`, the message format without a browser. This file: keys that Keyhearth
// exported (kms/exportKeys), opened by the recovery key's 24 words, as a KMS that can only decrypt.

import { readFile } from 'node:fs/promises'
import { type Bytes, unshared } from '../codec/bytes.ts'
import { additionalData, messageKeyInfo, readBlob } from '../codec/ciphertextBlob.ts'
import { decodeBase64, decodeUtf8 } from '../codec/text.ts'
import {
  decrypt,
  describeMessage,
  type Keyring,
  type KmsClient,
  kmsKeyring,
  rawAesKeyring,
} from '../encryption-sdk/index.ts'
import { open } from '../hsm/binding.ts'
import { exportKeyByWords } from '../hsm/exporting.ts'
import { CommandError } from './words.ts'

interface ExportedKey {
  readonly arn: string
  readonly keyId: string
  readonly versions: readonly { readonly materialId: string; readonly material: string }[]
}

const format = 'keyhearth/keys-1'

async function contentOf(path: string): Promise<Bytes> {
  const content = await readFile(path).catch(() => {
    throw new CommandError(`${path} cannot be read.`)
  })
  return unshared(new Uint8Array(content))
}

/** @throws CommandError, KeyhearthError, EncryptionSdkError */
export async function exportedKeyring(
  keysFile: string,
  recoveryKeyFile: string | undefined,
): Promise<Keyring> {
  if (recoveryKeyFile === undefined) {
    throw new CommandError('Exported keys open with --recovery-key-file FILE.')
  }
  const file = await contentOf(keysFile)
  const words = new TextDecoder().decode(await contentOf(recoveryKeyFile))
  const wrappingKey = await exportKeyByWords(describeMessage(file).encryptionContext, words)
  const keyring = rawAesKeyring({ keyNamespace: 'keyhearth', keyName: 'export', wrappingKey })
  const { plaintext } = await decrypt(keyring, file)
  const keys = readKeys(plaintext)
  plaintext.fill(0)
  return kmsKeyring({ client: decryptingWith(keys), discovery: true })
}

/** It is authentic: whoever wrote it had the vault. */
function readKeys(plaintext: Bytes): readonly ExportedKey[] {
  const read = JSON.parse(decodeUtf8(plaintext)) as { format: string; keys: ExportedKey[] }
  if (read.format === format) return read.keys
  throw new CommandError('These keys were exported by a newer Keyhearth.')
}

const cannot = async (): Promise<never> => {
  throw new CommandError('Exported keys decrypt only. Encrypt with --raw-key-file.')
}

const decryptingWith = (keys: readonly ExportedKey[]): KmsClient => ({
  generateDataKey: cannot,
  encrypt: cannot,
  async decrypt({ KeyId, CiphertextBlob, EncryptionContext }) {
    const blob = readBlob(CiphertextBlob)
    const key = keys.find(({ arn, keyId }) => arn === KeyId && keyId === blob?.keyId)
    const version = key?.versions.find(({ materialId }) => materialId === blob?.materialId)
    if (!blob || !version) throw new CommandError(`The key ${KeyId} is not among those exported.`)
    const by = await messageKey(decodeBase64(version.material), blob.salt)
    const Plaintext = await open(by, additionalData(blob, EncryptionContext), blob.ciphertext)
    if (!Plaintext) throw new CommandError('The message was changed.')
    return { KeyId, Plaintext }
  },
})

async function messageKey(material: Bytes, salt: Bytes): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', material, 'HKDF', false, ['deriveKey'])
  material.fill(0)
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt, info: messageKeyInfo }
  const algorithm = { name: 'AES-GCM', length: 256 }
  return crypto.subtle.deriveKey(hkdf, base, algorithm, false, ['decrypt'])
}
