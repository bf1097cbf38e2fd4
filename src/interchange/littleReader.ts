// interchange: files of other password managers, read and written; pure. This file: fields one after the other in little
// endian, as KeePass and ZIP have them. A field that goes past the end is a file that was cut off.

import type { Bytes } from '../codec/bytes.ts'
import { refuse } from './refusal.ts'

export class LittleReader {
  readonly #bytes: Bytes
  readonly #view: DataView
  #offset: number

  constructor(bytes: Bytes, offset = 0) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#offset = offset
  }

  get offset(): number {
    return this.#offset
  }

  #advance(length: number): number {
    if (length > this.#bytes.byteLength - this.#offset) refuse('truncated')
    const start = this.#offset
    this.#offset += length
    return start
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1))
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true)
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true)
  }

  /** Beyond 2^53 it loses digits, and is too large for everything anyway. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true))
  }

  /** All that is left, as one number of 4 or 8 bytes. */
  anyUint(): number {
    return this.#bytes.byteLength - this.#offset === 4 ? this.uint32() : this.uint64()
  }

  /** In place. */
  bytes(length: number): Bytes {
    const start = this.#advance(length)
    return this.#bytes.subarray(start, start + length)
  }

  rest(): Bytes {
    return this.bytes(this.#bytes.byteLength - this.#offset)
  }
}
