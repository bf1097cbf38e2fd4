// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: body and footer of a message that is read as it comes (data-format/message-body.md,
// message-footer.md), behind a header that is proven.

import type { Bytes } from '../codec/bytes.ts'
import { Reader } from '../codec/reader.ts'
import { blockExtent, openBlock, readBlock } from './block.ts'
import type { ByteQueue } from './byteQueue.ts'
import { verifyDigest } from './digestSignature.ts'
import { EncryptionSdkError } from './errors.ts'
import {
  framesInFlight,
  framesOf,
  openEachFrame,
  openFrames,
  ownPieceBytes,
  readFrames,
  runExtent,
} from './frames.ts'
import type { ParsedHeader } from './header.ts'
import type { OpenedHeader } from './messageOpening.ts'
import type { RunningHash } from './runningHash.ts'
import type { Output } from './streams.ts'
import { WorkInOrder } from './workInOrder.ts'

export interface BodySource {
  readonly bytes: ByteQueue
  readonly parsed: ParsedHeader
  readonly opened: OpenedHeader
  /** Over the header already; `null` where the suite does not sign. */
  readonly hash: RunningHash | null
  /** Whether plaintext waits for the signature. */
  readonly holding: boolean
}

/** A frame or block is opened in one piece, and until it is there it is held. */
const longestHeld = 2 ** 30

export class BodyReader {
  readonly #source: BodySource
  readonly #output: Output
  readonly #work: WorkInOrder<Bytes[]>
  readonly #held: Bytes[] = []
  /** What to do once so many bytes are there. */
  #step: () => Promise<void>
  #wanted = 1
  #nextFrame = 1
  #ended = false

  constructor(source: BodySource, output: Output) {
    this.#source = source
    this.#output = output
    this.#work = new WorkInOrder(
      framesInFlight,
      (pieces) => this.#deliver(pieces),
      (reason) => output.error(reason),
    )
    const { frameLength } = source.parsed.header
    this.#step = frameLength === 0 ? () => this.#readBlock() : () => this.#readFrames()
  }

  /** Reads what is there; of what it begins it has taken the bytes before it returns. */
  async read(): Promise<void> {
    while (this.#source.bytes.length >= this.#wanted) await this.#step()
  }

  /** @throws EncryptionSdkError `truncated`, and what was wrong with what was still being opened */
  async close(): Promise<void> {
    await this.#work.finish()
    if (!this.#ended) {
      throw new EncryptionSdkError('truncated', 'The message ends before its last part.')
    }
  }

  async #readFrames(): Promise<void> {
    const { bytes, parsed } = this.#source
    const { cipher } = this.#source.opened
    const { frameLength, messageId } = parsed.header
    const window = Math.max(this.#wanted, runExtent(frameLength))
    const there = bytes.atLeast(this.#wanted).subarray(0, window)
    const frames = readFrames(there, frameLength, this.#nextFrame)
    this.#nextFrame += frames.layout.regularFrames
    this.#take(frames.bytes.byteLength)
    if (frames.wanted === 0) this.#expectFooter()
    else this.#expect(frames.wanted)
    const count = framesOf(frames.layout)
    const opened =
      frameLength < ownPieceBytes
        ? openFrames(cipher, messageId, frames).then((plaintext) => [plaintext])
        : openEachFrame(cipher, messageId, frames)
    await this.#work.add(opened, count)
  }

  async #readBlock(): Promise<void> {
    const { bytes, parsed, opened } = this.#source
    const extent = blockExtent(bytes.atLeast(this.#wanted))
    this.#expect(extent)
    if (bytes.length < extent) return
    const block = readBlock(new Reader(this.#take(extent)))
    this.#expectFooter()
    const content = openBlock(opened.cipher, parsed.header.messageId, block)
    await this.#work.add(
      content.then((plaintext) => [plaintext]),
      1,
    )
  }

  async #readFooter(): Promise<void> {
    const { bytes, parsed, opened, hash } = this.#source
    const length = new Reader(bytes.atLeast(2)).uint16()
    this.#expect(2 + length)
    if (bytes.length < 2 + length) return
    const der = bytes.take(2 + length).slice(2)
    const { signature } = parsed.suite
    const { verificationKey } = opened
    await this.#work.finish()
    const holds =
      signature && verificationKey && hash
        ? await verifyDigest(signature, verificationKey, hash.digest(), der)
        : false
    if (!holds) {
      throw new EncryptionSdkError('signature', "The message's signature does not hold.")
    }
    for (const plaintext of this.#held.splice(0)) this.#output.enqueue(plaintext)
    this.#expectEnd()
  }

  #expect(wanted: number): void {
    if (wanted > longestHeld) {
      throw new EncryptionSdkError('limit', 'A part of the message is too long for a stream.')
    }
    this.#wanted = wanted
  }

  #expectFooter(): void {
    if (this.#source.parsed.suite.signature) {
      this.#expect(2)
      this.#step = () => this.#readFooter()
    } else this.#expectEnd()
  }

  #expectEnd(): void {
    this.#ended = true
    this.#expect(1)
    this.#step = () => {
      throw new EncryptionSdkError('malformed', 'Bytes follow the end of the message.')
    }
  }

  /** The next bytes, which the signature is over. */
  #take(length: number): Bytes {
    const { bytes, hash } = this.#source
    const taken = bytes.take(length)
    hash?.update(taken)
    return taken
  }

  #deliver(pieces: readonly Bytes[]): void {
    for (const plaintext of pieces) {
      if (plaintext.byteLength === 0) continue
      if (this.#source.holding) this.#held.push(plaintext)
      else this.#output.enqueue(plaintext)
    }
  }
}
