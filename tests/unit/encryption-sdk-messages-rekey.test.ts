// Other recipients for a message whose body stays as it is, and what a message says without a key.

import { describe, expect, test } from 'vitest'
import { concatBytes, equalBytes } from '../../src/codec/bytes.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import {
  buildClient,
  CommitmentPolicy,
  describeMessage,
  type EncryptedDataKey,
  type Keyring,
  multiKeyring,
  type RekeyOptions,
  rawAesKeyring,
  type SuiteId,
  suites,
} from '../../src/encryption-sdk/index.ts'

const clientFor = (suiteId: SuiteId) =>
  buildClient({
    commitmentPolicy:
      suites[suiteId].commitmentBytes > 0
        ? CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
        : CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT,
  })

const newKeyring = async (keyName: string) => {
  const algorithm = { name: 'AES-GCM', length: 256 }
  const wrappingKey = await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt'])
  return rawAesKeyring({ keyNamespace: 'tests', keyName, wrappingKey })
}
const [one, two, three] = [
  await newKeyring('one'),
  await newKeyring('two'),
  await newKeyring('three'),
]
const plaintext = encodeUtf8('What all of them may read, in several frames')
const encryptionContext = { purpose: 'test' }
const of = (name: string) => (key: EncryptedDataKey) =>
  String.fromCharCode(...key.providerInfo).startsWith(name)

const made = async (suiteId: SuiteId, keyring: Keyring) => {
  const options = { suiteId, encryptionContext, frameLength: 10 }
  return (await clientFor(suiteId).encrypt(keyring, plaintext, options)).result
}

async function rekeyed(suiteId: SuiteId, message: Uint8Array, options: RekeyOptions) {
  const { start, replacedBytes } = await clientFor(suiteId).rekey(one, message, options)
  return concatBytes(start, message.subarray(replacedBytes))
}

const names = (message: Uint8Array) => describeMessage(message).recipients.map((r) => r.keyName)
const unsigned = Object.values(suites).filter(({ signature }) => !signature)
const nobodyElseHasTheOldMessage = true

describe.each(unsigned)('$name', ({ id: suiteId, messageFormat }) => {
  const client = clientFor(suiteId)
  const openedBy = async (keyring: Keyring, message: Uint8Array) =>
    equalBytes((await client.decrypt(keyring, message)).plaintext, plaintext)

  test('recipients come and go, the body stays', async () => {
    const message = await made(suiteId, one)
    const more = await rekeyed(suiteId, message, { add: two, nobodyElseHasTheOldMessage })
    expect(names(more)).toEqual(['one', 'two'])
    const { headerBytes } = describeMessage(message)
    const body = message.subarray(headerBytes)
    expect(equalBytes(more.subarray(describeMessage(more).headerBytes), body)).toBe(true)
    expect(await openedBy(one, more)).toBe(true)
    expect(await openedBy(two, more)).toBe(true)
    const change = { add: three, remove: of('one'), nobodyElseHasTheOldMessage }
    const others = await rekeyed(suiteId, more, change)
    expect(names(others)).toEqual(['two', 'three'])
    expect(await openedBy(three, others)).toBe(true)
    await expect(client.decrypt(one, others)).rejects.toMatchObject({ code: 'no-key' })
  })

  test('the start of the message is enough', async () => {
    const message = await made(suiteId, one)
    const { headerBytes } = describeMessage(message)
    const start = message.slice(0, headerBytes)
    const result = await client.rekey(one, start, { add: two, nobodyElseHasTheOldMessage })
    expect(result.replacedBytes).toBe(headerBytes)
    expect(await openedBy(two, concatBytes(result.start, message.subarray(headerBytes)))).toBe(true)
  })

  test('the context still counts', async () => {
    const message = await made(suiteId, one)
    const options = { add: two, nobodyElseHasTheOldMessage }
    const other = { ...options, encryptionContext: { purpose: 'another' } }
    await expect(client.rekey(one, message, other)).rejects.toMatchObject({ code: 'context' })
    const more = await rekeyed(suiteId, message, options)
    expect({ ...describeMessage(more).encryptionContext }).toEqual(encryptionContext)
  })

  test('a changed header is not given new recipients', async () => {
    const message = await made(suiteId, one)
    const at = describeMessage(message).headerBytes - 1
    message[at] = (message[at] ?? 0) ^ 1
    const options = { add: two, nobodyElseHasTheOldMessage }
    await expect(client.rekey(one, message, options)).rejects.toMatchObject({
      code: 'authentication',
    })
  })

  test('somebody is left to open it', async () => {
    const options = { remove: () => true, nobodyElseHasTheOldMessage }
    const rekeying = client.rekey(one, await made(suiteId, one), options)
    await expect(rekeying).rejects.toMatchObject({ code: 'invalid' })
  })

  test('no two headers share key and IV, unless only one of them is ever seen', async () => {
    const message = await made(suiteId, one)
    if (messageFormat === 2) {
      await expect(client.rekey(one, message, { add: two })).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining('forge'),
      })
      return
    }
    const ivOf = (bytes: Uint8Array) => {
      const end = describeMessage(bytes).headerBytes - 16
      return bytes.slice(end - 12, end).join()
    }
    const [first, second] = [await rekeyed(suiteId, message, { add: two }), message]
    const third = await rekeyed(suiteId, message, { add: two })
    expect(new Set([first, second, third].map(ivOf)).size).toBe(3)
  })
})

