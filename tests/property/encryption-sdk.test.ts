// Messages of any size, frame length and context come back as they went; any change to one is refused.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeHex } from '../../src/codec/text.ts'
import {
  buildClient,
  type Client,
  CommitmentPolicy,
  describeMessage,
  EncryptionSdkError,
  rawAesKeyring,
  suites,
} from '../../src/encryption-sdk/index.ts'

const long = process.env['SLOW'] === '1'
const numRuns = long ? 5000 : 60
const timeout = long ? 600_000 : 60_000

const algorithm = { name: 'AES-GCM', length: 256 }
const wrappingKey = await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt'])
const keyring = rawAesKeyring({ keyNamespace: 'tests', keyName: 'any', wrappingKey })

const suiteId = fc.constantFrom(...Object.values(suites).map(({ id }) => id))
const committing = buildClient({ commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT })
const other = buildClient({ commitmentPolicy: CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT })
const { decrypt } = committing
const encrypt: Client['encrypt'] = (keys, plaintext, options = {}) =>
  suites[options.suiteId ?? 0x0578].commitmentBytes > 0
    ? committing.encrypt(keys, plaintext, options)
    : other.encrypt(keys, plaintext, options)

/** Around the edges of frames: none, one, and each count of whole frames less one, even, and one more. */
const sized = fc
  .tuple(
    fc.integer({ min: 1, max: 300 }),
    fc.integer({ min: 0, max: 20 }),
    fc.constantFrom(-1, 0, 1),
  )
  .map(([frameLength, frames, more]) => ({
    frameLength,
    length: Math.max(0, frames * frameLength + more),
  }))

const text = fc.string({ unit: 'binary', maxLength: 20 })
const encryptionContext = fc
  .dictionary(text, text, { maxKeys: 6 })
  .filter((context) => !Object.keys(context).some((key) => key.startsWith('aws-crypto-')))

const content = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 0xff)

describe('any message', () => {
  test(
    'comes back as it went',
    async () => {
      const property = fc.asyncProperty(
        sized,
        encryptionContext,
        suiteId,
        async ({ frameLength, length }, context, id) => {
          const options = { frameLength, suiteId: id, encryptionContext: context }
          const { result } = await encrypt(keyring, content(length), options)
          const opened = await decrypt(keyring, result, { encryptionContext: context })
          expect(encodeHex(opened.plaintext)).toBe(encodeHex(content(length)))
          const { 'aws-crypto-public-key': _, ...read } = opened.messageHeader.encryptionContext
          expect(Object.entries(read).sort()).toEqual(Object.entries(context).sort())
          expect(describeMessage(result).frameLength).toBe(frameLength)
        },
      )
      await fc.assert(property, { numRuns })
    },
    timeout,
  )

  test(
    'is refused, with a reason, when bytes of it are changed, cut out or put in',
    async () => {
      const damage = fc.record({
        at: fc.nat(),
        remove: fc.integer({ min: 0, max: 40 }),
        insert: fc.uint8Array({ maxLength: 40 }),
      })
      const property = fc.asyncProperty(sized, suiteId, damage, async (size, id, change) => {
        const options = { frameLength: size.frameLength, suiteId: id }
        const { result } = await encrypt(keyring, content(size.length), options)
        const at = change.at % (result.byteLength + 1)
        const rest = result.subarray(at + change.remove)
        const changed = Uint8Array.from([...result.subarray(0, at), ...change.insert, ...rest])
        fc.pre(encodeHex(changed) !== encodeHex(result))
        await expect(decrypt(keyring, changed)).rejects.toBeInstanceOf(EncryptionSdkError)
      })
      await fc.assert(property, { numRuns: numRuns * 3 })
    },
    timeout,
  )

  test(
    'of nonsense is refused, with a reason',
    async () => {
      const start = fc.constantFrom<readonly number[]>(
        [],
        [2, 4, 0x78],
        [2, 5, 0x78],
        [1, 0x80, 0, 0x14],
        [1, 0x80, 3, 0x78],
      )
      const nonsense = fc.tuple(start, fc.uint8Array({ maxLength: 400 }))
      const property = fc.asyncProperty(nonsense, async ([head, tail]) => {
        const bytes = Uint8Array.from([...head, ...tail])
        await expect(decrypt(keyring, bytes)).rejects.toBeInstanceOf(EncryptionSdkError)
      })
      await fc.assert(property, { numRuns: numRuns * 10 })
    },
    timeout,
  )
})

test('a large message comes back, in frames of the default length', async () => {
  const plaintext = content(3 * 1024 * 1024 + 5)
  const { result } = await encrypt(keyring, plaintext, { suiteId: suites[0x0478].id })
  const { plaintext: read } = await decrypt(keyring, result)
  expect(Buffer.compare(read, plaintext)).toBe(0)
})
