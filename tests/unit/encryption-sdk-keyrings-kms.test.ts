// Keyrings over KMS: whose keys are asked, with what, and which answers count. RSA and agreement keys are
// those of a real vault.

import { KMS } from '@aws-sdk/client-kms'
import { beforeAll, describe, expect, test } from 'vitest'
import { encodeUtf8 } from '../../src/codec/text.ts'
import {
  decrypt,
  describeMessage,
  type EncryptedDataKey,
  encrypt,
  type Keyring,
  type KmsClient,
  type KmsEcdhClient,
  type KmsRsaClient,
  kmsEcdhKeyring,
  kmsKeyring,
  kmsMrkDiscoveryKeyring,
  kmsMrkDiscoveryMultiKeyring,
  kmsMrkKeyring,
  kmsMrkMultiKeyring,
  kmsRsaKeyring,
  rawEcdhKeyring,
} from '../../src/encryption-sdk/index.ts'
import { Background } from './background.ts'
import { arn, inMemoryKms } from './inMemoryKms.ts'

const plaintext = encodeUtf8('content')
const options = { suiteId: 0x0478, encryptionContext: { a: 'b' } } as const
const sealed = async (keyring: Keyring) => (await encrypt(keyring, plaintext, options)).result
const opened = async (keyring: Keyring, message: Uint8Array) =>
  (await decrypt(keyring, message)).plaintext
const code = (value: string) => expect.objectContaining({ code: value })

test("AWS's own client is one", () => {
  const kms = new KMS({
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  })
  const clients: [KmsClient, KmsRsaClient, KmsEcdhClient] = [kms, kms, kms]
  for (const client of clients) expect(client.constructor.name).toBe('KMS')
})

/** What it is asked, in order. */
function listening(client: KmsClient): { client: KmsClient; inputs: object[] } {
  const inputs: object[] = []
  return {
    inputs,
    client: {
      generateDataKey: (input) => client.generateDataKey(heard(input)),
      encrypt: (input) => client.encrypt(heard(input)),
      decrypt: (input) => client.decrypt(heard(input)),
    },
  }
  function heard<T extends object>(input: T): T {
    inputs.push({ ...input })
    return input
  }
}

describe('grant tokens', () => {
  test('go with every call, and nothing goes where there are none', async () => {
    const { client, inputs } = listening(await inMemoryKms('one', 'two'))
    const keys = { generatorKeyId: arn('one'), keyIds: [arn('two')] }
    const message = await sealed(kmsKeyring({ client, ...keys, grantTokens: ['token'] }))
    await opened(kmsKeyring({ client, discovery: true, grantTokens: ['token'] }), message)
    expect(inputs).toHaveLength(3)
    for (const input of inputs) expect(input).toMatchObject({ GrantTokens: ['token'] })
    inputs.length = 0
    await opened(
      kmsKeyring({ client, ...keys, grantTokens: [] }),
      await sealed(kmsKeyring({ client, ...keys })),
    )
    expect(inputs).toHaveLength(3)
    for (const input of inputs) expect(input).not.toHaveProperty('GrantTokens')
  })
})

describe('a discovery filter', () => {
  const filters = [
    [{ partition: 'aws', accountIDs: ['999999999999', '123456789012'] }, true],
    [{ partition: 'aws', accountIDs: ['999999999999'] }, false],
    [{ partition: 'aws-cn', accountIDs: ['123456789012'] }, false],
  ] as const

  test.each(filters)('%j', async (discoveryFilter, asks) => {
    const client = await inMemoryKms('one')
    const message = await sealed(kmsKeyring({ client, generatorKeyId: arn('one') }))
    const single = kmsKeyring({ client, discovery: true, discoveryFilter })
    const regional = kmsMrkDiscoveryKeyring({ client, region: 'browser-1', discoveryFilter })
    for (const keyring of [single, regional]) {
      if (asks) expect(await opened(keyring, message)).toEqual(plaintext)
      else await expect(opened(keyring, message)).rejects.toMatchObject({ causes: [] })
    }
    expect(client.calls).toHaveLength(asks ? 3 : 1)
  })

  test('is for discovery, and names somebody', async () => {
    const client = await inMemoryKms('one')
    const discoveryFilter = { partition: 'aws', accountIDs: ['123456789012'] }
    const strict = { client, generatorKeyId: arn('one') }
    expect(() => kmsKeyring({ ...strict, discoveryFilter })).toThrow(code('invalid'))
    for (const empty of [{ partition: '' }, { accountIDs: [] }, { accountIDs: [''] }]) {
      const filter = { ...discoveryFilter, ...empty }
      const make = () => kmsKeyring({ client, discovery: true, discoveryFilter: filter })
      expect(make).toThrow(code('invalid'))
    }
  })
})

