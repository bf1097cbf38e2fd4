// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: from the data key to the message's key and its commitment
// (client-apis/encrypt.md, "Get the encryption materials"; framework/algorithm-suites.md, "HKDF").

import { type Bytes, concatBytes, equalBytes, uint16 } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { type AesUsage, deriveAesGcm, importAesGcm } from './aesGcm.ts'
import { EncryptionSdkError } from './errors.ts'
import { commits, type Suite } from './suites.ts'
import type { AesGcm } from './webCryptoGcm.ts'

const nothing = new Uint8Array(0)
const deriveLabel = encodeUtf8('DERIVEKEY')
const commitLabel = encodeUtf8('COMMITKEY')

export interface MessageKey {
  readonly cipher: AesGcm
  /** Empty where the suite does not commit. */
  readonly commitment: Bytes
}

export async function deriveMessageKey(
  suite: Suite,
  dataKey: Bytes,
  messageId: Bytes,
  ...usages: AesUsage[]
): Promise<MessageKey> {
  if (dataKey.byteLength !== suite.dataKeyBytes) {
    throw new EncryptionSdkError('malformed', 'The data key has another length than its suite.')
  }
  const { kdfHash } = suite
  if (!kdfHash) return { cipher: await importAesGcm(dataKey, ...usages), commitment: nothing }
  const base = await crypto.subtle.importKey('raw', dataKey, 'HKDF', false, [
    'deriveKey',
    'deriveBits',
  ])
  const id = uint16(suite.id)
  const hkdf = (salt: Bytes, info: Bytes) => ({ name: 'HKDF', hash: kdfHash, salt, info })
  const derive = (parameters: HkdfParams) =>
    deriveAesGcm(parameters, base, suite.dataKeyBytes, ...usages)
  // The header's tag is made with the same key, so a decrypting key checks it by decrypting nothing.
  if (!commits(suite)) {
    return { cipher: await derive(hkdf(nothing, concatBytes(id, messageId))), commitment: nothing }
  }
  const [cipher, commitment] = await Promise.all([
    derive(hkdf(messageId, concatBytes(id, deriveLabel))),
    crypto.subtle.deriveBits(hkdf(messageId, commitLabel), base, suite.commitmentBytes * 8),
  ])
  return { cipher, commitment: new Uint8Array(commitment) }
}

/**
 * The same key, extractable: to be wrapped for whoever makes or opens the body in our place, and dropped.
 * Its bytes are not in JavaScript.
 * @throws EncryptionSdkError `unsupported` for AES-192, which WebCrypto does not have everywhere
 */
export async function deriveKeyToWrap(
  suite: Suite,
  dataKey: Bytes,
  messageId: Bytes,
): Promise<CryptoKey> {
  const { id, kdfHash, dataKeyBytes } = suite
  if (dataKeyBytes === 24) {
    throw new EncryptionSdkError('unsupported', 'Keys of 192 bits are not handed over.')
  }
  const algorithm = { name: 'AES-GCM', length: dataKeyBytes * 8 }
  const usages = ['encrypt', 'decrypt'] as const
  if (!kdfHash) return crypto.subtle.importKey('raw', dataKey, algorithm, true, usages)
  const base = await crypto.subtle.importKey('raw', dataKey, 'HKDF', false, ['deriveKey'])
  const [salt, info] = commits(suite)
    ? [messageId, concatBytes(uint16(id), deriveLabel)]
    : [nothing, concatBytes(uint16(id), messageId)]
  const hkdf = { name: 'HKDF', hash: kdfHash, salt, info }
  return crypto.subtle.deriveKey(hkdf, base, algorithm, true, usages)
}

/** @throws EncryptionSdkError `commitment` */
export function assertCommitment(derived: Bytes, stored: Bytes): void {
  if (!equalBytes(derived, stored)) {
    throw new EncryptionSdkError('commitment', 'The message commits to another key.')
  }
}
