// Messages under a passphrase (docs/passphrase-messages.md): RFC 9106, and what a message from anybody may ask for.

import { argon2id } from 'hash-wasm'
import { describe, expect, test } from 'vitest'
import { decodeBase64, encodeUtf8 } from '../../src/codec/text.ts'
import {
  decrypt,
  describeMessage,
  encrypt,
  passphraseContext,
  passphraseKeyring,
  rawAesKeyring,
} from '../../src/encryption-sdk/index.ts'

const secret = 'correct horse battery staple'
const plaintext = encodeUtf8('at the bridge')
const code = (value: string) => expect.objectContaining({ code: value })
const seal = async (encryptionContext: Readonly<Record<string, string>> = passphraseContext()) =>
  (await encrypt(passphraseKeyring(secret), plaintext, { suiteId: 0x0478, encryptionContext }))
    .result

test('opens with the passphrase, typed on whatever keyboard, and with no other', async () => {
  const message = await seal()
  expect((await decrypt(passphraseKeyring(secret), message)).plaintext).toEqual(plaintext)
  await expect(decrypt(passphraseKeyring('another'), message)).rejects.toThrow(code('no-key'))
  const accented = await encrypt(passphraseKeyring('caf\u00e9 caf\u00e9'), plaintext, {
    encryptionContext: passphraseContext(),
  })
  const other = await decrypt(passphraseKeyring('cafe\u0301 cafe\u0301'), accented.result)
  expect(other.plaintext).toEqual(plaintext)
})

test('is a raw AES message under Argon2id of the passphrase: anybody can open it', async () => {
  const message = await seal()
  const { encryptionContext, recipients } = describeMessage(message)
  expect(recipients).toEqual([{ keyNamespace: 'keyhearth', keyName: 'passphrase' }])
  const { 'keyhearth:argon2id': parameters = '', 'keyhearth:salt': salt = '' } = encryptionContext
  const [memorySize = 0, iterations = 0, parallelism = 0] = (parameters.match(/\d+/g) ?? []).map(
    Number,
  )
  expect([memorySize, iterations, parallelism]).toEqual([65536, 3, 1])
  const wrappingKey = await argon2id({
    password: secret,
    salt: decodeBase64(salt),
    memorySize,
    iterations,
    parallelism,
    hashLength: 32,
    outputType: 'binary',
  })
  const keyring = rawAesKeyring({ keyNamespace: 'keyhearth', keyName: 'passphrase', wrappingKey })
  expect((await decrypt(keyring, message)).plaintext).toEqual(plaintext)
})

test('each message has a salt of its own', () => {
  const salts = Array.from({ length: 20 }, () => passphraseContext()['keyhearth:salt'])
  expect(new Set(salts).size).toBe(20)
})

describe('what a message may not ask for is refused before anything is computed', () => {
  const salt = passphraseContext()['keyhearth:salt'] ?? ''
  test.each([
    ['m=9999999,t=1,p=1', salt],
    ['m=262144,t=10,p=1', salt],
    ['m=65536,t=99,p=1', salt],
    ['m=65536,t=3,p=9', salt],
    ['m=8,t=1,p=1', salt],
    ['m=65536,t=0,p=1', salt],
    ['m=065536,t=3,p=1', salt],
    ['m=65536,t=3,p=1 ', salt],
    ['', salt],
    ['m=65536,t=3,p=1', ''],
    ['m=65536,t=3,p=1', 'AAAA'],
    ['m=65536,t=3,p=1', `${salt}=`],
  ])('%j with the salt %j', async (parameters, own) => {
    const started = performance.now()
    const context = { 'keyhearth:argon2id': parameters, 'keyhearth:salt': own }
    await expect(seal(context)).rejects.toThrow(code('unsupported'))
    expect(performance.now() - started).toBeLessThan(100)
  })

  test('no pairs at all', async () => {
    await expect(seal({})).rejects.toThrow(code('unsupported'))
  })
})
