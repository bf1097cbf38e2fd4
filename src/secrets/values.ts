// secrets: Secrets Manager: secrets, their versions and staging labels. This file: a version's value, sealed
// under a data key of its own, with the encryption context AWS uses (SecretARN, SecretVersionId).

import { type Bytes, concatBytes, equalBytes } from '../codec/bytes.ts'
import { decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import type { Context } from '../hsm/context.ts'
import { accountId } from '../hsm/module.ts'
import { aliasArn } from '../kms/arns.ts'
import { generateDataKey } from '../kms/dataKeys.ts'
import { decrypt } from '../kms/encryptDecrypt.ts'
import { type ErrorReason, KeyhearthError } from '../protocol/errors.ts'
import {
  arnOf,
  type SecretRecord,
  type VersionRecord,
  type VersionSummary,
  versionRow,
  versions,
} from './records.ts'

export type SecretValue =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'binary'; readonly bytes: Bytes }

/** What IAM calls the service that asks KMS for the caller (kms:ViaService). */
const via = 'secretsmanager.browser-1.amazonaws.com'

/** In bytes, text as UTF-8 (API reference, SecretString, SecretBinary). */
const mostBytes = 65_536

/** The request's value. @throws KeyhearthError `secret-invalid` where both are given, or too much */
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
  if (SecretString !== undefined) return textValue(SecretString)
  return SecretBinary === undefined ? null : { kind: 'binary', bytes: SecretBinary }
}

/** @throws KeyhearthError `secret-invalid` */
export function textValue(text: string): SecretValue {
  if (encodeUtf8(text).byteLength > mostBytes) {
    throw new KeyhearthError('secret-invalid', { what: `A value has at most ${mostBytes} bytes` })
  }
  return { kind: 'string', text }
}

export const sameValue = (left: SecretValue, right: SecretValue): boolean =>
  left.kind === 'string'
    ? right.kind === 'string' && left.text === right.text
    : right.kind === 'binary' && equalBytes(left.bytes, right.bytes)

/** By the account the secret is in, whoever acts on it. */
function usualKey(context: Context, { account }: SecretRecord): string {
  const own = account === accountId(context.vault.vaultId, null)
  return aliasArn(account, own ? 'alias/personal' : 'alias/site')
}

const contextOf = (secret: SecretRecord, versionId: string) => ({
  SecretARN: arnOf(secret),
  SecretVersionId: versionId,
})

/** Keys that cannot be used are the service's to speak of; who may not use one, hears that from KMS. */
const unusable: ReadonlySet<ErrorReason> = new Set([
  'key-disabled',
  'key-invalid-state',
  'key-unavailable',
  'key-not-found',
  'alias-not-found',
  'key-usage',
] as const)

const orAs =
  (reason: 'secret-encryption' | 'secret-decryption') =>
  (error: unknown): never => {
    const known = error instanceof KeyhearthError && unusable.has(error.reason)
    throw known ? new KeyhearthError(reason, {}, { cause: error }) : error
  }

const ivBytes = 12

const dataKey = (bytes: Bytes, usage: 'encrypt' | 'decrypt') =>
  crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, [usage])

/**
 * Stages a version's row. What it gives says where, and is to go into the secret's record.
 *
 * @throws KeyhearthError `secret-encryption`, and KMS's refusals of the caller
 */
export async function stageValue(
  context: Context,
  secret: SecretRecord,
  versionId: string,
  value: SecretValue,
): Promise<Omit<VersionSummary, 'stages'>> {
  const made = await generateDataKey(
    { ...context, via },
    {
      KeyId: secret.kmsKeyId ?? usualKey(context, secret),
      KeySpec: 'AES_256',
      EncryptionContext: contextOf(secret, versionId),
    },
  ).catch(orAs('secret-encryption'))
  try {
    const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
    const plaintext = value.kind === 'string' ? encodeUtf8(value.text) : value.bytes
    const key = await dataKey(made.Plaintext, 'encrypt')
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plaintext)
    const ciphertext = concatBytes(iv, new Uint8Array(sealed))
    const record = { encryptedDataKey: made.CiphertextBlob, ciphertext, kind: value.kind }
    context.staged.put(versions, versionRow(secret.id, versionId), null, record)
  } finally {
    made.Plaintext.fill(0)
  }
  const revision = await context.records.nextRevision()
  const [keyId = ''] = made.KeyId.split('/').slice(-1)
  return { versionId, createdAt: context.now, keyId, revision }
}

const hasValue = ({ revision }: VersionSummary): boolean => revision !== 0

/**
 * The values of versions, in their order, read at once.
 *
 * @throws KeyhearthError `secret-not-found` for one without value, `record-damaged`, `secret-decryption`, and
 *   KMS's refusals of the caller
 */
export async function openValues(
  context: Context,
  wanted: readonly { readonly secret: SecretRecord; readonly version: VersionSummary }[],
): Promise<SecretValue[]> {
  if (!wanted.every(({ version }) => hasValue(version))) {
    throw new KeyhearthError('secret-not-found')
  }
  const rows = wanted.map(({ secret, version }) => ({
    id: versionRow(secret.id, version.versionId),
    revision: version.revision,
  }))
  const records = await context.records.getAt(versions, rows)
  const values: SecretValue[] = []
  for (const [i, { secret, version }] of wanted.entries()) {
    const record = records[i]
    if (record) values.push(await open(context, secret, version.versionId, record))
  }
  return values
}

/** The same, each by itself: `null` for what is damaged, or whose key cannot be used, which keeps no other back. */
export async function openEach(
  context: Context,
  wanted: Parameters<typeof openValues>[1],
): Promise<(SecretValue | null)[]> {
  try {
    return await openValues(context, wanted)
  } catch (error) {
    assertUnreadable(error)
    if (wanted.length < 2) return wanted.map(() => null)
  }
  const each: (SecretValue | null)[] = []
  for (const one of wanted) each.push(...(await openEach(context, [one])))
  return each
}

/** A vault that was locked meanwhile says nothing of a value. */
function assertUnreadable(error: unknown): void {
  if (!(error instanceof KeyhearthError) || error.reason === 'vault-locked') throw error
}

export async function openValue(
  context: Context,
  secret: SecretRecord,
  version: VersionSummary,
): Promise<SecretValue> {
  const [value] = await openValues(context, [{ secret, version }])
  if (!value) throw new KeyhearthError('secret-not-found')
  return value
}

async function open(
  context: Context,
  secret: SecretRecord,
  versionId: string,
  { encryptedDataKey, ciphertext, kind }: VersionRecord,
): Promise<SecretValue> {
  const { Plaintext } = await decrypt(
    { ...context, via },
    { CiphertextBlob: encryptedDataKey, EncryptionContext: contextOf(secret, versionId) },
  ).catch(orAs('secret-decryption'))
  const bytes = await decryptOrDamaged(Plaintext, ciphertext)
  return kind === 'string' ? { kind: 'string', text: decodeUtf8(bytes) } : { kind: 'binary', bytes }
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
