// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: from the data key to the message's key and its commitment
// (client-apis/encrypt.md, "Get the encryption materials"; framework/algorithm-suites.md, HKDF).

import { type Bytes, concatBytes, equalBytes, uint16 } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { EncryptionSdkError } from './errors.ts'
import type { Suite } from './suites.ts'

const deriveLabel = encodeUtf8('DERIVEKEY')
const commitLabel = encodeUtf8('COMMITKEY')

export interface MessageKey {
  readonly key: CryptoKey
  readonly commitment: Bytes
}

export async function deriveMessageKey(
  suite: Suite,
  dataKey: Bytes,
  messageId: Bytes,
  usage: 'encrypt' | 'decrypt',
): Promise<MessageKey> {
  if (dataKey.byteLength !== suite.dataKeyBytes) {
    throw new EncryptionSdkError('malformed', 'The data key has another length than its suite.')
  }
  const base = await crypto.subtle.importKey('raw', dataKey, 'HKDF', false, [
    'deriveKey',
    'deriveBits',
  ])
  const hkdf = (info: Bytes) => ({ name: 'HKDF', hash: suite.kdfHash, salt: messageId, info })
  // The header's tag is made with the same key, so a decrypting key checks it by decrypting nothing.
  const [key, commitment] = await Promise.all([
    crypto.subtle.deriveKey(
      hkdf(concatBytes(uint16(suite.id), deriveLabel)),
      base,
      { name: 'AES-GCM', length: suite.dataKeyBytes * 8 },
      false,
      [usage],
    ),
    crypto.subtle.deriveBits(hkdf(commitLabel), base, suite.commitmentBytes * 8),
  ])
  return { key, commitment: new Uint8Array(commitment) }
}

/** @throws EncryptionSdkError `commitment` */
export function assertCommitment(derived: Bytes, stored: Bytes): void {
  if (!equalBytes(derived, stored)) {
    throw new EncryptionSdkError('commitment', 'The message commits to another key.')
  }
}
