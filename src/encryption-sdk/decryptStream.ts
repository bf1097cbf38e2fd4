// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: opening a message of any length as it comes (client-apis/decrypt.md, "Streaming"). Frames
// are opened while the next ones are read; a frame's plaintext leaves only after its tag held.

import type { Bytes } from '../codec/bytes.ts'
import { BodyReader } from './bodyReader.ts'
import { ByteQueue } from './byteQueue.ts'
import type { DecryptOptions } from './decrypt.ts'
import { EncryptionSdkError } from './errors.ts'
import { type MessageHeader, type ParsedHeader, parseHeader } from './header.ts'
import type { OpenedHeader } from './messageOpening.ts'
import { startHash } from './runningHash.ts'
import { type Output, streamStrategy } from './streams.ts'

export interface DecryptStreamOptions extends DecryptOptions {
  /** Told the header once it is proven, before any plaintext leaves. */
  readonly onMessageHeader?: (header: MessageHeader) => void
  /**
   * Lets the plaintext of a signed message out before its signature is known to hold: each frame is
   * authentic to whoever holds the data key, but not proven to be the signer's. If the signature does not
   * hold the stream fails at its end, and whoever asked for this must undo what they did until then.
   * Unless asked, all plaintext of a signed message is held in memory until the end.
   */
  readonly releasePlaintextBeforeSignature?: boolean
}

/** The proven key of a body, for its header and the very bytes of it, which are there until it answers. */
export type HeaderOpener = (parsed: ParsedHeader, header: Bytes) => Promise<OpenedHeader>

export function decryptionStream(
  open: HeaderOpener,
  options: Omit<DecryptStreamOptions, 'encryptionContext'>,
  maxEncryptedDataKeys: number,
): TransformStream<Uint8Array, Uint8Array> {
  const bytes = new ByteQueue()
  const header = new GrowingHeader(bytes, maxEncryptedDataKeys)
  let body: BodyReader | null = null
  const read = async (output: Output, last: boolean) => {
    const parsed = body ? null : header.parse(last)
    if (parsed) body = await startBody(bytes, parsed, output, open, options)
    await body?.read()
    bytes.keep()
  }
  return new TransformStream<Uint8Array, Uint8Array>(
    {
      async transform(chunk, output) {
        bytes.push(chunk)
        await read(output, false)
      },
      async flush(output) {
        await read(output, true)
        await body?.close()
      },
    },
    ...streamStrategy,
  )
}

async function startBody(
  bytes: ByteQueue,
  parsed: ParsedHeader,
  output: Output,
  open: HeaderOpener,
  { releasePlaintextBeforeSignature = false, onMessageHeader }: DecryptStreamOptions,
): Promise<BodyReader> {
  const header = bytes.take(parsed.length)
  const { signature } = parsed.suite
  const hash = signature && (await startHash(signature.hash))
  hash?.update(header)
  const opened = await open(parsed, header)
  onMessageHeader?.(parsed.header)
  const holding = signature !== null && !releasePlaintextBeforeSignature
  return new BodyReader({ bytes, parsed, opened, hash, holding }, output)
}

/** Up to here a header is tried with each chunk; a longer one waits until it has grown by an eighth. */
const shortHeader = 4096

class GrowingHeader {
  readonly #bytes: ByteQueue
  readonly #maxEncryptedDataKeys: number
  #wanted = 1

  constructor(bytes: ByteQueue, maxEncryptedDataKeys: number) {
    this.#bytes = bytes
    this.#maxEncryptedDataKeys = maxEncryptedDataKeys
  }

  /**
   * `null` while it is not all there.
   * @param last whether nothing more comes
   * @throws EncryptionSdkError what is wrong with it, as soon as it can be told
   */
  parse(last: boolean): ParsedHeader | null {
    const { length } = this.#bytes
    if (length < this.#wanted && !last) return null
    try {
      return parseHeader(this.#bytes.atLeast(length), this.#maxEncryptedDataKeys)
    } catch (error) {
      const cut = error instanceof EncryptionSdkError && error.code === 'truncated'
      if (last || !cut) throw error
      this.#wanted = length < shortHeader ? length + 1 : Math.ceil((length * 9) / 8)
      return null
    }
  }
}
