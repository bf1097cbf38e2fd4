// command-line: `npx keyhearth`, the message format without a browser. This file: encrypting.

import { armour } from '../codec/armour.ts'
import { concatBytes } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import {
  buildClient,
  CommitmentPolicy,
  passphraseContext,
  type SuiteId,
  suites,
} from '../encryption-sdk/index.ts'
import type { Chunks } from './input.ts'
import { keyringOf } from './keys.ts'
import type { Output } from './output.ts'
import { through } from './pipe.ts'
import type { Request } from './request.ts'
import { CommandError } from './words.ts'

/** Unsigned: whoever has the key could sign as well, and a signed message opens only at its end. */
const defaultSuite = 0x0478
/** As text it is in memory as a whole. */
const longestArmoured = 128 * 1024 * 1024

/** Suites of format 1 do not commit; who names one wants it. */
function clientFor(suiteId: SuiteId) {
  const suite = Object.values(suites).find(({ id }) => id === suiteId)
  const { FORBID_ENCRYPT_ALLOW_DECRYPT, REQUIRE_ENCRYPT_REQUIRE_DECRYPT } = CommitmentPolicy
  const old = suite?.messageFormat === 1
  return buildClient({
    commitmentPolicy: old ? FORBID_ENCRYPT_ALLOW_DECRYPT : REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
  })
}

export async function encryptTo(request: Request, input: Chunks, output: Output): Promise<void> {
  const { suiteId = defaultSuite, frameLength, context } = request
  const stream = clientFor(suiteId).encryptStream(await keyringOf(request), {
    suiteId,
    encryptionContext:
      request.passphraseFile === undefined ? context : { ...context, ...passphraseContext() },
    ...(frameLength === undefined ? {} : { frameLength }),
  })
  if (!request.armour) return through(input, stream, (piece) => output.write(piece))
  const pieces: Uint8Array[] = []
  let length = 0
  await through(input, stream, async (piece) => {
    length += piece.byteLength
    if (length > longestArmoured)
      throw new CommandError('That is too much for text. Leave out --armour.')
    pieces.push(piece)
  })
  await output.write(encodeUtf8(`${armour(concatBytes(...pieces))}\n`))
}
