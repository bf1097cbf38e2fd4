// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: body and footer of a message that is in memory as a whole, once its header is made or proven.

import { type Bytes, uint16 } from '../codec/bytes.ts'
import { openBlock, type SealedBlock } from './block.ts'
import { EncryptionSdkError } from './errors.ts'
import { bodyBytes, layOut, openFrames, type SealedFrames, sealFrames } from './frames.ts'
import type { ParsedHeader } from './header.ts'
import type { OpenedHeader } from './messageOpening.ts'
import { readParts } from './messageParts.ts'
import type { BodyStart } from './messageStart.ts'
import { longestSignature, signMessage, verifyMessage } from './signature.ts'
import type { Suite } from './suites.ts'
import type { AesGcm } from './webCryptoGcm.ts'

/**
 * @param headBytes length of header and tag
 * @param head the two, awaited while the body is made
 */
export async function sealWhole(
  start: BodyStart,
  headBytes: number,
  head: Promise<Bytes> | Bytes,
  plaintext: Bytes,
): Promise<Bytes> {
  const { cipher, messageHeader } = start
  const layout = layOut(plaintext.byteLength, messageHeader.frameLength)
  const size = headBytes + bodyBytes(layout)
  const message = new Uint8Array(size + footerRoom(start))
  const body = message.subarray(headBytes, size)
  const [headMade] = await Promise.all([
    head,
    sealFrames(cipher, messageHeader.messageId, plaintext, layout, body),
  ])
  message.set(headMade)
  return addFooter(start, message, size)
}

const footerRoom = ({ suite: { signature } }: BodyStart): number =>
  signature ? 2 + longestSignature(signature) : 0

/**
 * The signature over all before it, behind its length (data-format/message-footer.md). WebCrypto hashes it
 * in one piece; hashing while frames are sealed, as streams must, measured no better (docs/performance.md).
 */
async function addFooter(
  { suite: { signature }, signingKey }: BodyStart,
  message: Bytes,
  size: number,
): Promise<Bytes> {
  if (!signature || !signingKey) return message
  const der = await signMessage(signature, signingKey, message.subarray(0, size))
  message.set(uint16(der.byteLength), size)
  message.set(der, size + 2)
  return new Uint8Array(message.buffer.transfer(size + 2 + der.byteLength))
}

/**
 * The plaintext, once all of it and the signature hold. The bytes must not change until it is done: they
 * are read for the frames and for the signature.
 * @throws EncryptionSdkError `malformed`, `truncated`, `limit`, `authentication`, `signature`
 */
export async function openWhole(
  message: Bytes,
  parsed: ParsedHeader,
  { cipher, verificationKey }: OpenedHeader,
): Promise<Bytes> {
  const { body, signed, signature } = readParts(message, parsed)
  const [plaintext, holds] = await Promise.all([
    openBody(cipher, parsed.header.messageId, body),
    signatureHolds(parsed.suite, verificationKey, signed, signature),
  ])
  if (holds) return plaintext
  throw new EncryptionSdkError('signature', "The message's signature does not hold.")
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
