// Messages made to do harm: by size, by counts, by saying one thing twice. Each is refused with a reason,
// in time, whichever way it is read, and lets nothing out.

import { describe, expect, test } from 'vitest'
import { type Bytes, concatBytes, uint16, uint32 } from '../../src/codec/bytes.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import {
  buildClient,
  describeMessage,
  type EncryptionSdkError,
  type Keyring,
  rawAesKeyring,
  suites,
} from '../../src/encryption-sdk/index.ts'
import { pieces, throughStream } from './throughStream.ts'

const algorithm = { name: 'AES-GCM', length: 256 }
const wrappingKey = await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt'])
const keyring = rawAesKeyring({ keyNamespace: 'tests', keyName: 'one', wrappingKey })
const unsigned = suites[0x0478].id
const frameLength = 20
const plaintext = new Uint8Array(70).fill(5)
const frameBytes = 4 + 12 + frameLength + 16
const finalBytes = 4 + 4 + 12 + 4 + 10 + 16

const client = buildClient()
const { result: message } = await client.encrypt(keyring, plaintext, {
  suiteId: unsigned,
  frameLength,
  encryptionContext: { a: '1', b: '2' },
})
const headerBytes = message.byteLength - 3 * frameBytes - finalBytes
const header = message.slice(0, headerBytes)
const frame = (number: number) =>
  message.slice(headerBytes + (number - 1) * frameBytes, headerBytes + number * frameBytes)
const final = message.slice(-finalBytes)

/** Whole, in a stream, and byte by byte. The streams may have let out frames before, each authentic. */
async function refused(bytes: Bytes, code: string, reader = client, piece = 1): Promise<void> {
  const codes = [
    await reader.decrypt(keyring, bytes).then(
      () => 'opened',
      (error: EncryptionSdkError) => error.code,
    ),
  ]
  for (const size of [bytes.byteLength, piece]) {
    const read = await throughStream(reader.decryptStream(keyring), pieces(bytes, size))
    codes.push(read.code)
    expect(read.out.byteLength % frameLength).toBe(0)
  }
  expect(codes).toEqual([code, code, code])
}

describe('frames', () => {
  test('in order are read', async () => {
    const bytes = concatBytes(header, frame(1), frame(2), frame(3), final)
    expect((await client.decrypt(keyring, bytes)).plaintext).toEqual(plaintext)
  })

  test.each([
    ['swapped', [frame(2), frame(1), frame(3), final], 'malformed'],
    ['repeated', [frame(1), frame(1), frame(2), frame(3), final], 'malformed'],
    ['left out', [frame(1), frame(3), final], 'malformed'],
    ['without the final one', [frame(1), frame(2), frame(3)], 'truncated'],
    ['with two final ones', [frame(1), frame(2), frame(3), final, final], 'malformed'],
    ['behind the final one', [frame(1), frame(2), final, frame(3)], 'malformed'],
    ['none', [], 'truncated'],
  ])('%s are refused', (_name, frames, code) => refused(concatBytes(header, ...frames), code))

  test.each([0, 2, 0xffff_fffe])('of number %i instead of 1 are refused', async (number) => {
    const renumbered = concatBytes(uint32(number), frame(1).subarray(4))
    await refused(concatBytes(header, renumbered, frame(2), frame(3), final), 'malformed')
  })

  test('of another message are refused', async () => {
    const options = { suiteId: unsigned, frameLength }
    const { result: other } = await client.encrypt(keyring, plaintext, options)
    const foreign = other.slice(-finalBytes)
    await refused(concatBytes(header, frame(1), frame(2), frame(3), foreign), 'authentication')
  })
})

