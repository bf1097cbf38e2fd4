// Keyrings: which data keys they open, what they refuse, and what they say when none opens.

import { describe, expect, test } from 'vitest'
import { encodeUtf8 } from '../../src/codec/text.ts'
import {
  decrypt,
  describeMessage,
  encrypt,
  type Keyring,
  type KmsClient,
  kmsKeyring,
  multiKeyring,
  rawAesKeyring,
} from '../../src/encryption-sdk/index.ts'
import { arn, inMemoryKms } from './inMemoryKms.ts'

const plaintext = encodeUtf8('content')
const options = { suiteId: 0x0478, encryptionContext: { a: 'b' } } as const
const sealed = async (keyring: Keyring) => (await encrypt(keyring, plaintext, options)).result
const code = (value: string) => expect.objectContaining({ code: value })

const newRaw = async (keyName: string, keyNamespace = 'tests') => {
  const wrappingKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, false, [
    'encrypt',
    'decrypt',
  ])
  return rawAesKeyring({ keyNamespace, keyName, wrappingKey })
}

describe('the KMS keyring', () => {
  test('generates under one key, wraps under the others, and opens with any', async () => {
    const client = await inMemoryKms('one', 'two')
    const keyring = kmsKeyring({ client, generatorKeyId: arn('one'), keyIds: [arn('two')] })
    const message = await sealed(keyring)
    expect(client.calls).toEqual([`GenerateDataKey ${arn('one')}`, `Encrypt ${arn('two')}`])
    expect(describeMessage(message).kmsKeyArns).toEqual([arn('one'), arn('two')])
    const second = kmsKeyring({ client, keyIds: [arn('two')] })
    expect((await decrypt(second, message)).plaintext).toEqual(plaintext)
    expect(client.calls.slice(2)).toEqual([`Decrypt ${arn('two')}`])
  })

  test('moves on to the next data key when one fails', async () => {
    const client = await inMemoryKms('one', 'two')
    const keys = { generatorKeyId: arn('one'), keyIds: [arn('two')] }
    const message = await sealed(kmsKeyring({ client, ...keys }))
    const tried: string[] = []
    const halfway: KmsClient = {
      ...client,
      decrypt: (input) => {
        tried.push(input.KeyId)
        return input.KeyId === arn('one') ? Promise.reject(new Error('no')) : client.decrypt(input)
      },
    }
    const discovering = kmsKeyring({ client: halfway, discovery: true })
    expect((await decrypt(discovering, message)).plaintext).toEqual(plaintext)
    expect(tried).toEqual([arn('one'), arn('two')])
  })

  test('says which keys a message names, and why none opened it', async () => {
    const client = await inMemoryKms('one', 'two')
    const keys = { generatorKeyId: arn('one'), keyIds: [arn('two')] }
    const message = await sealed(kmsKeyring({ client, ...keys }))
    const elsewhere = kmsKeyring({ client: await inMemoryKms('three'), discovery: true })
    await expect(decrypt(elsewhere, message)).rejects.toMatchObject({
      code: 'no-key',
      keyIds: [arn('one'), arn('two')],
      causes: [{ message: expect.stringContaining('one') }, { message: expect.anything() }],
    })
    const strict = kmsKeyring({ client, keyIds: [arn('three')] })
    const before = client.calls.length
    await expect(decrypt(strict, message)).rejects.toMatchObject({
      code: 'no-key',
      keyIds: [arn('one'), arn('two')],
      causes: [],
    })
    expect(client.calls).toHaveLength(before)
  })

  test('takes no answer from another key, of another length, or of none', async () => {
    const client = await inMemoryKms('one')
    const message = await sealed(kmsKeyring({ client, generatorKeyId: arn('one') }))
    const answers = [
      { KeyId: arn('two'), Plaintext: new Uint8Array(32) },
      { KeyId: arn('one'), Plaintext: new Uint8Array(16) },
      { KeyId: arn('one') },
      { Plaintext: new Uint8Array(32) },
    ]
    for (const answer of answers) {
      const lying = { ...client, decrypt: async () => answer }
      await expect(
        decrypt(kmsKeyring({ client: lying, discovery: true }), message),
      ).rejects.toMatchObject({ code: 'no-key', causes: [{ code: 'no-key' }] })
    }
  })

  test('takes no data key without an ARN, a ciphertext and the right length', async () => {
    const client = await inMemoryKms('one')
    const whole = {
      KeyId: arn('one'),
      Plaintext: new Uint8Array(32),
      CiphertextBlob: new Uint8Array(9),
    }
    const { KeyId, Plaintext, CiphertextBlob } = whole
    const answers = [
      { Plaintext, CiphertextBlob },
      { ...whole, KeyId: 'alias/one' },
      { KeyId, Plaintext },
      { KeyId, CiphertextBlob },
      { ...whole, Plaintext: new Uint8Array(16) },
    ]
    for (const answer of answers) {
      const lying = { ...client, generateDataKey: async () => answer }
      const keyring = kmsKeyring({ client: lying, generatorKeyId: 'alias/one' })
      await expect(sealed(keyring)).rejects.toMatchObject({ code: 'no-key' })
    }
  })

  test.each([
    'alias/one',
    arn(''),
    arn('one').replace('kms', 's3'),
    arn('one').replace('key/', 'alias/'),
    'x'.repeat(3000),
  ])('refuses a message that names %j as its KMS key', async (name) => {
    const raw = await newRaw('one')
    const forged: Keyring = {
      ...raw,
      onEncrypt: async (materials) => {
        const made = await raw.onEncrypt(materials)
        const renamed = { providerId: 'aws-kms', providerInfo: encodeUtf8(name) }
        const encryptedDataKeys = made.encryptedDataKeys.map((key) => ({ ...key, ...renamed }))
        return { ...made, encryptedDataKeys }
      },
    }
    const message = await sealed(forged)
    const client = await inMemoryKms('one')
    const discovering = kmsKeyring({ client, discovery: true })
    await expect(decrypt(discovering, message)).rejects.toMatchObject({ code: 'malformed' })
    expect(client.calls).toEqual([])
    expect(describeMessage(message).kmsKeyArns).toEqual([])
  })

  test('lets the failure of KMS through when encrypting', async () => {
    const client = await inMemoryKms('one')
    const locked = new Error('locked')
    const failing = { ...client, generateDataKey: () => Promise.reject(locked) }
    const keyring = kmsKeyring({ client: failing, generatorKeyId: arn('one') })
    await expect(sealed(keyring)).rejects.toBe(locked)
  })

  test('has keys or discovers them, and makes nothing without a generator', async () => {
    const client = await inMemoryKms('one')
    expect(() => kmsKeyring({ client })).toThrow(code('invalid'))
    expect(() => kmsKeyring({ client, generatorKeyId: '' })).toThrow(code('invalid'))
    expect(() => kmsKeyring({ client, discovery: true, keyIds: [arn('one')] })).toThrow(
      code('invalid'),
    )
    await expect(sealed(kmsKeyring({ client, discovery: true }))).rejects.toThrow(code('invalid'))
    await expect(sealed(kmsKeyring({ client, keyIds: [arn('one')] }))).rejects.toThrow(
      code('no-key'),
    )
  })
})

