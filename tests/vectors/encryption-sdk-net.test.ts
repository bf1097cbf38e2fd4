// Messages of AWS's .NET library 4.0.1 and of 4.0.0, which wrote some headers wrongly; and format 1
// messages of the cross-library collection, none of which commits to its key.

import { expect, test } from 'vitest'
import { decodeBase64 } from '../../src/codec/text.ts'
import { decrypt, describeMessage, rawAesKeyring } from '../../src/encryption-sdk/index.ts'
import { describeVectors, readVector, readVectorJson } from './folder.ts'

interface MasterKey {
  readonly type: string
  readonly key: string
  readonly 'provider-id'?: string
  readonly 'encryption-algorithm'?: string
}

interface Vector {
  readonly ciphertext: string
  readonly 'master-keys': readonly MasterKey[]
  readonly cmm: string
  readonly 'encryption-context': Record<string, string>
  readonly result: { readonly output: { readonly plaintext: string } }
}

interface Keys {
  readonly keys: Record<string, { readonly material?: string; readonly 'key-id': string }>
}

const local = (uri: string) => uri.replace('file://', '')
const suiteOf = (name: string) => name.slice(0, 4)
const commits = (name: string) => ['0478', '0578'].includes(suiteOf(name))
const isRawAes = ({ 'encryption-algorithm': algorithm }: MasterKey) => algorithm === 'aes'

async function keyringFor(folder: string, { key, 'provider-id': keyNamespace = '' }: MasterKey) {
  const { keys } = readVectorJson<Keys>(`${folder}/keys.json`)
  const material = decodeBase64(keys[key]?.material ?? '')
  const usages = ['encrypt', 'decrypt'] as const
  const wrappingKey = await crypto.subtle.importKey('raw', material, 'AES-GCM', false, usages)
  return rawAesKeyring({ keyNamespace, keyName: keys[key]?.['key-id'] ?? '', wrappingKey })
}

const readAll = (folder: string) => {
  const { tests } = readVectorJson<{ tests: Record<string, Vector> }>(`${folder}/manifest.json`)
  return Object.entries(tests).map(([name, vector]) => ({
    name,
    vector,
    message: readVector(`${folder}/${local(vector.ciphertext)}`),
  }))
}

const net = 'encryption-sdk/v4-Net-4.0.1'
describeVectors(net, () => {
  const all = readAll(net)
  const committing = all.filter(({ name }) => commits(name))
  const opened = committing.filter(
    ({ vector }) => vector.cmm === 'Default' && vector['master-keys'].some(isRawAes),
  )

  test('there are some of each kind', () => {
    expect(all).toHaveLength(65)
    expect(committing).toHaveLength(9)
    expect(opened.map(({ name }) => suiteOf(name)).sort()).toEqual(['0478', '0578'])
  })

  test.each(opened)('$name opens', async ({ vector, message }) => {
    const [masterKey] = vector['master-keys'].filter(isRawAes)
    if (!masterKey) throw new Error('no key')
    const keyring = await keyringFor(net, masterKey)
    const { plaintext } = await decrypt(keyring, message)
    expect(plaintext).toEqual(readVector(`${net}/${local(vector.result.output.plaintext)}`))
  })

  test.each(committing)('$name describes itself', ({ name, vector, message }) => {
    const description = describeMessage(message)
    expect(description.suiteId).toBe(Number.parseInt(suiteOf(name), 16))
    expect(description.signed).toBe(suiteOf(name) === '0578')
    const { keys } = readVectorJson<Keys>(`${net}/keys.json`)
    const underKms = vector['master-keys'].filter(({ type }) => type === 'aws-kms')
    expect(description.kmsKeyArns).toEqual(underKms.map(({ key }) => keys[key]?.['key-id']))
  })

  test.each(all.filter(({ name }) => !commits(name)))('$name is refused', ({ name, message }) => {
    expect(() => describeMessage(message)).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        message: expect.stringContaining(suiteOf(name)),
      }),
    )
  })
})

const wrong = 'encryption-sdk/invalid-Net-4.0.0'
describeVectors(wrong, () => {
  const all = readAll(wrong)

  test('are all there', () => {
    expect(all).toHaveLength(14)
    expect(all.filter(({ name }) => commits(name))).toHaveLength(2)
  })

  test.each(all)('$name is refused', async ({ name, vector, message }) => {
    const [masterKey] = vector['master-keys'].filter(isRawAes)
    const keyring = await keyringFor(wrong, masterKey ?? { type: 'raw', key: 'aes-256' })
    await expect(decrypt(keyring, message)).rejects.toMatchObject({
      name: 'EncryptionSdkError',
      code: commits(name) ? 'authentication' : 'unsupported',
    })
  })
})

const v1 = 'encryption-sdk/v1'
describeVectors(v1, () => {
  const { test_cases: cases } = readVectorJson<{
    test_cases: { algorithm: string; ciphertext: { filename: string } }[]
  }>(`${v1}/ciphertext.manifest.json`)

  test('every message is refused, and its suite named', () => {
    expect(cases.length).toBeGreaterThan(200)
    for (const { algorithm, ciphertext } of cases) {
      const message = readVector(`${v1}/${ciphertext.filename}`)
      expect(message[0]).toBe(1)
      expect(() => describeMessage(message)).toThrow(
        expect.objectContaining({
          code: 'unsupported',
          message: expect.stringContaining(algorithm.toLowerCase()),
        }),
      )
    }
  })
})
