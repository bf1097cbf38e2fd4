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
  const derivation = keyDerivation(suite, kdfHash, messageId)
  // The header's tag is made with the same key, so a decrypting key checks it by decrypting nothing.
  const cipher = deriveAesGcm(derivation, base, suite.dataKeyBytes, ...usages)
  if (!commits(suite)) return { cipher: await cipher, commitment: nothing }
  const toCommitment = { ...derivation, info: commitLabel }
  const commitment = crypto.subtle.deriveBits(toCommitment, base, suite.commitmentBytes * 8)
  const [key, committed] = await Promise.all([cipher, commitment])
  return { cipher: key, commitment: new Uint8Array(committed) }
}

/** Salt and info of the message's key: suites that commit swap their places ("HKDF"). */
function keyDerivation(
  suite: Suite,
  hash: NonNullable<Suite['kdfHash']>,
  messageId: Bytes,
): HkdfParams {
  const id = uint16(suite.id)
  return commits(suite)
    ? { name: 'HKDF', hash, salt: messageId, info: concatBytes(id, deriveLabel) }
    : { name: 'HKDF', hash, salt: nothing, info: concatBytes(id, messageId) }
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
  const { kdfHash, dataKeyBytes } = suite
  if (dataKeyBytes === 24) {
    throw new EncryptionSdkError('unsupported', 'Keys of 192 bits are not handed over.')
  }
  const algorithm = { name: 'AES-GCM', length: dataKeyBytes * 8 }
  const usages = ['encrypt', 'decrypt'] as const
  if (!kdfHash) return crypto.subtle.importKey('raw', dataKey, algorithm, true, usages)
  const base = await crypto.subtle.importKey('raw', dataKey, 'HKDF', false, ['deriveKey'])
  const derivation = keyDerivation(suite, kdfHash, messageId)
  return crypto.subtle.deriveKey(derivation, base, algorithm, true, usages)
}

/** @throws EncryptionSdkError `commitment` */
export function assertCommitment(derived: Bytes, stored: Bytes): void {
  if (!equalBytes(derived, stored)) {
    throw new EncryptionSdkError('commitment', 'The message commits to another key.')
  }
}
