// Cryptographic materials managers: the default one, the one that requires pairs, and the one that caches.

import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { encryptionCacheId } from '../../src/encryption-sdk/cacheIds.ts'
import { parseHeader } from '../../src/encryption-sdk/header.ts'
import {
  buildClient,
  type CachingCmmOptions,
  type Cmm,
  CommitmentPolicy,
  cachingCmm,
  decrypt,
  describeMessage,
  encrypt,
  getLocalCryptographicMaterialsCache,
  type Keyring,
  rawAesKeyring,
  requiredEncryptionContextCmm,
  suites,
} from '../../src/encryption-sdk/index.ts'
import { defaultCmm } from '../../src/encryption-sdk/materials.ts'

const plaintext = encodeUtf8('content')
const suiteId = 0x0478
const code = (value: string) => expect.objectContaining({ code: value })
const newRaw = (keyName = 'one'): Keyring =>
  rawAesKeyring({
    keyNamespace: 'tests',
    keyName,
    wrappingKey: crypto.getRandomValues(new Uint8Array(32)),
  })

const encryptionContext = { tenant: 'a', purpose: 'test' }

describe('the default CMM', () => {
  const request = { suite: suites[1400], encryptionContext: {} }

  test('refuses a public key that is not its own', async () => {
    const cmm = defaultCmm(newRaw())
    for (const suite of [suites[1400], suites[1144]]) {
      const encryptionContext = { 'aws-crypto-public-key': 'mine' }
      const asking = cmm.getEncryptionMaterials({ suite, encryptionContext })
      await expect(asking).rejects.toThrow(code('invalid'))
    }
  })

  test('requires no pair that is not there', async () => {
    const requiredEncryptionContextKeys = ['tenant']
    const asking = defaultCmm(newRaw()).getEncryptionMaterials({
      ...request,
      requiredEncryptionContextKeys,
    })
    await expect(asking).rejects.toMatchObject({ code: 'context', contextKey: 'tenant' })
  })

  test('a pair that no message stores is named when it does not open', async () => {
    const keyring = newRaw()
    const { result } = await encrypt(keyring, plaintext, { suiteId, encryptionContext })
    const demanded = { ...encryptionContext, other: 'value' }
    const opening = decrypt(keyring, result, { encryptionContext: demanded })
    await expect(opening).rejects.toMatchObject({
      code: 'context',
      contextKey: 'other',
      causes: [{ keyName: 'one' }],
    })
  })
})

