// ui: what the person sees; speaks the protocol like any other client. This file: text to message and back.

import { armour, findArmoured } from '../codec/armour.ts'
import { foreignFormat } from '../codec/foreign.ts'
import { decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { call } from './call.ts'
import { t } from './words.ts'

export interface TextResult {
  readonly text: string
  readonly encrypted: boolean
  readonly keyId: string
  readonly context: Readonly<Record<string, string>>
}

export async function encryptText(text: string): Promise<TextResult> {
  const Plaintext = encodeUtf8(text)
  const { Message, KeyId } = await call('keyhearth:EncryptMessage', { Plaintext })
  return { text: armour(Message), encrypted: true, keyId: KeyId, context: {} }
}

/** Every message in the text, one under the other; what is around them is left out. */
export async function decryptText(text: string): Promise<TextResult> {
  const blocks = findArmoured(text)
  if (blocks.length === 0) {
    const format = foreignFormat(text)
    throw format === null
      ? new KeyhearthError('message-none')
      : new KeyhearthError('message-foreign-format', { format })
  }
  const opened = []
  for (const block of blocks) {
    if (!('bytes' in block)) throw new KeyhearthError('message-malformed')
    opened.push(await call('keyhearth:DecryptMessage', { Message: block.bytes }))
  }
  return {
    text: opened.map(({ Plaintext }) => readable(Plaintext)).join('\n'),
    encrypted: false,
    keyId: opened[0]?.KeyId ?? '',
    context: opened[0]?.EncryptionContext ?? {},
  }
}

function readable(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes)
  } catch {
    return t('text_bytes', [String(bytes.byteLength)])
  }
}
