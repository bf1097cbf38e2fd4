// The security module's own operations, against the examples of their standards, Node's OpenSSL, and the rules that
// hold for all keys: usage, policy, grants, the trail.

import {
  constants,
  createCipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { decodeHex, encodeHex, encodeUtf8 } from '../../src/codec/text.ts'
import type { EncryptionMechanism, KeySpec, KeyUsageType } from '../../src/protocol/keySpecs.ts'
import { Background, page } from './background.ts'
import { importExternal } from './importExternal.ts'

let background: Background
beforeEach(async () => {
  background = await Background.withVault()
})

const site = 'https://app.example'
const data = (hex: string) => decodeHex(hex.replace(/\s+/g, ''))

const keyOf = async (KeySpec: KeySpec, KeyUsage: KeyUsageType) =>
  (await background.call('kms:CreateKey', { KeySpec, KeyUsage })).KeyMetadata.KeyId

const bringIn = (spec: KeySpec, usage: KeyUsageType, hex: string) =>
  importExternal(background, spec, usage, data(hex))

// NIST SP 800-38A, appendix F: one plaintext, three keys
const keys = {
  AES_128: '2b7e151628aed2a6abf7158809cf4f3c',
  AES_192: '8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b',
  AES_256: '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
} as const
const fourBlocks = data(`
  6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51
  30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710`)
const cbcIv = '000102030405060708090a0b0c0d0e0f'
const ctrIv = 'f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'

describe('nist-sp800-38a', () => {
  test.each([
    [
      'AES_128',
      'AES_CBC',
      cbcIv,
      `7649abac8119b246cee98e9b12e9197d 5086cb9b507219ee95db113a917678b2
       73bed6b8e3c1743b7116e69e22229516 3ff1caa1681fac09120eca307586e1a7`,
    ],
    [
      'AES_192',
      'AES_CBC',
      cbcIv,
      `4f021db243bc633d7178183a9fa071e8 b4d9ada9ad7dedf4e5e738763f69145a
       571b242012fb7ae07fa9baac3df102e0 08b0e27988598881d920a9e64f5615cd`,
    ],
    [
      'AES_256',
      'AES_CBC',
      cbcIv,
      `f58c4c04d6e5f1ba779eabfb5f7bfbd6 9cfc4e967edb808d679f777bc6702c7d
       39f23369a9d9bacfa530e26304231461 b2eb05e2c39be9fcda6c19078c6a9d1b`,
    ],
    [
      'AES_128',
      'AES_CTR',
      ctrIv,
      `874d6191b620e3261bef6864990db6ce 9806f66b7970fdff8617187bb9fffdff
       5ae4df3edbd5d35e5b4f09020db03eab 1e031dda2fbe03d1792170a0f3009cee`,
    ],
    [
      'AES_192',
      'AES_CTR',
      ctrIv,
      `1abc932417521ca24f2b0459fe7e6e0b 090339ec0aa6faefd5ccc2c6f4ce8e94
       1e36b26bd1ebc670d1bd1d665620abf7 4f78a7f6d29809585a97daec58c6b050`,
    ],
    [
      'AES_256',
      'AES_CTR',
      ctrIv,
      `601ec313775789a5b7a7f504bbf3d228 f443e3ca4d62b59aca84e990cacaf5c5
       2b0930daa23de94ce87017ba2d84988d dfc9c58db67aada613c2dd08457941a6`,
    ],
  ] as const)('%s %s', async (spec, Mechanism, iv, ciphertext) => {
    const KeyId = await bringIn(spec, 'ENCRYPT_DECRYPT', keys[spec])
    const request = { KeyId, Mechanism, Iv: data(iv), Data: data(ciphertext) } as const
    const { Plaintext } = await background.call('keyhearth:HsmDecrypt', request)
    expect(encodeHex(Plaintext)).toBe(encodeHex(fourBlocks))
    const again = { KeyId, Mechanism, Data: fourBlocks } as const
    const { Iv, Ciphertext } = await background.call('keyhearth:HsmEncrypt', again)
    const node = `aes-${spec.slice(4)}-${Mechanism.slice(4).toLowerCase()}`
    const cipher = createCipheriv(node, data(keys[spec]), Iv).setAutoPadding(false)
    expect(encodeHex(Ciphertext)).toBe(
      Buffer.concat([cipher.update(fourBlocks), cipher.final()]).toString('hex'),
    )
  })
})

test.each([
  ['AES_128', 'AES_GCM', 0],
  ['AES_192', 'AES_GCM', 1],
  ['AES_256', 'AES_GCM', 65_536],
  ['AES_128', 'AES_CBC_PAD', 16],
  ['AES_192', 'AES_CBC_PAD', 0],
  ['AES_256', 'AES_CBC_PAD', 15],
  ['AES_256', 'AES_CTR', 17],
] as const)(
  '%s %s takes %i bytes and gives them back, and no others',
  async (spec, Mechanism, length) => {
    const KeyId = await keyOf(spec, 'ENCRYPT_DECRYPT')
    const Data = new Uint8Array(length).fill(7)
    const made = await background.call('keyhearth:HsmEncrypt', { KeyId, Mechanism, Data })
    const back = { KeyId, Mechanism, Iv: made.Iv, Data: made.Ciphertext }
    expect((await background.call('keyhearth:HsmDecrypt', back)).Plaintext).toEqual(Data)
    const twice = await background.call('keyhearth:HsmEncrypt', { KeyId, Mechanism, Data })
    expect(encodeHex(twice.Iv)).not.toBe(encodeHex(made.Iv))
    if (Mechanism !== 'AES_GCM') return
    made.Ciphertext[0] = (made.Ciphertext[0] ?? 0) ^ 1
    expect(await background.refusal('keyhearth:HsmDecrypt', back)).toBe('invalid-ciphertext')
  },
)

test('additional data of GCM belongs to the ciphertext, and to GCM alone', async () => {
  const KeyId = await keyOf('AES_256', 'ENCRYPT_DECRYPT')
  const request = {
    KeyId,
    Mechanism: 'AES_GCM',
    Data: encodeUtf8('a text'),
    AdditionalData: encodeUtf8('to Anna'),
  } as const
  const { Iv, Ciphertext: Data } = await background.call('keyhearth:HsmEncrypt', request)
  const open = { ...request, Iv, Data }
  expect(await background.refusal('keyhearth:HsmDecrypt', open)).toBe('none')
  const other = { ...open, AdditionalData: encodeUtf8('to Bert') }
  expect(await background.refusal('keyhearth:HsmDecrypt', other)).toBe('invalid-ciphertext')
  const elsewhere = { ...request, Mechanism: 'AES_CTR' }
  expect(await background.refusal('keyhearth:HsmEncrypt', elsewhere)).toBe('invalid-input')
})

test.each([
  ['DES3_CBC', 16],
  ['DES3_CBC_PAD', 13],
] as const)('%s opens what OpenSSL made, and makes nothing', async (Mechanism, length) => {
  const secret = '0123456789abcdef23456789abcdef01456789abcdef0123'
  const KeyId = await bringIn('TRIPLE_DES', 'ENCRYPT_DECRYPT', secret)
  const [Iv, plaintext] = [data('1122334455667788'), new Uint8Array(length).fill(5)]
  const cipher = createCipheriv('des-ede3-cbc', data(secret), Iv)
  cipher.setAutoPadding(Mechanism === 'DES3_CBC_PAD')
  const Data = new Uint8Array(Buffer.concat([cipher.update(plaintext), cipher.final()]))
  const opened = await background.call('keyhearth:HsmDecrypt', { KeyId, Mechanism, Iv, Data })
  expect(opened.Plaintext).toEqual(plaintext)
  const make = { KeyId, Mechanism, Data }
  expect(await background.refusal('keyhearth:HsmEncrypt', make)).toBe('invalid-input')
})

test('new keys of Triple DES are not made', async () => {
  const wanted = { KeySpec: 'TRIPLE_DES', KeyUsage: 'ENCRYPT_DECRYPT' }
  expect(await background.refusal('kms:CreateKey', wanted)).toBe('unsupported')
})

describe('RSAES_PKCS1_V1_5', () => {
  const Mechanism = 'RSAES_PKCS1_V1_5'
  const plaintext = (length: number) => Uint8Array.from({ length }, (_, at) => 255 - (at % 250))
  const publicKeyOf = async (KeyId: string) => {
    const { PublicKey } = await background.call('kms:GetPublicKey', { KeyId })
    return createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' })
  }
  const encryptTo = (key: ReturnType<typeof createPublicKey>, bytes: Uint8Array) =>
    new Uint8Array(publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, bytes))
  /** A key that OpenSSL has as well. */
  const shared = async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pkcs8 = new Uint8Array(pair.privateKey.export({ format: 'der', type: 'pkcs8' }))
    const KeyId = await importExternal(background, 'RSA_2048', 'ENCRYPT_DECRYPT', pkcs8)
    return { ...pair, KeyId }
  }
  const decrypt = async (KeyId: string, Data: Uint8Array<ArrayBuffer>, NumberOfBytes: number) => {
    const input = { KeyId, Mechanism, Data, NumberOfBytes } as const
    return (await background.call('keyhearth:HsmDecrypt', input)).Plaintext
  }

  test.each([
    ['RSA_2048', [1, 16, 24, 32, 245]],
    ['RSA_3072', [32, 373]],
    ['RSA_4096', [501]],
  ] as const)('%s opens what OpenSSL made, and makes nothing', async (spec, lengths) => {
    const KeyId = await keyOf(spec, 'ENCRYPT_DECRYPT')
    const publicKey = await publicKeyOf(KeyId)
    for (const length of lengths) {
      const Data = encryptTo(publicKey, plaintext(length))
      expect(await decrypt(KeyId, Data, length)).toEqual(plaintext(length))
    }
    const { KeyMetadata } = await background.call('kms:DescribeKey', { KeyId })
    expect(KeyMetadata.Mechanisms).toEqual([Mechanism])
    const make = { KeyId, Mechanism, Data: plaintext(16) }
    expect(await background.refusal('keyhearth:HsmEncrypt', make)).toBe('invalid-input')
  })

  /** Blocks of 256 bytes, as wrong as they can be. */
  const wrongBlocks: readonly (readonly [string, (block: Uint8Array<ArrayBuffer>) => void])[] = [
    ['a first byte that is not 0', (block) => block.set([1], 0)],
    ['the padding of a signature', (block) => block.set([1], 1)],
    ['another kind of block', (block) => block.set([0x82], 1)],
    ['a 0 in the first of the padding', (block) => block.set([0], 2)],
    ['a 0 in the eighth of the padding', (block) => block.set([0], 9)],
    ['no 0 at all', (block) => block.fill(7, 2)],
    ['nothing but 0', (block) => block.fill(0)],
  ]
  test.each(wrongBlocks)(
    '%s gives what OpenSSL gives: other bytes, always the same',
    async (_name, spoil) => {
      const { KeyId, publicKey, privateKey } = await shared()
      const block = new Uint8Array(256).fill(9)
      block.set([0, 2])
      block[256 - 33] = 0
      spoil(block)
      const whole = { key: publicKey, padding: constants.RSA_NO_PADDING }
      const Data = new Uint8Array(publicEncrypt(whole, block))
      // OpenSSL chooses a length too; ours is given one.
      const padding = constants.RSA_PKCS1_PADDING
      const theirs = new Uint8Array(privateDecrypt({ key: privateKey, padding }, Data))
      const ours = await decrypt(KeyId, Data, 32)
      const common = Math.min(32, theirs.byteLength)
      expect(ours.slice(32 - common)).toEqual(theirs.slice(theirs.byteLength - common))
      if (theirs.byteLength > 0) {
        expect(await decrypt(KeyId, Data, theirs.byteLength)).toEqual(theirs)
      }
      expect(await decrypt(KeyId, Data, 32)).toEqual(ours)
      expect(ours).not.toEqual(block.slice(-32))
    },
  )

  test('another length than is asked for gives other bytes, of the length asked for', async () => {
    const { KeyId, publicKey } = await shared()
    const Data = encryptTo(publicKey, plaintext(24))
    for (const length of [1, 16, 23, 25, 32, 245]) {
      const other = await decrypt(KeyId, Data, length)
      expect(other.byteLength).toBe(length)
      expect(await decrypt(KeyId, Data, length)).toEqual(other)
      if (length > 15) expect(encodeHex(other)).not.toContain(encodeHex(plaintext(24).slice(-15)))
    }
    expect(await decrypt(KeyId, Data, 24)).toEqual(plaintext(24))
    Data[255] = (Data[255] ?? 0) ^ 1
    expect(await decrypt(KeyId, Data, 24)).not.toEqual(plaintext(24))
  })

  test('what anybody can see to be wrong is refused', async () => {
    const KeyId = await keyOf('RSA_2048', 'ENCRYPT_DECRYPT')
    const Data = encryptTo(await publicKeyOf(KeyId), plaintext(16))
    const ask = { KeyId, Mechanism, Data, NumberOfBytes: 16 }
    const refusal = (input: object) => background.refusal('keyhearth:HsmDecrypt', input)
    expect(await refusal(ask)).toBe('none')
    expect(await refusal({ KeyId, Mechanism, Data })).toBe('invalid-input')
    expect(await refusal({ ...ask, Iv: new Uint8Array(16) })).toBe('invalid-input')
    expect(await refusal({ ...ask, AdditionalData: Data })).toBe('invalid-input')
    expect(await refusal({ ...ask, NumberOfBytes: 0 })).toBe('invalid-input')
    expect(await refusal({ ...ask, NumberOfBytes: 246 })).toBe('invalid-input')
    expect(await refusal({ ...ask, Data: Data.slice(1) })).toBe('invalid-ciphertext')
    expect(await refusal({ ...ask, Data: new Uint8Array(257) })).toBe('invalid-ciphertext')
    expect(await refusal({ ...ask, Data: new Uint8Array(256).fill(255) })).toBe(
      'invalid-ciphertext',
    )
    const cipher = { ...ask, Mechanism: 'AES_CTR', Iv: data(ctrIv) }
    expect(await refusal(cipher)).toBe('invalid-input')
    const signing = await keyOf('RSA_2048', 'SIGN_VERIFY')
    expect(await refusal({ ...ask, KeyId: signing })).toBe('key-usage')
    const symmetric = await keyOf('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT')
    expect(await refusal({ ...ask, KeyId: symmetric })).toBe('key-algorithm')
  })

  test('a site needs a grant to decrypt, and a policy can keep it to OAEP', async () => {
    const KeyId = await keyOf('RSA_2048', 'ENCRYPT_DECRYPT')
    const { KeyMetadata } = await background.call('kms:DescribeKey', { KeyId })
    const Data = encryptTo(await publicKeyOf(KeyId), plaintext(16))
    const ask = { KeyId: KeyMetadata.Arn, Mechanism, Data, NumberOfBytes: 16 }
    await background.sites.allowOnce(page(site), ['keys'])
    const refusal = () => background.refusal('keyhearth:HsmDecrypt', ask, page(site))
    expect(await refusal()).toBe('not-allowed')
    const grant = { KeyId, GranteePrincipal: site }
    await background.call('kms:CreateGrant', { ...grant, Operations: ['Encrypt'] })
    expect(await refusal()).toBe('not-allowed')
    await background.call('kms:CreateGrant', { ...grant, Operations: ['Decrypt'] })
    expect(await refusal()).toBe('none')
    const { Policy } = await background.call('kms:GetKeyPolicy', { KeyId })
    const policy = JSON.parse(Policy) as { Statement: object[] }
    policy.Statement.push({
      Effect: 'Deny',
      Principal: '*',
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: { StringEquals: { 'kms:EncryptionAlgorithm': Mechanism } },
    })
    await background.call('kms:PutKeyPolicy', { KeyId, Policy: JSON.stringify(policy) })
    expect(await refusal()).toBe('not-allowed')
  })
})