test.each(Object.values(suites).filter(({ signature }) => signature))(
  '$name: recipients are signed, and cannot change',
  async ({ id: suiteId }) => {
    const message = await made(suiteId, one)
    const options = { add: two, nobodyElseHasTheOldMessage }
    await expect(clientFor(suiteId).rekey(one, message, options)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('signed'),
    })
  },
)

test('a keyring that makes data keys itself adds no recipient', async () => {
  const add = multiKeyring({ generator: two })
  const options = { add, nobodyElseHasTheOldMessage }
  const rekeying = clientFor(0x0478).rekey(one, await made(0x0478, one), options)
  await expect(rekeying).rejects.toMatchObject({ code: 'invalid' })
})

test('more recipients than the client allows are refused', async () => {
  const client = buildClient({ maxEncryptedDataKeys: 1 })
  const options = { add: two, nobodyElseHasTheOldMessage }
  const rekeying = client.rekey(one, await made(0x0478, one), options)
  await expect(rekeying).rejects.toMatchObject({ code: 'limit' })
})

describe('a description', () => {
  test.each(Object.values(suites))(
    '$name',
    async ({ id: suiteId, name, messageFormat, ...suite }) => {
      const message = await made(suiteId, multiKeyring({ generator: one, children: [two] }))
      const { body, ...description } = describeMessage(message)
      expect(description).toMatchObject({
        version: messageFormat,
        suiteId,
        suiteName: name,
        signed: suite.signature !== null,
        commits: suite.commitmentBytes > 0,
        encryptionContext,
        frameLength: 10,
        dataKeys: 2,
        recipients: [
          { keyNamespace: 'tests', keyName: 'one' },
          { keyNamespace: 'tests', keyName: 'two' },
        ],
      })
      expect(body).toMatchObject({ frames: 5, plaintextBytes: plaintext.byteLength })
      expect((body?.signatureBytes ?? 0) > 0).toBe(suite.signature !== null)
    },
  )

  test('of a message that is cut or goes on has no body', async () => {
    const message = await made(0x0578, one)
    expect(describeMessage(message.subarray(0, -1)).body).toBeNull()
    expect(describeMessage(concatBytes(message, Uint8Array.of(0))).body).toBeNull()
    const { headerBytes } = describeMessage(message)
    expect(describeMessage(message.subarray(0, headerBytes)).recipients).toHaveLength(1)
  })

  test.each([
    [Uint8Array.of(0xff, 0xfe), null],
    [encodeUtf8('a\u0000b'), null],
    [encodeUtf8('a name'), 'a name'],
  ])('names keys only in text: %j', async (providerInfo, keyName) => {
    const foreign: Keyring = {
      ...one,
      async onEncrypt(materials) {
        const result = await one.onEncrypt(materials)
        const [key] = result.encryptedDataKeys
        return { ...result, encryptedDataKeys: key ? [{ ...key, providerInfo }] : [] }
      },
    }
    const [recipient] = describeMessage(await made(0x0478, foreign)).recipients
    expect(recipient).toEqual({ keyNamespace: 'tests', keyName })
  })
})
