// Encrypt, Decrypt, ReEncrypt and data keys as the KMS API reference describes them, and what they refuse.

import { beforeAll, describe, expect, test } from 'vitest'
import { Background, page } from './background.ts'

let background: Background
let KeyId: string
let other: string
const site = page('https://app.example')

beforeAll(async () => {
  background = await Background.withVault()
  KeyId = await make()
  other = await make()
  const allowed = await background.requests.add(site, 'connect', ['messages', 'keys'], Date.now())
  const decision = { RequestId: allowed.RequestId, Decision: 'site' } as const
  await background.call('keyhearth:DecideRequest', decision, { kind: 'person', page: 'consent' })
})

const make = async (input: object = {}) =>
  (await background.call('kms:CreateKey', input)).KeyMetadata.KeyId

const Plaintext = new TextEncoder().encode('a secret')
const encrypt = (EncryptionContext: Record<string, string> = {}, key = KeyId) =>
  background.call('kms:Encrypt', { KeyId: key, Plaintext, EncryptionContext })

test('the four forms of a key id name one key', async () => {
  const { KeyMetadata } = await background.call('kms:DescribeKey', { KeyId: 'alias/personal' })
  const { Arn, AWSAccountId } = KeyMetadata
  const forms = [
    KeyMetadata.KeyId,
    Arn,
    'alias/personal',
    `arn:aws:kms:browser-1:${AWSAccountId}:alias/personal`,
  ]
  for (const form of forms) {
    const made = await background.call('kms:Encrypt', { KeyId: form, Plaintext })
    expect(made.KeyId).toBe(Arn)
    const opened = await background.call('kms:Decrypt', { ...made, KeyId: form })
    expect(opened).toMatchObject({
      Plaintext,
      KeyId: Arn,
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    })
    expect(opened.KeyMaterialId).toMatch(/^[0-9a-f]{64}$/)
  }
}, 20_000)

test.each([
  ['another region', 'arn:aws:kms:eu-west-1:000000000000:key/', 'key-not-found'],
  ['another service', 'arn:aws:s3:browser-1:000000000000:key/', 'invalid-arn'],
  ['an alias that is not there', 'alias/none', 'alias-not-found'],
  ['an id that is not there', '00000000-0000-4000-8000-000000000000', 'key-not-found'],
  ['no id at all', 'what?', 'key-not-found'],
])('%s is refused', async (_what, text, reason) => {
  const named = text.endsWith('key/') ? `${text}${KeyId}` : text
  expect(await background.refusal('kms:Encrypt', { KeyId: named, Plaintext })).toBe(reason)
})

test('a ciphertext with any byte changed, or cut anywhere, does not open', async () => {
  const { CiphertextBlob } = await encrypt({ purpose: 'test' })
  const EncryptionContext = { purpose: 'test' }
  for (let at = 0; at < CiphertextBlob.length; at++) {
    const changed = CiphertextBlob.slice()
    changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8))
    const input = { CiphertextBlob: changed, EncryptionContext }
    const reason = await background.refusal('kms:Decrypt', input)
    expect(['invalid-ciphertext', 'ciphertext-key-unknown'], `byte ${at}`).toContain(reason)
    if (at === 0) continue
    const cut = { CiphertextBlob: CiphertextBlob.slice(0, at), EncryptionContext }
    expect(await background.refusal('kms:Decrypt', cut), `cut at ${at}`).toBe('invalid-ciphertext')
  }
}, 60_000)

