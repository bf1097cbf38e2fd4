// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the framed body (data-format/message-body.md). Frames are sealed and opened a few at a
// time: each is one WebCrypto call on another thread, and waiting for each alone would idle the rest.

import { type Bytes, concatBytes, uint32, uint64 } from '../codec/bytes.ts'
import type { Reader } from '../codec/reader.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { EncryptionSdkError } from './errors.ts'
import { tagBytes } from './header.ts'

const ivBytes = 12
const endOfFrames = 0xffff_ffff
const mostFrames = 0xffff_ffff
const framesInFlight = 8

const regularLabel = encodeUtf8('AWSKMSEncryptionClient Frame')
const finalLabel = encodeUtf8('AWSKMSEncryptionClient Final Frame')
const blockLabel = encodeUtf8('AWSKMSEncryptionClient Single Block')
/** NIST SP 800-38D section 5.2.1.1, in bytes; the specification's limit for a single block. */
const longestBlock = 2 ** 36 - 32

/** Bytes a regular frame adds around its content, and the final one. */
const regularOverhead = 4 + ivBytes + tagBytes
const finalOverhead = 4 + 4 + ivBytes + 4 + tagBytes

interface Frame {
  readonly sequence: number
  readonly final: boolean
  /** Where the content begins in the plaintext, and where the frame begins in the body. */
  readonly plaintextOffset: number
  readonly bodyOffset: number
  readonly contentBytes: number
}

function additionalData(messageId: Bytes, frame: Frame): Bytes {
  const label = frame.final ? finalLabel : regularLabel
  return concatBytes(messageId, label, uint32(frame.sequence), uint64(frame.contentBytes))
}

/** The IV of a frame is its sequence number (never repeats under one message key). */
export const frameIv = (sequence: number): Bytes =>
  concatBytes(new Uint8Array(ivBytes - 4), uint32(sequence))

const gcm = (messageId: Bytes, frame: Frame, iv: Bytes) => ({
  name: 'AES-GCM',
  iv,
  additionalData: additionalData(messageId, frame),
  tagLength: tagBytes * 8,
})

/** Runs `work` over the frames, a few at once; the first failure ends it. */
async function overFrames(frames: Iterable<Frame>, work: (frame: Frame) => Promise<void>) {
  const iterator = frames[Symbol.iterator]()
  const lane = async () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: framesInFlight }, lane))
}

/** The last frame is final and may be full; a message without content is one empty final frame. */
function countFrames(plaintextBytes: number, frameLength: number): number {
  const count = Math.max(1, Math.ceil(plaintextBytes / frameLength))
  if (count > mostFrames) throw new EncryptionSdkError('limit', 'More than 4,294,967,295 frames.')
  return count
}

function* planFrames(plaintextBytes: number, frameLength: number): Generator<Frame> {
  const count = countFrames(plaintextBytes, frameLength)
  for (let index = 0; index < count; index++) {
    const final = index === count - 1
    const plaintextOffset = index * frameLength
    yield {
      sequence: index + 1,
      final,
      plaintextOffset,
      bodyOffset: index * (frameLength + regularOverhead),
      contentBytes: final ? plaintextBytes - plaintextOffset : frameLength,
    }
  }
}

export function bodyBytes(plaintextBytes: number, frameLength: number): number {
  const regular = countFrames(plaintextBytes, frameLength) - 1
  return plaintextBytes + regular * regularOverhead + finalOverhead
}

/** Seals the plaintext into `body`, which has exactly `bodyBytes` of room. */
export async function sealFrames(
  key: CryptoKey,
  messageId: Bytes,
  plaintext: Bytes,
  frameLength: number,
  body: Uint8Array,
): Promise<void> {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  await overFrames(planFrames(plaintext.byteLength, frameLength), async (frame) => {
    const iv = frameIv(frame.sequence)
    const { plaintextOffset: start, contentBytes } = frame
    const content = plaintext.subarray(start, start + contentBytes)
    const sealed = await crypto.subtle.encrypt(gcm(messageId, frame, iv), key, content)
    let offset = frame.bodyOffset
    if (frame.final) {
      view.setUint32(offset, endOfFrames)
      offset += 4
    }
    view.setUint32(offset, frame.sequence)
    body.set(iv, offset + 4)
    offset += 4 + ivBytes
    if (frame.final) {
      view.setUint32(offset, contentBytes)
      offset += 4
    }
    body.set(new Uint8Array(sealed), offset)
  })
}

interface SealedFrame extends Frame {
  readonly iv: Bytes
  readonly sealed: Uint8Array
}

/** Reads frames in order up to the final one. @throws EncryptionSdkError `malformed`, EndOfBytes */
function* readFrames(reader: Reader, frameLength: number): Generator<SealedFrame> {
  let plaintextOffset = 0
  for (let expected = 1; ; expected++) {
    const bodyOffset = reader.offset
    const first = reader.uint32()
    const final = first === endOfFrames
    const sequence = final ? reader.uint32() : first
    if (sequence !== expected) {
      throw new EncryptionSdkError('malformed', `Frame ${expected} is not where it belongs.`)
    }
    const iv = reader.bytes(ivBytes)
    const contentBytes = final ? reader.uint32() : frameLength
    if (contentBytes > frameLength) {
      throw new EncryptionSdkError('malformed', 'The final frame is longer than the others.')
    }
    const sealed = reader.view(contentBytes + tagBytes)
    yield { sequence, final, plaintextOffset, bodyOffset, contentBytes, iv, sealed }
    if (final) return
    plaintextOffset += contentBytes
  }
}

/**
 * Opens all frames. Nothing is returned unless every one holds.
 * @throws EncryptionSdkError `authentication`, `malformed`; EndOfBytes where the body is cut
 */
export async function openFrames(
  key: CryptoKey,
  messageId: Bytes,
  reader: Reader,
  frameLength: number,
): Promise<Bytes> {
  const frames = [...readFrames(reader, frameLength)] as const
  const last = frames.at(-1)
  const plaintext = new Uint8Array(last ? last.plaintextOffset + last.contentBytes : 0)
  await overFrames(frames, async (frame) => {
    const { iv, sealed } = frame as SealedFrame
    plaintext.set(await openFrame(key, gcm(messageId, frame, iv), sealed), frame.plaintextOffset)
  })
  return plaintext
}

async function openFrame(key: CryptoKey, parameters: AesGcmParams, sealed: Uint8Array) {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, sealed as Bytes))
  } catch {
    throw new EncryptionSdkError('authentication', 'A part of the message was changed.')
  }
}

/**
 * A body in one block: IV, length, content, tag (message-body.md, "Non-framed data"). Old messages only.
 * @throws EncryptionSdkError `authentication`, `limit`; EndOfBytes where the body is cut
 */
export async function openBlock(key: CryptoKey, messageId: Bytes, reader: Reader): Promise<Bytes> {
  const iv = reader.bytes(ivBytes)
  const contentBytes = reader.uint32() * 2 ** 32 + reader.uint32()
  if (contentBytes > longestBlock) throw new EncryptionSdkError('limit', 'The block is too long.')
  const additionalData = concatBytes(messageId, blockLabel, uint32(1), uint64(contentBytes))
  const parameters = { name: 'AES-GCM', iv, additionalData, tagLength: tagBytes * 8 }
  return openFrame(key, parameters, reader.view(contentBytes + tagBytes))
}
