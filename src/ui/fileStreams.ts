// ui: what the person sees; speaks the protocol like any other client. This file: what the streams of work
// on files are put together from.

import { type Bytes, concatBytes, unshared } from '../codec/bytes.ts'
import {
  type FileHeader,
  fileContentPair,
  type ReadFileHeader,
  readFileHeader,
} from '../codec/fileHeader.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Target } from './fileTargets.ts'

/** What a disk takes at once. */
const pieceBytes = 1024 * 1024

/** The first bytes, then the others. */
export function after(first: Bytes, rest: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const begin = new TransformStream<Uint8Array, Uint8Array>({
    start: (output) => output.enqueue(first),
  })
  return rest.pipeThrough(begin)
}

/** Tells how many bytes have come through. */
export function counting(tell: (bytes: number) => void): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0
  return new TransformStream({
    transform(piece, output) {
      bytes += piece.byteLength
      tell(bytes)
      output.enqueue(piece)
    },
  })
}

export const saysFile = (context: Readonly<Record<string, string>>): boolean =>
  Object.entries(fileContentPair).every(
    ([name, value]) => Object.hasOwn(context, name) && context[name] === value,
  )

/** Takes the header off the front of a file's plaintext. @throws KeyhearthError `message-malformed` */
export class HeaderTaker {
  readonly #begin: (header: FileHeader | null) => Promise<Target>
  /** `null` where no header comes, or it has come. */
  #start: Bytes | null = null
  #target: Target | null = null

  constructor(begin: (header: FileHeader | null) => Promise<Target>) {
    this.#begin = begin
  }

  expectHeader(): void {
    this.#start = new Uint8Array(0)
  }

  async write(piece: Uint8Array): Promise<void> {
    if (!this.#start) return (await this.#opened(null)).write(unshared(piece))
    const start = concatBytes(this.#start, piece)
    const read = readHeader(start)
    this.#start = read ? null : start
    if (read) await (await this.#opened(read.header)).write(start.slice(read.bytes))
  }

  async finish(): Promise<string> {
    if (this.#start) throw new KeyhearthError('message-malformed')
    return (await this.#opened(null)).finish()
  }

  async abandon(): Promise<void> {
    await this.#target?.abandon()
  }

  async #opened(header: FileHeader | null): Promise<Target> {
    this.#target ??= await this.#begin(header)
    return this.#target
  }
}

function readHeader(start: Bytes): ReadFileHeader | null {
  try {
    return readFileHeader(start)
  } catch {
    throw new KeyhearthError('message-malformed')
  }
}

/** Where bytes end. */
export interface Ending {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  finish(): Promise<void>
  abandon(): Promise<void>
}

/** Writes in large pieces; what it was given is the target's only once it was all of it. */
export function into(target: Ending): WritableStream<Uint8Array> {
  let pieces: Uint8Array[] = []
  let length = 0
  const empty = async () => {
    const gathered = concatBytes(...pieces)
    pieces = []
    length = 0
    if (gathered.byteLength > 0) await target.write(gathered)
  }
  return new WritableStream(
    {
      async write(piece) {
        pieces.push(piece)
        length += piece.byteLength
        if (length >= pieceBytes) await empty()
      },
      async close() {
        try {
          await empty()
          await target.finish()
        } catch (error) {
          // A stream that fails to close is not aborted besides.
          await target.abandon()
          throw error
        }
      },
      abort: () => target.abandon(),
    },
    { highWaterMark: 1 },
  )
}
