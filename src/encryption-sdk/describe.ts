// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: what a message says of itself to anyone, without a key. None of it is proven until the
// message is decrypted.

import { unshared } from '../codec/bytes.ts'
import type { EncryptionContext } from './encryptionContext.ts'
import { parseHeader } from './header.ts'
import { keyArnsOf } from './kmsKeyring.ts'

export interface MessageDescription {
  readonly suiteId: number
  readonly suiteName: string
  readonly signed: boolean
  readonly encryptionContext: EncryptionContext
  readonly frameLength: number
  /** ARNs of the KMS keys any of which opens the message. */
  readonly kmsKeyArns: readonly string[]
  readonly dataKeys: number
}

/** @throws EncryptionSdkError `malformed`, `truncated`, `unsupported`, `limit` */
export function describeMessage(message: Uint8Array): MessageDescription {
  const { header, suite } = parseHeader(unshared(message), 0xffff)
  return {
    suiteId: suite.id,
    suiteName: suite.name,
    signed: suite.signature !== null,
    encryptionContext: header.encryptionContext,
    frameLength: header.frameLength,
    kmsKeyArns: keyArnsOf(header.encryptedDataKeys),
    dataKeys: header.encryptedDataKeys.length,
  }
}
