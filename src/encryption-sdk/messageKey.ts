// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: from the data key to the message's key and its commitment
// (client-apis/encrypt.md, "Get the encryption materials"; framework/algorithm-suites.md, "HKDF").

import { type Bytes, concatBytes, equalBytes, uint16 } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { type AesGcm, type AesUsage, importAesGcm } from './aesGcm.ts'
import { EncryptionSdkError } from './errors.ts'
import { commits, type Suite } from './suites.ts'

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
  const base = await crypto.subtle.importKey('raw', dataKey, 'HKDF', false, ['deriveBits'])
  const derive = async (salt: Bytes, info: Bytes, bytes: number) =>
    new Uint8Array(
      await crypto.subtle.deriveBits({ name: 'HKDF', hash: kdfHash, salt, info }, base, bytes * 8),
    )
  const [key, commitment] = commits(suite)
    ? await Promise.all([
        derive(messageId, concatBytes(uint16(suite.id), deriveLabel), suite.dataKeyBytes),
        derive(messageId, commitLabel, suite.commitmentBytes),
      ])
    : [await derive(nothing, concatBytes(uint16(suite.id), messageId), suite.dataKeyBytes), nothing]
  // The header's tag is made with the same key, so a decrypting key checks it by decrypting nothing.
  return { cipher: await importAesGcm(key, ...usages), commitment }
}

/** @throws EncryptionSdkError `commitment` */
export function assertCommitment(derived: Bytes, stored: Bytes): void {
  if (!equalBytes(derived, stored)) {
    throw new EncryptionSdkError('commitment', 'The message commits to another key.')
  }
}
