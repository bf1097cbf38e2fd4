// Whole messages: what they say of themselves, and that nothing wrong with one gets past the reader.

import { beforeAll, describe, expect, test } from 'vitest'
import { concatBytes, uint16 } from '../../src/codec/bytes.ts'
import { ecdsaToDer } from '../../src/codec/ecdsa.ts'
import { decodeUtf8, encodeUtf8 } from '../../src/codec/text.ts'
import {
  buildClient,
  type Cmm,
  CommitmentPolicy,
  decrypt,
  describeMessage,
  EncryptionSdkError,
  encrypt,
  type Keyring,
  rawAesKeyring,
  type SuiteId,
  suites,
} from '../../src/encryption-sdk/index.ts'

const unsigned = suites[0x0478].id
const signed = suites[0x0578].id
const encryptionContext = { purpose: 'test', Zone: 'ä' }
const plaintext = encodeUtf8('A message of three frames, the last of them short')
const frameLength = 20

let keyring: Keyring
const newKeyring = async () => {
  const wrappingKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
  return rawAesKeyring({ keyNamespace: 'tests', keyName: 'one', wrappingKey })
}
beforeAll(async () => {
  keyring = await newKeyring()
})

const withCommitment = buildClient({
  commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT,
})
const withoutCommitment = buildClient({
  commitmentPolicy: CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT,
})

const messageOf = async (suiteId: SuiteId) => {
  const commits = suites[suiteId].commitmentBytes > 0
  const { encrypt: write } = commits ? withCommitment : withoutCommitment
  return (await write(keyring, plaintext, { suiteId, encryptionContext, frameLength })).result
}

const codeOf = async (message: Uint8Array, opener = keyring): Promise<string> => {
  try {
    await withCommitment.decrypt(opener, message)
    return 'opened'
  } catch (error) {
    return error instanceof EncryptionSdkError ? error.code : `raw: ${error}`
  }
}

/** The length of a signature, two bytes, and the signature: a DER sequence at the message's end. */
function footerBytes(message: Uint8Array): number {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  for (let der = 60; der <= 104; der++) {
    const at = message.byteLength - der - 2
    if (view.getUint16(at) === der && message[at + 2] === 0x30) return der + 2
  }
  throw new Error('no footer')
}

describe.each(Object.values(suites))(
  '$name',
  ({ id: suiteId, signature, messageFormat: version }) => {
    test('comes back as it went', async () => {
      const { messageHeader, plaintext: read } = await withCommitment.decrypt(
        keyring,
        await messageOf(suiteId),
      )
      expect(decodeUtf8(read)).toBe(decodeUtf8(plaintext))
      expect(messageHeader).toMatchObject({ version, suiteId, frameLength, encryptionContext })
      expect(messageHeader.encryptedDataKeys).toHaveLength(1)
      expect(messageHeader.encryptedDataKeys[0]?.providerId).toBe('tests')
      const names = Object.keys(messageHeader.encryptionContext)
      expect(names.includes('aws-crypto-public-key')).toBe(signature !== null)
    })

    test('refuses any byte flipped', async () => {
      const message = await messageOf(suiteId)
      const codes = new Map<string, number>()
      for (let at = 0; at < message.byteLength; at++) {
        const changed = new Uint8Array(message)
        changed[at] = (message[at] ?? 0) ^ (1 << (at % 8))
        const code = await codeOf(changed)
        codes.set(code, (codes.get(code) ?? 0) + 1)
      }
      const known = ['malformed', 'truncated', 'unsupported', 'limit', 'commitment', 'no-key']
      expect([...known, 'authentication', 'signature']).toEqual(
        expect.arrayContaining([...codes.keys()]),
      )
      expect(codes.has('signature')).toBe(signature !== null)
    })

    test('refuses any cut, and says that it is one', async () => {
      const message = await messageOf(suiteId)
      for (let length = 0; length < message.byteLength; length++) {
        expect(await codeOf(message.subarray(0, length)), `${length} bytes`).toBe('truncated')
      }
    })

    test('refuses bytes behind its end', async () => {
      const message = await messageOf(suiteId)
      expect(await codeOf(concatBytes(message, Uint8Array.of(0)))).toBe('malformed')
      expect(await codeOf(concatBytes(message, message))).toBe('malformed')
    })

    test('refuses frames that are swapped, repeated or left out', async () => {
      const message = await messageOf(suiteId)
      const frame = 4 + 12 + frameLength + 16
      const lastFrame = 4 + 4 + 12 + 4 + (plaintext.byteLength - 2 * frameLength) + 16
      const footer = signature ? footerBytes(message) : 0
      const start = message.byteLength - footer - lastFrame - 2 * frame
      const [head, first] = [message.subarray(0, start), message.subarray(start, start + frame)]
      const second = message.subarray(start + frame, start + 2 * frame)
      const rest = message.subarray(start + 2 * frame)
      expect(await codeOf(concatBytes(head, first, second, rest))).toBe('opened')
      expect(await codeOf(concatBytes(head, second, first, rest))).toBe('malformed')
      expect(await codeOf(concatBytes(head, first, first, second, rest))).toBe('malformed')
      expect(await codeOf(concatBytes(head, first, rest))).toBe('malformed')
    })

    test('describes itself without a key', async () => {
      const message = await messageOf(suiteId)
      expect(describeMessage(message)).toMatchObject({
        suiteId,
        signed: signature !== null,
        kmsKeyArns: [],
        dataKeys: 1,
        encryptionContext,
      })
    })
  },
)