describe('keys under keys', () => {
  test.each([
    // RFC 3394 section 4.1, 4.6; RFC 5649 section 6
    [
      'AES_128',
      'AES_KEY_WRAP',
      '000102030405060708090a0b0c0d0e0f',
      '00112233445566778899aabbccddeeff',
      '1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5',
    ],
    [
      'AES_256',
      'AES_KEY_WRAP',
      '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
      '00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f',
      '28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21',
    ],
    [
      'AES_192',
      'AES_KEY_WRAP_PAD',
      '5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8',
      'c37b7e6492584340bed12207808941155068f738',
      '138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a',
    ],
    [
      'AES_192',
      'AES_KEY_WRAP_PAD',
      '5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8',
      '466f7250617369',
      'afbeb0f07dfbf5419200f2ccb50bb24f',
    ],
  ] as const)('%s %s as the RFC has it', async (spec, Mechanism, kek, secret, wrapped) => {
    const KeyId = await bringIn(spec, 'WRAP_UNWRAP', kek)
    const wrap = { KeyId, Mechanism, Secret: data(secret) } as const
    const { WrappedKey } = await background.call('keyhearth:HsmWrapKey', wrap)
    expect(encodeHex(WrappedKey)).toBe(wrapped)
    const unwrap = { KeyId, Mechanism, WrappedKey } as const
    const { Secret } = await background.call('keyhearth:HsmUnwrapKey', unwrap)
    expect(Secret && encodeHex(Secret)).toBe(secret)
    WrappedKey[3] = (WrappedKey[3] ?? 0) ^ 1
    expect(await background.refusal('keyhearth:HsmUnwrapKey', unwrap)).toBe('invalid-ciphertext')
  })

  test('a length that key wrap does not take is refused', async () => {
    const KeyId = await keyOf('AES_256', 'WRAP_UNWRAP')
    const wrap = { KeyId, Mechanism: 'AES_KEY_WRAP', Secret: new Uint8Array(17) }
    expect(await background.refusal('keyhearth:HsmWrapKey', wrap)).toBe('invalid-input')
  })

  test.each(['RSAES_OAEP_SHA_256', 'RSA_AES_KEY_WRAP_SHA_256'] as const)(
    'a secret under %s becomes a key that nothing leaves',
    async (Mechanism) => {
      const KeyId = await keyOf('RSA_2048', 'WRAP_UNWRAP')
      const Secret = data(keys.AES_128)
      const { WrappedKey } = await background.call('keyhearth:HsmWrapKey', {
        KeyId,
        Mechanism,
        Secret,
      })
      const NewKey = { KeySpec: 'AES_128', KeyUsage: 'ENCRYPT_DECRYPT' } as const
      const unwrap = { KeyId, Mechanism, WrappedKey, NewKey } as const
      const made = await background.call('keyhearth:HsmUnwrapKey', unwrap)
      expect(made.Secret).toBeUndefined()
      const opened = await background.call('keyhearth:HsmDecrypt', {
        KeyId: made.NewKeyId ?? '',
        Mechanism: 'AES_CTR',
        Iv: data(ctrIv),
        Data: data('874d6191b620e3261bef6864990db6ce'),
      })
      expect(encodeHex(opened.Plaintext)).toBe(encodeHex(fourBlocks.slice(0, 16)))
      const unfit = { ...unwrap, NewKey: { ...NewKey, KeySpec: 'AES_256' } }
      expect(await background.refusal('keyhearth:HsmUnwrapKey', unfit)).toBe(
        'incorrect-key-material',
      )
    },
  )
})

