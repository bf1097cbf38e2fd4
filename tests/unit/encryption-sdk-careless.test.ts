// Messages that a careless or hostile writer who holds the key could make: each part authentic, the whole
// against the format. And headers whose fields contradict each other.

import { beforeAll, describe, expect, test } from 'vitest'
import { concatBytes, uint16 } from '../../src/codec/bytes.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { parseContext } from '../../src/encryption-sdk/encryptionContext.ts'
import { bodyBytes, layOut, sealFrames } from '../../src/encryption-sdk/frames.ts'
import {
  type MessageHeader,
  parseHeader,
  serialiseHeader,
} from '../../src/encryption-sdk/header.ts'
import { makeHeaderTag } from '../../src/encryption-sdk/headerTag.ts'
import { decrypt, type Keyring, suites } from '../../src/encryption-sdk/index.ts'
import { deriveMessageKey } from '../../src/encryption-sdk/messageKey.ts'
import type { AesGcm } from '../../src/encryption-sdk/webCryptoGcm.ts'

const suite = suites[0x0478]
const dataKey = new Uint8Array(32).fill(7)
const keyring: Keyring = {
  onEncrypt: async (materials) => materials,
  onDecrypt: async (materials) => ({ ...materials, plaintextDataKey: dataKey }),
}
const code = (value: string) => expect.objectContaining({ code: value })

let cipher: AesGcm
let header: MessageHeader
beforeAll(async () => {
  const messageId = new Uint8Array(32).fill(1)
  const derived = await deriveMessageKey(suite, dataKey, messageId, 'encrypt')
  cipher = derived.cipher
  header = {
    version: 2,
    suiteId: suite.id,
    messageId,
    encryptionContext: {},
    encryptedDataKeys: [
      { providerId: 'p', providerInfo: new Uint8Array(1), ciphertext: new Uint8Array(1) },
    ],
    frameLength: 10,
    commitment: derived.commitment,
  }
})

/** A message whose frames are of another length than its header says. */
async function messageWith(frameLength: number, plaintextBytes: number) {
  const layout = layOut(plaintextBytes, frameLength)
  const body = new Uint8Array(bodyBytes(layout))
  const plaintext = new Uint8Array(plaintextBytes)
  await sealFrames(cipher, header.messageId, plaintext, layout, body)
  const bytes = serialiseHeader(header)
  return concatBytes(bytes, await makeHeaderTag(suite, cipher, bytes), body)
}

describe('frames', () => {
  test('of the length the header says are read', async () => {
    const { plaintext } = await decrypt(keyring, await messageWith(10, 35))
    expect(plaintext).toHaveLength(35)
  })

  test('the last of which is longer are refused', async () => {
    await expect(decrypt(keyring, await messageWith(11, 11))).rejects.toThrow(code('malformed'))
  })

  test('that end in an empty one are read (message-body.md, "Final Frame")', async () => {
    const first = (await messageWith(10, 11)).subarray(0, -41)
    const sequence = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 2)
    const iv = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2)
    const label = encodeUtf8('AWSKMSEncryptionClient Final Frame')
    const numbers = Uint8Array.of(0, 0, 0, 2, ...new Uint8Array(8))
    const additionalData = concatBytes(header.messageId, label, numbers)
    const tag = await cipher.seal(iv, additionalData, new Uint8Array(0))
    const message = concatBytes(first, sequence, iv, new Uint8Array(4), tag)
    expect((await decrypt(keyring, message)).plaintext).toHaveLength(10)
  })
})

describe('a header', () => {
  const headerWith = (change: Partial<MessageHeader>) =>
    concatBytes(serialiseHeader({ ...header, ...change }), new Uint8Array(16))

  test('is read', () => {
    expect(parseHeader(headerWith({}), 1).header).toMatchObject(header)
  })

  test('has a data key', () => {
    expect(() => parseHeader(headerWith({ encryptedDataKeys: [] }), 1)).toThrow(code('malformed'))
  })

  test('has frames of some length, or one block of none', () => {
    expect(() => parseHeader(headerWith({ frameLength: 0 }), 1)).toThrow(code('malformed'))
    const block = headerWith({})
    block[block.byteLength - 16 - 32 - 4 - 1] = 1
    expect(() => parseHeader(block, 1)).toThrow(code('malformed'))
    block[block.byteLength - 16 - 32 - 4 - 1] = 3
    expect(() => parseHeader(block, 1)).toThrow(code('malformed'))
  })

  test('names its key provider in UTF-8', () => {
    const bytes = headerWith({})
    bytes[1 + 2 + 32 + 2 + 2 + 2] = 0xff
    expect(() => parseHeader(bytes, 1)).toThrow(code('malformed'))
  })

  test('has fields of data keys that fit their lengths', () => {
    const [dataKeyField] = header.encryptedDataKeys
    if (!dataKeyField) throw new Error('no data key')
    const ciphertext = new Uint8Array(0x1_0000)
    expect(() => headerWith({ encryptedDataKeys: [{ ...dataKeyField, ciphertext }] })).toThrow(
      code('limit'),
    )
  })
})

describe('an encryption context', () => {
  const field = (text: string) => {
    const bytes = encodeUtf8(text)
    return concatBytes(uint16(bytes.byteLength), bytes)
  }
  const of = (count: number, ...texts: string[]) => concatBytes(uint16(count), ...texts.map(field))

  test('is read in whatever order it stands', () => {
    const context = parseContext(of(2, 'b', '1', 'a', '2'))
    expect({ ...context }).toEqual({ a: '2', b: '1' })
  })

  test.each([
    ['a key twice', of(2, 'a', '1', 'a', '1')],
    ['no pairs, but a count', of(0)],
    ['more than it counts', of(1, 'a', '1', 'b', '2')],
    ['bytes that are no UTF-8', Uint8Array.of(0, 1, 0, 1, 0xff, 0, 0)],
  ])('with %s is refused', (_name, bytes) => {
    expect(() => parseContext(bytes)).toThrow(code('malformed'))
  })

  test('that runs over its own section is refused', () => {
    const section = of(2, 'a', '1')
    const start = concatBytes(Uint8Array.of(2), uint16(suite.id), new Uint8Array(32))
    const message = concatBytes(start, uint16(section.byteLength), section, new Uint8Array(100))
    expect(() => parseHeader(message, 1)).toThrow(code('malformed'))
  })
})
