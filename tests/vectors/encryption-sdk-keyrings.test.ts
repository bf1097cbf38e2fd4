// AWS's own messages opened by our keyrings: raw AES of three lengths, raw RSA with the paddings there are
// messages of, and contexts that are not stored. The keys are the collections' own.

import { describe, expect, test } from 'vitest'
import { decodeBase64 } from '../../src/codec/text.ts'
import {
  buildClient,
  CommitmentPolicy,
  type Keyring,
  multiKeyring,
  rawAesKeyring,
  rawRsaKeyring,
} from '../../src/encryption-sdk/index.ts'
import { readNetMessages, readOldMessages, type TestMessage } from './encryptionSdkMessages.ts'
import { describeVectors, readVectorJson } from './folder.ts'

const client = buildClient({ commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT })

async function opens(keyring: Keyring, { message, plaintext, encryptionContext }: TestMessage) {
  const opened = await client.decrypt(keyring, message, { encryptionContext })
  expect(Buffer.compare(opened.plaintext, plaintext)).toBe(0)
}

interface OldKeys {
  readonly test_keys: Record<'AES' | 'RSA', Record<string, { readonly key: readonly string[] }>>
}

const old = 'encryption-sdk/v1'
describeVectors(old, () => {
  const { AES, RSA } = readVectorJson<OldKeys>(`${old}/ciphertext.manifest.json`).test_keys
  const keyNamespace = 'static-aws-xcompat'
  const privateKey = RSA['2048']?.key.join('\n') ?? ''
  const keyrings = {
    ...Object.fromEntries(
      Object.entries(AES).map(([bits, { key }]) => {
        const wrappingKey = decodeBase64(key.join(''))
        const keyName = `AES.${bits}..`
        return [keyName, rawAesKeyring({ keyNamespace, keyName, wrappingKey })]
      }),
    ),
    'RSA.2048.PKCS1.': rawRsaKeyring({
      keyNamespace,
      keyName: 'RSA.2048.PKCS1.',
      padding: 'PKCS1',
      privateKey,
    }),
    'RSA.2048.OAEP-MGF1.SHA-1': rawRsaKeyring({
      keyNamespace,
      keyName: 'RSA.2048.OAEP-MGF1.SHA-1',
      padding: 'OAEP_SHA1_MGF1',
      privateKey,
    }),
  }
  const all = readOldMessages(old)
  const names = Object.keys(keyrings)

  test('every message is opened by one of five keyrings, and each keyring opens some', async () => {
    expect(names).toHaveLength(5)
    const opened = new Map(names.map((name) => [name, 0]))
    for (const message of all) {
      const results = await Promise.allSettled(
        Object.values(keyrings).map((keyring) => opens(keyring, message)),
      )
      const index = results.findIndex(({ status }) => status === 'fulfilled')
      const name = names[index] ?? 'none'
      opened.set(name, (opened.get(name) ?? 0) + 1)
    }
    expect([...opened.values()].every((count) => count >= 9)).toBe(true)
    expect([...opened.values()].reduce((sum, count) => sum + count)).toBe(237)
    expect(opened.has('none')).toBe(false)
  })

  test.each(all)('$name opens with all of them as one', (message) =>
    opens(multiKeyring({ children: Object.values(keyrings) }), message),
  )
})

interface NetKeys {
  readonly keys: Record<string, { readonly material: string }>
}

const net = 'encryption-sdk/v4-Net-4.0.1'
describeVectors(net, () => {
  const { keys } = readVectorJson<NetKeys>(`${net}/keys.json`)
  const keyNamespace = 'aws-raw-vectors-persistant'
  const material = (name: string) => keys[name]?.material ?? ''
  const aes = rawAesKeyring({
    keyNamespace,
    keyName: 'aes-256',
    wrappingKey: decodeBase64(material('aes-256')),
  })
  const rsa = rawRsaKeyring({
    keyNamespace,
    keyName: 'rsa-4096-private',
    padding: 'OAEP_SHA512_MGF1',
    privateKey: material('rsa-4096-private'),
  })
  const sha256 = rawRsaKeyring({
    keyNamespace,
    keyName: 'rsa-4096-public',
    padding: 'OAEP_SHA256_MGF1',
    privateKey: material('rsa-4096-private'),
  })
  const all = readNetMessages(net)

  test.each(all)('$name opens', (message) => opens(multiKeyring({ children: [aes, rsa] }), message))

  test('some open with the second recipient, whose hash is SHA-256', async () => {
    const results = await Promise.allSettled(all.map((message) => opens(sha256, message)))
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(10)
  })

  describe('with a context that is not stored', () => {
    const keyring = multiKeyring({ children: [aes, rsa] })

    test('opens only where it is reproduced', async () => {
      const refused = await Promise.all(
        all.map(async ({ message }) =>
          client.decrypt(keyring, message).then(
            () => null,
            (error) => error,
          ),
        ),
      )
      const codes = refused.filter((error) => error !== null).map(({ code }) => code)
      expect(codes.length).toBeGreaterThan(10)
      // RSA binds no context to the data key, so it is the header that does not hold.
      expect(new Set(codes)).toEqual(new Set(['no-key', 'authentication']))
    })
  })
})
