// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the framed body (data-format/message-body.md, message-body-aad.md). Frames are sealed and
// opened a few at a time: each is one WebCrypto call on another thread, and waiting for each alone
// would idle the rest.

import { type Bytes, concatBytes, uint32, uint64 } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { EncryptionSdkError } from './errors.ts'
import { ivBytes, tagBytes } from './suites.ts'
import type { AesGcm } from './webCryptoGcm.ts'

const endOfFrames = 0xffff_ffff
const mostFrames = 0xffff_ffff
export const framesInFlight = 8

const regularLabel = encodeUtf8('AWSKMSEncryptionClient Frame')
const finalLabel = encodeUtf8('AWSKMSEncryptionClient Final Frame')

/** Bytes before and after the content of a regular frame, and of the final one. */
const regularHead = 4 + ivBytes
const regularOverhead = regularHead + tagBytes
const finalHead = 4 + 4 + ivBytes + 4
const finalOverhead = finalHead + tagBytes

/** A run of frames: regular ones of `frameLength`, then the final one unless more follow. */
export interface Layout {
  readonly frameLength: number
  /** Number of the first frame; a message begins with 1. */
  readonly first: number
  readonly regularFrames: number
  /** Bytes of content of the final frame; `null` where the run ends before it. */
  readonly finalBytes: number | null
}

/** Frames from this length on leave a stream one by one; smaller ones are worth a copy into one piece. */
export const ownPieceBytes = 32 * 1024

/** Frames that are worth reading at once: as many as are in flight, and not too much memory. */
const mostRunBytes = 1024 * 1024
export const framesInRun = (frameLength: number): number =>
  Math.max(1, Math.min(framesInFlight, Math.floor(mostRunBytes / frameLength)))
export const runExtent = (frameLength: number): number =>
  framesInRun(frameLength) * (frameLength + regularOverhead)

interface Frame {
  readonly sequence: number
  readonly final: boolean
  /** Where the frame begins in the run, and its content in the run and in the plaintext. */
  readonly bodyOffset: number
  readonly contentOffset: number
  readonly plaintextOffset: number
  readonly contentBytes: number
}

/** A whole body. The last frame is final and may be full; without content it is one empty final frame. */
export function layOut(plaintextBytes: number, frameLength: number): Layout {
  const regularFrames = Math.max(1, Math.ceil(plaintextBytes / frameLength)) - 1
  const finalBytes = plaintextBytes - regularFrames * frameLength
  return { frameLength, first: 1, regularFrames, finalBytes }
}

function frameAt({ frameLength, first, regularFrames, finalBytes }: Layout, index: number): Frame {
  const final = index === regularFrames
  const bodyOffset = index * (frameLength + regularOverhead)
  return {
    sequence: first + index,
    final,
    bodyOffset,
    contentOffset: bodyOffset + (final ? finalHead : regularHead),
    plaintextOffset: index * frameLength,
    contentBytes: final ? (finalBytes ?? 0) : frameLength,
  }
}

export const framesOf = ({ regularFrames, finalBytes }: Layout): number =>
  regularFrames + (finalBytes === null ? 0 : 1)

export const plaintextBytesOf = ({ frameLength, regularFrames, finalBytes }: Layout): number =>
  regularFrames * frameLength + (finalBytes ?? 0)

/** Bytes that `sealFrames` fills. */
export const bodyBytes = ({ frameLength, regularFrames, finalBytes }: Layout): number =>
  regularFrames * (frameLength + regularOverhead) +
  (finalBytes === null ? 0 : finalBytes + finalOverhead)

