// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the tag that authenticates a header (client-apis/encrypt.md, "Construct the header"): AES-GCM
// over nothing, under the message key and an IV of zeros, which no frame has (their numbers begin at 1).

import type { Bytes } from '../codec/bytes.ts'
import { EncryptionSdkError } from './errors.ts'
import type { ParsedHeader } from './header.ts'
import { ivBytes, tagBytes } from './suites.ts'

const nothing = new Uint8Array(0)

const gcm = (header: Bytes) => ({
  name: 'AES-GCM',
  iv: new Uint8Array(ivBytes),
  additionalData: header,
  tagLength: tagBytes * 8,
})

export async function makeHeaderTag(key: CryptoKey, header: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.encrypt(gcm(header), key, nothing))
}

/** @throws EncryptionSdkError `authentication` */
export async function assertHeaderTag(key: CryptoKey, { body, tag }: ParsedHeader): Promise<void> {
  try {
    await crypto.subtle.decrypt(gcm(body), key, tag)
  } catch {
    throw new EncryptionSdkError('authentication', "The message's header was changed.")
  }
}
