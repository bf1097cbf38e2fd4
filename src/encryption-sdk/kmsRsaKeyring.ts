// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the KMS RSA keyring (framework/aws-kms/aws-kms-rsa-keyring.md): anyone wraps with the public
// key, KMS opens. RSA binds no encryption context, so its digest is wrapped with the data key.

import { type Bytes, concatBytes, equalBytes, unshared } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { dataKeyFor, openDataKey, withDataKey } from './dataKeys.ts'
import { type EncryptionContext, serialiseContext } from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import { assertKeyArn, matchesForDecrypt, readKeyArn } from './kmsArns.ts'
import { badAnswer, grantTokensOf, type KmsAnswer } from './kmsDataKeys.ts'
import type { Keyring } from './materials.ts'
import { oaepEncrypt, oaepKey } from './rsaOaep.ts'
import type { Suite } from './suites.ts'

/** By KMS's names, with the hash of each. */
const algorithms = { RSAES_OAEP_SHA_1: 'SHA-1', RSAES_OAEP_SHA_256: 'SHA-256' } as const
type RsaAlgorithm = keyof typeof algorithms

/** What it needs of KMS; `KMS` of `@aws-sdk/client-kms` is one. */
export interface KmsRsaClient {
  decrypt(input: {
    readonly KeyId: string
    readonly CiphertextBlob: Bytes
    readonly EncryptionAlgorithm: RsaAlgorithm
    readonly GrantTokens?: string[]
  }): Promise<KmsAnswer>
}

export interface KmsRsaKeyringOptions {
  /** The key's ARN, for an alias says nothing about the key in a message. */
  readonly kmsKeyId: string
  readonly encryptionAlgorithm: RsaAlgorithm
  /** Wraps: RSA-OAEP with that hash for encrypt, or SubjectPublicKeyInfo as PEM; of 2,048 bits or more. */
  readonly publicKey?: CryptoKey | string
  /** Opens. */
  readonly client?: KmsRsaClient
  readonly grantTokens?: readonly string[]
}

const providerId = 'aws-kms-rsa'
const digestBytes = 48

/** SHA-384 ("Encryption Context Digest"). */
const digestOf = async (context: EncryptionContext): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-384', serialiseContext(context)))

/** Not for signed suites, since anyone may wrap. @throws EncryptionSdkError `invalid` */
export function kmsRsaKeyring(options: KmsRsaKeyringOptions): Keyring {
  const { kmsKeyId, encryptionAlgorithm, publicKey, client } = options
  assertKeyArn(kmsKeyId)
  if (!Object.hasOwn(algorithms, encryptionAlgorithm)) {
    throw new EncryptionSdkError('invalid', `KMS has no algorithm ${encryptionAlgorithm} for RSA.`)
  }
  if (!client && publicKey === undefined) {
    throw new EncryptionSdkError(
      'invalid',
      'A KMS RSA keyring has a public key, a client, or both.',
    )
  }
  const hash = algorithms[encryptionAlgorithm]
  const wrappingKey = publicKey === undefined ? null : oaepKey(publicKey, hash, 'encrypt')
  return {
    async onEncrypt(materials) {
      if (!wrappingKey) {
        throw new EncryptionSdkError('invalid', 'Without a public key nothing is encrypted.')
      }
      assertUnsigned(materials.suite)
      const dataKey = dataKeyFor(materials)
      const content = concatBytes(await digestOf(materials.encryptionContext), dataKey)
      const ciphertext = await oaepEncrypt(await wrappingKey(), content)
      const providerInfo = encodeUtf8(kmsKeyId)
      return withDataKey(materials, dataKey, { providerId, providerInfo, ciphertext })
    },
    async onDecrypt(materials, encryptedDataKeys) {
      if (!client) throw new EncryptionSdkError('invalid', 'Without a client nothing is decrypted.')
      assertUnsigned(materials.suite)
      return openDataKey(materials, encryptedDataKeys, (dataKey) => {
        const key = readKeyArn(dataKey, providerId)
        return key && matchesForDecrypt(kmsKeyId, key.arn)
          ? () => unwrap(client, options, dataKey.ciphertext, materials.encryptionContext)
          : null
      })
    },
  }
}

/** aws-kms-rsa-keyring.md, "Security Considerations". */
function assertUnsigned({ signature }: Suite): void {
  if (!signature) return
  const what =
    'A KMS RSA keyring takes no signed suite: anyone can wrap, so a signature says nothing.'
  throw new EncryptionSdkError('invalid', what)
}

/** @throws EncryptionSdkError `no-key` */
async function unwrap(
  client: KmsRsaClient,
  options: KmsRsaKeyringOptions,
  CiphertextBlob: Bytes,
  context: EncryptionContext,
): Promise<Bytes> {
  const { kmsKeyId: KeyId, encryptionAlgorithm: EncryptionAlgorithm } = options
  const input = { KeyId, CiphertextBlob, EncryptionAlgorithm, ...grantTokensOf(options) }
  const { KeyId: usedKeyId, Plaintext } = await client.decrypt(input)
  if (usedKeyId !== KeyId) throw badAnswer('another key')
  if (!Plaintext) throw badAnswer('no data key')
  const content = unshared(Plaintext)
  if (!equalBytes(content.subarray(0, digestBytes), await digestOf(context))) {
    throw new EncryptionSdkError('no-key', 'The data key is for another encryption context.')
  }
  return content.slice(digestBytes)
}
