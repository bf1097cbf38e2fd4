// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: making a whole message (client-apis/encrypt.md).

import { type Bytes, uint16 } from '../codec/bytes.ts'
import type { ClientRules } from './commitmentPolicy.ts'
import { bodyBytes, layOut, sealFrames } from './frames.ts'
import type { MessageHeader } from './header.ts'
import type { Cmm } from './materials.ts'
import { type MessageStart, type StartOptions, sealHeader, startMessage } from './messageStart.ts'
import { longestSignature, signMessage } from './signature.ts'
import { ivBytes, tagBytes } from './suites.ts'

export interface EncryptOptions extends StartOptions {
  /**
   * Bytes of content a frame. AWS's libraries write 4,096; so is it here for content no longer than that.
   * For anything longer it is 131,072, measured in Chromium on 16 MiB: frames of 16 KiB take half as long
   * again, of 64 KiB a tenth, of 256 KiB as long with more memory held, of 1 MiB two thirds.
   */
  readonly frameLength?: number
}

export interface EncryptResult {
  readonly result: Bytes
  readonly messageHeader: MessageHeader
}

const smallFrame = 4096
export const largeFrame = 131_072

export async function encryptMessage(
  cmm: Cmm,
  plaintext: Bytes,
  options: EncryptOptions,
  rules: ClientRules,
): Promise<EncryptResult> {
  const length = plaintext.byteLength
  const { frameLength = length > smallFrame ? largeFrame : smallFrame } = options
  const start = await startMessage(cmm, options, rules, frameLength, length)
  const { messageHeader, header, cipher, suite } = start
  const headBytes = header.byteLength + tagBytes + (suite.messageFormat === 1 ? ivBytes : 0)
  const layout = layOut(length, frameLength)
  const size = headBytes + bodyBytes(layout)
  const message = new Uint8Array(size + footerRoom(start))
  const body = message.subarray(headBytes, size)
  const [tag] = await Promise.all([
    sealHeader(start),
    sealFrames(cipher, messageHeader.messageId, plaintext, layout, body),
  ])
  message.set(header)
  message.set(tag, header.byteLength)
  return { result: await addFooter(start, message, size), messageHeader }
}

const footerRoom = ({ suite: { signature } }: MessageStart): number =>
  signature ? 2 + longestSignature(signature) : 0

/**
 * The signature over all before it, behind its length (data-format/message-footer.md). WebCrypto hashes it
 * in one piece; hashing while frames are sealed, as streams must, measured no better (docs/performance.md).
 */
async function addFooter(
  { suite: { signature }, signingKey }: MessageStart,
  message: Bytes,
  size: number,
): Promise<Bytes> {
  if (!signature || !signingKey) return message
  const der = await signMessage(signature, signingKey, message.subarray(0, size))
  message.set(uint16(der.byteLength), size)
  message.set(der, size + 2)
  return new Uint8Array(message.buffer.transfer(size + 2 + der.byteLength))
}