test.each(['arn:aws:kms:browser-1:1:key/', 'arn:aws:s3:::bucket', 'alias/', 'a b', 'a:b', 'a/b'])(
  'no keyring takes %j for a key',
  async (keyId) => {
    const client = await inMemoryKms()
    expect(() => kmsKeyring({ client, generatorKeyId: keyId })).toThrow(code('invalid'))
    expect(() => kmsMrkKeyring({ client, keyId })).toThrow(code('invalid'))
  },
)

test('materials that have a data key are not given another', async () => {
  const client = await inMemoryKms('one')
  const keyring = kmsKeyring({ client, generatorKeyId: arn('one') })
  const materials = await keyring.onEncrypt({
    suite: (await import('../../src/encryption-sdk/suites.ts')).suites[1144],
    encryptionContext: {},
    plaintextDataKey: null,
    encryptedDataKeys: [],
    signingKey: null,
  })
  const again = keyring.onDecrypt({ ...materials, verificationKey: null }, [])
  await expect(again).rejects.toThrow(code('invalid'))
})

describe('multi-Region keys', () => {
  const [single, mrk] = ['1234', 'mrk-1234']
  const inRegion = (region: string, name: string) => arn(name).replace('browser-1', region)

  /** The same keys in any region; each client knows those of its own. */
  async function regions() {
    const kms = await inMemoryKms(single, mrk)
    const asked: string[] = []
    const clientProvider = (region: string): KmsClient => {
      const there = (keyId: string) => {
        asked.push(keyId)
        if (!keyId.includes(`:${region}:`)) throw new Error(`NotFoundException: ${keyId}`)
        return keyId.replace(region, 'browser-1')
      }
      const back = async <T extends { KeyId?: string | undefined }>(answer: Promise<T>) => {
        const { KeyId = '', ...rest } = await answer
        return { ...rest, KeyId: KeyId.replace('browser-1', region) }
      }
      return {
        generateDataKey: async (input) =>
          back(kms.generateDataKey({ ...input, KeyId: there(input.KeyId) })),
        encrypt: async (input) => back(kms.encrypt({ ...input, KeyId: there(input.KeyId) })),
        decrypt: async (input) => back(kms.decrypt({ ...input, KeyId: there(input.KeyId) })),
      }
    }
    return { clientProvider, asked }
  }

  test('a replica opens what another made, and is asked by its own name', async () => {
    const { clientProvider, asked } = await regions()
    const [west, east] = [inRegion('us-west-2', mrk), inRegion('us-east-1', mrk)]
    const message = await sealed(
      kmsMrkKeyring({ client: clientProvider('us-west-2'), keyId: west }),
    )
    expect(describeMessage(message).kmsKeyArns).toEqual([west])
    const eastern = kmsMrkKeyring({ client: clientProvider('us-east-1'), keyId: east })
    expect(await opened(eastern, message)).toEqual(plaintext)
    expect(asked.at(-1)).toBe(east)
  })

  test.each([
    ['another account', inRegion('us-east-1', mrk).replace('123456789012', '999999999999')],
    ['another partition', inRegion('us-east-1', mrk).replace('arn:aws:', 'arn:aws-cn:')],
    ['another key', inRegion('us-east-1', 'mrk-5678')],
    ['a key of one region', inRegion('us-east-1', single)],
    ['an alias with such a name', inRegion('us-east-1', mrk).replace('key/', 'alias/')],
  ])('%s is not asked', async (_name, keyId) => {
    const { clientProvider, asked } = await regions()
    const west = { client: clientProvider('us-west-2'), keyId: inRegion('us-west-2', mrk) }
    const message = await sealed(kmsMrkKeyring(west))
    const other = kmsMrkKeyring({ client: clientProvider('us-east-1'), keyId })
    await expect(opened(other, message)).rejects.toMatchObject({ code: 'no-key', causes: [] })
    expect(asked).toHaveLength(1)
  })

  test('a key of one region opens there alone', async () => {
    const { clientProvider } = await regions()
    const keyId = inRegion('us-west-2', single)
    const keyring = kmsMrkKeyring({ client: clientProvider('us-west-2'), keyId })
    const message = await sealed(keyring)
    expect(await opened(keyring, message)).toEqual(plaintext)
    for (const [region, opens] of [
      ['us-west-2', true],
      ['us-east-1', false],
    ] as const) {
      const client = clientProvider(region)
      const opening = opened(kmsMrkDiscoveryKeyring({ client, region }), message)
      if (opens) expect(await opening).toEqual(plaintext)
      else await expect(opening).rejects.toMatchObject({ code: 'no-key', causes: [] })
    }
  })

  test('several make a message, and discovery opens it in any region', async () => {
    const { clientProvider, asked } = await regions()
    const [west, east] = [inRegion('us-west-2', mrk), inRegion('us-east-1', single)]
    const making = kmsMrkMultiKeyring({ clientProvider, generatorKeyId: west, keyIds: [east] })
    const message = await sealed(making)
    expect(describeMessage(message).kmsKeyArns).toEqual([west, east])
    const discovering = kmsMrkDiscoveryMultiKeyring({
      clientProvider,
      regions: ['eu-west-1', 'us-east-1'],
    })
    asked.length = 0
    expect(await opened(discovering, message)).toEqual(plaintext)
    expect(asked).toEqual([inRegion('eu-west-1', mrk)])
    await expect(sealed(discovering)).rejects.toThrow(code('invalid'))
  })

  test('replicas of one key beside each other are refused, and all are named', async () => {
    const { clientProvider } = await regions()
    const west = inRegion('us-west-2', mrk)
    const doubled = [inRegion('us-east-1', mrk), inRegion('us-west-2', single), west]
    const make = () => kmsMrkMultiKeyring({ clientProvider, keyIds: doubled })
    expect(make).toThrow(
      expect.objectContaining({ code: 'invalid', keyIds: [inRegion('us-east-1', mrk), west] }),
    )
    const twice = [inRegion('us-east-1', single), inRegion('us-west-2', single)]
    expect(() => kmsMrkMultiKeyring({ clientProvider, keyIds: twice })).not.toThrow()
  })

  test('regions and key ARNs are needed', async () => {
    const { clientProvider } = await regions()
    expect(() => kmsMrkMultiKeyring({ clientProvider, keyIds: [mrk] })).toThrow(code('invalid'))
    expect(() => kmsMrkMultiKeyring({ clientProvider })).toThrow(code('invalid'))
    for (const regions of [[], ['']]) {
      const make = () => kmsMrkDiscoveryMultiKeyring({ clientProvider, regions })
      expect(make).toThrow(code('invalid'))
    }
  })
})

