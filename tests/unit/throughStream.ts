// What a stream of bytes makes of pieces of bytes.

import { concatBytes } from '../../src/codec/bytes.ts'
import type { EncryptionSdkError } from '../../src/encryption-sdk/index.ts'

export type Through = TransformStream<Uint8Array, Uint8Array>

export function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(bytes.byteLength / size)
  return Array.from({ length: count }, (_, i) => bytes.slice(i * size, (i + 1) * size))
}

/** All that came out, and `whole` or the code of the error it ended in. */
export async function throughStream(
  { readable, writable }: Through,
  chunks: readonly Uint8Array[],
) {
  const writer = writable.getWriter()
  const writing = (async () => {
    for (const chunk of chunks) {
      if ((writer.desiredSize ?? 0) <= 0) await writer.ready
      // What goes wrong is told when the writer closes.
      writer.write(chunk).catch(() => {})
    }
    await writer.close()
  })()
  const out: Uint8Array[] = []
  const reading = (async () => {
    const reader = readable.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return 'whole'
      out.push(value)
    }
  })()
  const [wrote, read] = await Promise.allSettled([writing, reading])
  if (read.status === 'fulfilled' && wrote.status === 'fulfilled') {
    return { out: concatBytes(...out), code: read.value }
  }
  const { reason } = read.status === 'rejected' ? read : (wrote as PromiseRejectedResult)
  const code = (reason as EncryptionSdkError).code ?? `raw: ${reason}`
  return { out: concatBytes(...out), code }
}
