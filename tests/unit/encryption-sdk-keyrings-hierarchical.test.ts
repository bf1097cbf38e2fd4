// The hierarchical keyring: which branch key is asked for, how long it is kept, what is refused.

import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { branchKeyCacheId } from '../../src/encryption-sdk/cacheIds.ts'
import {
  type BranchKey,
  type BranchKeyStore,
  decrypt,
  type EncryptedDataKey,
  encrypt,
  getLocalCryptographicMaterialsCache,
  importBranchKey,
  type Keyring,
  kmsHierarchicalKeyring,
} from '../../src/encryption-sdk/index.ts'

const plaintext = encodeUtf8('content')
const options = { suiteId: 0x0478, encryptionContext: { tenant: 'a' } } as const
const sealed = async (keyring: Keyring) => (await encrypt(keyring, plaintext, options)).result
const opened = async (keyring: Keyring, message: Uint8Array) =>
  (await decrypt(keyring, message)).plaintext
const code = (value: string) => expect.objectContaining({ code: value })

/** Holds branch keys of any id; each `rotate` makes a new version. */
class Store implements BranchKeyStore {
  readonly logicalKeyStoreName = 'tests'
  readonly asked: string[] = []
  readonly #versions = new Map<string, BranchKey[]>()

  async rotate(branchKeyId: string): Promise<BranchKey> {
    const branchKey = await importBranchKey(crypto.getRandomValues(new Uint8Array(32)))
    const made = { branchKeyId, branchKeyVersion: crypto.randomUUID(), branchKey }
    this.#versions.set(branchKeyId, [...(this.#versions.get(branchKeyId) ?? []), made])
    return made
  }

  async getActiveBranchKey(branchKeyId: string): Promise<BranchKey> {
    this.asked.push(`active ${branchKeyId}`)
    return this.#versions.get(branchKeyId)?.at(-1) ?? this.rotate(branchKeyId)
  }

