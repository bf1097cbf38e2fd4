// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: opening a whole message (client-apis/decrypt.md).

import type { Bytes } from '../codec/bytes.ts'
import type { ClientRules } from './commitmentPolicy.ts'
import type { EncryptionContext } from './encryptionContext.ts'
import { type MessageHeader, parseHeader } from './header.ts'
import type { Cmm } from './materials.ts'
import { openHeader } from './messageOpening.ts'
import { openWhole } from './wholeMessage.ts'

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
  const opened = await openHeader(cmm, parsed, demanded, rules)
  return { plaintext: await openWhole(message, parsed, opened), messageHeader: parsed.header }
}