describe('derivation', () => {
  test('rfc5869 test case 1', async () => {
    const KeyId = await bringIn('GENERIC_SECRET', 'DERIVE_KEYS', '0b'.repeat(22))
    const { Secret } = await background.call('keyhearth:HsmDerive', {
      KeyId,
      Mechanism: 'HKDF_SHA_256',
      Salt: data('000102030405060708090a0b0c'),
      Info: data('f0f1f2f3f4f5f6f7f8f9'),
      NumberOfBytes: 42,
    })
    expect(Secret && encodeHex(Secret)).toBe(
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    )
  })

  test('from what two keys agree on, as OpenSSL derives it, into bytes or a key', async () => {
    const KeyId = await keyOf('ECC_NIST_P256', 'KEY_AGREEMENT')
    const { PublicKey: ours } = await background.call('kms:GetPublicKey', { KeyId })
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const PublicKey = new Uint8Array(other.publicKey.export({ format: 'der', type: 'spki' }))
    const publicKey = createPublicKey({ key: Buffer.from(ours), format: 'der', type: 'spki' })
    const shared = diffieHellman({ privateKey: other.privateKey, publicKey })
    const info = encodeUtf8('session')
    const expected = new Uint8Array(hkdfSync('sha384', shared, new Uint8Array(), info, 16))
    const ask = { KeyId, Mechanism: 'HKDF_SHA_384', PublicKey, Info: info } as const
    const { Secret } = await background.call('keyhearth:HsmDerive', { ...ask, NumberOfBytes: 16 })
    expect(Secret).toEqual(expected)
    const NewKey = { KeySpec: 'AES_128', KeyUsage: 'ENCRYPT_DECRYPT' } as const
    const { NewKeyId = '' } = await background.call('keyhearth:HsmDerive', { ...ask, NewKey })
    const made = await background.call('keyhearth:HsmEncrypt', {
      KeyId: NewKeyId,
      Mechanism: 'AES_CTR',
      Data: fourBlocks,
    })
    const cipher = createCipheriv('aes-128-ctr', expected, made.Iv)
    expect(Buffer.from(made.Ciphertext)).toEqual(cipher.update(fourBlocks))
  })

  test('a point off the curve, and a secret without any, are refused', async () => {
    const KeyId = await keyOf('ECC_NIST_P256', 'KEY_AGREEMENT')
    const { PublicKey } = await background.call('kms:GetPublicKey', { KeyId })
    PublicKey[PublicKey.length - 1] = (PublicKey.at(-1) ?? 0) ^ 1
    const ask = { KeyId, Mechanism: 'HKDF_SHA_256', NumberOfBytes: 16 }
    const refusal = (input: object) => background.refusal('keyhearth:HsmDerive', input)
    expect(await refusal({ ...ask, PublicKey })).toBe('invalid-input')
    expect(await refusal(ask)).toBe('key-usage')
    expect(await refusal({ ...ask, NumberOfBytes: undefined })).toBe('invalid-input')
  })
})

