// Messages made from the grammar, mostly in order, by a writer who holds the keys: what is out of order is
// refused with a reason, the stream and the whole reader agree, and what opens says what was written.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  buildClient,
  CommitmentPolicy,
  describeMessage,
  EncryptionSdkError,
} from '../../src/encryption-sdk/index.ts'
import { pieces, throughStream } from '../unit/throughStream.ts'
import { keyring, plaintextOf, shapes, write } from './messageGrammar.ts'

const seconds = process.env['SLOW'] === '1' ? 300 : 6
const client = buildClient({
  commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT,
  maxEncryptedDataKeys: 256,
})

async function whole(message: Uint8Array) {
  try {
    const { plaintext } = await client.decrypt(keyring, message)
    return { out: plaintext, code: 'whole' }
  } catch (error) {
    expect(error).toBeInstanceOf(EncryptionSdkError)
    return { out: new Uint8Array(0), code: (error as EncryptionSdkError).code }
  }
}

/** @throws where a description fails otherwise than with a reason */
function describes(message: Uint8Array): boolean {
  try {
    describeMessage(message)
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(EncryptionSdkError)
    return false
  }
}

/** One byte of it another, or none. */
const flip = fc.option(fc.record({ at: fc.nat(), bit: fc.integer({ min: 0, max: 7 }) }), {
  freq: 3,
})

test(
  `whatever the grammar makes in ${seconds} seconds`,
  async () => {
    const codes = new Map<string, number>()
    const property = fc.asyncProperty(
      shapes,
      flip,
      fc.integer({ min: 1, max: 300 }),
      async (shape, change, pieceBytes) => {
        const message = await write(shape)
        if (change) {
          const at = change.at % message.byteLength
          message[at] = (message[at] ?? 0) ^ (1 << change.bit)
        }
        const read = await whole(message)
        const through = client.decryptStream(keyring)
        const streamed = await throughStream(through, pieces(message, pieceBytes))
        expect(streamed.code === 'whole').toBe(read.code === 'whole')
        expect(streamed.code).not.toContain('raw')
        const described = describes(message)
        codes.set(read.code, (codes.get(read.code) ?? 0) + 1)
        if (read.code !== 'whole') return
        expect(described).toBe(true)
        expect(read.out).toEqual(plaintextOf(shape))
        expect(streamed.out).toEqual(read.out)
      },
    )
    const numRuns = 1_000_000
    await fc.assert(property, {
      numRuns,
      interruptAfterTimeLimit: seconds * 1000,
      endOnFailure: true,
    })
    // The grammar reaches what it is for: whole messages, and every way a reader refuses one.
    const reached = ['whole', 'malformed', 'truncated', 'limit', 'authentication', 'unsupported']
    expect([...codes.keys()]).toEqual(expect.arrayContaining(reached))
  },
  (seconds + 30) * 1000,
)
