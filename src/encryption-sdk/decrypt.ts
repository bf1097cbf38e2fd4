// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: opening a whole message (client-apis/decrypt.md).

import type { Bytes } from '../codec/bytes.ts'
import type { AesGcm } from './aesGcm.ts'
import { openBlock, type SealedBlock } from './block.ts'
import type { ClientRules } from './commitmentPolicy.ts'
import type { EncryptionContext } from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import { openFrames, type SealedFrames } from './frames.ts'
import { type MessageHeader, parseHeader } from './header.ts'
import type { Cmm } from './materials.ts'
import { openHeader } from './messageOpening.ts'
import { readParts } from './messageParts.ts'
import { verifyMessage } from './signature.ts'
import type { Suite } from './suites.ts'

export interface DecryptOptions {
  /** Pairs the message's context must contain. */
  readonly encryptionContext?: EncryptionContext
}

export interface DecryptResult {
  readonly plaintext: Bytes
  readonly messageHeader: MessageHeader
}

/** The bytes must not change until it is done: they are read for the frames and for the signature. */
export async function decryptMessage(
  cmm: Cmm,
  message: Bytes,
  { encryptionContext: demanded = {} }: DecryptOptions,
  rules: ClientRules,
): Promise<DecryptResult> {
  const parsed = parseHeader(message, rules.maxEncryptedDataKeys)
  const { header, suite } = parsed
  const { cipher, verificationKey } = await openHeader(cmm, parsed, demanded, rules)
  const { body, signed, signature } = readParts(message, parsed)
  const [plaintext, holds] = await Promise.all([
    openBody(cipher, header.messageId, body),
    signatureHolds(suite, verificationKey, signed, signature),
  ])
  if (!holds) {
    throw new EncryptionSdkError('signature', "The message's signature does not hold.")
  }
  return { plaintext, messageHeader: header }
}

const openBody = (
  cipher: AesGcm,
  messageId: Bytes,
  body: SealedFrames | SealedBlock,
): Promise<Bytes> =>
  'layout' in body ? openFrames(cipher, messageId, body) : openBlock(cipher, messageId, body)

async function signatureHolds(
  suite: Suite,
  verificationKey: CryptoKey | null,
  signed: Bytes,
  der: Bytes | null,
): Promise<boolean> {
  if (suite.signature === null) return true
  if (!verificationKey || !der) return false
  return verifyMessage(suite.signature, verificationKey, signed, der)
}
