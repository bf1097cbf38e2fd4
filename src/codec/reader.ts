// codec: pure conversions between bytes and their written forms. This file: reading fields one after the
// other. Every read is checked against the end, so a parser above cannot run past it.

import type { Bytes } from './bytes.ts'

/** The bytes ended inside a field. */
export class EndOfBytes extends RangeError {
  readonly code = 'end-of-bytes'
}

export class Reader {
  readonly #bytes: Bytes
  readonly #view: DataView
  #offset = 0

  constructor(bytes: Bytes) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get offset(): number {
    return this.#offset
  }

  get remaining(): number {
    return this.#bytes.byteLength - this.#offset
  }

  #advance(length: number): number {
    if (length > this.remaining) throw new EndOfBytes(`${length} bytes wanted`)
    const start = this.#offset
    this.#offset += length
    return start
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1))
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2))
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4))
  }

  /** The next bytes as a copy. */
  bytes(length: number): Bytes {
    const start = this.#advance(length)
    return this.#bytes.slice(start, start + length)
  }

  /** The next bytes in place: cheap, and only good while nobody writes to them. */
  view(length: number): Bytes {
    const start = this.#advance(length)
    return this.#bytes.subarray(start, start + length)
  }

  /** What was read since that offset, in place. */
  since(offset: number): Bytes {
    return this.#bytes.subarray(offset, this.#offset)
  }

  /** Bytes behind their own length of two bytes. */
  bytes16(): Bytes {
    return this.bytes(this.uint16())
  }
}
