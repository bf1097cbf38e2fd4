// Keys that may leave, and keys that may not: what is exported opens elsewhere, by OpenSSL and by another vault, and
// is the same key.

import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { readKeyFile } from '../../src/certificates/index.ts'
import { decodeUtf8, encodeHex, encodeUtf8 } from '../../src/codec/text.ts'
import { decrypt, passphraseKeyring } from '../../src/encryption-sdk/index.ts'
import type { KeySpec, KeyUsageType } from '../../src/protocol/keySpecs.ts'
import { asJwkMessage, asPkcs8File, beginReceiving, formsOf } from '../../src/ui/keyExport.ts'
import { Background, page, passphrase } from './background.ts'
import { importExternal } from './importExternal.ts'

let background: Background
beforeEach(async () => {
  background = await Background.withVault()
})

const Proof = { Passphrase: passphrase }
const data = encodeUtf8('to be signed')

async function make(KeySpec: KeySpec, KeyUsage: KeyUsageType, Exportable = true) {
  const input = { KeySpec, KeyUsage, Exportable } as const
  return (await background.call('kms:CreateKey', input)).KeyMetadata
}

/** The bytes, as the window that asks gets at them. */
async function take(KeyId: string) {
  const { receiver, open } = await beginReceiving()
  const input = { KeyId, Proof, Form: 'pkcs8', Receiver: receiver } as const
  return open(await background.call('keyhearth:ExportKey', input))
}

const publicKeyOf = async (KeyId: string) =>
  (await background.call('kms:GetPublicKey', { KeyId })).PublicKey

describe('who may leave', () => {
  const asked = async (KeyId: string) => {
    const { receiver } = await beginReceiving()
    return { KeyId, Proof, Form: 'wrapped', Receiver: receiver }
  }

  test('a key stays unless it was made so that it can leave', async () => {
    const { KeyMetadata } = await background.call('kms:CreateKey', {})
    expect(KeyMetadata.Exportable).toBe(false)
    const input = await asked(KeyMetadata.KeyId)
    expect(await background.refusal('keyhearth:ExportKey', input)).toBe('key-not-exportable')
    const { KeyId, Exportable } = await make('AES_256', 'ENCRYPT_DECRYPT')
    expect(Exportable).toBe(true)
    expect(await background.refusal('keyhearth:ExportKey', await asked(KeyId))).toBe('none')
  })

  test('only the person says so, and only the person takes it out', async () => {
    const from = page('https://app.example')
    await background.sites.allowOnce(from, ['keys'])
    const wish = { Exportable: true }
    expect(await background.refusal('kms:CreateKey', wish, from)).toBe('not-allowed')
    const made = await background.call('kms:CreateKey', {}, from)
    expect(made.KeyMetadata.Exportable).toBe(false)
    const input = await asked(made.KeyMetadata.KeyId)
    expect(await background.refusal('keyhearth:ExportKey', input, from)).not.toBe('none')
    expect(await background.refusal('keyhearth:ExportKey', input)).toBe('key-not-exportable')
  })

  test('an open vault is not enough, and the trail has it', async () => {
    const { KeyId, Arn } = await make('HMAC_256', 'GENERATE_VERIFY_MAC')
    const input = await asked(KeyId)
    const guessed = { ...input, Proof: { Passphrase: 'a wrong one' } }
    expect(await background.refusal('keyhearth:ExportKey', guessed)).toBe('wrong-passphrase')
    await background.refusal('keyhearth:ExportKey', input)
    const { Events } = await background.call('keyhearth:ListEvents', { Limit: 1 })
    const text = JSON.stringify(Events[0])
    expect(text).toContain('ExportKey')
    expect(text).toContain(Arn)
    expect(text).toContain('RSA_AES_KEY_WRAP_SHA_256')
    expect(text).not.toContain(passphrase)
  })

  test('a key that waits to be deleted stays', async () => {
    const { KeyId } = await make('AES_128', 'ENCRYPT_DECRYPT')
    await background.call('kms:ScheduleKeyDeletion', { KeyId })
    const input = await asked(KeyId)
    expect(await background.refusal('keyhearth:ExportKey', input)).toBe('key-invalid-state')
  })

  test.each([
    ['of 1024 bits', generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey],
    ['of another kind', generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey],
  ])('no receiver has a key %s', async (_name, key) => {
    const { KeyId } = await make('AES_128', 'ENCRYPT_DECRYPT')
    const PublicKey = new Uint8Array(key.export({ format: 'der', type: 'spki' }))
    const input = { KeyId, Proof, Form: 'wrapped', Receiver: { PublicKey } }
    expect(await background.refusal('keyhearth:ExportKey', input)).toBe('invalid-input')
  })
})