describe('a header', () => {
  const start = message.slice(0, 1 + 2 + 32)
  const context = (section: Uint8Array) => concatBytes(uint16(section.byteLength), section)
  const field = (bytes: Uint8Array) => concatBytes(uint16(bytes.byteLength), bytes)
  const none = new Uint8Array(2)

  test('with 65,535 data keys is read in time, and refused where fewer are allowed', async () => {
    const dataKey = concatBytes(
      field(encodeUtf8('p')),
      field(encodeUtf8('i')),
      field(Uint8Array.of(1)),
    )
    const all = new Uint8Array(65_535 * dataKey.byteLength)
    for (let i = 0; i < 65_535; i++) all.set(dataKey, i * dataKey.byteLength)
    const bytes = concatBytes(start, none, uint16(65_535), all, message.slice(headerBytes - 53))
    expect(describeMessage(bytes).dataKeys).toBe(65_535)
    await refused(bytes, 'no-key', client, 100)
    await refused(bytes, 'limit', buildClient({ maxEncryptedDataKeys: 65_534 }), 100)
    await refused(bytes.slice(0, 50_000), 'truncated')
  }, 30_000)

  test('that promises data keys it does not have is cut', async () => {
    await refused(concatBytes(start, none, uint16(65_535)), 'truncated')
  })

  test('with a context of 65,535 bytes is read as such, and belongs to another', async () => {
    const pair = concatBytes(
      field(encodeUtf8('k')),
      field(new Uint8Array(65_535 - 2 - 2 - 1 - 2).fill(97)),
    )
    const section = concatBytes(uint16(1), pair)
    const rest = message.slice(35 + 2 + 2 + 4 * (2 + 1))
    const bytes = concatBytes(start, context(section), rest)
    expect(Object.keys(describeMessage(bytes).encryptionContext)).toEqual(['k'])
    await refused(bytes, 'no-key')
  })

  const pairs = (...texts: string[]) => texts.map((text) => field(encodeUtf8(text)))
  test.each([
    ['a key twice', concatBytes(uint16(2), ...pairs('a', '1', 'a', '2')), 'malformed'],
    [
      'pairs in another order',
      concatBytes(uint16(2), ...pairs('b', '2', 'a', '1')),
      'authentication',
    ],
    [
      'fewer pairs than it counts',
      concatBytes(uint16(3), ...pairs('a', '1', 'b', '2')),
      'malformed',
    ],
    [
      'more pairs than it counts',
      concatBytes(uint16(1), ...pairs('a', '1', 'b', '2')),
      'malformed',
    ],
    ['no pair, though it has a section', uint16(0), 'malformed'],
    [
      'bytes that are no text',
      concatBytes(uint16(1), field(Uint8Array.of(0xc0)), field(none)),
      'malformed',
    ],
    [
      'a surrogate in UTF-8',
      concatBytes(uint16(1), field(Uint8Array.of(0xed, 0xa0, 0x80)), field(none)),
      'malformed',
    ],
  ])('whose context has %s is refused', (_name, section, code) => {
    const rest = message.slice(35 + 2 + 2 + 4 * (2 + 1))
    return refused(concatBytes(start, context(section), rest), code)
  })

  test('whose commitment is another is refused as that', async () => {
    const bytes = message.slice()
    const at = headerBytes - 16 - 1
    bytes[at] = (bytes[at] ?? 0) ^ 1
    await refused(bytes, 'commitment')
  })

  test('whose public key is no canonical base64 is refused', async () => {
    const { result } = await client.encrypt(keyring, plaintext)
    const { encryptionContext } = describeMessage(result)
    const key = encryptionContext['aws-crypto-public-key'] ?? ''
    const text = new TextDecoder('latin1').decode(result)
    for (const loose of [`${key.slice(0, -1)}\n`, `${key.slice(0, -1)} `, key.replace(/.$/, '-')]) {
      const at = text.indexOf(key)
      const bytes = result.slice()
      bytes.set(encodeUtf8(loose), at)
      await refused(bytes, 'malformed')
    }
  })
})

test('a keyring is not asked for what is refused by its form', async () => {
  let asked = 0
  const watched: Keyring = {
    ...keyring,
    onDecrypt: (materials, dataKeys) => {
      asked++
      return keyring.onDecrypt(materials, dataKeys)
    },
  }
  for (const bytes of [new Uint8Array(0), header.slice(0, -17), Uint8Array.of(2, 4, 0x79)]) {
    await expect(client.decrypt(watched, bytes)).rejects.toThrow()
  }
  expect(asked).toBe(0)
})