test('the signed suite is the default', async () => {
  const { messageHeader } = await encrypt(keyring, plaintext)
  expect(messageHeader.suiteId).toBe(0x0578)
})

test('frames are longer where there is more', async () => {
  const options = { suiteId: unsigned }
  const lengthOf = async (bytes: number) =>
    (await encrypt(keyring, new Uint8Array(bytes), options)).messageHeader.frameLength
  expect(await lengthOf(4096)).toBe(4096)
  expect(await lengthOf(4097)).toBe(131_072)
})

test('parts of buffers and shared memory are fine', async () => {
  const inside = new Uint8Array(concatBytes(Uint8Array.of(9, 9), plaintext)).subarray(2)
  const shared = new Uint8Array(new SharedArrayBuffer(plaintext.byteLength))
  shared.set(plaintext)
  for (const bytes of [inside, shared]) {
    const { result } = await encrypt(keyring, bytes)
    const padded = concatBytes(Uint8Array.of(1, 2, 3), result)
    const { plaintext: read } = await decrypt(keyring, padded.subarray(3))
    expect(decodeUtf8(read)).toBe(decodeUtf8(plaintext))
  }
})

test('another key is told by the commitment, before anything is decrypted', async () => {
  const other: Keyring = {
    onEncrypt: async (materials) => materials,
    onDecrypt: async (materials) => ({ ...materials, plaintextDataKey: new Uint8Array(32) }),
  }
  expect(await codeOf(await messageOf(unsigned), other)).toBe('commitment')
})

test('a signature by another key is refused, and so is none', async () => {
  const message = await messageOf(signed)
  const body = message.slice(0, message.byteLength - footerBytes(message))
  const algorithm = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' }
  const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
  const forged = ecdsaToDer(
    new Uint8Array(await crypto.subtle.sign(algorithm, pair.privateKey, body)),
  )
  expect(await codeOf(concatBytes(body, uint16(forged.byteLength), forged))).toBe('signature')
  expect(await codeOf(concatBytes(body, uint16(0)))).toBe('signature')
  expect(await codeOf(body)).toBe('truncated')
})

describe('a public key and a suite that do not agree', () => {
  const foreign = (change: (cmm: Record<string, string>) => Record<string, string>): Cmm => ({
    getEncryptionMaterials: ({ suite, encryptionContext: given }) =>
      keyring.onEncrypt({
        suite,
        encryptionContext: change(given),
        plaintextDataKey: null,
        encryptedDataKeys: [],
        signingKey: null,
      }),
    decryptMaterials: () => Promise.reject(new Error('not used')),
  })

  test('are refused', async () => {
    const cmm = foreign((given) => ({ ...given, 'aws-crypto-public-key': 'AAAA' }))
    const { result } = await encrypt(cmm, plaintext, { suiteId: unsigned })
    expect(await codeOf(result)).toBe('malformed')
  })

  test('are not made', async () => {
    const cmm = foreign((given) => given)
    await expect(encrypt(cmm, plaintext, { suiteId: signed })).rejects.toMatchObject({
      code: 'no-key',
    })
  })
})

describe('the encryption context', () => {
  const refuses = (context: Record<string, string>, code: string) =>
    expect(encrypt(keyring, plaintext, { encryptionContext: context })).rejects.toMatchObject({
      code,
    })

  test('may not use the reserved prefix', () => refuses({ 'aws-crypto-x': 'y' }, 'invalid'))
  test('has no half characters', async () => {
    await refuses({ '\ud800': 'x' }, 'invalid')
    await refuses({ x: 'a\udfff' }, 'invalid')
  })
  test('maps text to text', () => refuses({ x: 1 as unknown as string }, 'invalid'))
  test('has a longest length', async () => {
    await refuses({ x: 'y'.repeat(65_536) }, 'limit')
    await refuses({ x: 'y'.repeat(40_000), z: 'y'.repeat(40_000) }, 'limit')
  })

  test('takes any name, also those of objects', async () => {
    const context = JSON.parse('{"__proto__":"a","constructor":"b","":"c","toString":""}')
    const { result } = await encrypt(keyring, plaintext, { encryptionContext: context })
    const { messageHeader } = await decrypt(keyring, result, { encryptionContext: context })
    const { 'aws-crypto-public-key': _, ...read } = messageHeader.encryptionContext
    expect(Object.entries(read).sort()).toEqual(Object.entries(context).sort())
  })

  test.each([
    [{ purpose: 'other' }, 'purpose'],
    [{ missing: 'x' }, 'missing'],
    [{ purpose: 'test', toString: 'x' }, 'toString'],
  ])('must contain what the caller demands: %j', async (demanded, contextKey) => {
    const options = { encryptionContext: demanded as unknown as Record<string, string> }
    await expect(decrypt(keyring, await messageOf(unsigned), options)).rejects.toMatchObject({
      code: 'context',
      contextKey,
    })
  })

  test('may contain more than the caller demands', async () => {
    const options = { encryptionContext: { purpose: 'test' } }
    const { plaintext: read } = await decrypt(keyring, await messageOf(unsigned), options)
    expect(decodeUtf8(read)).toBe(decodeUtf8(plaintext))
  })
})