test.each([
  ['ECC_NIST_P256', 'SIGN_VERIFY', 'ECDSA_SHA_256'],
  ['ECC_NIST_EDWARDS25519', 'SIGN_VERIFY', 'ED25519_SHA_512'],
  ['ECC_SECG_P256K1', 'SIGN_VERIFY', 'ECDSA_SHA_256'],
  ['RSA_2048', 'SIGN_VERIFY', 'RSASSA_PSS_SHA_256'],
] as const)(
  '%s: the file opens in OpenSSL, the JSON in a message',
  async (spec, usage, algorithm) => {
    const { KeyId } = await make(spec, usage)
    const secret = await take(KeyId)
    const publicKey = await publicKeyOf(KeyId)
    const der = await asPkcs8File(secret, 'for the file')
    const opened = createPrivateKey({
      key: Buffer.from(der),
      format: 'der',
      type: 'pkcs8',
      passphrase: 'for the file',
    })
    const spki = createPublicKey(opened).export({ format: 'der', type: 'spki' })
    expect(encodeHex(new Uint8Array(spki))).toBe(encodeHex(publicKey))

    const message = await asJwkMessage(spec, { secret, publicKey }, 'for the message')
    const { plaintext } = await decrypt(passphraseKeyring('for the message'), message)
    expect(decodeUtf8(plaintext)).toContain('"d"')
    const [again] = (await readKeyFile(plaintext as Uint8Array<ArrayBuffer>)).keys
    expect(again?.keySpec).toBe(spec)
    const copy = await importExternal(background, spec, usage, again?.pkcs8 ?? new Uint8Array())
    const sign = { KeyId: copy, Message: data, SigningAlgorithm: algorithm }
    const { Signature } = await background.call('kms:Sign', sign)
    const check = { ...sign, KeyId, Signature }
    expect((await background.call('kms:Verify', check)).SignatureValid).toBe(true)
  },
)

test('what another vault gave parameters for goes in there', async () => {
  const { KeyId } = await make('HMAC_256', 'GENERATE_VERIFY_MAC')
  const code = { KeyId, Message: data, MacAlgorithm: 'HMAC_SHA_256' } as const
  const { Mac } = await background.call('kms:GenerateMac', code)
  const there = await Background.withVaultOfItsOwn()
  const empty = {
    KeySpec: 'HMAC_256',
    KeyUsage: 'GENERATE_VERIFY_MAC',
    Origin: 'EXTERNAL',
  } as const
  const { KeyMetadata } = await there.call('kms:CreateKey', empty)
  const parameters = await there.call('kms:GetParametersForImport', {
    KeyId: KeyMetadata.KeyId,
    WrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_256',
    WrappingKeySpec: 'RSA_2048',
  })
  const { WrappedKey } = await background.call('keyhearth:ExportKey', {
    KeyId,
    Proof,
    Form: 'wrapped',
    Receiver: { PublicKey: parameters.PublicKey },
  })
  await there.call('kms:ImportKeyMaterial', {
    KeyId: KeyMetadata.KeyId,
    ImportToken: parameters.ImportToken,
    EncryptedKeyMaterial: WrappedKey,
    ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
  })
  const check = { ...code, KeyId: KeyMetadata.KeyId, Mac }
  expect((await there.call('kms:VerifyMac', check)).MacValid).toBe(true)
})

test('under a wrapping key of the vault, and back', async () => {
  const { KeyId } = await make('ECC_NIST_P384', 'SIGN_VERIFY')
  const by = await make('AES_256', 'WRAP_UNWRAP', false)
  const ask = { KeyId, Proof, Form: 'wrapped', Receiver: { KeyId: by.KeyId } } as const
  const { WrappedKey, Mechanism } = await background.call('keyhearth:ExportKey', ask)
  expect(Mechanism).toBe('AES_KEY_WRAP_PAD')
  const { NewKeyId = '' } = await background.call('keyhearth:HsmUnwrapKey', {
    KeyId: by.KeyId,
    Mechanism: 'AES_KEY_WRAP_PAD',
    WrappedKey,
    NewKey: { KeySpec: 'ECC_NIST_P384', KeyUsage: 'SIGN_VERIFY' },
  })
  expect(encodeHex(await publicKeyOf(NewKeyId))).toBe(encodeHex(await publicKeyOf(KeyId)))
  const { KeyMetadata } = await background.call('kms:DescribeKey', { KeyId: NewKeyId })
  expect(KeyMetadata.Exportable).toBe(false)
  const other = await make('AES_256', 'ENCRYPT_DECRYPT', false)
  const wrong = { ...ask, Receiver: { KeyId: other.KeyId } }
  expect(await background.refusal('keyhearth:ExportKey', wrong)).toBe('key-usage')
})

test('bare bytes and post-quantum keys have the forms that others read', () => {
  expect(formsOf('HMAC_256')).toEqual(['jwk', 'wrapped'])
  expect(formsOf('ML_DSA_65')).toEqual(['pkcs8', 'wrapped'])
})