// FIPS 180-4 and FIPS 202: examples of one block, "abc"
test.each([
  ['SHA_256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['SHA3_256', '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532'],
  [
    'SHA3_512',
    'b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0',
  ],
] as const)('%s of abc', async (DigestAlgorithm, hex) => {
  const input = { DigestAlgorithm, Data: encodeUtf8('abc') } as const
  const { Digest } = await background.call('keyhearth:HsmDigest', input)
  expect(encodeHex(Digest)).toBe(hex)
})

test.each(['SHA_224', 'SHA_384', 'SHA_512', 'SHA3_224', 'SHA3_384'] as const)(
  '%s as OpenSSL has it',
  async (DigestAlgorithm) => {
    const input = { DigestAlgorithm, Data: fourBlocks } as const
    const { Digest } = await background.call('keyhearth:HsmDigest', input)
    const name = DigestAlgorithm.replace('SHA_', 'sha').replace('SHA3_', 'sha3-')
    expect(encodeHex(Digest)).toBe(createHash(name).update(fourBlocks).digest('hex'))
  },
)

describe('what keys are for', () => {
  const encrypt = (KeyId: string, Mechanism: EncryptionMechanism = 'AES_CTR') => ({
    KeyId,
    Mechanism,
    Data: fourBlocks,
  })

  test('what message keys are derived from is used in no bare mode', async () => {
    const KeyId = await keyOf('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT')
    const refusal = await background.refusal('keyhearth:HsmEncrypt', encrypt(KeyId))
    expect(refusal).toBe('key-algorithm')
  })

  test('a bare AES key is none for Encrypt or data keys', async () => {
    const KeyId = await keyOf('AES_256', 'ENCRYPT_DECRYPT')
    const plain = { KeyId, Plaintext: fourBlocks }
    expect(await background.refusal('kms:Encrypt', plain)).toBe('key-algorithm')
    const dataKey = { KeyId, KeySpec: 'AES_256' }
    expect(await background.refusal('kms:GenerateDataKey', dataKey)).toBe('key-algorithm')
    const message = { KeyId, Plaintext: fourBlocks }
    expect(await background.refusal('keyhearth:EncryptMessage', message)).not.toBe('none')
    expect(await background.refusal('kms:GetPublicKey', { KeyId })).toBe('unsupported')
  })

  test('who decrypts with a key cannot open keys under it: wrapping keys do nothing else', async () => {
    const KeyId = await keyOf('AES_256', 'WRAP_UNWRAP')
    expect(await background.refusal('keyhearth:HsmEncrypt', encrypt(KeyId))).toBe('key-usage')
    const rsa = await keyOf('RSA_2048', 'WRAP_UNWRAP')
    const plain = { KeyId: rsa, Plaintext: fourBlocks, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }
    expect(await background.refusal('kms:Encrypt', plain)).toBe('key-usage')
  })

  test('a page has its own account, and needs a grant for the person’s key', async () => {
    const KeyId = await keyOf('AES_256', 'ENCRYPT_DECRYPT')
    const { KeyMetadata } = await background.call('kms:DescribeKey', { KeyId })
    const asked = encrypt(KeyMetadata.Arn)
    const from = { ...page(site) }
    await background.sites.allowOnce(from, ['keys'])
    const refusal = () => background.refusal('keyhearth:HsmEncrypt', asked, from)
    expect(await refusal()).toBe('not-allowed')
    await background.call('kms:CreateGrant', {
      KeyId,
      GranteePrincipal: site,
      Operations: ['Encrypt'],
    })
    expect(await refusal()).toBe('none')
    const { Iv, Ciphertext } = await background.call('keyhearth:HsmEncrypt', asked, from)
    const open = { KeyId: KeyMetadata.Arn, Mechanism: 'AES_CTR', Iv, Data: Ciphertext }
    expect(await background.refusal('keyhearth:HsmDecrypt', open, from)).toBe('not-allowed')
  })

  test('a policy can name the mechanism', async () => {
    const KeyId = await keyOf('AES_256', 'ENCRYPT_DECRYPT')
    const { Policy } = await background.call('kms:GetKeyPolicy', { KeyId })
    const policy = JSON.parse(Policy) as { Statement: object[] }
    policy.Statement.push({
      Effect: 'Deny',
      Principal: '*',
      Action: 'kms:Encrypt',
      Resource: '*',
      Condition: { StringEquals: { 'kms:EncryptionAlgorithm': 'AES_CTR' } },
    })
    await background.call('kms:PutKeyPolicy', { KeyId, Policy: JSON.stringify(policy) })
    const refusal = (mechanism: EncryptionMechanism) =>
      background.refusal('keyhearth:HsmEncrypt', encrypt(KeyId, mechanism))
    expect(await refusal('AES_CTR')).toBe('not-allowed')
    expect(await refusal('AES_GCM')).toBe('none')
  })

  test('the trail has the mechanism, and nothing of the data', async () => {
    const KeyId = await keyOf('AES_256', 'ENCRYPT_DECRYPT')
    await background.call('keyhearth:HsmEncrypt', encrypt(KeyId))
    const { Events } = await background.call('keyhearth:ListEvents', { Limit: 1 })
    const text = JSON.stringify(Events[0])
    expect(text).toContain('HsmEncrypt')
    expect(text).toContain('AES_CTR')
    expect(text).not.toContain('Data')
  })
})
