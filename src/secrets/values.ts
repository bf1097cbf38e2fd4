// secrets: Secrets Manager: secrets, their versions and staging labels. This file: a version's value,
// sealed under a data key of its own, with the encryption context AWS uses (SecretARN, SecretVersionId).

import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import type { Context } from '../hsm/context.ts'
import { generateDataKey } from '../kms/dataKeys.ts'
import { decrypt } from '../kms/encryptDecrypt.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { arnOf, type SecretRecord, type VersionRecord } from './secrets.ts'

export type SecretValue =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'binary'; readonly bytes: Bytes }

/** The request's value. @throws KeyhearthError `secret-invalid` where both are given */
export function valueIn(input: {
  readonly SecretString?: string
  readonly SecretBinary?: Bytes
}): SecretValue | null {
  const { SecretString, SecretBinary } = input
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw new KeyhearthError('secret-invalid', {
      what: 'Give either SecretString or SecretBinary, not both',
    })
  }
  if (SecretString !== undefined) return { kind: 'string', text: SecretString }
  return SecretBinary === undefined ? null : { kind: 'binary', bytes: SecretBinary }
}

const defaultKeyAlias = (context: Context): string =>
  context.principal.kind === 'page' ? 'alias/site' : 'alias/personal'

const contextOf = (secret: SecretRecord, versionId: string) => ({
  SecretARN: arnOf(secret),
  SecretVersionId: versionId,
})

const ivBytes = 12

const dataKey = (bytes: Bytes, usage: 'encrypt' | 'decrypt') =>
  crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, [usage])

export async function sealValue(
  context: Context,
  secret: SecretRecord,
  versionId: string,
  value: SecretValue,
): Promise<VersionRecord> {
  const made = await generateDataKey(context, {
    KeyId: secret.kmsKeyId ?? defaultKeyAlias(context),
    KeySpec: 'AES_256',
    EncryptionContext: contextOf(secret, versionId),
  })
  try {
    const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
    const plaintext = value.kind === 'string' ? encodeUtf8(value.text) : value.bytes
    const key = await dataKey(made.Plaintext, 'encrypt')
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plaintext)
    const ciphertext = concatBytes(iv, new Uint8Array(sealed))
    return { encryptedDataKey: made.CiphertextBlob, ciphertext, kind: value.kind }
  } finally {
    made.Plaintext.fill(0)
  }
}

/** @throws KeyhearthError `record-damaged`, `key-disabled` and the other refusals of the key */
export async function openValue(
  context: Context,
  secret: SecretRecord,
  versionId: string,
  version: VersionRecord,
): Promise<SecretValue> {
  const { Plaintext } = await decrypt(context, {
    CiphertextBlob: version.encryptedDataKey,
    EncryptionContext: contextOf(secret, versionId),
  })
  const bytes = await decryptOrDamaged(Plaintext, version.ciphertext)
  return version.kind === 'string'
    ? { kind: 'string', text: decodeUtf8(bytes) }
    : { kind: 'binary', bytes }
}

async function decryptOrDamaged(dataKeyBytes: Bytes, ciphertext: Bytes): Promise<Bytes> {
  try {
    const key = await dataKey(dataKeyBytes, 'decrypt')
    const iv = ciphertext.slice(0, ivBytes)
    const body = ciphertext.slice(ivBytes)
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, body))
  } catch (cause) {
    throw new KeyhearthError('record-damaged', { what: 'secret value' }, { cause })
  } finally {
    dataKeyBytes.fill(0)
  }
}
