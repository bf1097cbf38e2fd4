// kms: keys, their states and what is done under them; one file per family of operations.
// This file: Encrypt, Decrypt and GenerateDataKey under symmetric keys.

import type { Bytes } from '../codec/bytes.ts'
import type { Context, Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { additionalData, readBlob, writeBlob } from './ciphertextBlob.ts'
import { arnOf, assertUsable, findKey, type KeyRecord, materialOf } from './keys.ts'

type EncryptionContext = Readonly<Record<string, string>>

interface CommonInput {
  readonly EncryptionAlgorithm?: string
  readonly GrantTokens?: readonly string[]
  readonly DryRun?: boolean
  readonly Recipient?: unknown
}

/** What every one of these operations refuses before it touches a key. */
function checkCommon(input: CommonInput): void {
  const algorithm = input.EncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT'
  if (algorithm !== 'SYMMETRIC_DEFAULT') {
    throw new KeyhearthError('key-usage', {
      keyId: `EncryptionAlgorithm ${algorithm.slice(0, 64)}`,
    })
  }
  if (input.Recipient !== undefined) throw new KeyhearthError('unsupported', { what: 'Recipient' })
  if (input.GrantTokens && input.GrantTokens.length > 0) {
    throw new KeyhearthError('invalid-grant-token')
  }
}

/** AWS answers a permitted dry run with this error. */
function endDryRun(input: CommonInput): void {
  if (input.DryRun) throw new KeyhearthError('dry-run')
}

async function encryptUnder(
  context: Context,
  key: KeyRecord,
  plaintext: Bytes,
  encryptionContext: EncryptionContext,
): Promise<Bytes> {
  const material = await materialOf(context, key, key.currentMaterialId)
  if (!material) throw new KeyhearthError('record-damaged', { what: 'key material' })
  const { keyId, materialId } = material
  const aad = additionalData({ keyId, materialId }, encryptionContext)
  const sealed = await context.vault.encryptUnder(material, aad, plaintext)
  return writeBlob({ keyId, materialId, ...sealed })
}

export const encrypt: Handler<'kms:Encrypt'> = async (context, input) => {
  checkCommon(input)
  const key = await findKey(context, input.KeyId)
  assertUsable(key)
  endDryRun(input)
  const blob = await encryptUnder(context, key, input.Plaintext, input.EncryptionContext ?? {})
  return { CiphertextBlob: blob, KeyId: arnOf(key), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }
}

export const generateDataKey: Handler<'kms:GenerateDataKey'> = async (context, input) => {
  checkCommon(input)
  const length = dataKeyBytes(input)
  const key = await findKey(context, input.KeyId)
  assertUsable(key)
  endDryRun(input)
  const Plaintext = crypto.getRandomValues(new Uint8Array(length))
  return {
    CiphertextBlob: await encryptUnder(context, key, Plaintext, input.EncryptionContext ?? {}),
    Plaintext,
    KeyId: arnOf(key),
    KeyMaterialId: key.currentMaterialId,
  }
}

/** Exactly one of KeySpec and NumberOfBytes (KMS API reference, GenerateDataKey). */
function dataKeyBytes(input: {
  readonly KeySpec?: 'AES_128' | 'AES_256'
  readonly NumberOfBytes?: number
}): number {
  if ((input.KeySpec === undefined) === (input.NumberOfBytes === undefined)) {
    throw new KeyhearthError('invalid-input', {
      what: 'give either KeySpec or NumberOfBytes, not both',
    })
  }
  return input.NumberOfBytes ?? (input.KeySpec === 'AES_128' ? 16 : 32)
}

export const decrypt: Handler<'kms:Decrypt'> = async (context, input) => {
  checkCommon(input)
  const blob = readBlob(input.CiphertextBlob)
  const named = input.KeyId === undefined ? null : await findKey(context, input.KeyId)
  if (!blob) throw new KeyhearthError('invalid-ciphertext')
  if (named && named.keyId !== blob.keyId) throw new KeyhearthError('incorrect-key')
  const key = named ?? (await findKeyOfBlob(context, blob.keyId))
  assertUsable(key)
  endDryRun(input)
  const material = await materialOf(context, key, blob.materialId)
  if (!material) throw new KeyhearthError('invalid-ciphertext')
  const aad = additionalData(blob, input.EncryptionContext ?? {})
  const Plaintext = await context.vault.decryptUnder(material, aad, blob)
  if (!Plaintext) throw new KeyhearthError('invalid-ciphertext')
  return {
    Plaintext,
    KeyId: arnOf(key),
    EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    KeyMaterialId: material.materialId,
  }
}

/** A blob's key id comes from outside: a key that is not the caller's looks like one that is not there. */
async function findKeyOfBlob(context: Context, keyId: string): Promise<KeyRecord> {
  try {
    return await findKey(context, keyId)
  } catch (error) {
    if (!(error instanceof KeyhearthError) || error.reason !== 'key-not-found') throw error
    throw new KeyhearthError('invalid-ciphertext', {}, { cause: error })
  }
}
