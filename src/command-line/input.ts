// command-line: `npx keyhearth`, the message format without a browser. This file: what is read, and whether
// a message comes as bytes or as text.

import { createReadStream } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { findArmoured } from '../codec/armour.ts'
import { concatBytes } from '../codec/bytes.ts'
import { beginsMessage } from '../encryption-sdk/index.ts'
import { CommandError } from './words.ts'

export type Chunks = AsyncIterable<Uint8Array>

const pieceBytes = 512 * 1024

/** @throws CommandError */
export async function inputOf(path: string | null): Promise<Chunks> {
  if (path === null) return process.stdin
  await access(path).catch(() => {
    throw new CommandError(`${path} cannot be read.`)
  })
  return createReadStream(path, { highWaterMark: pieceBytes })
}

/** All of a small file: a key, or words. @throws CommandError */
export async function contentOf(path: string): Promise<Uint8Array> {
  return readFile(path).catch(() => {
    throw new CommandError(`${path} cannot be read.`)
  })
}

/** As much text as is looked through for messages. */
const longestText = 256 * 1024 * 1024

/** The bytes of the message, whichever way it is written. @throws CommandError */
export async function* messageBytes(input: Chunks): Chunks {
  const pieces: Uint8Array[] = []
  let length = 0
  let isText: boolean | null = null
  for await (const piece of input) {
    if (piece.byteLength === 0) continue
    isText ??= !beginsMessage(piece)
    if (!isText) {
      yield piece
      continue
    }
    length += piece.byteLength
    if (length > longestText) throw new CommandError('This is no message, or a text too long.')
    pieces.push(piece)
  }
  if (isText) yield armoured(concatBytes(...pieces))
}

function armoured(text: Uint8Array): Uint8Array {
  const [block, another] = findArmoured(new TextDecoder().decode(text), {
    maxBytes: longestText,
  })
  if (!block) throw new CommandError('There is no Encryption SDK message in this.')
  if (another) throw new CommandError('There is more than one message in this text.')
  if ('bytes' in block) return block.bytes
  throw new CommandError('The message in this text is cut or damaged.')
}
