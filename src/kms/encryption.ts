// kms: keys, their states and what is done under them; one file per family of operations.
// This file: encrypting and decrypting under a key that the caller was found to be allowed to use.

import type { Bytes } from '../codec/bytes.ts'
import { additionalData, readBlob, writeBlob } from '../codec/ciphertextBlob.ts'
import type { OaepAlgorithm } from '../hsm/algorithms.ts'
import type { Context } from '../hsm/context.ts'
import { decryptByPrivateKey, encryptToPublicKey } from '../hsm/rsaEncryption.ts'
import { decryptUnder, encryptUnder } from '../hsm/symmetric.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { EncryptionAlgorithm } from '../protocol/keySpecs.ts'
import { currentMaterialOf, type KeyRecord, materialOf } from './keys.ts'

export type EncryptionContext = Readonly<Record<string, string>>

/** Asymmetric encryption has no additional data (KMS developer guide, "Encryption context"). */
export function assertContextFits(
  algorithm: EncryptionAlgorithm,
  context: EncryptionContext,
): void {
  if (algorithm === 'SYMMETRIC_DEFAULT' || Object.keys(context).length === 0) return
  throw new KeyhearthError('invalid-input', {
    what: 'EncryptionContext is not supported with asymmetric keys',
  })
}

export interface Encrypted {
  readonly ciphertext: Bytes
  /** Symmetric keys only. */
  readonly materialId?: string
}
export interface Decrypted {
  readonly plaintext: Bytes
  readonly materialId?: string
}

export function encryptWith(
  context: Context,
  key: KeyRecord,
  algorithm: EncryptionAlgorithm,
  plaintext: Bytes,
  encryptionContext: EncryptionContext,
): Promise<Encrypted> {
  return algorithm === 'SYMMETRIC_DEFAULT'
    ? encryptSymmetric(context, key, plaintext, encryptionContext)
    : encryptRsa(key, algorithm, plaintext)
}

export async function encryptSymmetric(
  context: Context,
  key: KeyRecord,
  plaintext: Bytes,
  encryptionContext: EncryptionContext,
): Promise<Encrypted & { readonly materialId: string }> {
  const material = await currentMaterialOf(context, key)
  const { keyId, materialId } = material
  const aad = additionalData({ keyId, materialId }, encryptionContext)
  const sealed = await encryptUnder(context.vault, material, aad, plaintext)
  return { ciphertext: writeBlob({ keyId, materialId, ...sealed }), materialId }
}

const oaepOverhead = { RSAES_OAEP_SHA_1: 42, RSAES_OAEP_SHA_256: 66 } as const

/** RFC 8017 section 7.1.1: at most k - 2 hLen - 2 bytes; RSA_2048 with SHA-256 takes 190. */
async function encryptRsa(
  { keySpec, publicKey }: KeyRecord,
  algorithm: OaepAlgorithm,
  plaintext: Bytes,
): Promise<Encrypted> {
  const most = Number(keySpec.slice('RSA_'.length)) / 8 - oaepOverhead[algorithm]
  if (plaintext.byteLength > most) {
    throw new KeyhearthError('invalid-input', {
      what: `Plaintext: ${algorithm} with ${keySpec} takes at most ${most} bytes`,
    })
  }
  if (!publicKey) throw new KeyhearthError('record-damaged', { what: 'public key' })
  return { ciphertext: await encryptToPublicKey(publicKey, algorithm, plaintext) }
}

/** @throws KeyhearthError `invalid-ciphertext` */
export async function decryptWith(
  context: Context,
  key: KeyRecord,
  algorithm: EncryptionAlgorithm,
  ciphertext: Bytes,
  encryptionContext: EncryptionContext,
): Promise<Decrypted> {
  const decrypted =
    algorithm === 'SYMMETRIC_DEFAULT'
      ? await decryptSymmetric(context, key, ciphertext, encryptionContext)
      : await decryptRsa(context, key, algorithm, ciphertext)
  if (!decrypted) throw new KeyhearthError('invalid-ciphertext')
  return decrypted
}

async function decryptSymmetric(
  context: Context,
  key: KeyRecord,
  ciphertext: Bytes,
  encryptionContext: EncryptionContext,
): Promise<Decrypted | null> {
  const blob = readBlob(ciphertext)
  if (!blob || blob.keyId !== key.keyId) return null
  const material = await materialOf(context, key, blob.materialId)
  if (!material) return null
  const aad = additionalData(blob, encryptionContext)
  const plaintext = await decryptUnder(context.vault, material, aad, blob)
  return plaintext && { plaintext, materialId: material.materialId }
}

async function decryptRsa(
  context: Context,
  key: KeyRecord,
  algorithm: OaepAlgorithm,
  ciphertext: Bytes,
): Promise<Decrypted | null> {
  const material = await currentMaterialOf(context, key)
  const plaintext = await decryptByPrivateKey(context.vault, material, algorithm, ciphertext)
  return plaintext && { plaintext }
}
