// command-line: `npx keyhearth`, the message format without a browser. This file: decrypting.

import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { type FileHeader, fileContentPair, readFileHeader } from '../codec/fileHeader.ts'
import { buildClient, CommitmentPolicy, type EncryptionContext } from '../encryption-sdk/index.ts'
import { type Chunks, messageBytes } from './input.ts'
import { keyringOf } from './keys.ts'
import type { Output } from './output.ts'
import { through } from './pipe.ts'
import type { Request } from './request.ts'
import { CommandError } from './words.ts'

/** Where plaintext goes once it is known whether a file's name stands before it. */
export type Begin = (header: FileHeader | null) => Promise<Output>

/** What was written is the output's to finish, or to abandon where this rejects. */
export async function decryptTo(
  request: Request,
  input: Chunks,
  begin: Begin,
  releasePlaintextBeforeSignature: boolean,
): Promise<Output> {
  const { REQUIRE_ENCRYPT_ALLOW_DECRYPT, REQUIRE_ENCRYPT_REQUIRE_DECRYPT } = CommitmentPolicy
  const client = buildClient({
    commitmentPolicy: request.allowNoCommitment
      ? REQUIRE_ENCRYPT_ALLOW_DECRYPT
      : REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
  })
  const plaintext = new Plaintext(begin)
  const stream = client.decryptStream(await keyringOf(request), {
    encryptionContext: request.context,
    releasePlaintextBeforeSignature,
    onMessageHeader: ({ encryptionContext }) => plaintext.expect(encryptionContext),
  })
  try {
    await through(messageBytes(input), stream, (piece) => plaintext.take(piece))
    return await plaintext.end()
  } catch (error) {
    await plaintext.abandon()
    throw error
  }
}

/** Plaintext as it comes: the header of a file is taken off its front. */
class Plaintext {
  readonly #begin: Begin
  #start: Bytes | null = null
  #output: Output | null = null

  constructor(begin: Begin) {
    this.#begin = begin
  }

  expect(context: EncryptionContext): void {
    this.#start = saysFile(context) ? new Uint8Array(0) : null
  }

  async take(piece: Uint8Array): Promise<void> {
    if (!this.#start) {
      this.#output ??= await this.#begin(null)
      return this.#output.write(piece)
    }
    const start = concatBytes(this.#start, piece)
    const read = readHeader(start)
    this.#start = read ? null : start
    if (!read) return
    this.#output = await this.#begin(read.header)
    await this.#output.write(start.subarray(read.bytes))
  }

  async end(): Promise<Output> {
    if (this.#start) throw new CommandError('The file in this message is cut.')
    this.#output ??= await this.#begin(null)
    return this.#output
  }

  async abandon(): Promise<void> {
    await this.#output?.abandon()
  }
}

const saysFile = (context: EncryptionContext): boolean =>
  Object.entries(fileContentPair).every(
    ([key, value]) => Object.hasOwn(context, key) && context[key] === value,
  )

function readHeader(start: Bytes) {
  try {
    return readFileHeader(start)
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : '')
  }
}
