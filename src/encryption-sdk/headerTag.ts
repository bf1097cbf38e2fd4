// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the tag that authenticates a header (client-apis/encrypt.md, "Authentication tag"): AES-GCM
// over nothing, under the message key and an IV of zeros, which no frame has (their numbers begin at 1).

import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { type EncryptionContext, serialiseContext } from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import { headerIv, type ParsedHeader } from './header.ts'
import type { Suite } from './suites.ts'
import type { AesGcm } from './webCryptoGcm.ts'

const nothing = new Uint8Array(0)

/** The header's bytes, and the pairs that are proven with it though they do not stand in it. */
const additionalData = (header: Bytes, unstored: EncryptionContext): Bytes =>
  concatBytes(header, serialiseContext(unstored))

/** What follows the header: format 1 writes its IV, format 2 always has the one of zeros. */
export async function makeHeaderTag(
  { messageFormat }: Suite,
  cipher: AesGcm,
  header: Bytes,
  unstored: EncryptionContext = {},
  iv = headerIv,
): Promise<Bytes> {
  const tag = await cipher.seal(iv, additionalData(header, unstored), nothing)
  return messageFormat === 1 ? concatBytes(iv, tag) : tag
}

/** @throws EncryptionSdkError `authentication` */
export async function assertHeaderTag(
  cipher: AesGcm,
  { body, iv, tag }: Pick<ParsedHeader, 'body' | 'iv' | 'tag'>,
  unstored: EncryptionContext = {},
): Promise<void> {
  try {
    await cipher.open(iv, additionalData(body, unstored), tag)
  } catch {
    throw new EncryptionSdkError('authentication', "The message's header was changed.")
  }
}