/** Runs `work` over the frames, a few at once; the first failure ends it. */
async function overFrames(layout: Layout, work: (frame: Frame) => Promise<void>): Promise<void> {
  const count = framesOf(layout)
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

/**
 * Seals the plaintext into `body`, which has exactly `bodyBytes` of room.
 * @throws EncryptionSdkError `limit`
 */
export async function sealFrames(
  cipher: AesGcm,
  messageId: Bytes,
  plaintext: Bytes,
  layout: Layout,
  body: Bytes,
): Promise<void> {
  assertFrameNumbers(layout)
  await overFrames(layout, async (frame) => {
    body.set(frameHead(frame), frame.bodyOffset)
    body.set(await sealFrame(cipher, messageId, plaintext, frame), frame.contentOffset)
  })
}

/**
 * The same as pieces, heads and sealed contents in turn, which spares fresh memory and a copy. Of a run
 * that is all in flight, it has taken the plaintext when it returns.
 */
export async function sealEachFrame(
  cipher: AesGcm,
  messageId: Bytes,
  plaintext: Bytes,
  layout: Layout,
): Promise<Bytes[]> {
  assertFrameNumbers(layout)
  const pieces: Bytes[] = []
  await overFrames(layout, async (frame) => {
    const at = 2 * (frame.sequence - layout.first)
    pieces[at] = frameHead(frame)
    pieces[at + 1] = await sealFrame(cipher, messageId, plaintext, frame)
  })
  return pieces
}

function assertFrameNumbers(layout: Layout): void {
  if (layout.first - 1 + framesOf(layout) > mostFrames) {
    throw new EncryptionSdkError('limit', 'A message has at most 4,294,967,295 frames.')
  }
}

function sealFrame(
  cipher: AesGcm,
  messageId: Bytes,
  plaintext: Bytes,
  frame: Frame,
): Promise<Bytes> {
  const { plaintextOffset: start, contentBytes, sequence } = frame
  const content = plaintext.subarray(start, start + contentBytes)
  return cipher.seal(frameIv(sequence), frameData(messageId, frame), content)
}

const frameHead = ({ final, sequence, contentBytes }: Frame): Bytes =>
  final
    ? concatBytes(uint32(endOfFrames), uint32(sequence), frameIv(sequence), uint32(contentBytes))
    : concatBytes(uint32(sequence), frameIv(sequence))

interface FrameExtent {
  /** Of the whole frame; where its head is cut, of as much as would tell more. */
  readonly bytes: number
  readonly final: boolean
  readonly contentBytes: number
}

/** The frame that begins at `at`, of which perhaps not all is there. @throws EncryptionSdkError `malformed` */
function frameExtent(
  view: DataView,
  at: number,
  frameLength: number,
  sequence: number,
): FrameExtent {
  const there = view.byteLength - at
  const cut = (bytes: number) => ({ bytes, final: false, contentBytes: 0 })
  if (there < 4) return cut(4)
  const final = view.getUint32(at) === endOfFrames
  if (final && there < finalHead) return cut(finalHead)
  if (view.getUint32(final ? at + 4 : at) !== sequence) {
    throw new EncryptionSdkError('malformed', 'A frame is not where it belongs.')
  }
  const contentBytes = final ? view.getUint32(at + finalHead - 4) : frameLength
  if (contentBytes > frameLength) {
    throw new EncryptionSdkError('malformed', 'The final frame is longer than the others.')
  }
  const bytes = contentBytes + (final ? finalOverhead : regularOverhead)
  return { bytes, final, contentBytes }
}

export interface SealedFrames {
  readonly layout: Layout
  readonly bytes: Bytes
  /** Bytes the next frame has at least; 0 behind the final one. */
  readonly wanted: number
}

/**
 * The whole frames at the start of `bytes`, up to the final one. Nothing in them is proven yet.
 * @param first number of the first
 * @throws EncryptionSdkError `malformed`
 */
export function readFrames(bytes: Bytes, frameLength: number, first: number): SealedFrames {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  for (let regularFrames = 0; ; regularFrames++) {
    const frame = frameExtent(view, at, frameLength, first + regularFrames)
    const whole = frame.bytes <= bytes.byteLength - at
    if (whole) at += frame.bytes
    if (whole && !frame.final) continue
    const finalBytes = whole ? frame.contentBytes : null
    const layout = { frameLength, first, regularFrames, finalBytes }
    return { layout, bytes: bytes.subarray(0, at), wanted: whole ? 0 : frame.bytes }
  }
}

/**
 * Opens all frames, in one piece. Nothing is returned unless every one holds.
 * @throws EncryptionSdkError `authentication`
 */
export async function openFrames(
  cipher: AesGcm,
  messageId: Bytes,
  { layout, bytes }: SealedFrames,
): Promise<Bytes> {
  const plaintext = new Uint8Array(plaintextBytesOf(layout))
  await overFrames(layout, async (frame) => {
    plaintext.set(await openFrame(cipher, messageId, bytes, frame), frame.plaintextOffset)
  })
  return plaintext
}

/** The same frame by frame, which spares a copy. Of a run that is all in flight, it has taken the bytes. */
export async function openEachFrame(
  cipher: AesGcm,
  messageId: Bytes,
  { layout, bytes }: SealedFrames,
): Promise<Bytes[]> {
  const contents: Bytes[] = []
  await overFrames(layout, async (frame) => {
    contents[frame.sequence - layout.first] = await openFrame(cipher, messageId, bytes, frame)
  })
  return contents
}

function openFrame(cipher: AesGcm, messageId: Bytes, bytes: Bytes, frame: Frame): Promise<Bytes> {
  const { contentOffset, contentBytes, final } = frame
  const ivOffset = final ? contentOffset - 4 - ivBytes : contentOffset - ivBytes
  const iv = bytes.slice(ivOffset, ivOffset + ivBytes)
  const sealed = bytes.subarray(contentOffset, contentOffset + contentBytes + tagBytes)
  return openSealed(cipher, iv, frameData(messageId, frame), sealed)
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
