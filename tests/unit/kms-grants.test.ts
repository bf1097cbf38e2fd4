// Grants: what crosses accounts. AWS's rules (API reference, CreateGrant and its kin), and Keyhearth's own
// limits: uses, time.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Input } from '../../src/protocol/schemas.ts'
import { Background, page } from './background.ts'

const origin = 'https://app.example'
const site = page(origin)
const other = page('https://other.example')
const Plaintext = new TextEncoder().encode('kept')

let background: Background
let KeyId: string

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  background = await Background.withVault()
  KeyId = (await background.call('kms:CreateKey', {})).KeyMetadata.Arn
  for (const one of [site, other]) {
    const request = await background.requests.add(one, 'connect', ['messages', 'keys'], Date.now())
    const decision = { RequestId: request.RequestId, Decision: 'site' } as const
    await background.call('keyhearth:DecideRequest', decision, { kind: 'person', page: 'consent' })
  }
})
afterEach(() => {
  vi.useRealTimers()
})

type Wanted = Omit<Partial<Input<'kms:CreateGrant'>>, 'KeyId'>
const grantInput = (more: Wanted = {}): Input<'kms:CreateGrant'> => ({
  KeyId,
  GranteePrincipal: origin,
  Operations: ['Encrypt', 'Decrypt'],
  ...more,
})
const grant = (more: Wanted = {}) => background.call('kms:CreateGrant', grantInput(more))
const encrypt = (who = site, EncryptionContext: Record<string, string> = {}) =>
  background.refusal('kms:Encrypt', { KeyId, Plaintext, EncryptionContext }, who)
const list = async () => (await background.call('kms:ListGrants', { KeyId })).Grants

test('a grant lets one site do what it names, at once, and no more', async () => {
  expect(await encrypt()).toBe('not-allowed')
  await grant()
  expect(await encrypt()).toBe('none')
  expect(await encrypt(other)).toBe('not-allowed')
  const sign = { KeyId, KeySpec: 'AES_256' }
  expect(await background.refusal('kms:GenerateDataKey', sign, site)).toBe('not-allowed')
  expect(await background.refusal('kms:DescribeKey', { KeyId }, site)).toBe('not-allowed')
  const made = await background.call('kms:Encrypt', { KeyId, Plaintext }, site)
  const opened = await background.call('kms:Decrypt', { CiphertextBlob: made.CiphertextBlob }, site)
  expect(opened.Plaintext).toEqual(Plaintext)
})

test.each([
  [
    'its root ARN',
    async () => (await background.call('kms:CreateKey', {}, site)).KeyMetadata.AWSAccountId,
    (id: string) => `arn:aws:iam::${id}:root`,
  ],
  [
    'its account id',
    async () => (await background.call('kms:CreateKey', {}, site)).KeyMetadata.AWSAccountId,
    (id: string) => id,
  ],
])('a site is named by %s as well', async (_how, account, name) => {
  await grant({ GranteePrincipal: name(await account()) })
  expect(await encrypt()).toBe('none')
  expect(await encrypt(other)).toBe('not-allowed')
})

test('a denying policy beats a grant', async () => {
  await grant()
  const { AWSAccountId } = (await background.call('kms:DescribeKey', { KeyId })).KeyMetadata
  const allow = {
    Effect: 'Allow',
    Principal: { AWS: AWSAccountId },
    Action: 'kms:*',
    Resource: '*',
  }
  const deny = {
    Effect: 'Deny',
    Principal: { Federated: origin },
    Action: 'kms:Encrypt',
    Resource: '*',
  }
  await background.call('kms:PutKeyPolicy', {
    KeyId,
    Policy: JSON.stringify({ Statement: [allow, deny] }),
  })
  expect(await encrypt()).toBe('not-allowed')
})

