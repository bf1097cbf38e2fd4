// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: data keys under a shared secret, the same for raw and KMS keys (framework/raw-ecdh-keyring.md,
// "Structure", "Data Key Wrapping"; key-agreement-schemas.md, "Key Derivation").

import { type Bytes, concatBytes, equalBytes, uint32 } from '../codec/bytes.ts'
import { EndOfBytes, Reader } from '../codec/reader.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { importAesGcm } from './aesGcm.ts'
import { deriveInCounterMode, importPrfKey } from './counterKdf.ts'
import { dataKeyFor, withDataKey } from './dataKeys.ts'
import type { EcdhCurve } from './ecdhKeys.ts'
import { type EncryptionContext, serialiseContext } from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import type { EncryptedDataKey } from './header.ts'
import type { EncryptionMaterials } from './materials.ts'
import { ivBytes, tagBytes } from './suites.ts'

/** Either opens what the other made. */
type ProviderId = 'raw-ecdh' | 'aws-kms-ecdh'

const version = 1
const saltBytes = 32
const commitmentBytes = 32
const wrappingKeyBytes = 32
/** Every wrapping key wraps one data key, since the salt is its own. */
const zeroIv = new Uint8Array(ivBytes)
const zero = Uint8Array.of(0)

/** Compressed public keys. */
export interface Parties {
  readonly sender: Bytes
  readonly recipient: Bytes
}

const writeParties = ({ sender, recipient }: Parties): Bytes =>
  concatBytes(
    Uint8Array.of(version),
    uint32(recipient.byteLength),
    recipient,
    uint32(sender.byteLength),
    sender,
  )

/** `null` where the data key is no shared secret's on that curve. */
export function readParties(
  { coordinateBytes }: EcdhCurve,
  { providerId, providerInfo, ciphertext }: EncryptedDataKey,
): Parties | null {
  if (providerId !== 'raw-ecdh' && providerId !== 'aws-kms-ecdh') return null
  if (ciphertext.byteLength <= saltBytes + commitmentBytes + tagBytes) return null
  const pointBytes = 1 + coordinateBytes
  try {
    const reader = new Reader(providerInfo)
    if (reader.uint8() !== version || reader.uint32() !== pointBytes) return null
    const recipient = reader.bytes(pointBytes)
    if (reader.uint32() !== pointBytes) return null
    const sender = reader.bytes(pointBytes)
    return reader.remaining === 0 ? { sender, recipient } : null
  } catch (error) {
    if (error instanceof EndOfBytes) return null
    throw error
  }
}

/** The two have one secret, whoever of them sends. */
export function areBetween(
  { sender, recipient }: Parties,
  one: { readonly compressed: Bytes },
  other: { readonly compressed: Bytes },
): boolean {
  const sent = equalBytes(sender, one.compressed) && equalBytes(recipient, other.compressed)
  return sent || (equalBytes(sender, other.compressed) && equalBytes(recipient, one.compressed))
}

/** In the order of the specification's formula, in the letters that AWS's libraries write. */
const fixedInfo = (curve: EcdhCurve, parties: Parties, context: EncryptionContext): Bytes =>
  concatBytes(
    encodeUtf8(`ecdh-key-derivation\0${curve.name}\0HMAC_SHA384\0`),
    parties.sender,
    parties.recipient,
    zero,
    Uint8Array.of(version),
    zero,
    serialiseContext(context),
  )

async function derive(secret: Bytes, info: Bytes, salt: Bytes) {
  const prfKey = await importPrfKey(secret, 'SHA-384')
  const length = commitmentBytes + wrappingKeyBytes
  const derived = await deriveInCounterMode(prfKey, info, salt, length)
  return {
    commitment: derived.slice(0, commitmentBytes),
    wrappingKey: derived.slice(commitmentBytes),
  }
}

/** The materials with one more encrypted data key: salt, commitment, wrapped key, tag. */
export async function wrapAgreed(
  curve: EcdhCurve,
  providerId: ProviderId,
  parties: Parties,
  secret: Bytes,
  materials: EncryptionMaterials,
): Promise<EncryptionMaterials> {
  const info = fixedInfo(curve, parties, materials.encryptionContext)
  const salt = crypto.getRandomValues(new Uint8Array(saltBytes))
  const { commitment, wrappingKey } = await derive(secret, info, salt)
  const dataKey = dataKeyFor(materials)
  const cipher = await importAesGcm(wrappingKey, 'encrypt')
  const wrapped = await cipher.seal(zeroIv, info, dataKey)
  return withDataKey(materials, dataKey, {
    providerId,
    providerInfo: writeParties(parties),
    ciphertext: concatBytes(salt, commitment, wrapped),
  })
}

/** @throws EncryptionSdkError `commitment`, `no-key` */
export async function unwrapAgreed(
  curve: EcdhCurve,
  parties: Parties,
  secret: Bytes,
  context: EncryptionContext,
  ciphertext: Bytes,
): Promise<Bytes> {
  const info = fixedInfo(curve, parties, context)
  const reader = new Reader(ciphertext)
  const { commitment, wrappingKey } = await derive(secret, info, reader.bytes(saltBytes))
  if (!equalBytes(commitment, reader.bytes(commitmentBytes))) {
    throw new EncryptionSdkError('commitment', 'The data key commits to another secret or context.')
  }
  const cipher = await importAesGcm(wrappingKey, 'decrypt')
  try {
    return await cipher.open(zeroIv, info, reader.bytes(reader.remaining))
  } catch {
    throw new EncryptionSdkError('no-key', 'The wrapped data key was changed.')
  }
}
