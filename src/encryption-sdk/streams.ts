// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: what both directions of streams share.

export type Output = TransformStreamDefaultController<Uint8Array>

/** Bytes that wait on each side, so that reader and writer need not take turns. */
const waitingBytes = 1024 * 1024

const bytes: QueuingStrategy<Uint8Array> = {
  highWaterMark: waitingBytes,
  size: (chunk) => chunk.byteLength,
}

/** For the side that is written, and for the one that is read. */
export const streamStrategy = [bytes, bytes] as const