describe('constraints', () => {
  test.each([
    [
      'a subset',
      { EncryptionContextSubset: { purpose: 'mail' } },
      { purpose: 'mail', to: 'x' },
      'none',
    ],
    [
      'a subset that lacks',
      { EncryptionContextSubset: { purpose: 'mail' } },
      { to: 'x' },
      'not-allowed',
    ],
    [
      'a subset of another case',
      { EncryptionContextSubset: { purpose: 'mail' } },
      { Purpose: 'mail' },
      'not-allowed',
    ],
    ['the same', { EncryptionContextEquals: { purpose: 'mail' } }, { purpose: 'mail' }, 'none'],
    [
      'more than the same',
      { EncryptionContextEquals: { purpose: 'mail' } },
      { purpose: 'mail', to: 'x' },
      'not-allowed',
    ],
  ])('%s', async (_what, Constraints, context, expected) => {
    await grant({ Constraints })
    expect(await encrypt(site, context as Record<string, string>)).toBe(expected)
  })

  test('speak of no operation without a context', async () => {
    await grant({
      Constraints: { EncryptionContextSubset: { a: 'b' } },
      Operations: ['DescribeKey', 'Encrypt'],
    })
    expect(await background.refusal('kms:DescribeKey', { KeyId }, site)).toBe('none')
    expect(await encrypt()).toBe('not-allowed')
  })
})

describe('Keyhearth’s own limits', () => {
  test('uses run out, and two at once do not share the last', async () => {
    await grant({ Uses: 3 })
    expect(await encrypt()).toBe('none')
    expect((await list())[0]).toMatchObject({ UsesLeft: 2 })
    const outcomes = await Promise.all([encrypt(), encrypt(), encrypt(), encrypt()])
    expect(outcomes.filter((one) => one === 'none')).toHaveLength(2)
    await background.restart()
    expect(await encrypt()).toBe('not-allowed')
    expect((await list())[0]).toMatchObject({ UsesLeft: 0 })
  })

  test('a use that fails is not counted', async () => {
    await grant({ Uses: 1 })
    const CiphertextBlob = new Uint8Array(100).fill(1)
    await background.refusal('kms:Decrypt', { KeyId, CiphertextBlob }, site)
    expect((await list())[0]).toMatchObject({ UsesLeft: 1 })
    expect(await encrypt()).toBe('none')
  })

  test('time runs out', async () => {
    await grant({ ExpiresAt: Date.now() / 1000 + 60 })
    expect(await encrypt()).toBe('none')
    vi.setSystemTime(Date.now() + 61_000)
    expect(await encrypt()).toBe('not-allowed')
  })

  test('are the person’s to give', async () => {
    const { KeyMetadata } = await background.call('kms:CreateKey', {}, site)
    const input = {
      ...grantInput({ Uses: 1, GranteePrincipal: 'https://other.example' }),
      KeyId: KeyMetadata.Arn,
    }
    expect(await background.refusal('kms:CreateGrant', input, site)).toBe('not-allowed')
    const past = grantInput({ ExpiresAt: 1 })
    expect(await background.refusal('kms:CreateGrant', past)).toBe('invalid-input')
  })
})

