// Key material from elsewhere (KMS developer guide, "Importing key material"): every way of wrapping, what
// may come back after it expired or was deleted, and tokens that are not for this.

import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Background } from './background.ts'
import { encryptForImport, externalKey, importExternal, wrapForImport } from './importExternal.ts'

let background: Background
beforeEach(async () => {
  background = await Background.withVault()
})
afterEach(() => {
  vi.useRealTimers()
})

const secret = () => crypto.getRandomValues(new Uint8Array(32))
const symmetric = () => externalKey(background, 'SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT')
const forever = { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' } as const

async function parameters(
  KeyId: string,
  WrappingAlgorithm: 'RSAES_OAEP_SHA_256' | 'RSA_AES_KEY_WRAP_SHA_256' = 'RSAES_OAEP_SHA_256',
) {
  const input = { KeyId, WrappingAlgorithm, WrappingKeySpec: 'RSA_2048' } as const
  return background.call('kms:GetParametersForImport', input)
}

/** A whole request that brings these bytes in. */
async function request(KeyId: string, bytes: Uint8Array, more: object = forever) {
  const { ImportToken, PublicKey } = await parameters(KeyId)
  return { KeyId, ImportToken, EncryptedKeyMaterial: encryptForImport(PublicKey, bytes), ...more }
}

async function bringIn(KeyId: string, bytes: Uint8Array, more: object = forever) {
  return background.call('kms:ImportKeyMaterial', await request(KeyId, bytes, more))
}

const refusalOf = async (KeyId: string, bytes: Uint8Array, more: object = forever) =>
  background.refusal('kms:ImportKeyMaterial', await request(KeyId, bytes, more))

const stateOf = async (KeyId: string) =>
  (await background.call('kms:DescribeKey', { KeyId })).KeyMetadata.KeyState

const encrypt = (KeyId: string) =>
  background.call('kms:Encrypt', { KeyId, Plaintext: new TextEncoder().encode('kept') })
const decrypt = (CiphertextBlob: Uint8Array<ArrayBuffer>) =>
  background.refusal('kms:Decrypt', { CiphertextBlob })

test('a key waits for its material, then works', async () => {
  const KeyId = await symmetric()
  expect(await stateOf(KeyId)).toBe('PendingImport')
  expect(await background.refusal('kms:Encrypt', { KeyId, Plaintext: secret() })).toBe(
    'key-invalid-state',
  )
  await bringIn(KeyId, secret())
  expect(await stateOf(KeyId)).toBe('Enabled')
  expect(await decrypt((await encrypt(KeyId)).CiphertextBlob)).toBe('none')
})

describe.each([
  'RSAES_OAEP_SHA_1',
  'RSAES_OAEP_SHA_256',
  'RSA_AES_KEY_WRAP_SHA_1',
  'RSA_AES_KEY_WRAP_SHA_256',
] as const)('wrapped with %s', (WrappingAlgorithm) => {
  test('comes in', async () => {
    const KeyId = await symmetric()
    const input = { KeyId, WrappingAlgorithm, WrappingKeySpec: 'RSA_3072' } as const
    const { ImportToken, PublicKey } = await background.call('kms:GetParametersForImport', input)
    const hash = WrappingAlgorithm.endsWith('SHA_1') ? 'sha1' : 'sha256'
    const wrap = WrappingAlgorithm.startsWith('RSA_AES') ? wrapForImport : encryptForImport
    const EncryptedKeyMaterial = wrap(PublicKey, secret(), hash)
    const all = { KeyId, ImportToken, EncryptedKeyMaterial, ...forever }
    expect(await background.refusal('kms:ImportKeyMaterial', all)).toBe('none')
  })
})

test('only the same material comes back, and opens what it encrypted', async () => {
  const [KeyId, bytes] = [await symmetric(), secret()]
  const first = await bringIn(KeyId, bytes)
  const { CiphertextBlob } = await encrypt(KeyId)
  const deleted = await background.call('kms:DeleteImportedKeyMaterial', { KeyId })
  expect(deleted.KeyMaterialId).toBe(first.KeyMaterialId)
  expect(await stateOf(KeyId)).toBe('PendingImport')
  expect(await decrypt(CiphertextBlob)).toBe('key-invalid-state')
  expect(await refusalOf(KeyId, secret())).toBe('incorrect-key-material')
  expect((await bringIn(KeyId, bytes)).KeyMaterialId).toBe(first.KeyMaterialId)
  expect(await decrypt(CiphertextBlob)).toBe('none')
})

test('new material waits to be rotated to; only one does', async () => {
  const KeyId = await symmetric()
  const first = await bringIn(KeyId, secret())
  const fresh = { ...forever, ImportType: 'NEW_KEY_MATERIAL' }
  const second = await bringIn(KeyId, secret(), fresh)
  const { KeyMetadata } = await background.call('kms:DescribeKey', { KeyId })
  expect(KeyMetadata.CurrentKeyMaterialId).toBe(first.KeyMaterialId)
  expect(await refusalOf(KeyId, secret(), fresh)).toBe('conflict')
  const { KeyMaterialId } = second
  if (!KeyMaterialId) throw new Error('no id')
  await background.call('kms:DeleteImportedKeyMaterial', { KeyId, KeyMaterialId })
  expect(await stateOf(KeyId)).toBe('Enabled')
  expect(await refusalOf(KeyId, secret(), fresh)).toBe('none')
})

test('material expires, and comes back', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const [KeyId, bytes] = [await symmetric(), secret()]
  const ValidTo = Date.now() / 1000 + 3600
  const until = { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo }
  await bringIn(KeyId, bytes, until)
  const { CiphertextBlob } = await encrypt(KeyId)
  vi.setSystemTime((ValidTo + 1) * 1000)
  expect(await stateOf(KeyId)).toBe('PendingImport')
  expect(await decrypt(CiphertextBlob)).toBe('key-invalid-state')
  await bringIn(KeyId, bytes)
  expect(await decrypt(CiphertextBlob)).toBe('none')
})

