// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: data keys under one symmetric KMS key, as every keyring over such keys makes and opens them
// (framework/aws-kms/aws-kms-keyring.md, "OnEncrypt", "OnDecrypt"; the MRK keyrings say the same).

import { type Bytes, unshared } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { withDataKey } from './dataKeys.ts'
import type { EncryptionContext } from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import type { EncryptedDataKey } from './header.ts'
import { kmsProviderId, parseKeyArn } from './kmsArns.ts'
import type { DecryptionMaterials, EncryptionMaterials } from './materials.ts'

interface KeyUse {
  readonly KeyId: string
  readonly EncryptionContext: EncryptionContext
  readonly GrantTokens?: string[]
}

/** What a keyring needs of KMS, in KMS's own names: `KMS` of `@aws-sdk/client-kms` is one. */
export interface KmsClient {
  generateDataKey(input: KeyUse & { readonly NumberOfBytes: number }): Promise<KmsAnswer>
  encrypt(input: KeyUse & { readonly Plaintext: Bytes }): Promise<KmsAnswer>
  decrypt(input: KeyUse & { readonly CiphertextBlob: Bytes }): Promise<KmsAnswer>
}

/** Each operation fills the members that KMS documents for it; all are checked. */
export interface KmsAnswer {
  readonly KeyId?: string | undefined
  readonly CiphertextBlob?: Uint8Array | undefined
  readonly Plaintext?: Uint8Array | undefined
}

/** One KMS, with the tokens of grants that are too fresh for it to know of itself. */
export interface KmsAccess {
  readonly client: KmsClient
  readonly grantTokens?: readonly string[]
}

/** Left out where there are none: not every KMS takes an empty list. */
export const grantTokensOf = ({
  grantTokens = [],
}: {
  readonly grantTokens?: readonly string[]
}): { readonly GrantTokens?: string[] } =>
  grantTokens.length === 0 ? {} : { GrantTokens: [...grantTokens] }

/** Makes the data key where there is none, else wraps the one there is. */
export const wrapWithKms = (
  access: KmsAccess,
  keyId: string,
  materials: EncryptionMaterials,
): Promise<EncryptionMaterials> =>
  materials.plaintextDataKey
    ? encryptDataKey(access, keyId, materials, materials.plaintextDataKey)
    : generateDataKey(access, keyId, materials)

async function generateDataKey(
  access: KmsAccess,
  KeyId: string,
  materials: EncryptionMaterials,
): Promise<EncryptionMaterials> {
  const { encryptionContext: EncryptionContext, suite } = materials
  const NumberOfBytes = suite.dataKeyBytes
  const answer = await access.client.generateDataKey({
    KeyId,
    NumberOfBytes,
    EncryptionContext,
    ...grantTokensOf(access),
  })
  if (answer.Plaintext?.byteLength !== NumberOfBytes) throw badAnswer('a key of another length')
  return withDataKey(materials, unshared(answer.Plaintext), dataKeyOf(answer))
}

async function encryptDataKey(
  access: KmsAccess,
  KeyId: string,
  materials: EncryptionMaterials,
  Plaintext: Bytes,
): Promise<EncryptionMaterials> {
  const { encryptionContext: EncryptionContext } = materials
  const input = { KeyId, Plaintext, EncryptionContext, ...grantTokensOf(access) }
  return withDataKey(materials, Plaintext, dataKeyOf(await access.client.encrypt(input)))
}

function dataKeyOf({ KeyId, CiphertextBlob }: KmsAnswer): EncryptedDataKey {
  if (KeyId === undefined || !parseKeyArn(KeyId)) throw badAnswer('no key ARN')
  if (!CiphertextBlob) throw badAnswer('no ciphertext')
  return {
    providerId: kmsProviderId,
    providerInfo: encodeUtf8(KeyId),
    ciphertext: unshared(CiphertextBlob),
  }
}

/** Only an answer from the very key that was asked counts. @throws EncryptionSdkError `no-key` */
export async function unwrapWithKms(
  access: KmsAccess,
  KeyId: string,
  { ciphertext: CiphertextBlob }: EncryptedDataKey,
  { encryptionContext: EncryptionContext }: DecryptionMaterials,
): Promise<Bytes> {
  const input = { KeyId, CiphertextBlob, EncryptionContext, ...grantTokensOf(access) }
  const answer = await access.client.decrypt(input)
  if (answer.KeyId !== KeyId) throw badAnswer('another key')
  if (!answer.Plaintext) throw badAnswer('no data key')
  return unshared(answer.Plaintext)
}

export const badAnswer = (what: string): EncryptionSdkError =>
  new EncryptionSdkError('no-key', `KMS answered with ${what}.`)
