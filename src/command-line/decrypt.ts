// command-line: `npx keyhearth`, the message format without a browser. This file: decrypting.

import type { FileHeader } from '../codec/fileHeader.ts'
import { FilePlaintext } from '../codec/filePlaintext.ts'
import { buildClient, CommitmentPolicy } from '../encryption-sdk/index.ts'
import { type Chunks, messageBytes } from './input.ts'
import { keyringOf } from './keys.ts'
import type { Output } from './output.ts'
import { through } from './pipe.ts'
import type { Request } from './request.ts'

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
  const plaintext = new FilePlaintext(begin)
  const stream = client.decryptStream(await keyringOf(request), {
    encryptionContext: request.context,
    releasePlaintextBeforeSignature,
    onMessageHeader: ({ encryptionContext }) => plaintext.expect(encryptionContext),
  })
  try {
    await through(messageBytes(input), stream, (piece) => plaintext.write(piece))
    return await plaintext.end()
  } catch (error) {
    await plaintext.abandon()
    throw error
  }
}
