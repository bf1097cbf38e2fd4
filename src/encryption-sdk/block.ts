// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: a body in one block (data-format/message-body.md, "Non-framed data"): IV, length, content,
// tag. Old libraries wrote it; it is read, and never written.

import { type Bytes, concatBytes, uint32, uint64 } from '../codec/bytes.ts'
import { Reader } from '../codec/reader.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { EncryptionSdkError } from './errors.ts'
import { openSealed } from './frames.ts'
import { ivBytes, tagBytes } from './suites.ts'
import type { AesGcm } from './webCryptoGcm.ts'

const label = encodeUtf8('AWSKMSEncryptionClient Single Block')
/** NIST SP 800-38D section 5.2.1.1, in bytes; the specification's limit too. */
const longestBlock = 2 ** 36 - 32

export interface SealedBlock {
  readonly iv: Bytes
  readonly contentBytes: number
  /** Content and tag. */
  readonly sealed: Bytes
}

const headBytes = ivBytes + 8

/** Bytes of the block that begins here, or of its head where not even that is there yet. */
export function blockExtent(bytes: Bytes): number {
  if (bytes.byteLength < headBytes) return headBytes
  const reader = new Reader(bytes)
  reader.view(ivBytes)
  return headBytes + readContentBytes(reader) + tagBytes
}

function readContentBytes(reader: Reader): number {
  const contentBytes = reader.uint32() * 2 ** 32 + reader.uint32()
  if (contentBytes > longestBlock) throw new EncryptionSdkError('limit', 'The block is too long.')
  return contentBytes
}

/** The block that begins here. @throws EncryptionSdkError `limit`; EndOfBytes where it is cut */
export function readBlock(reader: Reader): SealedBlock {
  const iv = reader.bytes(ivBytes)
  const contentBytes = readContentBytes(reader)
  return { iv, contentBytes, sealed: reader.view(contentBytes + tagBytes) }
}

/** @throws EncryptionSdkError `authentication` */
export function openBlock(
  cipher: AesGcm,
  messageId: Bytes,
  { iv, contentBytes, sealed }: SealedBlock,
): Promise<Bytes> {
  const additionalData = concatBytes(messageId, label, uint32(1), uint64(contentBytes))
  return openSealed(cipher, iv, additionalData, sealed)
}
