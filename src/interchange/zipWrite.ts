// interchange: files of other password managers, read and written; pure. This file: writes ZIP (PKWARE's APPNOTE.TXT),
// piece by piece: no more of it is in memory than the piece at hand. Sizes and checksums come after each file (section
// 4.3.9), so that a file is read once.

import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'

export class ZipWriter {
  readonly #made: Uint8Array[] = []
  readonly #zip = new Zip((error, piece) => {
    if (error) throw error
    this.#made.push(piece)
  })

  /** @param how `stored`: as it is, since most files that people attach are packed already */
  async *file(
    path: string,
    content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    how: 'deflated' | 'stored',
  ): AsyncGenerator<Uint8Array> {
    const file = how === 'deflated' ? new ZipDeflate(path) : new ZipPassThrough(path)
    this.#zip.add(file)
    for await (const piece of content) {
      file.push(piece as Uint8Array<ArrayBuffer>)
      yield* this.#taken()
    }
    file.push(new Uint8Array(), true)
    yield* this.#taken()
  }

  *end(): Generator<Uint8Array> {
    this.#zip.end()
    yield* this.#taken()
  }

  #taken(): Uint8Array[] {
    return this.#made.splice(0)
  }
}
