// ui: what the person sees; speaks the protocol like any other client. This file: what the streams of work
// on files are put together from.

import { type Bytes, concatBytes } from '../codec/bytes.ts'

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

/** Where bytes end. */
interface Ending {
  write(bytes: Bytes): Promise<void>
  /** All of it is there, and proven. @returns the name of what was written */
  finish(): Promise<string>
  abandon(): Promise<void>
}

/**
 * Writes all of it, in large pieces; what was written is the target's only once it was all of it.
 * @returns the name of what was written
 */
export async function save(
  content: ReadableStream<Uint8Array>,
  target: Ending,
  signal: AbortSignal,
): Promise<string> {
  let pieces: Uint8Array[] = []
  let length = 0
  const empty = async () => {
    const gathered = concatBytes(...pieces)
    pieces = []
    length = 0
    if (gathered.byteLength > 0) await target.write(gathered)
  }
  const writing = new WritableStream<Uint8Array>(
    {
      async write(piece) {
        pieces.push(piece)
        length += piece.byteLength
        if (length >= pieceBytes) await empty()
      },
      close: empty,
    },
    { highWaterMark: 1 },
  )
  try {
    await content.pipeTo(writing, { signal })
    return await target.finish()
  } catch (error) {
    await target.abandon()
    throw error
  }
}