describe('the encryption context', () => {
  test.each([
    ['empty values', { a: '' }],
    ['unusual Unicode', { '\u{1f511}': 'e\u0301', é: '\u200b', '\u0000': '\uffff' }],
    ['both forms of one letter', { '\u00e9': '1', 'e\u0301': '2' }],
    ['names of an object’s own', { constructor: 'a', toString: 'b', hasOwnProperty: 'c' }],
    ['8,192 characters', { k: 'v'.repeat(8191) }],
  ])('may have %s', async (_what, context) => {
    const { CiphertextBlob } = await encrypt(context)
    const reversed = Object.fromEntries(Object.entries(context).toReversed())
    const input = { CiphertextBlob, EncryptionContext: reversed }
    expect((await background.call('kms:Decrypt', input)).Plaintext).toEqual(Plaintext)
  })

  test.each([
    ['one more', { a: 'b', c: 'd' }],
    ['one less', {}],
    ['another value', { a: 'B' }],
    ['another name', { A: 'b' }],
    ['name and value moved into each other', { ab: '' }],
  ])('must be the same: %s', async (_what, EncryptionContext) => {
    const { CiphertextBlob } = await encrypt({ a: 'b' })
    const input = { CiphertextBlob, EncryptionContext }
    expect(await background.refusal('kms:Decrypt', input)).toBe('invalid-ciphertext')
  })

  test.each([
    ['too long', { k: 'v'.repeat(8192) }],
    ['a number in it', { k: 1 }],
    ['__proto__', JSON.parse('{"__proto__":"x"}')],
    ['a list', ['a']],
  ])('is refused: %s', async (_what, EncryptionContext) => {
    const input = { KeyId, Plaintext, EncryptionContext }
    expect(await background.refusal('kms:Encrypt', input)).toBe('invalid-input')
  })
})

test('a key that did not encrypt it is an incorrect key', async () => {
  const { CiphertextBlob } = await encrypt()
  expect(await background.refusal('kms:Decrypt', { CiphertextBlob, KeyId: other })).toBe(
    'incorrect-key',
  )
})

test('ReEncrypt changes key and context, and names a wrong source', async () => {
  const from = await encrypt({ from: '1' })
  const input = {
    CiphertextBlob: from.CiphertextBlob,
    SourceEncryptionContext: { from: '1' },
    DestinationKeyId: other,
    DestinationEncryptionContext: { to: '2' },
  }
  const made = await background.call('kms:ReEncrypt', input)
  expect(made.SourceKeyId).toContain(KeyId)
  expect(made.KeyId).toContain(other)
  const { CiphertextBlob } = made
  const opened = await background.call('kms:Decrypt', {
    CiphertextBlob,
    EncryptionContext: { to: '2' },
  })
  expect(opened.Plaintext).toEqual(Plaintext)
  expect(await background.refusal('kms:ReEncrypt', { ...input, SourceKeyId: other })).toBe(
    'incorrect-key',
  )
  expect(await background.refusal('kms:ReEncrypt', { ...input, SourceEncryptionContext: {} })).toBe(
    'invalid-ciphertext',
  )
})