describe('without the plaintext', () => {
  const Operations = [
    'Encrypt',
    'Decrypt',
    'GenerateDataKey',
    'GenerateDataKeyPair',
    'GenerateDataKeyWithoutPlaintext',
    'ReEncryptFrom',
    'ReEncryptTo',
  ] as const
  const hidden = (more: Wanted = {}) =>
    grant({ Operations: [...Operations], MaySeePlaintext: false, ...more })
  const sealed = async () =>
    (await background.call('kms:Encrypt', { KeyId, Plaintext }, site)).CiphertextBlob
  const reEncrypt = (CiphertextBlob: Uint8Array<ArrayBuffer>, DestinationKeyId: string) =>
    background.refusal('kms:ReEncrypt', { CiphertextBlob, DestinationKeyId }, site)

  test('the grantee encrypts, and gets no plaintext and no key’s bytes', async () => {
    await hidden()
    const CiphertextBlob = await sealed()
    for (const [operation, input, reason] of [
      ['kms:GenerateDataKeyWithoutPlaintext', { KeyId, KeySpec: 'AES_256' }, 'none'],
      ['kms:Decrypt', { CiphertextBlob }, 'plaintext-withheld'],
      ['kms:Decrypt', { CiphertextBlob, KeyId }, 'plaintext-withheld'],
      ['kms:Decrypt', { CiphertextBlob, KeyId, DryRun: true }, 'plaintext-withheld'],
      ['kms:GenerateDataKey', { KeyId, KeySpec: 'AES_256' }, 'plaintext-withheld'],
      ['kms:GenerateDataKeyPair', { KeyId, KeyPairSpec: 'ECC_NIST_P256' }, 'plaintext-withheld'],
    ] as const) {
      expect([operation, await background.refusal(operation, input, site)]).toEqual([
        operation,
        reason,
      ])
    }
    expect((await list())[0]).toMatchObject({ MaySeePlaintext: false })
  })

  test('messages are made, and opened by the person alone', async () => {
    await hidden()
    const { Message } = await background.call(
      'keyhearth:EncryptMessage',
      { KeyId, Plaintext },
      site,
    )
    expect(await background.refusal('keyhearth:DecryptMessage', { Message }, site)).toBe(
      'plaintext-withheld',
    )
    const { publicKey } = await crypto.subtle.generateKey(
      { name: 'ECDH', namedCurve: 'P-256' },
      false,
      ['deriveBits'],
    )
    const Recipient = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey))
    const start = { Recipient, KeyId, PlaintextLength: 9 }
    const { Header } = await background.call('keyhearth:StartMessage', start, site)
    expect(await background.refusal('keyhearth:OpenMessage', { Recipient, Header }, site)).toBe(
      'plaintext-withheld',
    )
    const opened = await background.call('keyhearth:DecryptMessage', { Message })
    expect(opened.Plaintext).toEqual(Plaintext)
  })

  test('nothing comes out under a key by which the grantee, or another site, would read it', async () => {
    await hidden()
    const CiphertextBlob = await sealed()
    const own = (await background.call('kms:CreateKey', {}, site)).KeyMetadata.Arn
    expect(await reEncrypt(CiphertextBlob, own)).toBe('plaintext-withheld')
    // A key of another site, which lets this one encrypt.
    const foreign = (await background.call('kms:CreateKey', {}, other)).KeyMetadata.Arn
    const toForeign = grantInput({ Operations: ['ReEncryptTo'] })
    await background.call('kms:CreateGrant', { ...toForeign, KeyId: foreign }, other)
    expect(await reEncrypt(CiphertextBlob, foreign)).toBe('plaintext-withheld')
    // Keys of the person's: one that the site may not decrypt by, and one that it may.
    const next = (await background.call('kms:CreateKey', {})).KeyMetadata.Arn
    const lend = (operation: 'ReEncryptTo' | 'Decrypt') =>
      background.call('kms:CreateGrant', {
        ...grantInput({ Operations: [operation] }),
        KeyId: next,
      })
    await lend('ReEncryptTo')
    expect(await reEncrypt(CiphertextBlob, next)).toBe('none')
    await lend('Decrypt')
    expect(await reEncrypt(CiphertextBlob, next)).toBe('plaintext-withheld')
  })

  test('a grant with the plaintext beside it counts, and AWS’s meaning is that it is given', async () => {
    await hidden()
    await grant()
    const CiphertextBlob = await sealed()
    expect(await background.refusal('kms:Decrypt', { CiphertextBlob }, site)).toBe('none')
  })

  test('is not handed on as one with it, nor set by a page', async () => {
    await hidden({ Operations: ['Decrypt', 'CreateGrant'] })
    const on = { KeyId, GranteePrincipal: other.origin, Operations: ['Decrypt' as const] }
    expect(await background.refusal('kms:CreateGrant', on, site)).toBe('not-allowed')
    const told = { ...on, MaySeePlaintext: true }
    expect(await background.refusal('kms:CreateGrant', told, site)).toBe('not-allowed')
  })

  test('the person is told: ExplainAccess', async () => {
    await hidden()
    const explain = (Operation: 'kms:Decrypt' | 'kms:Encrypt') =>
      background.call('keyhearth:ExplainAccess', { KeyId, Operation, Origin: origin })
    expect(await explain('kms:Encrypt')).toMatchObject({ Allowed: true })
    expect(await explain('kms:Decrypt')).toMatchObject({
      Allowed: false,
      Reason: { Kind: 'plaintext-withheld' },
    })
  })
})

