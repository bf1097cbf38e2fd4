// command-line: `npx keyhearth`, the message format without a browser. This file: what a message says of
// itself, without a key. Its texts are somebody's: control characters do not reach the terminal.

import { createHash } from 'node:crypto'
import { concatBytes } from '../codec/bytes.ts'
import { visible } from '../codec/visible.ts'
import { describeMessage, type MessageDescription } from '../encryption-sdk/index.ts'
import { type Chunks, messageBytes } from './input.ts'

/** Whole messages up to here are looked at to their end; of longer ones the header. */
const mostBytes = 64 * 1024 * 1024

export async function inspect(input: Chunks, asJson: boolean): Promise<string> {
  const pieces: Uint8Array[] = []
  const hash = createHash('sha256')
  let length = 0
  for await (const piece of messageBytes(input)) {
    hash.update(piece)
    length += piece.byteLength
    if (length <= mostBytes) pieces.push(piece)
  }
  const description = describeMessage(concatBytes(...pieces))
  const sha256 = hash.digest('hex')
  const whole = length <= mostBytes
  if (asJson) return `${JSON.stringify({ ...description, bytes: length, sha256 }, null, 2)}\n`
  return inWords(description, length, whole, sha256)
}

function inWords(
  message: MessageDescription,
  length: number,
  whole: boolean,
  sha256: string,
): string {
  const { version, suiteName, suiteId, signed, commits, body, frameLength } = message
  const pairs = Object.entries(message.encryptionContext)
  const lines = [
    `An Encryption SDK message, format ${version}. Nothing of it is proven until it is decrypted.`,
    `Suite       ${suiteName} (${suiteId.toString(16).padStart(4, '0')})`,
    `Signed      ${signed ? 'yes' : 'no'}`,
    `Commitment  ${commits ? 'opens under one key alone' : 'none'}`,
    `Frames      ${frameLength === 0 ? 'one block' : `of ${frameLength} bytes`}${bodyWords(body, whole)}`,
    `Bytes       ${length}, SHA-256 ${sha256}`,
    'Keys',
    ...message.recipients.map(
      ({ keyNamespace, keyName }) =>
        `  ${visible(keyNamespace)}  ${keyName === null ? '' : visible(keyName)}`,
    ),
    pairs.length === 0 ? 'Context     none' : 'Context',
    ...pairs.map(([key, value]) => `  ${visible(key)} = ${visible(value)}`),
  ]
  return `${lines.join('\n')}\n`
}

function bodyWords(body: MessageDescription['body'], whole: boolean): string {
  if (body) return `; ${body.frames} with ${body.plaintextBytes} bytes of plaintext`
  return whole ? '; cut, or its parts are not in order' : ''
}