test('ReEncrypt goes from RSA to symmetric and back', async () => {
  const rsa = await make({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' })
  const algorithm = 'RSAES_OAEP_SHA_256'
  const sealed = await background.call('kms:Encrypt', {
    KeyId: rsa,
    Plaintext,
    EncryptionAlgorithm: algorithm,
  })
  const there = await background.call('kms:ReEncrypt', {
    CiphertextBlob: sealed.CiphertextBlob,
    SourceKeyId: rsa,
    SourceEncryptionAlgorithm: algorithm,
    DestinationKeyId: KeyId,
  })
  const back = await background.call('kms:ReEncrypt', {
    CiphertextBlob: there.CiphertextBlob,
    DestinationKeyId: rsa,
    DestinationEncryptionAlgorithm: algorithm,
  })
  const input = {
    KeyId: rsa,
    CiphertextBlob: back.CiphertextBlob,
    EncryptionAlgorithm: algorithm,
  } as const
  expect((await background.call('kms:Decrypt', input)).Plaintext).toEqual(Plaintext)
})

test('a dry run checks and does nothing', async () => {
  const { CiphertextBlob } = await encrypt()
  expect(await background.refusal('kms:Encrypt', { KeyId, Plaintext, DryRun: true })).toBe(
    'dry-run',
  )
  expect(await background.refusal('kms:Decrypt', { CiphertextBlob, DryRun: true })).toBe('dry-run')
  const ignoring = { KeyId, DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT'] }
  expect(await background.refusal('kms:Decrypt', ignoring)).toBe('dry-run')
  expect(await background.refusal('kms:Decrypt', { ...ignoring, DryRun: false })).toBe(
    'invalid-input',
  )
  const missing = { KeyId: '00000000-0000-4000-8000-000000000000', Plaintext, DryRun: true }
  expect(await background.refusal('kms:Encrypt', missing)).toBe('key-not-found')
})

test('what does not fit a key’s usage or algorithm is named', async () => {
  const signer = await make({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  expect(await background.refusal('kms:Encrypt', { KeyId: signer, Plaintext })).toBe('key-usage')
  const rsa = { KeyId, Plaintext, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }
  expect(await background.refusal('kms:Encrypt', rsa)).toBe('key-algorithm')
  const sm2 = { KeyId, Plaintext, EncryptionAlgorithm: 'SM2PKE' }
  expect(await background.refusal('kms:Encrypt', sm2)).toBe('unsupported')
  const enclave = { KeyId, KeySpec: 'AES_256', Recipient: {} }
  expect(await background.refusal('kms:GenerateDataKey', enclave)).toBe('unsupported')
})

test('data keys have the length asked for, and exactly one way to ask', async () => {
  for (const [asked, length] of [
    [{ KeySpec: 'AES_128' }, 16],
    [{ KeySpec: 'AES_256' }, 32],
    [{ NumberOfBytes: 1024 }, 1024],
  ] as const) {
    const made = await background.call('kms:GenerateDataKey', { KeyId, ...asked })
    expect(made.Plaintext.byteLength).toBe(length)
    const { CiphertextBlob } = made
    expect((await background.call('kms:Decrypt', { CiphertextBlob })).Plaintext).toEqual(
      made.Plaintext,
    )
    const sealed = await background.call('kms:GenerateDataKeyWithoutPlaintext', { KeyId, ...asked })
    expect(sealed).not.toHaveProperty('Plaintext')
  }
  for (const asked of [{}, { KeySpec: 'AES_256', NumberOfBytes: 32 }]) {
    expect(await background.refusal('kms:GenerateDataKey', { KeyId, ...asked })).toBe(
      'invalid-input',
    )
  }
})

test('ciphertexts of another vault, and of keys a page may not use, look the same to it', async () => {
  const elsewhere = await Background.withVaultOfItsOwn()
  const foreign = await elsewhere.call('kms:Encrypt', { KeyId: 'alias/personal', Plaintext })
  const { CiphertextBlob } = await encrypt()
  for (const blob of [foreign.CiphertextBlob, CiphertextBlob]) {
    const refusal = await background.refusal('kms:Decrypt', { CiphertextBlob: blob }, site)
    expect(refusal).toBe('ciphertext-key-unknown')
  }
})

test('a page lives in its account: it makes, lists and uses its own keys, and no other', async () => {
  const { KeyMetadata } = await background.call('kms:CreateKey', {}, site)
  const mine = await background.call(
    'kms:DescribeKey',
    { KeyId },
    { kind: 'person', page: 'manager' },
  )
  expect(KeyMetadata.AWSAccountId).not.toBe(mine.KeyMetadata.AWSAccountId)
  const { Keys } = await background.call('kms:ListKeys', {}, site)
  expect(Keys.map((one) => one.KeyId)).toContain(KeyMetadata.KeyId)
  expect(Keys.map((one) => one.KeyId)).not.toContain(KeyId)
  expect(await background.refusal('kms:Encrypt', { KeyId, Plaintext }, site)).toBe('key-not-found')
  const input = { KeyId: mine.KeyMetadata.Arn, Plaintext }
  expect(await background.refusal('kms:Encrypt', input, site)).toBe('not-allowed')
  // The person is root of every account.
  expect(await background.refusal('kms:Encrypt', { KeyId: KeyMetadata.Arn, Plaintext })).toBe(
    'none',
  )
})

test('multi-Region keys have their own ids, and their ciphertexts open', async () => {
  const { KeyMetadata } = await background.call('kms:CreateKey', { MultiRegion: true })
  expect(KeyMetadata.KeyId).toMatch(/^mrk-[0-9a-f]{32}$/)
  expect(KeyMetadata.MultiRegionConfiguration).toMatchObject({
    MultiRegionKeyType: 'PRIMARY',
    PrimaryKey: { Arn: KeyMetadata.Arn, Region: 'browser-1' },
  })
  const { CiphertextBlob } = await encrypt({}, KeyMetadata.KeyId)
  expect((await background.call('kms:Decrypt', { CiphertextBlob })).Plaintext).toEqual(Plaintext)
})
