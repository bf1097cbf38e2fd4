// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: making a whole message (client-apis/encrypt.md).

import type { Bytes } from '../codec/bytes.ts'
import type { ClientRules } from './commitmentPolicy.ts'
import type { MessageHeader } from './header.ts'
import type { Cmm } from './materials.ts'
import { type StartOptions, sealHead, startMessage } from './messageStart.ts'
import { ivBytes, tagBytes } from './suites.ts'
import { sealWhole } from './wholeMessage.ts'

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
  const { header, suite, messageHeader } = start
  const headBytes = header.byteLength + tagBytes + (suite.messageFormat === 1 ? ivBytes : 0)
  return { result: await sealWhole(start, headBytes, sealHead(start), plaintext), messageHeader }
}
