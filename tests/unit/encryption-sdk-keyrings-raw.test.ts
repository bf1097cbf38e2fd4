// Raw AES and raw RSA keyrings: which keys they take, what they open, what they say of what they do not.

import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { encodeUtf8 } from '../../src/codec/text.ts'
import {
  DataKeyError,
  decrypt,
  EncryptionSdkError,
  encrypt,
  type Keyring,
  multiKeyring,
  type RawRsaKeyringOptions,
  rawAesKeyring,
  rawRsaKeyring,
  suites,
} from '../../src/encryption-sdk/index.ts'

const plaintext = encodeUtf8('content')
const options = { suiteId: 0x0478, encryptionContext: { a: 'b' } } as const
const sealed = async (keyring: Keyring) => (await encrypt(keyring, plaintext, options)).result
const opened = async (keyring: Keyring, message: Uint8Array) =>
  (await decrypt(keyring, message)).plaintext
const code = (value: string) => expect.objectContaining({ code: value })

const names = { keyNamespace: 'tests', keyName: 'one' }
const pemOf = (key: KeyObject, type: 'spki' | 'pkcs8') =>
  key.export({ type, format: 'pem' }).toString()
function newPems(modulusLength = 2048) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength })
  return { publicKey: pemOf(publicKey, 'spki'), privateKey: pemOf(privateKey, 'pkcs8') }
}
const newOaep = (hash = 'SHA-256', modulusLength = 2048) => {
  const publicExponent = Uint8Array.of(1, 0, 1)
  const algorithm = { name: 'RSA-OAEP', hash, modulusLength, publicExponent }
  return crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt'])
}

describe('raw AES', () => {
  test.each([16, 24, 32])('takes %i bytes, and copies them', async (length) => {
    const bytes = crypto.getRandomValues(new Uint8Array(length))
    const [keyring, same] = [bytes, bytes.slice()].map((wrappingKey) =>
      rawAesKeyring({ ...names, wrappingKey }),
    )
    if (!keyring || !same) throw new Error('two keyrings')
    bytes.fill(0)
    expect(await opened(same, await sealed(keyring))).toEqual(plaintext)
  })

  test.each([0, 15, 31, 33, 64])('takes no %i bytes', (length) => {
    const make = () => rawAesKeyring({ ...names, wrappingKey: new Uint8Array(length) })
    expect(make).toThrow(code('invalid'))
  })

  test('bytes and a CryptoKey of them are the same', async () => {
    const wrappingKey = crypto.getRandomValues(new Uint8Array(32))
    const usages = ['encrypt', 'decrypt'] as const
    const key = await crypto.subtle.importKey('raw', wrappingKey, 'AES-GCM', false, usages)
    const message = await sealed(rawAesKeyring({ ...names, wrappingKey }))
    expect(await opened(rawAesKeyring({ ...names, wrappingKey: key }), message)).toEqual(plaintext)
  })
})

describe('raw RSA', () => {
  test('a public key encrypts, its private key decrypts', async () => {
    const { publicKey, privateKey } = newPems()
    const padding = 'OAEP_SHA256_MGF1'
    const writing = rawRsaKeyring({ ...names, padding, publicKey })
    const reading = rawRsaKeyring({ ...names, padding, privateKey })
    const message = await sealed(writing)
    expect(await opened(reading, message)).toEqual(plaintext)
    await expect(opened(writing, message)).rejects.toThrow(code('invalid'))
    await expect(sealed(reading)).rejects.toThrow(code('invalid'))
    expect(await opened(multiKeyring({ children: [writing, reading] }), message)).toEqual(plaintext)
  })

  const paddings = [
    'PKCS1',
    'OAEP_SHA1_MGF1',
    'OAEP_SHA256_MGF1',
    'OAEP_SHA384_MGF1',
    'OAEP_SHA512_MGF1',
  ] as const

  test.each(paddings)('%s opens no other padding and no other key', async (padding) => {
    const [pair, other] = [newPems(), newPems()]
    const message = await sealed(rawRsaKeyring({ ...names, padding, ...pair }))
    for (const one of paddings) {
      const opening = opened(rawRsaKeyring({ ...names, padding: one, ...pair }), message)
      if (one === padding) expect(await opening).toEqual(plaintext)
      else await expect(opening).rejects.toMatchObject({ code: 'no-key', causes: [code('no-key')] })
    }
    // What PKCS #1 v1.5 makes of another key's ciphertext may be anything but the data key.
    const stranger = opened(rawRsaKeyring({ ...names, padding, ...other }), message)
    await expect(stranger).rejects.toMatchObject({
      code: expect.stringMatching(/no-key|commitment/),
    })
    const another = rawRsaKeyring({ ...names, padding, ...pair, keyName: 'two' })
    await expect(opened(another, message)).rejects.toMatchObject({ code: 'no-key', causes: [] })
  })

  test('keys for something else, with another hash, or too small are refused', async () => {
    const pair = await newOaep()
    const [sha1, small] = [await newOaep('SHA-1'), await newOaep('SHA-256', 1024)]
    const make = (given: Partial<RawRsaKeyringOptions>) => () =>
      rawRsaKeyring({ ...names, padding: 'OAEP_SHA256_MGF1', ...given } as RawRsaKeyringOptions)
    expect(make(pair)).not.toThrow()
    for (const { publicKey, privateKey } of [sha1, small]) {
      expect(make({ publicKey })).toThrow(code('invalid'))
      expect(make({ privateKey })).toThrow(code('invalid'))
    }
    expect(make({ publicKey: pair.privateKey })).toThrow(code('invalid'))
    expect(make({ privateKey: pair.publicKey })).toThrow(code('invalid'))
    expect(make({})).toThrow(code('invalid'))
    expect(make({ padding: 'toString' as 'PKCS1' })).toThrow(code('invalid'))
    const pem = newPems(1024)
    expect(make({ padding: 'PKCS1', ...pem })).toThrow(code('invalid'))
    await expect(sealed(make(pem)())).rejects.toThrow(code('invalid'))
  })

  test('what is no PEM of that kind is refused', async () => {
    const { publicKey, privateKey } = newPems()
    const ec = pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'pkcs8')
    const wrong = [privateKey, '', 'PEM', publicKey.replace('M', '*'), publicKey.slice(1)]
    for (const padding of ['PKCS1', 'OAEP_SHA256_MGF1'] as const) {
      for (const publicKey of wrong) {
        expect(() => rawRsaKeyring({ ...names, padding, publicKey })).toThrow(code('invalid'))
      }
    }
    expect(() => rawRsaKeyring({ ...names, padding: 'PKCS1', privateKey: ec })).toThrow(
      code('invalid'),
    )
  })
})

