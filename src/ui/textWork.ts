// ui: what the person sees; speaks the protocol like any other client. This file: text to message and back.

import { type ArmouredBlock, armour, findArmoured } from '../codec/armour.ts'
import { foreignFormat } from '../codec/foreign.ts'
import { decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Sender } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { t } from './words.ts'

/** As the operations take it (protocol/schemas, EncryptMessage). */
const mostBytes = 16 * 1024 * 1024
const tooLarge = () => new KeyhearthError('too-large', { limit: String(mostBytes) })

type Context = Readonly<Record<string, string>>

/** What is known of one message. */
export interface MessageFacts {
  readonly keyId: string
  readonly context: Context
  /** Where another person sent it. */
  readonly sender?: Sender
}

export interface TextResult {
  readonly text: string
  readonly encrypted: boolean
  readonly messages: readonly MessageFacts[]
  /** Of several messages, those that did not open: which of how many, and why. */
  readonly failures: readonly { readonly position: number; readonly error: unknown }[]
  readonly total: number
}

/** @param recipients ids of people, besides the person themselves */
export async function encryptText(
  text: string,
  context: Context,
  recipients: readonly string[] = [],
): Promise<TextResult> {
  const Plaintext = encodeUtf8(text)
  if (Plaintext.byteLength > mostBytes) throw tooLarge()
  const { Message, KeyId } = await call('keyhearth:EncryptMessage', {
    Plaintext,
    EncryptionContext: context,
    ...(recipients.length === 0 ? {} : { Recipients: [...recipients] }),
  })
  const messages = [{ keyId: KeyId, context }]
  return { text: armour(Message), encrypted: true, messages, failures: [], total: 1 }
}

/**
 * Every message in the text, one under the other; what is around them is left out.
 * @throws where there is none, or none opens
 */
export async function decryptText(text: string, context: Context): Promise<TextResult> {
  const blocks = findArmoured(text)
  if (blocks.length === 0) throw whyNone(text)
  const opened: { readonly text: string; readonly facts: MessageFacts }[] = []
  const failures: { readonly position: number; readonly error: unknown }[] = []
  for (const [at, block] of blocks.entries()) {
    try {
      opened.push(await decryptBlock(block, context))
    } catch (error) {
      failures.push({ position: at + 1, error })
    }
  }
  if (opened.length === 0) throw failures[0]?.error
  return {
    text: opened.map((one) => one.text).join('\n'),
    encrypted: false,
    messages: opened.map(({ facts }) => facts),
    failures,
    total: blocks.length,
  }
}

function whyNone(text: string): KeyhearthError {
  const format = foreignFormat(text)
  return format === null
    ? new KeyhearthError('message-none')
    : new KeyhearthError('message-foreign-format', { format })
}

async function decryptBlock(block: ArmouredBlock, context: Context) {
  if (!('bytes' in block)) {
    throw block.problem === 'too-large' ? tooLarge() : new KeyhearthError('message-malformed')
  }
  const opened = await call('keyhearth:DecryptMessage', {
    Message: block.bytes,
    EncryptionContext: context,
  })
  const { Plaintext, KeyId: keyId, EncryptionContext, Sender: sender } = opened
  const facts = { keyId, context: EncryptionContext, ...(sender ? { sender } : {}) }
  return { text: readable(Plaintext), facts }
}

/** As text, or the words for what is none. */
export function readable(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes)
  } catch {
    return t('text_bytes', [String(bytes.byteLength)])
  }
}
