// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: where the parts of a whole message begin and end (data-format/message.md). Nothing in them is
// proven yet.

import type { Bytes } from '../codec/bytes.ts'
import { EndOfBytes, Reader } from '../codec/reader.ts'
import { readBlock, type SealedBlock } from './block.ts'
import { EncryptionSdkError } from './errors.ts'
import { readFrames, type SealedFrames } from './frames.ts'
import type { ParsedHeader } from './header.ts'

export interface MessageParts {
  readonly body: SealedFrames | SealedBlock
  /** Header and body: what the signature is over. */
  readonly signed: Bytes
  readonly signature: Bytes | null
}

/** All behind the header, to the very end. @throws EncryptionSdkError `malformed`, `truncated`, `limit` */
export function readParts(message: Bytes, { length, header, suite }: ParsedHeader): MessageParts {
  try {
    const reader = new Reader(message)
    reader.view(length)
    const { frameLength } = header
    const body = frameLength === 0 ? readBlock(reader) : readBody(reader, message, frameLength)
    const signed = reader.since(0)
    const signature = suite.signature ? reader.bytes16() : null
    if (reader.remaining === 0) return { body, signed, signature }
  } catch (error) {
    if (!(error instanceof EndOfBytes)) throw error
    throw new EncryptionSdkError('truncated', 'The message ends before its last part.')
  }
  throw new EncryptionSdkError('malformed', 'Bytes follow the end of the message.')
}

function readBody(reader: Reader, message: Bytes, frameLength: number): SealedFrames {
  const frames = readFrames(message.subarray(reader.offset), frameLength, 1)
  // Where the final frame is not there, this is the end of the bytes.
  reader.view(frames.bytes.byteLength + frames.wanted)
  return frames
}