describe('PKCS #1 v1.5 where the platform lacks it', () => {
  afterEach(() => void vi.unstubAllGlobals())

  test('is refused by name', () => {
    vi.stubGlobal('process', undefined)
    const make = () => rawRsaKeyring({ ...names, padding: 'PKCS1', publicKey: 'any' })
    expect(make).toThrow(code('unsupported'))
  })
})

test.each(['aws-kms', 'aws-kms-rsa', 'aws-kms-anything'])('no raw key is in %s', (keyNamespace) => {
  const wrappingKey = new Uint8Array(32)
  expect(() => rawAesKeyring({ ...names, keyNamespace, wrappingKey })).toThrow(code('invalid'))
  const rsa = { ...names, keyNamespace, padding: 'OAEP_SHA1_MGF1', ...newPems() } as const
  expect(() => rawRsaKeyring(rsa)).toThrow(code('invalid'))
})

test('half a character is no name', () => {
  const wrappingKey = new Uint8Array(32)
  expect(() => rawAesKeyring({ ...names, keyName: '\ud800', wrappingKey })).toThrow(code('invalid'))
})

test('what failed is named, data key by data key, through any keyring', async () => {
  const aes = (keyName: string) =>
    rawAesKeyring({ ...names, keyName, wrappingKey: crypto.getRandomValues(new Uint8Array(32)) })
  const message = await sealed(multiKeyring({ generator: aes('one'), children: [aes('two')] }))
  const wrong = multiKeyring({ children: [aes('one'), multiKeyring({ children: [aes('two')] })] })
  const error = await opened(wrong, message).catch((reason: unknown) => reason)
  if (!(error instanceof EncryptionSdkError)) throw error
  expect(error.code).toBe('no-key')
  expect(error.message).toMatch(/tests one.*tests two/)
  expect(error.causes).toMatchObject([
    { keyNamespace: 'tests', keyName: 'one' },
    { keyNamespace: 'tests', keyName: 'two' },
  ])
  expect(error.causes.every((cause) => cause instanceof DataKeyError)).toBe(true)
})

test('a data key of another length than the suite has is refused, and named', async () => {
  const keyring = rawAesKeyring({ ...names, wrappingKey: new Uint8Array(16) })
  const made = await keyring.onEncrypt({
    suite: suites[20],
    encryptionContext: {},
    plaintextDataKey: null,
    encryptedDataKeys: [],
    signingKey: null,
  })
  expect(made.plaintextDataKey).toHaveLength(16)
  const materials = { encryptionContext: {}, plaintextDataKey: null, verificationKey: null }
  const opening = keyring.onDecrypt({ ...materials, suite: suites[1144] }, made.encryptedDataKeys)
  await expect(opening).rejects.toMatchObject({
    causes: [{ message: expect.stringContaining('length') }],
  })
})

test('a generator that makes nothing is found out', async () => {
  const idle: Keyring = {
    onEncrypt: async (materials) => materials,
    onDecrypt: async (materials) => materials,
  }
  await expect(sealed(multiKeyring({ generator: idle }))).rejects.toThrow(code('no-key'))
})
