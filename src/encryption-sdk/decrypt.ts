// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: opening a whole message (client-apis/decrypt.md).

import type { Bytes } from '../codec/bytes.ts'
import { EndOfBytes, Reader } from '../codec/reader.ts'
import type { AesGcm } from './aesGcm.ts'
import { openBlock, readBlock, type SealedBlock } from './block.ts'
import type { ClientRules } from './commitmentPolicy.ts'
import type { EncryptionContext } from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import { openFrames, readFrames, type SealedFrames } from './frames.ts'
import { type MessageHeader, type ParsedHeader, parseHeader } from './header.ts'
import type { Cmm } from './materials.ts'
import { openHeader } from './messageOpening.ts'
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

interface Parts {
  readonly body: SealedFrames | SealedBlock
  /** Header and body: what the signature is over. */
  readonly signed: Bytes
  readonly signature: Bytes | null
}

/** The rest of the message, to its very end. @throws EncryptionSdkError `malformed`, `truncated` */
function readParts(message: Bytes, { length, header, suite }: ParsedHeader): Parts {
  try {
    const reader = new Reader(message)
    reader.view(length)
    const { frameLength } = header
    const body = frameLength === 0 ? readBlock(reader) : readBody(reader, message, frameLength)
    const signed = reader.since(0)
    const signature = suite.signature ? reader.bytes16() : null
    if (reader.remaining === 0) return { body, signed, signature }
  } catch (error) {
    if (!(error instanceof EndOfBytes)) throw error
    throw new EncryptionSdkError('truncated', 'The message ends before its last part.')
  }
  throw new EncryptionSdkError('malformed', 'Bytes follow the end of the message.')
}

function readBody(reader: Reader, message: Bytes, frameLength: number): SealedFrames {
  const frames = readFrames(message.subarray(reader.offset), frameLength, 1)
  // Where the final frame is not there, this is the end of the bytes.
  reader.view(frames.bytes.byteLength + frames.wanted)
  return frames
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
