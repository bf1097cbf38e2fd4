// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the AWS KMS keyring (framework/aws-kms/aws-kms-keyring.md, aws-kms-discovery-keyring.md).

import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import type { EncryptionContext } from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import type { EncryptedDataKey } from './header.ts'
import type { DecryptionMaterials, Keyring } from './materials.ts'

export const kmsProviderId = 'aws-kms'

/** The three operations a KMS keyring needs, in KMS's own names. */
export interface KmsClient {
  generateDataKey(input: {
    readonly KeyId: string
    readonly NumberOfBytes: number
    readonly EncryptionContext: EncryptionContext
  }): Promise<{ readonly CiphertextBlob: Bytes; readonly Plaintext: Bytes; readonly KeyId: string }>
  encrypt(input: {
    readonly KeyId: string
    readonly Plaintext: Bytes
    readonly EncryptionContext: EncryptionContext
  }): Promise<{ readonly CiphertextBlob: Bytes; readonly KeyId: string }>
  decrypt(input: {
    readonly KeyId: string
    readonly CiphertextBlob: Bytes
    readonly EncryptionContext: EncryptionContext
  }): Promise<{ readonly Plaintext: Bytes; readonly KeyId: string }>
}

export interface KmsKeyringOptions {
  readonly client: KmsClient
  /** Makes the data key. */
  readonly generatorKeyId?: string
  /** Wrap the data key too, so that any of them opens the message. */
  readonly keyIds?: readonly string[]
  /** Decrypt with whatever key a message names; makes no messages. */
  readonly discovery?: boolean
}

export function kmsKeyring(options: KmsKeyringOptions): Keyring {
  const { client, generatorKeyId, keyIds = [], discovery = false } = options
  const configured = generatorKeyId === undefined ? [...keyIds] : [generatorKeyId, ...keyIds]
  if (discovery === configured.length > 0) {
    throw new EncryptionSdkError('invalid', 'A KMS keyring has keys, or discovers them.')
  }
  return {
    async onEncrypt(materials) {
      if (discovery) throw new EncryptionSdkError('invalid', 'A discovery keyring cannot encrypt.')
      const { encryptionContext: EncryptionContext, suite } = materials
      let { plaintextDataKey } = materials
      const encryptedDataKeys = [...materials.encryptedDataKeys]
      const wrapping = plaintextDataKey ? configured : [...keyIds]
      if (!plaintextDataKey) {
        if (generatorKeyId === undefined)
          throw new EncryptionSdkError('no-key', 'No generator key.')
        const made = await client.generateDataKey({
          KeyId: generatorKeyId,
          NumberOfBytes: suite.dataKeyBytes,
          EncryptionContext,
        })
        plaintextDataKey = made.Plaintext
        encryptedDataKeys.push(dataKeyOf(made))
      }
      for (const KeyId of wrapping) {
        const Plaintext = plaintextDataKey
        encryptedDataKeys.push(
          dataKeyOf(await client.encrypt({ KeyId, Plaintext, EncryptionContext })),
        )
      }
      return { ...materials, plaintextDataKey, encryptedDataKeys }
    },
    async onDecrypt(materials, encryptedDataKeys) {
      if (materials.plaintextDataKey) return materials
      const causes: unknown[] = []
      for (const dataKey of encryptedDataKeys) {
        const arn = keyArnOf(dataKey)
        if (arn === null || !(discovery || configured.some((id) => names(id, arn)))) continue
        try {
          return await openDataKey(client, materials, dataKey, arn)
        } catch (error) {
          causes.push(error)
        }
      }
      if (causes.length === 0) return materials
      throw new EncryptionSdkError('no-key', 'No KMS key opened the message.', causes)
    },
  }
}

const dataKeyOf = (made: { CiphertextBlob: Bytes; KeyId: string }): EncryptedDataKey => ({
  providerId: kmsProviderId,
  providerInfo: encodeUtf8(made.KeyId),
  ciphertext: made.CiphertextBlob,
})

/** A configured key may be given as an alias, whose target only KMS knows: then any answer is checked. */
const names = (configured: string, arn: string): boolean =>
  configured === arn || configured.startsWith('alias/') || configured.includes(':alias/')

/** The key ARN a data key names, or `null` where another provider made it. */
export function keyArnOf({ providerId, providerInfo }: EncryptedDataKey): string | null {
  if (providerId !== kmsProviderId) return null
  try {
    return decodeUtf8(providerInfo)
  } catch {
    return null
  }
}

async function openDataKey(
  client: KmsClient,
  materials: DecryptionMaterials,
  { ciphertext, providerInfo }: EncryptedDataKey,
  KeyId: string,
): Promise<DecryptionMaterials> {
  const opened = await client.decrypt({
    KeyId,
    CiphertextBlob: ciphertext,
    EncryptionContext: materials.encryptionContext,
  })
  // The answer must come from the key the message names, with a key of the suite's length.
  if (!equalBytes(encodeUtf8(opened.KeyId), providerInfo)) {
    throw new EncryptionSdkError('no-key', 'KMS answered for another key.')
  }
  if (opened.Plaintext.byteLength !== materials.suite.dataKeyBytes) {
    throw new EncryptionSdkError('no-key', 'The data key has another length than its suite.')
  }
  return { ...materials, plaintextDataKey: opened.Plaintext }
}
