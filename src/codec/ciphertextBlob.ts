// codec: pure conversions between bytes and their written forms. This file: what KMS's Encrypt returns. AWS
// leaves a CiphertextBlob's inside to KMS; this is Keyhearth's:
//
//   01 | key id (16, the UUID's bytes) | key material id (32) | salt (16) | iv 12, ciphertext, tag 16
//   02 | the same with a multi-Region key's id, mrk- and 32 hex digits
//
// The head names the key, so that Decrypt needs no KeyId, and is authenticated with the context.

import { type Bytes, concatBytes, joinUnambiguously } from './bytes.ts'
import { decodeHex, encodeHex } from './text.ts'

const formats = { uuid: 1, multiRegion: 2 } as const
const multiRegionPrefix = 'mrk-'
const headBytes = 1 + 16 + 32
const saltBytes = 16
const leastBytes = headBytes + saltBytes + 12 + 16

/** Under a key derived from the key's material with this salt (hsm/symmetric). */
export interface Sealed {
  readonly salt: Bytes
  readonly ciphertext: Bytes
}

export interface CiphertextBlob extends Sealed {
  readonly keyId: string
  readonly materialId: string
}

function keyIdText(format: number, bytes: Uint8Array): string {
  const hex = encodeHex(bytes)
  if (format === formats.multiRegion) return multiRegionPrefix + hex
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-')
}

function head(keyId: string, materialId: string): Bytes {
  const multiRegion = keyId.startsWith(multiRegionPrefix)
  const digits = multiRegion ? keyId.slice(multiRegionPrefix.length) : keyId.replaceAll('-', '')
  const format = multiRegion ? formats.multiRegion : formats.uuid
  return concatBytes(Uint8Array.of(format), decodeHex(digits), decodeHex(materialId))
}

export const writeBlob = (blob: CiphertextBlob): Bytes =>
  concatBytes(head(blob.keyId, blob.materialId), blob.salt, blob.ciphertext)

/** `null` where the bytes are not of this format at all. */
export function readBlob(bytes: Bytes): CiphertextBlob | null {
  const [format] = bytes
  if (format !== formats.uuid && format !== formats.multiRegion) return null
  if (bytes.byteLength < leastBytes) return null
  return {
    keyId: keyIdText(format, bytes.subarray(1, 17)),
    materialId: encodeHex(bytes.subarray(17, headBytes)),
    salt: bytes.slice(headBytes, headBytes + saltBytes),
    ciphertext: bytes.slice(headBytes + saltBytes),
  }
}

/**
 * Additional data: format, key, material and the encryption context in the order of its keys' UTF-16
 * units. Order of insertion must not matter (KMS developer guide, "Encryption context").
 */
export function additionalData(
  { keyId, materialId }: Pick<CiphertextBlob, 'keyId' | 'materialId'>,
  context: Readonly<Record<string, string>>,
): Bytes {
  const pairs = Object.entries(context).sort(([left], [right]) => (left < right ? -1 : 1))
  return joinUnambiguously('keyhearth/1 kms', head(keyId, materialId), ...pairs.flat())
}
