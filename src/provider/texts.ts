// provider: what a web page holds. This file: the messages in a text; part of the formats.

import { findArmoured } from '../codec/armour.ts'
import type { Bytes } from '../codec/bytes.ts'
import { foreignFormat } from '../codec/foreign.ts'
import { pageError } from '../protocol/pageErrors.ts'
import { checkSize, mostBytes } from './requests.ts'

/** Every message in a text. @throws PageError `message-none`, `-malformed`, `-foreign-format` */
export function messagesIn(text: string): Bytes[] {
  checkSize(text.length / 2)
  const blocks = findArmoured(text, { maxBytes: mostBytes + (mostBytes >> 4) })
  if (blocks.length === 0) {
    const format = foreignFormat(text)
    throw format === null
      ? pageError('message-none')
      : pageError('message-foreign-format', { format })
  }
  return blocks.map((block) => {
    if ('bytes' in block) return block.bytes
    throw pageError('message-malformed')
  })
}