let background: Background
beforeAll(async () => {
  background = await Background.withVault()
})

const pem = (der: Uint8Array) =>
  `-----BEGIN PUBLIC KEY-----\n${Buffer.from(der).toString('base64')}\n-----END PUBLIC KEY-----\n`

describe.each(['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] as const)(
  'KMS RSA with %s',
  (encryptionAlgorithm) => {
    const client: KmsRsaClient = { decrypt: (input) => background.call('kms:Decrypt', input) }

    async function newKey(KeySpec: 'RSA_2048' | 'RSA_4096' = 'RSA_2048') {
      const input = { KeySpec, KeyUsage: 'ENCRYPT_DECRYPT' } as const
      const { Arn } = (await background.call('kms:CreateKey', input)).KeyMetadata
      const { PublicKey } = await background.call('kms:GetPublicKey', { KeyId: Arn })
      return { kmsKeyId: Arn, encryptionAlgorithm, publicKey: pem(PublicKey) }
    }

    test.each(['RSA_2048', 'RSA_4096'] as const)('%s: anyone encrypts, KMS opens', async (spec) => {
      const { publicKey, ...key } = await newKey(spec)
      const message = await sealed(kmsRsaKeyring({ ...key, publicKey }))
      expect(await opened(kmsRsaKeyring({ ...key, client }), message)).toEqual(plaintext)
      const unable = kmsRsaKeyring({ ...key, publicKey })
      await expect(opened(unable, message)).rejects.toThrow(code('invalid'))
      await expect(sealed(kmsRsaKeyring({ ...key, client }))).rejects.toThrow(code('invalid'))
      const { publicKey: _, ...other } = await newKey()
      const stranger = kmsRsaKeyring({ ...other, client })
      await expect(opened(stranger, message)).rejects.toMatchObject({ code: 'no-key', causes: [] })
    })

    test('the context is bound to the data key', async () => {
      const keyring = kmsRsaKeyring({ ...(await newKey()), client })
      const message = await sealed(keyring)
      const elsewhere: Keyring = {
        ...keyring,
        onDecrypt: (materials, dataKeys) =>
          keyring.onDecrypt({ ...materials, encryptionContext: { a: 'c' } }, dataKeys),
      }
      await expect(opened(elsewhere, message)).rejects.toMatchObject({
        code: 'no-key',
        causes: [{ keyNamespace: 'aws-kms-rsa', message: expect.stringContaining('context') }],
      })
    })

    test('no signed suite, no alias, no small key', async () => {
      const key = await newKey()
      const keyring = kmsRsaKeyring({ ...key, client })
      await expect(encrypt(keyring, plaintext)).rejects.toThrow(code('invalid'))
      const { result } = await encrypt(
        kmsKeyring({ client: await inMemoryKms('one'), generatorKeyId: arn('one') }),
        plaintext,
      )
      await expect(opened(keyring, result)).rejects.toThrow(code('invalid'))
      for (const kmsKeyId of ['alias/rsa', '1234', key.kmsKeyId.replace('key/', 'alias/')]) {
        expect(() => kmsRsaKeyring({ ...key, kmsKeyId })).toThrow(code('invalid'))
      }
      const { kmsKeyId } = key
      expect(() => kmsRsaKeyring({ kmsKeyId, encryptionAlgorithm })).toThrow(code('invalid'))
      const odd = 'RSAES_PKCS1_V1_5' as typeof encryptionAlgorithm
      expect(() => kmsRsaKeyring({ ...key, encryptionAlgorithm: odd })).toThrow(code('invalid'))
      const hash = { RSAES_OAEP_SHA_1: 'SHA-1', RSAES_OAEP_SHA_256: 'SHA-256' }[encryptionAlgorithm]
      const publicExponent = Uint8Array.of(1, 0, 1)
      const small = { name: 'RSA-OAEP', hash, modulusLength: 1024, publicExponent }
      const { publicKey } = await crypto.subtle.generateKey(small, true, ['encrypt', 'decrypt'])
      expect(() => kmsRsaKeyring({ kmsKeyId, encryptionAlgorithm, publicKey })).toThrow(
        code('invalid'),
      )
    })

    test('only an answer of that key counts', async () => {
      const key = await newKey()
      const message = await sealed(kmsRsaKeyring(key))
      for (const change of [
        { KeyId: arn('other') },
        { Plaintext: undefined },
        { Plaintext: plaintext },
      ]) {
        const lying: KmsRsaClient = {
          decrypt: async (input) => ({ ...(await client.decrypt(input)), ...change }),
        }
        const opening = opened(kmsRsaKeyring({ ...key, client: lying }), message)
        await expect(opening).rejects.toMatchObject({
          code: 'no-key',
          causes: [{ code: 'no-key' }],
        })
      }
    })
  },
)

describe.each([
  ['ECC_NIST_P256', 'P-256'],
  ['ECC_NIST_P384', 'P-384'],
  ['ECC_NIST_P521', 'P-521'],
] as const)('KMS ECDH with %s', (curveSpec, namedCurve) => {
  const asked: string[] = []
  const client: KmsEcdhClient = {
    getPublicKey: (input) => {
      asked.push('GetPublicKey')
      return background.call('kms:GetPublicKey', input)
    },
    deriveSharedSecret: (input) => {
      asked.push('DeriveSharedSecret')
      return background.call('kms:DeriveSharedSecret', input)
    },
  }

  async function newKey(KeyUsage: 'KEY_AGREEMENT' | 'SIGN_VERIFY' = 'KEY_AGREEMENT') {
    const input = { KeySpec: curveSpec, KeyUsage } as const
    const { Arn } = (await background.call('kms:CreateKey', input)).KeyMetadata
    const { PublicKey } = await background.call('kms:GetPublicKey', { KeyId: Arn })
    return { Arn, PublicKey }
  }
  const newKeys = () =>
    crypto.subtle.generateKey({ name: 'ECDH', namedCurve }, false, ['deriveBits'])
  const discovering = (recipientKmsIdentifier: string) =>
    kmsEcdhKeyring({
      client,
      curveSpec,
      keyAgreement: 'KmsPublicKeyDiscovery',
      recipientKmsIdentifier,
    })
  const between = (senderKmsIdentifier: string, recipientPublicKey: CryptoKey | Uint8Array) =>
    kmsEcdhKeyring({
      client,
      curveSpec,
      keyAgreement: 'KmsPrivateKeyToStaticPublicKey',
      senderKmsIdentifier,
      recipientPublicKey,
    })

  test('what anyone sends to a key in KMS, KMS opens', async () => {
    const { Arn, PublicKey } = await newKey()
    const sender = rawEcdhKeyring({
      curveSpec,
      keyAgreement: 'EphemeralPrivateKeyToStaticPublicKey',
      recipientPublicKey: PublicKey,
    })
    const message = await sealed(sender)
    const keyring = discovering(Arn)
    asked.length = 0
    expect(await opened(keyring, message)).toEqual(plaintext)
    expect(await opened(keyring, message)).toEqual(plaintext)
    expect(asked).toEqual(['GetPublicKey', 'DeriveSharedSecret', 'DeriveSharedSecret'])
    await expect(sealed(keyring)).rejects.toThrow(code('invalid'))
    const { Arn: other } = await newKey()
    const failing = opened(discovering(other), message)
    await expect(failing).rejects.toMatchObject({ code: 'no-key', causes: [] })
  })

  test('what KMS sends, the recipient opens, and KMS again', async () => {
    const [{ Arn, PublicKey }, keys] = [await newKey(), await newKeys()]
    const message = await sealed(between(Arn, keys.publicKey))
    const sent = await crypto.subtle.exportKey('spki', keys.publicKey)
    const recipient = rawEcdhKeyring({
      curveSpec,
      keyAgreement: 'PublicKeyDiscovery',
      recipientStaticKeys: keys,
    })
    const pair = rawEcdhKeyring({
      curveSpec,
      keyAgreement: 'RawPrivateKeyToStaticPublicKey',
      senderStaticKeys: keys,
      recipientPublicKey: PublicKey,
    })
    for (const opener of [recipient, pair, between(Arn, new Uint8Array(sent))]) {
      expect(await opened(opener, message)).toEqual(plaintext)
    }
    expect(await opened(between(Arn, keys.publicKey), await sealed(pair))).toEqual(plaintext)
  })

  test('two keys in KMS', async () => {
    const [one, two] = [await newKey(), await newKey()]
    const message = await sealed(between(one.Arn, two.PublicKey))
    expect(await opened(between(two.Arn, one.PublicKey), message)).toEqual(plaintext)
    expect(await opened(discovering(two.Arn), message)).toEqual(plaintext)
  })

  test('a key for something else, or that is none, is refused', async () => {
    const [{ Arn: signing }, { publicKey }] = [await newKey('SIGN_VERIFY'), await newKeys()]
    await expect(sealed(between(signing, publicKey))).rejects.toThrow(code('no-key'))
    expect(() => discovering('alias/agreement')).toThrow(code('invalid'))
    expect(() => discovering('1234')).toThrow(code('invalid'))
  })

  test('only answers of that key count', async () => {
    const [{ Arn, PublicKey: senderPublicKey }, { publicKey }] = [await newKey(), await newKeys()]
    const secret = async (change: object): Promise<Uint8Array> => {
      const lying: KmsEcdhClient = {
        ...client,
        deriveSharedSecret: async (input) => ({
          ...(await client.deriveSharedSecret(input)),
          ...change,
        }),
      }
      return sealed(
        kmsEcdhKeyring({
          client: lying,
          curveSpec,
          keyAgreement: 'KmsPrivateKeyToStaticPublicKey',
          senderKmsIdentifier: Arn,
          senderPublicKey,
          recipientPublicKey: publicKey,
        }),
      )
    }
    const lies = [{ KeyId: arn('x') }, { KeyAgreementAlgorithm: 'DH' }, { SharedSecret: plaintext }]
    for (const lie of lies) await expect(secret(lie)).rejects.toThrow(code('no-key'))
    await expect(secret({})).resolves.toBeInstanceOf(Uint8Array)
  })
})

test("a data key that another provider made is nobody else's", async () => {
  const client = await inMemoryKms('one')
  const making = kmsKeyring({ client, generatorKeyId: arn('one') })
  const renamed: Keyring = {
    ...making,
    onEncrypt: async (materials) => {
      const made = await making.onEncrypt(materials)
      const encryptedDataKeys = made.encryptedDataKeys.map(
        (dataKey): EncryptedDataKey => ({ ...dataKey, providerId: 'aws-kms-rsa' }),
      )
      return { ...made, encryptedDataKeys }
    },
  }
  const message = await sealed(renamed)
  for (const keyring of [making, kmsKeyring({ client, discovery: true })]) {
    await expect(opened(keyring, message)).rejects.toMatchObject({ code: 'no-key', causes: [] })
  }
})
