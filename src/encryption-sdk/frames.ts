// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the framed body (data-format/message-body.md, message-body-aad.md). Frames are sealed and
// opened a few at a time: each is one WebCrypto call on another thread, and waiting for each alone
// would idle the rest.

import { type Bytes, concatBytes, uint32, uint64 } from '../codec/bytes.ts'
import type { Reader } from '../codec/reader.ts'
import { encodeUtf8 } from '../codec/text.ts'
import type { AesGcm } from './aesGcm.ts'
import { EncryptionSdkError } from './errors.ts'
import { ivBytes, tagBytes } from './suites.ts'

const endOfFrames = 0xffff_ffff
const mostFrames = 0xffff_ffff
const framesInFlight = 8

const regularLabel = encodeUtf8('AWSKMSEncryptionClient Frame')
const finalLabel = encodeUtf8('AWSKMSEncryptionClient Final Frame')

/** Bytes before and after the content of a regular frame, and of the final one. */
const regularHead = 4 + ivBytes
const regularOverhead = regularHead + tagBytes
const finalHead = 4 + 4 + ivBytes + 4
const finalOverhead = finalHead + tagBytes

/** How a body is divided: regular frames of `frameLength`, then one final frame. */
interface Layout {
  readonly frameLength: number
  readonly regularFrames: number
  readonly finalBytes: number
}

interface Frame {
  readonly sequence: number
  readonly final: boolean
  /** Where the frame begins in the body, and its content in the body and in the plaintext. */
  readonly bodyOffset: number
  readonly contentOffset: number
  readonly plaintextOffset: number
  readonly contentBytes: number
}

/** The last frame is final and may be full; a message without content is one empty final frame. */
function layOut(plaintextBytes: number, frameLength: number): Layout {
  const regularFrames = Math.max(1, Math.ceil(plaintextBytes / frameLength)) - 1
  if (regularFrames + 1 > mostFrames) {
    throw new EncryptionSdkError('limit', 'A message has at most 4,294,967,295 frames.')
  }
  return { frameLength, regularFrames, finalBytes: plaintextBytes - regularFrames * frameLength }
}

function frameAt({ frameLength, regularFrames, finalBytes }: Layout, index: number): Frame {
  const final = index === regularFrames
  const bodyOffset = index * (frameLength + regularOverhead)
  return {
    sequence: index + 1,
    final,
    bodyOffset,
    contentOffset: bodyOffset + (final ? finalHead : regularHead),
    plaintextOffset: index * frameLength,
    contentBytes: final ? finalBytes : frameLength,
  }
}

const plaintextBytesOf = ({ frameLength, regularFrames, finalBytes }: Layout): number =>
  regularFrames * frameLength + finalBytes

/** Bytes of the body that `sealFrames` fills. @throws EncryptionSdkError `limit` */
export function bodyBytes(plaintextBytes: number, frameLength: number): number {
  const { regularFrames } = layOut(plaintextBytes, frameLength)
  return plaintextBytes + regularFrames * regularOverhead + finalOverhead
}

/** Runs `work` over the frames, a few at once; the first failure ends it. */
async function overFrames(layout: Layout, work: (frame: Frame) => Promise<void>): Promise<void> {
  const count = layout.regularFrames + 1
  let next = 0
  const lane = async () => {
    try {
      while (next < count) await work(frameAt(layout, next++))
    } catch (error) {
      next = count
      throw error
    }
  }
  await Promise.all(Array.from({ length: Math.min(count, framesInFlight) }, lane))
}

const frameData = (messageId: Bytes, { final, sequence, contentBytes }: Frame): Bytes =>
  concatBytes(messageId, final ? finalLabel : regularLabel, uint32(sequence), uint64(contentBytes))

/** The sequence number, which never repeats under one message key. */
const frameIv = (sequence: number): Bytes =>
  concatBytes(new Uint8Array(ivBytes - 4), uint32(sequence))

/** Seals the plaintext into `body`, which has exactly `bodyBytes` of room. */
export async function sealFrames(
  cipher: AesGcm,
  messageId: Bytes,
  plaintext: Bytes,
  frameLength: number,
  body: Bytes,
): Promise<void> {
  await overFrames(layOut(plaintext.byteLength, frameLength), async (frame) => {
    const { plaintextOffset: start, contentBytes } = frame
    const content = plaintext.subarray(start, start + contentBytes)
    const iv = frameIv(frame.sequence)
    body.set(frameHead(frame, iv), frame.bodyOffset)
    const sealed = await cipher.seal(iv, frameData(messageId, frame), content)
    body.set(sealed, frame.contentOffset)
  })
}

const frameHead = ({ final, sequence, contentBytes }: Frame, iv: Bytes): Bytes =>
  final
    ? concatBytes(uint32(endOfFrames), uint32(sequence), iv, uint32(contentBytes))
    : concatBytes(uint32(sequence), iv)

/**
 * Passes over a body up to its end and returns its layout; nothing in it is proven yet.
 * @throws EncryptionSdkError `malformed`; EndOfBytes where the body is cut
 */
function readLayout(reader: Reader, frameLength: number): Layout {
  for (let regularFrames = 0; ; regularFrames++) {
    const mark = reader.uint32()
    const final = mark === endOfFrames
    if ((final ? reader.uint32() : mark) !== regularFrames + 1) {
      throw new EncryptionSdkError('malformed', 'A frame is not where it belongs.')
    }
    reader.view(ivBytes)
    const contentBytes = final ? reader.uint32() : frameLength
    if (contentBytes > frameLength) {
      throw new EncryptionSdkError('malformed', 'The final frame is longer than the others.')
    }
    reader.view(contentBytes + tagBytes)
    if (final) return { frameLength, regularFrames, finalBytes: contentBytes }
  }
}

export interface SealedFrames {
  readonly layout: Layout
  readonly bytes: Bytes
}

/** The frames that begin here. @throws EncryptionSdkError `malformed`; EndOfBytes where it is cut */
export function readFrames(reader: Reader, frameLength: number): SealedFrames {
  const begin = reader.offset
  const layout = readLayout(reader, frameLength)
  return { layout, bytes: reader.since(begin) }
}

/**
 * Opens all frames. Nothing is returned unless every one holds.
 * @throws EncryptionSdkError `authentication`
 */
export async function openFrames(
  cipher: AesGcm,
  messageId: Bytes,
  { layout, bytes }: SealedFrames,
): Promise<Bytes> {
  const plaintext = new Uint8Array(plaintextBytesOf(layout))
  await overFrames(layout, async (frame) => {
    const { contentOffset, contentBytes, final } = frame
    const ivOffset = final ? contentOffset - 4 - ivBytes : contentOffset - ivBytes
    const iv = bytes.slice(ivOffset, ivOffset + ivBytes)
    const sealed = bytes.subarray(contentOffset, contentOffset + contentBytes + tagBytes)
    const content = await openSealed(cipher, iv, frameData(messageId, frame), sealed)
    plaintext.set(content, frame.plaintextOffset)
  })
  return plaintext
}

/** @throws EncryptionSdkError `authentication` */
export async function openSealed(
  cipher: AesGcm,
  iv: Bytes,
  additionalData: Bytes,
  sealed: Bytes,
): Promise<Bytes> {
  try {
    return await cipher.open(iv, additionalData, sealed)
  } catch {
    throw new EncryptionSdkError('authentication', 'A part of the message was changed.')
  }
}
