// The life of a key, as the KMS API reference and the developer guide's table of key states have it.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { keepKeys } from '../../src/gate/keyKeeping.ts'
import type { OperationName } from '../../src/protocol/operations.ts'
import type { Input } from '../../src/protocol/schemas.ts'
import { Background, consent, page } from './background.ts'
import { encryptForImport } from './importExternal.ts'

const day = 24 * 60 * 60 * 1000
const Plaintext = new TextEncoder().encode('kept')

let background: Background
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  background = await Background.withVault()
})
afterEach(() => {
  vi.useRealTimers()
})

const make = async (input: Input<'kms:CreateKey'> = {}) =>
  (await background.call('kms:CreateKey', input)).KeyMetadata.KeyId
const describeKey = async (KeyId: string) =>
  (await background.call('kms:DescribeKey', { KeyId })).KeyMetadata
const encrypt = async (KeyId: string) =>
  (await background.call('kms:Encrypt', { KeyId, Plaintext })).CiphertextBlob
const decrypt = (CiphertextBlob: Uint8Array<ArrayBuffer>) =>
  background.refusal('kms:Decrypt', { CiphertextBlob })
const after = (ms: number) => vi.setSystemTime(Date.now() + ms)

describe('what a state allows', () => {
  const usable = { enabled: 'none', disabled: 'key-disabled', deletion: 'key-invalid-state' }
  const managed = { enabled: 'none', disabled: 'none', deletion: 'key-invalid-state' }
  const always = { enabled: 'none', disabled: 'none', deletion: 'none' }
  const cases: readonly [
    OperationName,
    object,
    Record<'enabled' | 'disabled' | 'deletion', string>,
  ][] = [
    ['kms:Encrypt', { Plaintext }, usable],
    ['kms:GenerateDataKey', { KeySpec: 'AES_256' }, usable],
    ['kms:EnableKeyRotation', {}, usable],
    ['kms:RotateKeyOnDemand', {}, usable],
    ['kms:EnableKey', {}, managed],
    ['kms:DisableKey', {}, managed],
    ['kms:UpdateKeyDescription', { Description: 'new' }, managed],
    ['kms:TagResource', { Tags: [{ TagKey: 'a', TagValue: 'b' }] }, managed],
    ['kms:ScheduleKeyDeletion', {}, managed],
    ['kms:DescribeKey', {}, always],
    ['kms:GetKeyRotationStatus', {}, always],
    ['kms:ListResourceTags', {}, always],
    ['kms:GetKeyLastUsage', {}, always],
    [
      'kms:CancelKeyDeletion',
      {},
      { enabled: 'key-invalid-state', disabled: 'key-invalid-state', deletion: 'none' },
    ],
  ]

  test.each(cases)('%s', async (operation, more, expected) => {
    const enabled = await make()
    const disabled = await make()
    await background.call('kms:DisableKey', { KeyId: disabled })
    const deletion = await make()
    await background.call('kms:ScheduleKeyDeletion', { KeyId: deletion })
    for (const [state, KeyId] of Object.entries({ enabled, disabled, deletion })) {
      const refusal = await background.refusal(operation, { KeyId, ...more })
      expect(refusal, state).toBe(expected[state as 'enabled'])
    }
  })
})

test.each([
  'kms:EnableKey',
  'kms:DisableKey',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
  'kms:EnableKeyRotation',
  'kms:RotateKeyOnDemand',
  'kms:GetKeyRotationStatus',
  'kms:ListResourceTags',
] as const)('%s takes a key by its id, not by an alias', async (operation) => {
  expect(await background.refusal(operation, { KeyId: 'alias/personal' })).toBe('key-id-invalid')
})