describe('are refused', () => {
  const cases: readonly [string, Wanted, string][] = [
    ['without a grantee', { GranteePrincipal: undefined } as unknown as Wanted, 'invalid-input'],
    ['to what is no principal', { GranteePrincipal: 'somebody' }, 'invalid-arn'],
    ['to a user', { GranteePrincipal: 'arn:aws:iam::111122223333:user/a' }, 'invalid-arn'],
    ['to a service', { GranteeServicePrincipal: 's3.amazonaws.com' }, 'unsupported'],
    ['with a source ARN', { Constraints: { SourceArn: 'arn:aws:s3:::a' } }, 'unsupported'],
    ['for what the key cannot do', { Operations: ['Sign'] }, 'invalid-input'],
    [
      'with both constraints',
      { Constraints: { EncryptionContextEquals: {}, EncryptionContextSubset: {} } },
      'invalid-input',
    ],
    ['with a dry run, once all is well', { DryRun: true }, 'dry-run'],
  ]
  test.each(cases)('%s', async (_what, more, reason) => {
    expect(await background.refusal('kms:CreateGrant', grantInput(more))).toBe(reason)
    expect(await list()).toEqual([])
  })

  test('on a key that cannot have them', async () => {
    const { KeyMetadata } = await background.call('kms:CreateKey', {
      KeySpec: 'HMAC_256',
      KeyUsage: 'GENERATE_VERIFY_MAC',
    })
    const input = {
      ...grantInput({
        Operations: ['GenerateMac'],
        Constraints: { EncryptionContextEquals: { a: 'b' } },
      }),
      KeyId: KeyMetadata.Arn,
    }
    expect(await background.refusal('kms:CreateGrant', input)).toBe('invalid-input')
    await background.call('kms:ScheduleKeyDeletion', { KeyId })
    expect(await background.refusal('kms:CreateGrant', grantInput())).toBe('key-invalid-state')
  })
})

test('the same named request makes one grant', async () => {
  const first = await grant({ Name: 'mail' })
  expect((await grant({ Name: 'mail' })).GrantId).toBe(first.GrantId)
  expect((await grant({ Name: 'mail', Operations: ['Encrypt'] })).GrantId).not.toBe(first.GrantId)
  expect((await grant()).GrantId).not.toBe((await grant()).GrantId)
  expect(await list()).toHaveLength(4)
})

describe('tokens', () => {
  test('name a grant; forged, foreign and spent ones are refused', async () => {
    const { GrantToken, GrantId } = await grant()
    const use = (GrantTokens: string[]) =>
      background.refusal('kms:Encrypt', { KeyId, Plaintext, GrantTokens }, site)
    expect(await use([GrantToken])).toBe('none')
    const flipped = `${GrantToken.slice(0, 10)}${GrantToken[10] === 'A' ? 'B' : 'A'}${GrantToken.slice(11)}`
    const elsewhere = await Background.withVaultOfItsOwn()
    const { KeyMetadata } = await elsewhere.call('kms:CreateKey', {})
    const foreign = await elsewhere.call('kms:CreateGrant', {
      ...grantInput(),
      KeyId: KeyMetadata.KeyId,
    })
    for (const token of [flipped, foreign.GrantToken, 'no token', '!']) {
      expect(await use([token])).toBe('invalid-grant-token')
    }
    await background.call('kms:RevokeGrant', { KeyId, GrantId })
    expect(await use([GrantToken])).toBe('invalid-grant-token')
  })
})