  async getBranchKeyVersion(branchKeyId: string, branchKeyVersion: string): Promise<BranchKey> {
    this.asked.push(`version ${branchKeyId}`)
    const all = this.#versions.get(branchKeyId) ?? []
    const found = all.find((one) => one.branchKeyVersion === branchKeyVersion)
    if (!found) throw new Error(`no version ${branchKeyVersion}`)
    return found
  }
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

const on = (keyStore: BranchKeyStore, branchKeyId = 'branch', cacheLimitTtl = 60) =>
  kmsHierarchicalKeyring({ keyStore, branchKeyId, cacheLimitTtl })

test('opens what it made, with one question each way', async () => {
  const store = new Store()
  const keyring = on(store)
  const messages = await Promise.all(Array.from({ length: 20 }, () => sealed(keyring)))
  expect(store.asked).toEqual(['active branch'])
  for (const message of messages) expect(await opened(keyring, message)).toEqual(plaintext)
  expect(store.asked).toEqual(['active branch', 'version branch'])
})

test('the branch key cannot be read', async () => {
  const { branchKey } = await new Store().rotate('branch')
  expect(branchKey).toMatchObject({ extractable: false, usages: ['sign'] })
  await expect(importBranchKey(new Uint8Array(31))).rejects.toThrow(code('invalid'))
})

test('old versions open after rotation, and new messages are under the new one in time', async () => {
  const store = new Store()
  const keyring = on(store)
  const old = await sealed(keyring)
  const { branchKeyVersion } = await store.rotate('branch')
  vi.advanceTimersByTime(60_001)
  const fresh = await sealed(keyring)
  const hex = Buffer.from(fresh).toString('hex')
  expect(hex).toContain(branchKeyVersion.replaceAll('-', ''))
  for (const message of [old, fresh]) expect(await opened(on(store), message)).toEqual(plaintext)
})

describe('a supplier of branch keys', () => {
  const byTenant = (keyStore: BranchKeyStore) =>
    kmsHierarchicalKeyring({
      keyStore,
      branchKeyIdSupplier: { getBranchKeyId: ({ tenant }) => `branch of ${tenant}` },
      cacheLimitTtl: 60,
    })

  test('gives every tenant his own', async () => {
    const store = new Store()
    const keyring = byTenant(store)
    const message = await sealed(keyring)
    await encrypt(keyring, plaintext, { encryptionContext: { tenant: 'b' } })
    expect(store.asked).toEqual(['active branch of a', 'active branch of b'])
    expect(await opened(byTenant(store), message)).toEqual(plaintext)
    const failing = opened(on(store, 'branch of b'), message)
    await expect(failing).rejects.toMatchObject({ code: 'no-key', causes: [] })
  })
})

describe('a shared cache', () => {
  const sharing = (partitionIds: readonly (string | undefined)[], stores: readonly Store[]) => {
    const cache = getLocalCryptographicMaterialsCache(10)
    return partitionIds.map((partitionId, i) =>
      kmsHierarchicalKeyring({
        keyStore: stores[i] ?? new Store(),
        branchKeyId: 'branch',
        cacheLimitTtl: i === 0 ? 60 : 10,
        cache,
        ...(partitionId === undefined ? {} : { partitionId }),
      }),
    )
  }

  test.each([
    [['same', 'same'], 1],
    [['one', 'two'], 2],
    [[undefined, undefined], 2],
  ] as const)('of partitions %j: %i questions', async (partitionIds, questions) => {
    const store = new Store()
    for (const keyring of sharing(partitionIds, [store, store])) await sealed(keyring)
    expect(store.asked).toHaveLength(questions)
  })

  test('the shorter time holds for who has it', async () => {
    const store = new Store()
    const [long, short] = sharing(['same', 'same'], [store, store])
    if (!long || !short) throw new Error('two keyrings')
    await sealed(long)
    vi.advanceTimersByTime(10_001)
    await sealed(long)
    expect(store.asked).toHaveLength(1)
    await sealed(short)
    expect(store.asked).toHaveLength(2)
  })

  test('is named as the specification says', async () => {
    const hash = (hex: string) =>
      createHash('sha384')
        .update(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
        .digest('base64')
    const partition = encodeUtf8('p')
    const active = await branchKeyCacheId(partition, 's', 'b')
    expect(active).toBe(hash('02 00 01 00 70 00 73 00 62'))
    const version = await branchKeyCacheId(partition, 's', 'b', 'v')
    expect(version).toBe(hash('02 00 02 00 70 00 73 00 62 00 76'))
  })
})

/** Sees the data keys with something changed. */
const changing = (
  keyring: Keyring,
  change: (dataKey: EncryptedDataKey) => Partial<EncryptedDataKey>,
): Keyring => ({
  ...keyring,
  onDecrypt: (materials, dataKeys) =>
    keyring.onDecrypt(
      materials,
      dataKeys.map((dataKey) => ({ ...dataKey, ...change(dataKey) })),
    ),
})

test('every byte of a data key counts, and so does the context', async () => {
  const keyring = on(new Store())
  const message = await sealed(keyring)
  for (let at = 0; at < 16 + 12 + 16 + 32 + 16; at++) {
    const changed = changing(keyring, ({ ciphertext }) => ({
      ciphertext: Uint8Array.from(ciphertext, (byte, i) => (i === at ? byte ^ 1 : byte)),
    }))
    await expect(opened(changed, message)).rejects.toMatchObject({
      code: 'no-key',
      causes: [{ keyNamespace: 'aws-kms-hierarchy', keyName: 'branch' }],
    })
  }
  for (const cut of [0, 16, 44, 60, -1]) {
    const changed = changing(keyring, ({ ciphertext }) => ({
      ciphertext: ciphertext.slice(0, cut),
    }))
    await expect(opened(changed, message)).rejects.toThrow(code('no-key'))
  }
  const elsewhere: Keyring = {
    ...keyring,
    onDecrypt: (materials, dataKeys) =>
      keyring.onDecrypt({ ...materials, encryptionContext: { tenant: 'b' } }, dataKeys),
  }
  await expect(opened(elsewhere, message)).rejects.toThrow(code('no-key'))
})

test('takes no branch key but the one it asked for', async () => {
  const store = new Store()
  const good = await store.rotate('branch')
  const hmac = { name: 'HMAC', hash: 'SHA-384' }
  const lies: Partial<BranchKey>[] = [
    { branchKeyId: 'another' },
    { branchKeyVersion: 'latest' },
    { branchKeyVersion: good.branchKeyVersion.toUpperCase() },
    { branchKey: await crypto.subtle.generateKey({ ...hmac, length: 256 }, false, ['sign']) },
    { branchKey: await crypto.subtle.generateKey({ ...hmac, hash: 'SHA-256' }, false, ['sign']) },
  ]
  const lying = (lie: Partial<BranchKey>): BranchKeyStore => ({
    logicalKeyStoreName: 'lies',
    getActiveBranchKey: async () => ({ ...good, ...lie }),
    getBranchKeyVersion: async () => ({ ...good, ...lie }),
  })
  for (const lie of lies) await expect(sealed(on(lying(lie)))).rejects.toThrow(code('no-key'))
  const message = await sealed(on(lying({})))
  const otherVersion = on(lying({ branchKeyVersion: crypto.randomUUID() }))
  await expect(opened(otherVersion, message)).rejects.toThrow(code('no-key'))
  expect(await opened(on(lying({})), message)).toEqual(plaintext)
})

test('says what the store said', async () => {
  const message = await sealed(on(new Store()))
  await expect(opened(on(new Store()), message)).rejects.toMatchObject({
    code: 'no-key',
    causes: [{ cause: { message: expect.stringContaining('no version') } }],
  })
})

test('is refused without a branch key, with two ways to one, or without time', () => {
  const keyStore = new Store()
  const branchKeyIdSupplier = { getBranchKeyId: () => 'branch' }
  const make = (given: object) => () =>
    kmsHierarchicalKeyring({ keyStore, cacheLimitTtl: 60, branchKeyId: 'branch', ...given })
  expect(make({ branchKeyId: undefined })).toThrow(code('invalid'))
  expect(make({ branchKeyId: '' })).toThrow(code('invalid'))
  expect(make({ branchKeyIdSupplier })).toThrow(code('invalid'))
  expect(make({ cacheLimitTtl: 0 })).toThrow(code('invalid'))
  expect(make({ maxCacheSize: -1 })).toThrow(code('invalid'))
})
