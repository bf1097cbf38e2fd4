// command-line: `npx keyhearth`, the message format without a browser. This file: bytes through a stream,
// no faster than they are written.

import type { Chunks } from './input.ts'

/** Rejects with what was wrong first: reading, the stream's work, or writing. */
export async function through(
  input: Chunks,
  { readable, writable }: TransformStream<Uint8Array, Uint8Array>,
  write: (piece: Uint8Array) => Promise<void>,
): Promise<void> {
  const feeding = feed(input, writable.getWriter())
  const reader = readable.getReader()
  const draining = drain(reader, write).catch(async (error: unknown) => {
    await reader.cancel(error).catch(() => {})
    throw error
  })
  // Both are over before anybody tidies up after them.
  const ends = await Promise.allSettled([draining, feeding])
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

async function feed(input: Chunks, writer: WritableStreamDefaultWriter<Uint8Array>): Promise<void> {
  try {
    for await (const piece of input) await writer.write(piece)
    await writer.close()
  } catch (error) {
    await writer.abort(error).catch(() => {})
    throw error
  }
}

async function drain(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  write: (piece: Uint8Array) => Promise<void>,
): Promise<void> {
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    await write(value)
  }
}
