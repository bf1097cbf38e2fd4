// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: bytes that arrive in pieces and are taken in others. Pieces are joined only once enough are
// there, so that bytes that come one by one are not copied again and again.

import { type Bytes, concatBytes, unshared } from '../codec/bytes.ts'

export class ByteQueue {
  #pieces: Bytes[] = []
  #length = 0
  /** Whether the last piece is the writer's memory. */
  #borrowed = false

  get length(): number {
    return this.#length
  }

  /** The piece stays the writer's until `keep`. */
  push(piece: Uint8Array): void {
    if (piece.byteLength === 0) return
    this.#pieces.push(unshared(piece))
    this.#length += piece.byteLength
    this.#borrowed = true
  }

  /** All bytes in one piece, in place. */
  peek(): Bytes {
    const [only] = this.#pieces
    if (only && this.#pieces.length === 1) return only
    const joined = concatBytes(...this.#pieces)
    this.#pieces = [joined]
    this.#borrowed = false
    return joined
  }

  /** The next bytes, in place. */
  take(length: number): Bytes {
    const all = this.peek()
    const rest = all.subarray(length)
    this.#length = rest.byteLength
    this.#pieces = rest.byteLength > 0 ? [rest] : []
    return all.subarray(0, length)
  }

  /** Copies what is the writer's, who may use its memory again. */
  keep(): void {
    const last = this.#borrowed ? this.#pieces.pop() : undefined
    if (last) this.#pieces.push(last.slice())
    this.#borrowed = false
  }
}