describe('the required encryption context CMM', () => {
  const requiring = (backingMaterials: Keyring | Cmm, ...keys: string[]) =>
    requiredEncryptionContextCmm({ backingMaterials, requiredEncryptionContextKeys: keys })

  test.each(Object.values(suites))(
    '$name: opens with the pair alone',
    async ({ id, messageFormat }) => {
      const { FORBID_ENCRYPT_ALLOW_DECRYPT: forbid } = CommitmentPolicy
      const client = messageFormat === 2 ? buildClient() : buildClient({ commitmentPolicy: forbid })
      const keyring = newRaw()
      const cmm = requiring(keyring, 'tenant')
      const { result, messageHeader } = await client.encrypt(cmm, plaintext, {
        suiteId: id,
        encryptionContext,
      })
      expect(messageHeader.encryptionContext).toMatchObject({ purpose: 'test' })
      expect(describeMessage(result).encryptionContext).not.toHaveProperty('tenant')
      for (const opener of [cmm, keyring]) {
        const opened = await client.decrypt(opener, result, { encryptionContext })
        expect(opened.plaintext).toEqual(plaintext)
      }
      const another = { encryptionContext: { tenant: 'b' } }
      await expect(client.decrypt(cmm, result, another)).rejects.toThrow(code('context'))
      await expect(client.decrypt(keyring, result)).rejects.toThrow(code('no-key'))
    },
  )

  test('refuses to encrypt and to decrypt without it, before any key is asked', async () => {
    const asked = vi.fn()
    const keyring: Keyring = { onEncrypt: asked, onDecrypt: asked }
    const cmm = requiring(keyring, 'tenant', 'tenant', 'purpose')
    const { result } = await encrypt(newRaw(), plaintext, { suiteId, encryptionContext })
    const partly = { encryptionContext: { tenant: 'a' } }
    await expect(encrypt(cmm, plaintext, partly)).rejects.toMatchObject({ contextKey: 'purpose' })
    await expect(decrypt(cmm, result, partly)).rejects.toMatchObject({ contextKey: 'purpose' })
    expect(asked).not.toHaveBeenCalled()
  })

  test('one over another requires the pairs of both', async () => {
    const keyring = newRaw()
    const cmm = requiring(requiring(keyring, 'tenant'), 'purpose')
    const { result } = await encrypt(cmm, plaintext, { suiteId, encryptionContext })
    expect(describeMessage(result).encryptionContext).toEqual({})
    expect((await decrypt(keyring, result, { encryptionContext })).plaintext).toEqual(plaintext)
    const partly = { encryptionContext: { purpose: 'test' } }
    await expect(decrypt(cmm, result, partly)).rejects.toMatchObject({ contextKey: 'tenant' })
  })

  test('takes no materials that would store the pair', async () => {
    const backing = defaultCmm(newRaw())
    const forgetful: Cmm = {
      ...backing,
      getEncryptionMaterials: ({ suite, encryptionContext }) =>
        backing.getEncryptionMaterials({ suite, encryptionContext }),
    }
    const making = encrypt(requiring(forgetful, 'tenant'), plaintext, {
      suiteId,
      encryptionContext,
    })
    await expect(making).rejects.toThrow(code('invalid'))
  })

  test('needs keys, and none of the format', () => {
    expect(() => requiring(newRaw())).toThrow(code('invalid'))
    expect(() => requiring(newRaw(), 'aws-crypto-public-key')).toThrow(code('invalid'))
  })
})

/** Materials of a keyring, and how often they were asked for. */
function counted(keyring = newRaw()) {
  const cmm = defaultCmm(keyring)
  return {
    getEncryptionMaterials: vi.fn(cmm.getEncryptionMaterials),
    decryptMaterials: vi.fn(cmm.decryptMaterials),
  }
}