describe('end', () => {
  test('revoked by the key’s account, by id', async () => {
    const { GrantId } = await grant()
    expect(await background.refusal('kms:RevokeGrant', { KeyId, GrantId: 'x' })).toBe(
      'invalid-grant-id',
    )
    expect(await background.refusal('kms:RevokeGrant', { KeyId, GrantId: 'a'.repeat(64) })).toBe(
      'grant-not-found',
    )
    expect(await background.refusal('kms:RevokeGrant', { KeyId, GrantId }, site)).toBe(
      'not-allowed',
    )
    await background.call('kms:RevokeGrant', { KeyId, GrantId })
    expect(await encrypt()).toBe('not-allowed')
  })

  test('retired by the retiring principal, by token or id', async () => {
    const RetiringPrincipal = 'https://other.example'
    for (const by of ['token', 'id'] as const) {
      const { GrantId, GrantToken } = await grant({ RetiringPrincipal })
      const mine = await background.call('kms:ListRetirableGrants', { RetiringPrincipal }, other)
      expect(mine.Grants).toMatchObject([{ GrantId, KeyId, RetiringPrincipal }])
      expect(await background.refusal('kms:ListRetirableGrants', { RetiringPrincipal }, site)).toBe(
        'not-allowed',
      )
      const input = by === 'token' ? { GrantToken } : { KeyId, GrantId }
      expect(await background.refusal('kms:RetireGrant', input, site)).toBe('not-allowed')
      expect(await background.refusal('kms:RetireGrant', { ...input, DryRun: true }, other)).toBe(
        'dry-run',
      )
      expect(await background.refusal('kms:RetireGrant', input, other)).toBe('none')
      expect(await list()).toEqual([])
    }
    expect(await background.refusal('kms:RetireGrant', {})).toBe('invalid-input')
  })

  test('retired by the grantee where the grant says so', async () => {
    const { GrantToken } = await grant({ Operations: ['Encrypt', 'RetireGrant'] })
    expect(await background.refusal('kms:RetireGrant', { GrantToken }, site)).toBe('none')
  })

  test('with the site that the person revokes, and with the key', async () => {
    await grant()
    await grant({ GranteePrincipal: 'https://other.example' })
    await background.call('keyhearth:RevokeSite', { Origin: origin })
    expect((await list()).map((one) => one.GranteePrincipal)).toEqual(['https://other.example'])
  })
})

test('who may make grants by a grant gives on no more than it has', async () => {
  await grant({
    Operations: ['CreateGrant', 'Encrypt'],
    Constraints: { EncryptionContextSubset: { a: 'b' } },
  })
  const pass = (more: Wanted) =>
    background.refusal(
      'kms:CreateGrant',
      grantInput({ GranteePrincipal: 'https://other.example', ...more }),
      site,
    )
  const Constraints = { EncryptionContextSubset: { a: 'b' } }
  expect(await pass({ Operations: ['Encrypt'], Constraints })).toBe('none')
  expect(await pass({ Operations: ['Encrypt'] })).toBe('not-allowed')
  expect(await pass({ Operations: ['Decrypt'], Constraints })).toBe('not-allowed')
  expect(await encrypt(other, { a: 'b' })).toBe('none')
})

test('revoked while a page is using it, it serves no later use', async () => {
  const { GrantId } = await grant()
  const uses = Array.from({ length: 5 }, () => encrypt())
  const revoked = background.call('kms:RevokeGrant', { KeyId, GrantId: GrantId ?? '' })
  await Promise.all([...uses, revoked, encrypt()])
  expect(await encrypt()).toBe('not-allowed')
  await grant()
  expect(await encrypt()).toBe('none')
})