describe('deletion', () => {
  test('waits its days, can be called off, and the key comes back disabled', async () => {
    const KeyId = await make()
    const blob = await encrypt(KeyId)
    const scheduled = await background.call('kms:ScheduleKeyDeletion', {
      KeyId,
      PendingWindowInDays: 7,
    })
    expect(scheduled).toMatchObject({ KeyState: 'PendingDeletion', PendingWindowInDays: 7 })
    expect(scheduled.DeletionDate).toBeCloseTo((Date.now() + 7 * day) / 1000, 0)
    expect(await decrypt(blob)).toBe('key-invalid-state')
    expect(await describeKey(KeyId)).toMatchObject({ KeyState: 'PendingDeletion', Enabled: false })
    await background.call('kms:CancelKeyDeletion', { KeyId })
    expect((await describeKey(KeyId)).KeyState).toBe('Disabled')
    await background.call('kms:EnableKey', { KeyId })
    expect(await decrypt(blob)).toBe('none')
  })

  test('takes 30 days unless told, and 7 to 30 at all', async () => {
    const KeyId = await make()
    for (const PendingWindowInDays of [6, 31, 7.5]) {
      const input = { KeyId, PendingWindowInDays }
      expect(await background.refusal('kms:ScheduleKeyDeletion', input)).toBe('invalid-input')
    }
    const scheduled = await background.call('kms:ScheduleKeyDeletion', { KeyId })
    expect(scheduled.PendingWindowInDays).toBe(30)
  })

  test('on its day the key is gone for everybody, swept or not; then nothing of it is left', async () => {
    const KeyId = await make()
    await background.call('kms:CreateAlias', { AliasName: 'alias/gone', TargetKeyId: KeyId })
    const blob = await encrypt(KeyId)
    await background.call('kms:ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
    const rows = async () => {
      const stores = ['keys', 'materials', 'aliases', 'schedules', 'usage'] as const
      return (await Promise.all(stores.map((store) => background.db.getAllKeys(store)))).map(
        (all) => all.length,
      )
    }
    const before = await rows()
    after(7 * day + 1)
    expect(await decrypt(blob)).toBe('ciphertext-key-unknown')
    expect(await background.refusal('kms:DescribeKey', { KeyId })).toBe('key-not-found')
    expect(await background.refusal('kms:CancelKeyDeletion', { KeyId })).toBe('key-not-found')
    const { Keys } = await background.call('kms:ListKeys', {})
    expect(Keys.map((one) => one.KeyId)).not.toContain(KeyId)
    expect((await rows()).slice(0, 4)).toEqual(before.slice(0, 4))
    await keepKeys(background.gate, background.hsm)
    expect(await rows()).toEqual(before.map((count) => count - 1))
    const { Events } = await background.call('keyhearth:ListEvents', { EventName: 'DeleteKey' })
    expect(Events[0]?.requestParameters).toMatchObject({ KeyId })
    await background.restart()
    expect(await background.refusal('kms:DescribeKey', { KeyId })).toBe('key-not-found')
  })

  test('nobody can hurry it', async () => {
    const KeyId = await make()
    expect(await background.refusal('keyhearth:DeleteKey', { KeyId })).toBe('request-gone')
    await background.call('kms:ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
    expect(await background.refusal('keyhearth:DeleteKey', { KeyId })).toBe('request-gone')
  })
})

describe('rotation', () => {
  const rotations = async (KeyId: string) =>
    (
      await background.call('kms:ListKeyRotations', {
        KeyId,
        IncludeKeyMaterial: 'ALL_KEY_MATERIAL',
      })
    ).Rotations

  test('on demand: new messages are under new material, old ones still open', async () => {
    const KeyId = await make()
    const first = await encrypt(KeyId)
    const before = await describeKey(KeyId)
    await background.call('kms:RotateKeyOnDemand', { KeyId })
    const now = await describeKey(KeyId)
    expect(now.CurrentKeyMaterialId).not.toBe(before.CurrentKeyMaterialId)
    const second = await encrypt(KeyId)
    await background.restart()
    for (const [blob, material] of [
      [first, before.CurrentKeyMaterialId],
      [second, now.CurrentKeyMaterialId],
    ] as const) {
      const opened = await background.call('kms:Decrypt', { CiphertextBlob: blob })
      expect(opened.KeyMaterialId).toBe(material)
    }
    const all = await rotations(KeyId)
    expect(all.map((one) => one.KeyMaterialState)).toEqual(['NON_CURRENT', 'CURRENT'])
    const only = await background.call('kms:ListKeyRotations', { KeyId })
    expect(only.Rotations).toMatchObject([
      { RotationType: 'ON_DEMAND', KeyMaterialState: 'CURRENT' },
    ])
  })

  test('on demand: 25 times', async () => {
    const KeyId = await make()
    for (let i = 0; i < 25; i++) await background.call('kms:RotateKeyOnDemand', { KeyId })
    expect(await background.refusal('kms:RotateKeyOnDemand', { KeyId })).toBe('limit-exceeded')
  })

  test('by itself: on its day, once, and again a period later', async () => {
    const KeyId = await make()
    await background.call('kms:EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 })
    const status = await background.call('kms:GetKeyRotationStatus', { KeyId })
    expect(status).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 90 })
    expect(status.NextRotationDate).toBeCloseTo((Date.now() + 90 * day) / 1000, 0)
    await keepKeys(background.gate, background.hsm)
    expect(await rotations(KeyId)).toHaveLength(1)
    for (const expected of [2, 3]) {
      after(90 * day + 1)
      await keepKeys(background.gate, background.hsm)
      await keepKeys(background.gate, background.hsm)
      const all = await rotations(KeyId)
      expect(all).toHaveLength(expected)
      expect(all.at(-1)).toMatchObject({ RotationType: 'AUTOMATIC', KeyMaterialState: 'CURRENT' })
    }
    await background.call('kms:DisableKeyRotation', { KeyId })
    after(365 * day)
    await keepKeys(background.gate, background.hsm)
    expect(await rotations(KeyId)).toHaveLength(3)
  })

  test('a disabled key is not rotated; switched on again, it is', async () => {
    const KeyId = await make()
    await background.call('kms:EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 })
    await background.call('kms:DisableKey', { KeyId })
    after(91 * day)
    await keepKeys(background.gate, background.hsm)
    expect(await rotations(KeyId)).toHaveLength(1)
    await background.call('kms:EnableKey', { KeyId })
    await keepKeys(background.gate, background.hsm)
    expect(await rotations(KeyId)).toHaveLength(2)
  })

  test.each([
    ['asymmetric', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }],
    ['HMAC', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }],
  ] as const)('%s keys are not rotated', async (_what, input) => {
    const KeyId = await make(input)
    for (const operation of [
      'kms:EnableKeyRotation',
      'kms:RotateKeyOnDemand',
      'kms:ListKeyRotations',
    ] as const) {
      expect(await background.refusal(operation, { KeyId })).toBe('unsupported')
    }
  })

  test.each([89, 2561])('a period of %i days is refused', async (RotationPeriodInDays) => {
    const KeyId = await make()
    const input = { KeyId, RotationPeriodInDays }
    expect(await background.refusal('kms:EnableKeyRotation', input)).toBe('invalid-input')
  })

  test('imported material rotates to what was imported for it, and expires on its day', async () => {
    const KeyId = await make({ Origin: 'EXTERNAL' })
    const bringIn = async (more: object) => {
      const { ImportToken, PublicKey } = await background.call('kms:GetParametersForImport', {
        KeyId,
        WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
        WrappingKeySpec: 'RSA_2048',
      })
      const secret = crypto.getRandomValues(new Uint8Array(32))
      const EncryptedKeyMaterial = encryptForImport(PublicKey, secret)
      return background.call('kms:ImportKeyMaterial', {
        KeyId,
        ImportToken,
        EncryptedKeyMaterial,
        ...more,
      })
    }
    await bringIn({ ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' })
    expect(await background.refusal('kms:RotateKeyOnDemand', { KeyId })).toBe('key-invalid-state')
    const ValidTo = (Date.now() + day) / 1000
    const next = await bringIn({ ImportType: 'NEW_KEY_MATERIAL', ValidTo })
    await background.call('kms:RotateKeyOnDemand', { KeyId })
    expect((await describeKey(KeyId)).CurrentKeyMaterialId).toBe(next.KeyMaterialId)
    const before = (await background.db.getAllKeys('materials')).length
    after(day + 1)
    expect((await describeKey(KeyId)).KeyState).toBe('PendingImport')
    await keepKeys(background.gate, background.hsm)
    expect((await background.db.getAllKeys('materials')).length).toBe(before - 1)
    expect((await rotations(KeyId)).at(-1)).toMatchObject({ ImportState: 'PENDING_IMPORT' })
  })
})

describe('aliases', () => {
  test('name a key, move to another of its kind, and go', async () => {
    const [first, second] = [await make(), await make()]
    const AliasName = 'alias/my/key_1'
    await background.call('kms:CreateAlias', { AliasName, TargetKeyId: first })
    expect(await background.refusal('kms:CreateAlias', { AliasName, TargetKeyId: second })).toBe(
      'alias-exists',
    )
    await background.call('kms:UpdateAlias', { AliasName, TargetKeyId: second })
    expect((await describeKey(AliasName)).KeyId).toBe(second)
    const { Aliases } = await background.call('kms:ListAliases', { KeyId: second })
    expect(Aliases).toMatchObject([{ AliasName, TargetKeyId: second }])
    const signer = await make({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
    expect(await background.refusal('kms:UpdateAlias', { AliasName, TargetKeyId: signer })).toBe(
      'invalid-input',
    )
    await background.call('kms:DeleteAlias', { AliasName })
    expect(await background.refusal('kms:DescribeKey', { KeyId: AliasName })).toBe(
      'alias-not-found',
    )
    expect(await background.refusal('kms:DeleteAlias', { AliasName })).toBe('alias-not-found')
  })

  test.each([
    ['name', 'invalid-input'],
    ['alias/', 'invalid-input'],
    ['alias/a/', 'invalid-input'],
    ['alias/a b', 'invalid-input'],
    ['alias/a:b', 'invalid-input'],
    ['alias/ä', 'invalid-input'],
    ['alias/aws/mine', 'alias-reserved'],
  ])('%s is no name', async (AliasName, reason) => {
    const TargetKeyId = await make()
    expect(await background.refusal('kms:CreateAlias', { AliasName, TargetKeyId })).toBe(reason)
  })

  test('are of keys, not of aliases, and 50 a key', async () => {
    const TargetKeyId = await make()
    const input = { AliasName: 'alias/a', TargetKeyId: 'alias/personal' }
    expect(await background.refusal('kms:CreateAlias', input)).toBe('key-id-invalid')
    for (let i = 0; i < 50; i++) {
      await background.call('kms:CreateAlias', { AliasName: `alias/n${i}`, TargetKeyId })
    }
    expect(
      await background.refusal('kms:CreateAlias', { AliasName: 'alias/n50', TargetKeyId }),
    ).toBe('limit-exceeded')
    const seen: string[] = []
    let Marker: string | undefined
    do {
      const page = await background.call('kms:ListAliases', {
        KeyId: TargetKeyId,
        Limit: 7,
        ...(Marker ? { Marker } : {}),
      })
      seen.push(...page.Aliases.map(({ AliasName }) => AliasName))
      Marker = page.NextMarker
    } while (Marker)
    expect(new Set(seen).size).toBe(50)
    expect(seen).toHaveLength(50)
  })
})

describe('tags', () => {
  test('are set, changed, listed and taken away', async () => {
    const KeyId = await make({ Tags: [{ TagKey: 'a', TagValue: '1' }] })
    await background.call('kms:TagResource', {
      KeyId,
      Tags: [
        { TagKey: 'a', TagValue: '2' },
        { TagKey: 'b', TagValue: '' },
      ],
    })
    const { Tags } = await background.call('kms:ListResourceTags', { KeyId })
    expect(Tags).toEqual([
      { TagKey: 'a', TagValue: '2' },
      { TagKey: 'b', TagValue: '' },
    ])
    await background.call('kms:UntagResource', { KeyId, TagKeys: ['a', 'c'] })
    expect((await background.call('kms:ListResourceTags', { KeyId })).Tags).toHaveLength(1)
  })

  test.each([
    [
      'twice the same',
      [
        { TagKey: 'a', TagValue: '1' },
        { TagKey: 'a', TagValue: '2' },
      ],
      'tags-invalid',
    ],
    ['reserved', [{ TagKey: 'AWS:x', TagValue: '1' }], 'tags-invalid'],
    [
      '51',
      Array.from({ length: 51 }, (_, i) => ({ TagKey: `t${i}`, TagValue: '' })),
      'limit-exceeded',
    ],
  ])('%s is refused', async (_what, Tags, reason) => {
    const KeyId = await make()
    expect(await background.refusal('kms:TagResource', { KeyId, Tags })).toBe(reason)
    expect(await background.refusal('kms:CreateKey', { Tags })).toBe(reason)
  })
})

describe('lists', () => {
  test('ListKeys pages through every key once, whatever happens meanwhile', async () => {
    const made = new Set<string>()
    for (let i = 0; i < 23; i++) made.add(await make())
    const seen: string[] = []
    let Marker: string | undefined
    do {
      const page = await background.call('kms:ListKeys', {
        Limit: 5,
        ...(Marker ? { Marker } : {}),
      })
      expect(page.Truncated).toBe(page.NextMarker !== undefined)
      seen.push(...page.Keys.map((key) => key.KeyId))
      Marker = page.NextMarker
      await make()
    } while (Marker)
    expect(seen).toHaveLength(new Set(seen).size)
    for (const KeyId of made) expect(seen).toContain(KeyId)
  })

  test.each(['kms:ListKeys', 'kms:ListAliases', 'kms:DescribeCustomKeyStores'] as const)(
    '%s refuses a marker nobody gave',
    async (operation) => {
      expect(await background.refusal(operation, { Marker: '!' })).toBe('invalid-marker')
    },
  )

  test('a row somebody else put among the keys is not listed as one', async () => {
    const KeyId = await make()
    const row = await background.db.get('keys', KeyId)
    if (!row) throw new Error('no row')
    await background.db.put('keys', { ...row, id: '00000000-0000-4000-8000-000000000000' })
    await background.restart()
    expect(await background.refusal('kms:ListKeys', {})).toBe('record-damaged')
  })
})

test('GetKeyLastUsage names the last successful use and its event', async () => {
  const KeyId = await make()
  const none = await background.call('kms:GetKeyLastUsage', { KeyId })
  expect(none.KeyLastUsage).toEqual({})
  const blob = await encrypt(KeyId)
  after(1000)
  await background.call('kms:Decrypt', { CiphertextBlob: blob })
  await background.refusal('kms:Decrypt', { CiphertextBlob: blob, EncryptionContext: { a: 'b' } })
  await background.restart()
  const { KeyLastUsage } = await background.call('kms:GetKeyLastUsage', { KeyId })
  expect(KeyLastUsage).toMatchObject({ Operation: 'Decrypt', Timestamp: Date.now() / 1000 })
  const { Events } = await background.call('keyhearth:ListEvents', {
    EventName: 'Decrypt',
    Result: 'ok',
  })
  expect(Events[0]).toMatchObject({
    eventID: KeyLastUsage.CloudTrailEventId,
    requestID: KeyLastUsage.KmsRequestId,
  })
})

test('what would miss a key: its secrets, aliases and uses', async () => {
  const KeyId = await make()
  await background.call('kms:CreateAlias', { AliasName: 'alias/mine', TargetKeyId: KeyId })
  await background.call('secretsmanager:CreateSecret', {
    Name: 'under',
    SecretString: 's',
    KmsKeyId: KeyId,
  })
  await background.call('secretsmanager:CreateSecret', { Name: 'elsewhere', SecretString: 's' })
  // Moved to another key with its labelled versions (UpdateSecret, KmsKeyId); one without label stays under this.
  await background.call('secretsmanager:CreateSecret', {
    Name: 'moved',
    SecretString: 's',
    KmsKeyId: 'alias/mine',
  })
  for (const SecretString of ['u', 'v']) {
    await background.call('secretsmanager:PutSecretValue', { SecretId: 'moved', SecretString })
  }
  await background.call('secretsmanager:UpdateSecret', {
    SecretId: 'moved',
    SecretString: 't',
    KmsKeyId: 'alias/personal',
  })
  const use = await background.call('keyhearth:DescribeKeyUse', { KeyId })
  expect(use).toMatchObject({ Secrets: 2, Aliases: ['alias/mine'], Uses: 5 })
  expect([...use.SecretNames].sort()).toEqual(['moved', 'under'])
})

describe('this device is the one key store', () => {
  test('and keys can be made in it', async () => {
    const { CustomKeyStores } = await background.call('kms:DescribeCustomKeyStores', {})
    expect(CustomKeyStores).toMatchObject([
      { ConnectionState: 'CONNECTED', CustomKeyStoreType: 'AWS_CLOUDHSM' },
    ])
    const [{ CustomKeyStoreId = '' } = {}] = CustomKeyStores
    const KeyId = await make({ Origin: 'AWS_CLOUDHSM', CustomKeyStoreId })
    expect(await describeKey(KeyId)).toMatchObject({ Origin: 'AWS_CLOUDHSM', CustomKeyStoreId })
    expect(await decrypt(await encrypt(KeyId))).toBe('none')
    expect(await background.refusal('kms:EnableKeyRotation', { KeyId })).toBe('unsupported')
    for (const operation of [
      'kms:ConnectCustomKeyStore',
      'kms:DisconnectCustomKeyStore',
      'kms:DeleteCustomKeyStore',
      'kms:UpdateCustomKeyStore',
    ] as const) {
      expect(await background.refusal(operation, { CustomKeyStoreId })).toBe('key-store-state')
      expect(await background.refusal(operation, { CustomKeyStoreId: 'cks-other' })).toBe(
        'key-store-not-found',
      )
    }
  })

  test('others are not', async () => {
    const named = (more: object) => ({ CustomKeyStoreName: 'mine', ...more })
    const create = (more: object) => background.refusal('kms:CreateCustomKeyStore', named(more))
    expect(await create({ CloudHsmClusterId: 'cluster-12345678901' })).toBe('cluster-not-found')
    expect(await create({ CustomKeyStoreType: 'EXTERNAL_KEY_STORE' })).toBe('unsupported')
    const { CustomKeyStores } = await background.call('kms:DescribeCustomKeyStores', {})
    const { CloudHsmClusterId } = CustomKeyStores[0] ?? {}
    expect(await create({ CloudHsmClusterId })).toBe('cluster-in-use')
  })
})

test('there is one region', async () => {
  const single = await make()
  const multi = await make({ MultiRegion: true })
  const replicate = (KeyId: string, ReplicaRegion: string) =>
    background.refusal('kms:ReplicateKey', { KeyId, ReplicaRegion })
  expect(await replicate(single, 'eu-west-1')).toBe('unsupported')
  expect(await replicate(multi, 'eu-west-1')).toBe('invalid-input')
  expect(await replicate(multi, 'browser-1')).toBe('region-exists')
  const primary = { KeyId: multi, PrimaryRegion: 'browser-1' }
  expect(await background.refusal('kms:UpdatePrimaryRegion', primary)).toBe('region-exists')
})

test('the trail tells what was made, and never a grant’s token', async () => {
  const { KeyMetadata } = await background.call('kms:CreateKey', { Description: 'told' })
  const grant = {
    KeyId: KeyMetadata.KeyId,
    GranteePrincipal: 'https://app.example',
    Operations: ['Encrypt' as const],
  }
  const { GrantId, GrantToken } = await background.call('kms:CreateGrant', grant)
  const { Events } = await background.call('keyhearth:ListEvents', {})
  const of = (name: string) => Events.find(({ eventName }) => eventName === name)?.responseElements
  expect(of('CreateKey')).toMatchObject({ KeyMetadata: { KeyId: KeyMetadata.KeyId } })
  expect(of('CreateGrant')).toEqual({ GrantId })
  expect(JSON.stringify(Events)).not.toContain(GrantToken)
})

test('a website has so many keys and no more; the person has no such limit', async () => {
  const site = page('https://app.example')
  const request = await background.requests.add(site, 'connect', ['keys'], Date.now())
  const decision = { RequestId: request.RequestId, Decision: 'site' } as const
  await background.call('keyhearth:DecideRequest', decision, consent)
  const { KeyMetadata } = await background.call('kms:CreateKey', {}, site)
  const row = await background.db.get('keys', KeyMetadata.KeyId)
  if (!row) throw new Error('no row')
  const filling = background.db.transaction('keys', 'readwrite')
  for (let i = 0; i < 10_000; i++) filling.store.put({ ...row, id: `filler ${i}` }).catch(() => {})
  await filling.done
  expect(await background.refusal('kms:CreateKey', {}, site)).toBe('limit-exceeded')
  expect(await background.refusal('kms:CreateKey', {})).toBe('none')
})

test('two websites cannot tell from the key store that they meet one person', async () => {
  const stores = await Promise.all(
    ['https://one.example', 'https://two.example'].map(async (origin) => {
      const request = await background.requests.add(page(origin), 'connect', ['keys'], Date.now())
      const decision = { RequestId: request.RequestId, Decision: 'site' } as const
      await background.call('keyhearth:DecideRequest', decision, consent)
      const found = await background.call('kms:DescribeCustomKeyStores', {}, page(origin))
      return found.CustomKeyStores[0]
    }),
  )
  const [one, two] = stores
  expect(one?.CustomKeyStoreId).not.toBe(two?.CustomKeyStoreId)
  expect(one?.CloudHsmClusterId).not.toBe(two?.CloudHsmClusterId)
  expect(one).not.toHaveProperty('CreationDate')
})
