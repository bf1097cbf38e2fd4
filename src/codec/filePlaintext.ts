// codec: pure conversions between bytes and their written forms. This file: the plaintext of a message as it
// comes, in pieces: where it is a file's (fileHeader.ts), the header is taken off its front.

import { type Bytes, concatBytes, unshared } from './bytes.ts'
import { type FileHeader, FileHeaderError, fileContentPair, readFileHeader } from './fileHeader.ts'

/** Where content goes. */
export interface ContentTarget {
  write(bytes: Bytes): Promise<void>
  abandon(): Promise<void>
}

const saysFile = (context: Readonly<Record<string, string>>): boolean =>
  Object.entries(fileContentPair).every(
    ([name, value]) => Object.hasOwn(context, name) && context[name] === value,
  )

export class FilePlaintext<Target extends ContentTarget> {
  readonly #begin: (header: FileHeader | null) => Promise<Target>
  /** `null` where no header comes, or it has come. */
  #start: Bytes | null = null
  #target: Target | null = null

  /** @param begin called once, with the header of a file, or `null` for plaintext without one */
  constructor(begin: (header: FileHeader | null) => Promise<Target>) {
    this.#begin = begin
  }

  /** To be called with the proven encryption context, before any plaintext. */
  expect(encryptionContext: Readonly<Record<string, string>>): void {
    this.#start = saysFile(encryptionContext) ? new Uint8Array(0) : null
  }

  /** @throws FileHeaderError `malformed`; whatever `begin` and the target throw */
  async write(piece: Uint8Array): Promise<void> {
    if (!this.#start) return (await this.#opened(null)).write(unshared(piece))
    const start = concatBytes(this.#start, piece)
    const read = readFileHeader(start)
    this.#start = read ? null : start
    if (read) await (await this.#opened(read.header)).write(start.subarray(read.bytes))
  }

  /** No more comes. @throws FileHeaderError `truncated` */
  async end(): Promise<Target> {
    if (this.#start) throw new FileHeaderError('truncated', 'The file in this message is cut.')
    return this.#opened(null)
  }

  async abandon(): Promise<void> {
    await this.#target?.abandon()
  }

  async #opened(header: FileHeader | null): Promise<Target> {
    this.#target ??= await this.#begin(header)
    return this.#target
  }
}
