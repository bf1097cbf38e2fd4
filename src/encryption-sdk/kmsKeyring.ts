// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the AWS KMS keyring (framework/aws-kms/aws-kms-keyring.md, aws-kms-discovery-keyring.md).

import { type Bytes, unshared } from '../codec/bytes.ts'
import { decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import { openDataKey } from './dataKeys.ts'
import type { EncryptionContext } from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import type { EncryptedDataKey } from './header.ts'
import type { DecryptionMaterials, EncryptionMaterials, Keyring } from './materials.ts'

const kmsProviderId = 'aws-kms'

/** What a keyring needs of KMS, in KMS's own names: `KMS` of `@aws-sdk/client-kms` is one. */
export interface KmsClient {
  generateDataKey(input: {
    readonly KeyId: string
    readonly NumberOfBytes: number
    readonly EncryptionContext: EncryptionContext
  }): Promise<KmsAnswer>
  encrypt(input: {
    readonly KeyId: string
    readonly Plaintext: Bytes
    readonly EncryptionContext: EncryptionContext
  }): Promise<KmsAnswer>
  decrypt(input: {
    readonly KeyId: string
    readonly CiphertextBlob: Bytes
    readonly EncryptionContext: EncryptionContext
  }): Promise<KmsAnswer>
}

/** Each operation fills the members that KMS documents for it; all are checked. */
export interface KmsAnswer {
  readonly KeyId?: string | undefined
  readonly CiphertextBlob?: Uint8Array | undefined
  readonly Plaintext?: Uint8Array | undefined
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

/**
 * Without `discovery` it decrypts with the keys given as key ARNs only: an alias or a key id says nothing
 * about the ARN in a message. What `client` throws while encrypting passes through as it is.
 */
export function kmsKeyring(options: KmsKeyringOptions): Keyring {
  const { client, generatorKeyId, keyIds = [], discovery = false } = options
  const configured = generatorKeyId === undefined ? keyIds : [generatorKeyId, ...keyIds]
  const configures = configured.length > 0
  if (discovery === configures || configured.includes('')) {
    throw new EncryptionSdkError('invalid', 'A KMS keyring has keys, or else discovers them.')
  }
  return {
    async onEncrypt(materials) {
      if (discovery) throw new EncryptionSdkError('invalid', 'A discovery keyring cannot encrypt.')
      const { plaintextDataKey } = materials
      if (plaintextDataKey) return wrap(client, configured, { ...materials, plaintextDataKey })
      if (generatorKeyId === undefined) {
        throw new EncryptionSdkError('no-key', 'This keyring has no generator key.')
      }
      return wrap(client, keyIds, await generate(client, generatorKeyId, materials))
    },
    onDecrypt: (materials, encryptedDataKeys) =>
      openDataKey(materials, encryptedDataKeys, (dataKey) => {
        const arn = readKeyArn(dataKey)
        const own = arn !== null && (discovery || configured.includes(arn))
        return own ? () => open(client, arn, dataKey, materials) : null
      }),
  }
}

type WithDataKey = EncryptionMaterials & { readonly plaintextDataKey: Bytes }

async function generate(
  client: KmsClient,
  KeyId: string,
  materials: EncryptionMaterials,
): Promise<WithDataKey> {
  const { encryptionContext: EncryptionContext, suite } = materials
  const NumberOfBytes = suite.dataKeyBytes
  const answer = await client.generateDataKey({ KeyId, NumberOfBytes, EncryptionContext })
  if (answer.Plaintext?.byteLength !== NumberOfBytes) throw badAnswer('a key of another length')
  const encryptedDataKeys = [...materials.encryptedDataKeys, dataKeyOf(answer)]
  return { ...materials, plaintextDataKey: unshared(answer.Plaintext), encryptedDataKeys }
}

async function wrap(
  client: KmsClient,
  keyIds: readonly string[],
  materials: WithDataKey,
): Promise<EncryptionMaterials> {
  const { plaintextDataKey: Plaintext, encryptionContext: EncryptionContext } = materials
  const encryptedDataKeys = [...materials.encryptedDataKeys]
  for (const KeyId of keyIds) {
    encryptedDataKeys.push(dataKeyOf(await client.encrypt({ KeyId, Plaintext, EncryptionContext })))
  }
  return { ...materials, encryptedDataKeys }
}

function dataKeyOf({ KeyId, CiphertextBlob }: KmsAnswer): EncryptedDataKey {
  if (KeyId === undefined || !isKeyArn(KeyId)) throw badAnswer('no key ARN')
  if (!CiphertextBlob) throw badAnswer('no ciphertext')
  return {
    providerId: kmsProviderId,
    providerInfo: encodeUtf8(KeyId),
    ciphertext: unshared(CiphertextBlob),
  }
}

/** Only an answer from the very key the message names counts, with a key of the suite's length. */
async function open(
  client: KmsClient,
  KeyId: string,
  { ciphertext: CiphertextBlob }: EncryptedDataKey,
  { encryptionContext: EncryptionContext, suite }: DecryptionMaterials,
): Promise<Bytes> {
  const answer = await client.decrypt({ KeyId, CiphertextBlob, EncryptionContext })
  if (answer.KeyId !== KeyId) throw badAnswer('another key')
  if (answer.Plaintext?.byteLength !== suite.dataKeyBytes)
    throw badAnswer('a key of another length')
  return unshared(answer.Plaintext)
}

const badAnswer = (what: string) => new EncryptionSdkError('no-key', `KMS answered with ${what}.`)

/** aws-kms-key-arn.md, "A valid AWS KMS ARN", of a key; as long as KMS lets one be. */
const isKeyArn = (text: string): boolean =>
  text.length <= 2048 && /^arn:[^:\s]+:kms:[^:\s]+:[^:\s]+:key\/\S+$/.test(text)

/**
 * The key ARN that a data key names, or `null` where another provider made it.
 * @throws EncryptionSdkError `malformed` where KMS should have made it, and names no key
 */
function readKeyArn({ providerId, providerInfo }: EncryptedDataKey): string | null {
  if (providerId !== kmsProviderId) return null
  const text = readText(providerInfo)
  if (text !== null && isKeyArn(text)) return text
  throw new EncryptionSdkError('malformed', 'The message names a KMS key that is none.')
}

function readText(bytes: Bytes): string | null {
  try {
    return decodeUtf8(bytes)
  } catch {
    return null
  }
}

/** The ARNs of all KMS keys a message was made for; what is no ARN is left out. */
export const keyArnsOf = (encryptedDataKeys: readonly EncryptedDataKey[]): readonly string[] =>
  encryptedDataKeys
    .filter(({ providerId }) => providerId === kmsProviderId)
    .map(({ providerInfo }) => readText(providerInfo))
    .filter((text): text is string => text !== null && isKeyArn(text))