describe('the raw AES keyring', () => {
  test('opens with its own key alone', async () => {
    const one = await newRaw('one')
    const message = await sealed(one)
    expect((await decrypt(one, message)).plaintext).toEqual(plaintext)
    await expect(decrypt(await newRaw('one'), message)).rejects.toMatchObject({
      code: 'no-key',
      causes: [expect.anything()],
    })
    for (const other of [await newRaw('two'), await newRaw('one', 'others')]) {
      await expect(decrypt(other, message)).rejects.toMatchObject({ code: 'no-key', causes: [] })
    }
  })

  test('leaves the namespace of KMS alone', async () => {
    await expect(newRaw('one', 'aws-kms')).rejects.toThrow(code('invalid'))
  })

  test('takes no key that is for something else', async () => {
    const usages = ['encrypt', 'decrypt'] as const
    const cbc = await crypto.subtle.generateKey({ name: 'AES-CBC', length: 256 }, false, usages)
    const gcm = { name: 'AES-GCM', length: 256 }
    const half = await crypto.subtle.generateKey(gcm, false, ['encrypt'])
    for (const wrappingKey of [cbc, half]) {
      const make = () => rawAesKeyring({ keyNamespace: 'tests', keyName: 'one', wrappingKey })
      expect(make).toThrow(code('invalid'))
    }
  })
})

describe('the multi keyring', () => {
  test('opens with any of its keyrings', async () => {
    const [one, two, three] = [await newRaw('one'), await newRaw('two'), await newRaw('three')]
    const message = await sealed(multiKeyring({ generator: one, children: [two] }))
    for (const keyring of [one, two, multiKeyring({ children: [three, two] })]) {
      expect((await decrypt(keyring, message)).plaintext).toEqual(plaintext)
    }
    await expect(decrypt(three, message)).rejects.toThrow(code('no-key'))
  })

  test('collects why none of them did', async () => {
    const [one, two] = [await newRaw('one'), await newRaw('two')]
    const message = await sealed(multiKeyring({ generator: one, children: [two] }))
    const wrong = multiKeyring({ children: [await newRaw('one'), await newRaw('two')] })
    await expect(decrypt(wrong, message)).rejects.toMatchObject({
      code: 'no-key',
      causes: [{ code: 'no-key' }, { code: 'no-key' }],
    })
  })

  test('has exactly one that makes the data key', async () => {
    const one = await newRaw('one')
    expect(() => multiKeyring({})).toThrow(code('invalid'))
    await expect(sealed(multiKeyring({ children: [one] }))).rejects.toThrow(code('invalid'))
    const nested = multiKeyring({ generator: multiKeyring({ generator: one }), children: [one] })
    expect((await decrypt(one, await sealed(nested))).plaintext).toEqual(plaintext)
  })
})
