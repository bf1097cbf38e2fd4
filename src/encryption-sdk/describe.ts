// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: what a message says of itself to anyone, without a key. None of it is proven until the
// message is decrypted.

import { type Bytes, unshared } from '../codec/bytes.ts'
import type { EncryptionContext } from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import { framesOf, plaintextBytesOf } from './frames.ts'
import { type ParsedHeader, parseHeader } from './header.ts'
import { keyArnsOf } from './kmsArns.ts'
import { type MessageParts, readParts } from './messageParts.ts'
import { keyNameOf } from './rawKeyNames.ts'
import { commits } from './suites.ts'

export interface MessageDescription {
  readonly version: 1 | 2
  readonly suiteId: number
  readonly suiteName: string
  readonly signed: boolean
  /** Whether the message opens under one key alone. */
  readonly commits: boolean
  readonly encryptionContext: EncryptionContext
  /** Bytes of content a frame; 0 for a message in one block. */
  readonly frameLength: number
  /** ARNs of the KMS keys any of which opens the message. */
  readonly kmsKeyArns: readonly string[]
  readonly dataKeys: number
  /** Whom the data keys are for, in the message's order. */
  readonly recipients: readonly Recipient[]
  /** Bytes before the body. */
  readonly headerBytes: number
  /** `null` where the message is cut, or its parts are not in order. */
  readonly body: BodyDescription | null
}

export interface Recipient {
  /** The key provider: the namespace of a raw key, or one of AWS's names. */
  readonly keyNamespace: string
  /** `null` where the provider does not name its keys in text. */
  readonly keyName: string | null
}

export interface BodyDescription {
  /** 1 for a message in one block. */
  readonly frames: number
  readonly plaintextBytes: number
  /** 0 where the suite does not sign. */
  readonly signatureBytes: number
}

/**
 * @param message all of it, or its start: as much as the header
 * @throws EncryptionSdkError `malformed`, `truncated`, `unsupported`, `limit`
 */
export function describeMessage(message: Uint8Array): MessageDescription {
  const bytes = unshared(message)
  const parsed = parseHeader(bytes, 0xffff)
  const { header, suite, length } = parsed
  return {
    version: header.version,
    suiteId: suite.id,
    suiteName: suite.name,
    signed: suite.signature !== null,
    commits: commits(suite),
    encryptionContext: header.encryptionContext,
    frameLength: header.frameLength,
    kmsKeyArns: keyArnsOf(header.encryptedDataKeys),
    dataKeys: header.encryptedDataKeys.length,
    recipients: header.encryptedDataKeys.map((key) => ({
      keyNamespace: key.providerId,
      keyName: keyNameOf(key.providerInfo),
    })),
    headerBytes: length,
    body: describeBody(bytes, parsed),
  }
}

function describeBody(bytes: Bytes, parsed: ParsedHeader): BodyDescription | null {
  const parts = partsIfWhole(bytes, parsed)
  if (!parts) return null
  const { body, signature } = parts
  return {
    ...('layout' in body
      ? { frames: framesOf(body.layout), plaintextBytes: plaintextBytesOf(body.layout) }
      : { frames: 1, plaintextBytes: body.contentBytes }),
    signatureBytes: signature?.byteLength ?? 0,
  }
}

function partsIfWhole(bytes: Bytes, parsed: ParsedHeader): MessageParts | null {
  try {
    return readParts(bytes, parsed)
  } catch (error) {
    if (error instanceof EncryptionSdkError) return null
    throw error
  }
}