test('are listed by the page and by grantee', async () => {
  for (let i = 0; i < 7; i++) await grant({ Name: `n${i}` })
  await grant({ GranteePrincipal: 'https://other.example' })
  const seen = new Set<string>()
  let Marker: string | undefined
  do {
    const found = await background.call('kms:ListGrants', {
      KeyId,
      Limit: 3,
      ...(Marker ? { Marker } : {}),
    })
    for (const one of found.Grants) seen.add(one.GrantId)
    Marker = found.NextMarker
  } while (Marker)
  expect(seen.size).toBe(8)
  const input = { KeyId, GranteePrincipal: 'https://other.example' }
  expect((await background.call('kms:ListGrants', input)).Grants).toHaveLength(1)
})

test('the person is told why: ExplainAccess', async () => {
  const ask = async () =>
    (
      await background.call('keyhearth:ExplainAccess', {
        KeyId,
        Operation: 'kms:Encrypt',
        Origin: origin,
      })
    ).Reason
  expect(await ask()).toEqual({ Kind: 'nothing-allows' })
  const { GrantId } = await grant()
  expect(await ask()).toEqual({ Kind: 'grant-allows', GrantId, Asks: false })
  const own = await background.call('keyhearth:ExplainAccess', {
    KeyId,
    Operation: 'kms:PutKeyPolicy',
  })
  expect(own).toEqual({ Allowed: true, Reason: { Kind: 'person-always' } })
  const theirs = { KeyId, Operation: 'kms:ScheduleKeyDeletion', Origin: origin } as const
  const foreign = await background.call('keyhearth:ExplainAccess', theirs)
  expect(foreign).toEqual({ Allowed: false, Reason: { Kind: 'other-account' } })
})

test('hashes are signed without asking only by a grant that says so, and by none that a page gives on', async () => {
  const spec = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' } as const
  const Message = new Uint8Array(32).fill(65)
  const signs = (key: string, MessageType: string, who = site) => {
    const input = { KeyId: key, Message, MessageType, SigningAlgorithm: 'ECDSA_SHA_256' }
    return background.refusal('kms:Sign', input, who)
  }
  const share = async (more: Wanted = {}) => {
    const { KeyMetadata } = await background.call('kms:CreateKey', spec)
    const key = { KeyId: KeyMetadata.Arn }
    await background.call('kms:CreateGrant', {
      ...grantInput({ Operations: ['Sign'], ...more }),
      ...key,
    })
    return KeyMetadata.Arn
  }
  const plain = await share()
  expect(await signs(plain, 'RAW')).toBe('none')
  expect(await signs(plain, 'DIGEST')).toBe('wait')
  const told = await share({ MaySignHashes: true })
  expect(await signs(told, 'DIGEST')).toBe('none')
  const asking = await share({ MaySignHashes: true, AskEachTime: true })
  expect(await signs(asking, 'DIGEST')).toBe('wait')
  const given = await share({ Operations: ['Sign', 'CreateGrant'] })
  const on = {
    KeyId: given,
    GranteePrincipal: 'https://other.example',
    Operations: ['Sign'],
  } as const
  await background.call('kms:CreateGrant', { ...on, Operations: [...on.Operations] }, site)
  expect(await signs(given, 'RAW', other)).toBe('none')
  expect(await signs(given, 'DIGEST', other)).toBe('wait')
  expect(await background.refusal('kms:CreateGrant', { ...on, MaySignHashes: true }, site)).toBe(
    'not-allowed',
  )

  const own = (await background.call('kms:CreateKey', spec, site)).KeyMetadata.Arn
  expect(await signs(own, 'DIGEST')).toBe('none')
  await background.call('kms:CreateGrant', { ...on, KeyId: own, Operations: ['Sign'] }, site)
  expect(await signs(own, 'DIGEST', other)).toBe('none')
})
