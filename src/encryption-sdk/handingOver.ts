// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the header of a message whose body somebody else makes or opens in place, with the keys of
// that one message: what KMS does with a data key, one step further, since a message key is of no use for
// any other message. The other side is handedOver.ts.

import type { Bytes } from '../codec/bytes.ts'
import type { ClientRules } from './commitmentPolicy.ts'
import type { DecryptOptions } from './decrypt.ts'
import { largeFrame } from './encrypt.ts'
import { type MessageHeader, parseHeader } from './header.ts'
import { wrapFor } from './keyHandover.ts'
import type { Cmm } from './materials.ts'
import { deriveKeyToWrap } from './messageKey.ts'
import { proveMaterials } from './messageOpening.ts'
import { type StartOptions, sealHead, startMessage } from './messageStart.ts'

export interface HandedStartOptions extends StartOptions {
  /** Bytes of content a frame, 131,072 unless told otherwise. */
  readonly frameLength?: number
  /** The most bytes there will be, where that is known. A caching CMM asks for it. */
  readonly plaintextLength?: number
}

export interface HandedStart {
  /** With its tag: the first bytes of the message. */
  readonly header: Bytes
  /** The message's keys, for the recipient alone. */
  readonly handover: Bytes
  readonly messageHeader: MessageHeader
}

export async function startFor(
  cmm: Cmm,
  recipient: Bytes,
  options: HandedStartOptions,
  rules: ClientRules,
): Promise<HandedStart> {
  const { frameLength = largeFrame, plaintextLength } = options
  const start = await startMessage(cmm, options, rules, frameLength, plaintextLength)
  const { suite, dataKey, messageHeader, signingKey } = start
  const messageKey = await deriveKeyToWrap(suite, dataKey, messageHeader.messageId)
  const [header, handover] = await Promise.all([
    sealHead(start),
    wrapFor(recipient, messageKey, signingKey),
  ])
  return { header, handover, messageHeader }
}

export interface HandedOpening {
  readonly handover: Bytes
  readonly messageHeader: MessageHeader
}

export async function openFor(
  cmm: Cmm,
  recipient: Bytes,
  header: Bytes,
  { encryptionContext: demanded = {} }: DecryptOptions,
  rules: ClientRules,
): Promise<HandedOpening> {
  const parsed = parseHeader(header, rules.maxEncryptedDataKeys)
  const { dataKey } = await proveMaterials(cmm, parsed, demanded, rules, 'decrypt')
  const messageKey = await deriveKeyToWrap(parsed.suite, dataKey, parsed.header.messageId)
  return { handover: await wrapFor(recipient, messageKey, null), messageHeader: parsed.header }
}
