// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: bytes that arrive in pieces and are taken in others. Fresh memory costs more than copying
// (Chromium: about 0.5 ms a MiB), so a piece is read where it is, and only what is left of it is kept, in
// memory that is used again and again.

import { type Bytes, unshared } from '../codec/bytes.ts'

const leastStore = 1024
const nothing: Bytes = new Uint8Array(0)

export class ByteQueue {
  /** What is left of earlier pieces: `#store` from `#begin` to `#end`. */
  #store: Bytes = new Uint8Array(leastStore)
  #begin = 0
  #end = 0
  /** The rest of the latest piece, in its writer's memory. */
  #piece: Bytes = nothing

  get length(): number {
    return this.#end - this.#begin + this.#piece.byteLength
  }

  /** The piece stays the writer's until `keep`. */
  push(piece: Uint8Array): void {
    this.keep()
    this.#piece = unshared(piece)
  }

  /**
   * The next bytes in one piece: so many, and more if they lie there anyway. Good until the next call.
   * @param length not more than there are
   */
  atLeast(length: number): Bytes {
    if (this.#begin === this.#end) return this.#piece
    const missing = length - (this.#end - this.#begin)
    if (missing > 0) this.#storeFirst(missing)
    return this.#store.subarray(this.#begin, this.#end)
  }

  /** The next bytes in one piece, which are gone from here. Good until the next call. */
  take(length: number): Bytes {
    const taken = this.atLeast(length).subarray(0, length)
    if (this.#begin === this.#end) this.#piece = this.#piece.subarray(length)
    else this.#begin += length
    return taken
  }

  /** Copies what is left of the writer's piece, who may then use its memory again, or give it back. */
  keep(): void {
    this.#storeFirst(this.#piece.byteLength)
    this.#piece = nothing
  }

  /** Moves bytes from the piece to the store. */
  #storeFirst(length: number): void {
    this.#makeRoom(length)
    this.#store.set(this.#piece.subarray(0, length), this.#end)
    this.#end += length
    this.#piece = this.#piece.subarray(length)
  }

  #makeRoom(length: number): void {
    if (this.#end + length <= this.#store.byteLength) return
    const stored = this.#store.subarray(this.#begin, this.#end)
    const wanted = stored.byteLength + length
    // Half of it stays free, so that moving bytes to the front is rare.
    if (2 * wanted > this.#store.byteLength) this.#store = new Uint8Array(2 * wanted)
    this.#store.set(stored)
    this.#begin = 0
    this.#end = stored.byteLength
  }
}