describe('limits', () => {
  test.each([0, -1, 1.5, 2 ** 32, Number.NaN])('no frames of %d bytes', async (length) => {
    await expect(encrypt(keyring, plaintext, { frameLength: length })).rejects.toMatchObject({
      code: 'invalid',
    })
  })

  test('more data keys than the client allows are neither written nor read', async () => {
    const twice: Keyring = {
      ...keyring,
      onEncrypt: async (materials) => keyring.onEncrypt(await keyring.onEncrypt(materials)),
    }
    const { result } = await encrypt(twice, plaintext)
    const one = buildClient({ maxEncryptedDataKeys: 1 })
    const two = buildClient({ maxEncryptedDataKeys: 2 })
    await expect(one.encrypt(twice, plaintext)).rejects.toMatchObject({ code: 'limit' })
    await expect(one.decrypt(keyring, result)).rejects.toMatchObject({ code: 'limit' })
    const { plaintext: read } = await two.decrypt(keyring, result)
    expect(decodeUtf8(read)).toBe(decodeUtf8(plaintext))
  })

  test('a client is built with sense', () => {
    const code = (value: string) => expect.objectContaining({ code: value })
    expect(() => buildClient({ maxEncryptedDataKeys: 0 })).toThrow(code('invalid'))
  })
})

describe('a commitment policy', () => {
  const { FORBID_ENCRYPT_ALLOW_DECRYPT: forbid, ...require } = CommitmentPolicy
  const refused = { code: 'unsupported' }

  test('that forbids writes no commitment, signed by default, and reads any', async () => {
    const client = buildClient({ commitmentPolicy: forbid })
    const { result, messageHeader } = await client.encrypt(keyring, plaintext)
    expect(messageHeader).toMatchObject({ version: 1, suiteId: 0x0378 })
    expect(decodeUtf8((await client.decrypt(keyring, result)).plaintext)).toBe(
      decodeUtf8(plaintext),
    )
    await client.decrypt(keyring, await messageOf(unsigned))
    await expect(client.encrypt(keyring, plaintext, { suiteId: signed })).rejects.toMatchObject(
      refused,
    )
  })

  test.each(Object.values(require))('%s writes only what commits', async (commitmentPolicy) => {
    const client = buildClient({ commitmentPolicy })
    const { messageHeader } = await client.encrypt(keyring, plaintext)
    expect(messageHeader).toMatchObject({ version: 2, suiteId: 0x0578 })
    await expect(client.encrypt(keyring, plaintext, { suiteId: 0x0378 })).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('0378'),
    })
  })

  test('reads what does not commit only where it is told to', async () => {
    const message = await messageOf(0x0078)
    await withCommitment.decrypt(keyring, message)
    let asked = 0
    const watched = { ...keyring, onDecrypt: () => Promise.reject(new Error(`${asked++}`)) }
    await expect(decrypt(watched, message)).rejects.toMatchObject(refused)
    expect(asked).toBe(0)
  })

  test('is one of the three', () => {
    const commitmentPolicy = 'toString' as CommitmentPolicy
    expect(() => buildClient({ commitmentPolicy })).toThrow(
      expect.objectContaining({ code: 'invalid' }),
    )
  })
})

test.each([
  ['nothing', new Uint8Array(0), 'truncated'],
  ['text', encodeUtf8('Hello, this is not a message at all.'), 'malformed'],
  ['zeros', new Uint8Array(1000), 'malformed'],
  ['base64 of a message', encodeUtf8('AgV4TfvRMU2dVZJbgXIy'), 'malformed'],
  ['an unknown suite', Uint8Array.of(2, 6, 0x78, ...new Uint8Array(1000)), 'unsupported'],
  ['a suite of format 1 in format 2', Uint8Array.of(2, 3, 0x78, 0), 'malformed'],
  ['a suite of format 2 in format 1', Uint8Array.of(1, 0x80, 5, 0x78), 'malformed'],
  ['another type of format 1', Uint8Array.of(1, 0x81, 3, 0x78), 'malformed'],
])('%s is no message', async (_name, bytes, code) => {
  expect(await codeOf(bytes)).toBe(code)
  expect(() => describeMessage(bytes)).toThrow(expect.objectContaining({ code }))
})