test.each([
  ['no date', { ExpirationModel: 'KEY_MATERIAL_EXPIRES' }],
  ['no date by default', {}],
  ['a date with no expiry', { ...forever, ValidTo: 4_000_000_000 }],
  ['a date in the past', { ValidTo: 1000 }],
  ['a date too far off', { ValidTo: 4_000_000_000 }],
  [
    'an id for new material',
    { ...forever, ImportType: 'NEW_KEY_MATERIAL', KeyMaterialId: 'a'.repeat(64) },
  ],
])('refuses %s', async (_what, more) => {
  expect(await refusalOf(await symmetric(), secret(), more)).toBe('invalid-input')
})

test('refuses tokens that are old, changed, or of another key or vault', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const KeyId = await symmetric()
  const whole = await request(KeyId, secret())
  const other = await parameters(await symmetric())
  const with_ = (ImportToken: Uint8Array) =>
    background.refusal('kms:ImportKeyMaterial', { ...whole, ImportToken })
  expect(await with_(other.ImportToken)).toBe('invalid-import-token')
  for (const at of [0, 20, whole.ImportToken.length - 1]) {
    const changed = whole.ImportToken.slice()
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(await with_(changed)).toBe('invalid-import-token')
  }
  const elsewhere = await Background.withVaultOfItsOwn()
  const { KeyMetadata } = await elsewhere.call('kms:CreateKey', { Origin: 'EXTERNAL' })
  const foreign = await elsewhere.call('kms:GetParametersForImport', {
    KeyId: KeyMetadata.KeyId,
    WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    WrappingKeySpec: 'RSA_2048',
  })
  expect(await with_(foreign.ImportToken)).toBe('invalid-import-token')
  vi.setSystemTime(Date.now() + 25 * 3600 * 1000)
  expect(await with_(whole.ImportToken)).toBe('expired-import-token')
})

test('refuses material that does not open or is no key of the spec', async () => {
  const KeyId = await symmetric()
  const whole = await request(KeyId, secret())
  const garbage = { ...whole, EncryptedKeyMaterial: new Uint8Array(256) }
  expect(await background.refusal('kms:ImportKeyMaterial', garbage)).toBe('invalid-ciphertext')
  expect(await refusalOf(KeyId, secret().slice(1))).toBe('incorrect-key-material')
})

test('refuses keys that are not external, and ways that do not fit', async () => {
  const { KeyMetadata } = await background.call('kms:CreateKey', {})
  const own = {
    KeyId: KeyMetadata.KeyId,
    WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    WrappingKeySpec: 'RSA_2048',
  }
  expect(await background.refusal('kms:GetParametersForImport', own)).toBe('unsupported')
  const rsa = { ...own, KeyId: await externalKey(background, 'RSA_2048', 'SIGN_VERIFY') }
  expect(await background.refusal('kms:GetParametersForImport', rsa)).toBe('unsupported')
  const old = { ...own, KeyId: await symmetric(), WrappingAlgorithm: 'RSAES_PKCS1_V1_5' }
  expect(await background.refusal('kms:GetParametersForImport', old)).toBe('unsupported')
})

test.each([
  ['RSA_2048', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ['ECC_NIST_P256', () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' })],
  ['ECC_NIST_P384', () => generateKeyPairSync('ec', { namedCurve: 'secp384r1' })],
  ['ECC_NIST_P521', () => generateKeyPairSync('ec', { namedCurve: 'secp521r1' })],
  ['ECC_SECG_P256K1', () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' })],
  ['ECC_NIST_EDWARDS25519', () => generateKeyPairSync('ed25519')],
  ['ML_DSA_44', () => generateKeyPairSync('ml-dsa-44')],
] as const)('a private key of %s that OpenSSL made keeps its public key', async (spec, make) => {
  const pair = make()
  const privateKey = pair.privateKey.export({ format: 'der', type: 'pkcs8' })
  const publicKey = pair.publicKey.export({ format: 'der', type: 'spki' })
  const KeyId = await importExternal(background, spec, 'SIGN_VERIFY', privateKey)
  const { PublicKey } = await background.call('kms:GetPublicKey', { KeyId })
  expect(Buffer.from(PublicKey)).toEqual(publicKey)
  const wrong = spec === 'RSA_2048' ? 'ECC_NIST_P256' : 'RSA_2048'
  await expect(importExternal(background, wrong, 'SIGN_VERIFY', privateKey)).rejects.toMatchObject({
    reason: 'incorrect-key-material',
  })
})