describe('the caching CMM', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  const cache = (capacity = 10) => getLocalCryptographicMaterialsCache(capacity)
  const caching = (options: Partial<CachingCmmOptions> = {}) => {
    const backingMaterials = counted()
    const cmm = cachingCmm({ backingMaterials, cache: cache(), maxAge: 1000, ...options })
    return { backingMaterials, cmm, made: backingMaterials.getEncryptionMaterials }
  }
  const sealed = async (cmm: Cmm, context: Record<string, string> = encryptionContext) =>
    (await encrypt(cmm, plaintext, { suiteId, encryptionContext: context })).result

  test('serves many messages with one data key, each opens, and no two are alike', async () => {
    const { cmm, made, backingMaterials } = caching()
    const messages = [await sealed(cmm), await sealed(cmm), await sealed(cmm)]
    expect(made).toHaveBeenCalledTimes(1)
    expect(new Set(messages.map((message) => message.slice(-20).join())).size).toBe(3)
    for (const message of messages) {
      expect((await decrypt(cmm, message)).plaintext).toEqual(plaintext)
      expect((await decrypt(backingMaterials, message)).plaintext).toEqual(plaintext)
    }
    // All have the same data keys, so they are opened once for the cache.
    expect(backingMaterials.decryptMaterials).toHaveBeenCalledTimes(1 + messages.length)
  })

  test('works for signed suites, with one signing key', async () => {
    const { cmm, made } = caching()
    const one = await encrypt(cmm, plaintext, { encryptionContext })
    const two = await encrypt(cmm, plaintext, { encryptionContext })
    expect(made).toHaveBeenCalledTimes(1)
    const { encryptionContext: written } = one.messageHeader
    expect(two.messageHeader.encryptionContext).toEqual(written)
    expect((await decrypt(cmm, two.result)).plaintext).toEqual(plaintext)
  })

  test('keeps contexts and suites apart', async () => {
    const { cmm, made } = caching()
    await sealed(cmm)
    await sealed(cmm, { ...encryptionContext, tenant: 'b' })
    await encrypt(cmm, plaintext, { encryptionContext })
    expect(made).toHaveBeenCalledTimes(3)
  })

  test('one request for many parallel ones', async () => {
    const { cmm, made, backingMaterials } = caching()
    const messages = await Promise.all(Array.from({ length: 100 }, () => sealed(cmm)))
    expect(made).toHaveBeenCalledTimes(1)
    await Promise.all(messages.map((message) => decrypt(cmm, message)))
    expect(backingMaterials.decryptMaterials).toHaveBeenCalledTimes(1)
  })

  test('parallel requests keep the limit of messages', async () => {
    const { cmm, made } = caching({ maxMessagesEncrypted: 3 })
    const messages = await Promise.all(Array.from({ length: 10 }, () => sealed(cmm)))
    expect(made).toHaveBeenCalledTimes(4)
    const dataKeys = messages.map((message) => {
      const [dataKey] = parseHeader(message, 1).header.encryptedDataKeys
      return dataKey?.ciphertext.join()
    })
    const uses = [...Map.groupBy(dataKeys, (dataKey) => dataKey).values()]
    expect(uses.map(({ length }) => length).sort()).toEqual([1, 3, 3, 3])
  })

  test('keeps the limit of bytes, and does not cache what is larger', async () => {
    const { cmm, made } = caching({ maxBytesEncrypted: 2 * plaintext.byteLength })
    await sealed(cmm)
    await sealed(cmm)
    expect(made).toHaveBeenCalledTimes(1)
    await sealed(cmm)
    expect(made).toHaveBeenCalledTimes(2)
    const large = new Uint8Array(2 * plaintext.byteLength + 1)
    await encrypt(cmm, large, { suiteId, encryptionContext })
    expect(made).toHaveBeenCalledTimes(3)
    await sealed(cmm)
    expect(made).toHaveBeenCalledTimes(3)
  })

  test('keeps the limit of age, also of a clock that was set back', async () => {
    const { cmm, made } = caching()
    await sealed(cmm)
    vi.advanceTimersByTime(999)
    await sealed(cmm)
    expect(made).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(2)
    await sealed(cmm)
    expect(made).toHaveBeenCalledTimes(2)
    vi.setSystemTime(Date.now() - 500)
    await sealed(cmm)
    expect(made).toHaveBeenCalledTimes(3)
  })

  test('decrypts from the cache no longer than that', async () => {
    const { cmm, backingMaterials } = caching()
    const message = await sealed(cmm)
    await decrypt(cmm, message)
    vi.advanceTimersByTime(1001)
    await decrypt(cmm, message)
    expect(backingMaterials.decryptMaterials).toHaveBeenCalledTimes(2)
  })

  test('the younger limit holds where a cache is shared', async () => {
    const shared = { cache: cache(), partition: 'both' }
    const long = caching({ ...shared, maxAge: 10_000 })
    const short = caching({ ...shared, maxAge: 100 })
    await sealed(long.cmm)
    await sealed(short.cmm)
    expect(short.made).toHaveBeenCalledTimes(0)
    vi.advanceTimersByTime(101)
    await sealed(short.cmm)
    expect(short.made).toHaveBeenCalledTimes(1)
  })

  test('nobody shares who did not ask to', async () => {
    const shared = cache()
    const one = caching({ cache: shared })
    const two = caching({ cache: shared })
    await sealed(one.cmm)
    await sealed(two.cmm)
    expect([one.made.mock.calls.length, two.made.mock.calls.length]).toEqual([1, 1])
  })

  test('does not cache what has no derivation, or a length nobody knows', async () => {
    const { cmm, made, backingMaterials } = caching()
    const { FORBID_ENCRYPT_ALLOW_DECRYPT: commitmentPolicy } = CommitmentPolicy
    const client = buildClient({ commitmentPolicy })
    for (const _ of [1, 2]) {
      const { result } = await client.encrypt(cmm, plaintext, { suiteId: 0x0078 })
      await client.decrypt(cmm, result)
    }
    expect(made).toHaveBeenCalledTimes(2)
    expect(backingMaterials.decryptMaterials).toHaveBeenCalledTimes(2)
    const request = { suite: suites[1144], encryptionContext: {} }
    await cmm.getEncryptionMaterials(request)
    await cmm.getEncryptionMaterials(request)
    expect(made).toHaveBeenCalledTimes(4)
  })

  test('keeps no failure', async () => {
    const { cmm, made } = caching()
    made.mockRejectedValueOnce(new Error('locked'))
    await expect(sealed(cmm)).rejects.toThrow('locked')
    expect((await decrypt(cmm, await sealed(cmm))).plaintext).toEqual(plaintext)
  })

  test('holds as many entries as it may, the latest used', async () => {
    const { cmm, made } = caching({ cache: cache(2) })
    const [a, b, c] = [{ tenant: 'a' }, { tenant: 'b' }, { tenant: 'c' }]
    for (const context of [a, b, a, c, a]) await sealed(cmm, context)
    expect(made).toHaveBeenCalledTimes(3)
    await sealed(cmm, b)
    expect(made).toHaveBeenCalledTimes(4)
    const none = caching({ cache: cache(0) })
    await sealed(none.cmm)
    await sealed(none.cmm)
    expect(none.made).toHaveBeenCalledTimes(2)
  })

  test('can be emptied, and empties itself in time', async () => {
    const emptied = cache()
    const { cmm, made } = caching({ cache: emptied })
    await sealed(cmm)
    expect(vi.getTimerCount()).toBe(1)
    emptied.clear()
    expect(vi.getTimerCount()).toBe(0)
    await sealed(cmm)
    expect(made).toHaveBeenCalledTimes(2)
    vi.advanceTimersByTime(1000)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('gives nobody a pair that he does not know himself', async () => {
    const keyring = newRaw()
    const required = requiredEncryptionContextCmm({
      backingMaterials: keyring,
      requiredEncryptionContextKeys: ['tenant'],
    })
    const message = await sealed(required)
    const cmm = cachingCmm({ backingMaterials: keyring, cache: cache(), maxAge: 1000 })
    const tenant = { encryptionContext: { tenant: 'a' } }
    expect((await decrypt(cmm, message, tenant)).plaintext).toEqual(plaintext)
    await expect(decrypt(cmm, message)).rejects.toThrow(code('no-key'))
    const other = { encryptionContext: { tenant: 'b' } }
    await expect(decrypt(cmm, message, other)).rejects.toThrow(code('context'))
  })

  test('stores no pair under a CMM that requires it, whatever was cached before', async () => {
    const { cmm } = caching()
    await sealed(cmm)
    const required = requiredEncryptionContextCmm({
      backingMaterials: cmm,
      requiredEncryptionContextKeys: ['tenant'],
    })
    expect(describeMessage(await sealed(required)).encryptionContext).toEqual({ purpose: 'test' })
    expect(describeMessage(await sealed(cmm)).encryptionContext).toEqual(encryptionContext)
  })

  test('names entries as the specification does', async () => {
    const request = { suite: suites[1144], encryptionContext: { b: '2', a: '1' } }
    const fields = '01 00 01 00 70 00 01 00 0478 00 0002 0001 61 0001 31 0001 62 0001 32'
    const hash = createHash('sha384').update(Buffer.from(fields.replaceAll(' ', ''), 'hex'))
    expect(await encryptionCacheId('p', request)).toBe(hash.digest('base64'))
  })

  test.each([
    { maxAge: 0 },
    { maxAge: Number.NaN },
    { maxMessagesEncrypted: 0 },
    { maxMessagesEncrypted: 2 ** 32 + 1 },
    { maxBytesEncrypted: 0.5 },
  ])('refuses %j', (options) => {
    expect(() => caching(options)).toThrow(code('invalid'))
  })

  test('refuses a capacity that is none', () => {
    expect(() => cache(-1)).toThrow(code('invalid'))
  })
})
