// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: making a message of any length in memory of constant size (client-apis/encrypt.md,
// "Streaming"). Runs of frames are sealed while the next ones are read.

import { type Bytes, concatBytes, uint16 } from '../codec/bytes.ts'
import { ByteQueue } from './byteQueue.ts'
import { signDigest } from './digestSignature.ts'
import { EncryptionSdkError } from './errors.ts'
import {
  bodyBytes,
  framesInFlight,
  framesInRun,
  framesOf,
  type Layout,
  ownPieceBytes,
  sealEachFrame,
  sealFrames,
} from './frames.ts'
import type { BodyStart, StartOptions } from './messageStart.ts'
import { type RunningHash, startHash } from './runningHash.ts'
import { type Output, streamStrategy } from './streams.ts'
import type { AesGcm } from './webCryptoGcm.ts'
import { WorkInOrder } from './workInOrder.ts'

export interface EncryptStreamOptions extends StartOptions {
  /** Bytes of content a frame, 131,072 unless told otherwise. The stream holds some sixteen at a time. */
  readonly frameLength?: number
  /** The most bytes there will be, where that is known: more are refused. A caching CMM asks for it. */
  readonly plaintextLength?: number
}

/** The whole header with its tag, and what the body behind it is made with. */
export interface StreamStart {
  readonly head: Bytes
  readonly body: BodyStart
}

/** @param plaintextLength the most bytes there may be */
export function encryptionStream(
  begin: () => Promise<StreamStart>,
  plaintextLength = Number.POSITIVE_INFINITY,
): TransformStream<Uint8Array, Uint8Array> {
  const plaintext = new ByteQueue()
  let length = 0
  let message: SealedStream
  return new TransformStream<Uint8Array, Uint8Array>(
    {
      async start(output) {
        message = await SealedStream.begin(await begin(), output)
      },
      async transform(chunk) {
        length += chunk.byteLength
        if (length > plaintextLength) {
          throw new EncryptionSdkError('limit', 'There is more plaintext than was announced.')
        }
        plaintext.push(chunk)
        // The last frame is the final one: a full frame waits until something follows it.
        while (plaintext.length > message.frameLength) await message.sealRun(plaintext)
        plaintext.keep()
      },
      flush: () => message.end(plaintext),
    },
    ...streamStrategy,
  )
}

class SealedStream {
  readonly #start: BodyStart
  readonly #output: Output
  readonly #hash: RunningHash | null
  readonly #work: WorkInOrder<Bytes[]>
  #next = 1

  private constructor(start: BodyStart, output: Output, hash: RunningHash | null) {
    this.#start = start
    this.#output = output
    this.#hash = hash
    this.#work = new WorkInOrder(
      framesInFlight,
      (pieces) => this.#write(pieces),
      (reason) => output.error(reason),
    )
  }

  static async begin({ head, body }: StreamStart, output: Output): Promise<SealedStream> {
    const { signature } = body.suite
    const stream = new SealedStream(body, output, signature && (await startHash(signature.hash)))
    stream.#write([head])
    return stream
  }

  get frameLength(): number {
    return this.#start.messageHeader.frameLength
  }

  /** As many regular frames as lie there in one piece, and at most a run of them. */
  sealRun(plaintext: ByteQueue): Promise<void> {
    const { frameLength } = this
    const inOnePiece = Math.floor(plaintext.atLeast(frameLength).byteLength / frameLength)
    const beforeLast = Math.ceil(plaintext.length / frameLength) - 1
    const regularFrames = Math.min(inOnePiece, beforeLast, framesInRun(frameLength))
    const content = plaintext.take(regularFrames * frameLength)
    return this.#seal({ frameLength, first: this.#next, regularFrames, finalBytes: null }, content)
  }

  /** The final frame, and the footer. */
  async end(plaintext: ByteQueue): Promise<void> {
    const { suite, signingKey } = this.#start
    const { frameLength } = this
    const content = plaintext.take(plaintext.length)
    const finalBytes = content.byteLength
    await this.#seal({ frameLength, first: this.#next, regularFrames: 0, finalBytes }, content)
    await this.#work.finish()
    if (!suite.signature || !signingKey || !this.#hash) return
    const der = await signDigest(suite.signature, signingKey, this.#hash.digest())
    this.#output.enqueue(concatBytes(uint16(der.byteLength), der))
  }

  /** Takes the content before it returns; its memory may then be used for something else. */
  #seal(layout: Layout, content: Bytes): Promise<void> {
    const { cipher, messageHeader } = this.#start
    const { messageId } = messageHeader
    this.#next += layout.regularFrames
    const sealed =
      layout.frameLength < ownPieceBytes
        ? sealInOnePiece(cipher, messageId, content, layout)
        : sealEachFrame(cipher, messageId, content, layout)
    return this.#work.add(sealed, framesOf(layout))
  }

  #write(pieces: readonly Bytes[]): void {
    for (const piece of pieces) {
      this.#hash?.update(piece)
      this.#output.enqueue(piece)
    }
  }
}

async function sealInOnePiece(
  cipher: AesGcm,
  messageId: Bytes,
  content: Bytes,
  layout: Layout,
): Promise<Bytes[]> {
  const body = new Uint8Array(bodyBytes(layout))
  await sealFrames(cipher, messageId, content, layout, body)
  return [body]
}
