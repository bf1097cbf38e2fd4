// Branch keys kept in the vault (AWS Encryption SDK specification, framework/branch-key-store.md and
// framework/aws-kms/aws-kms-hierarchical-keyring.md): made, versioned, used for messages, and always under
// the rights that hold at that moment.

import { beforeEach, describe, expect, test } from 'vitest'
import { describeMessage } from '../../src/encryption-sdk/index.ts'
import { Background, consent, page, passphrase, person } from './background.ts'

const Plaintext = new TextEncoder().encode('kept')
const site = page('https://app.example')
const other = page('https://other.example')

let vault: Background

beforeEach(async () => {
  vault = await Background.withVault()
  for (const one of [site, other]) {
    const { RequestId } = await vault.requests.add(one, 'connect', ['messages', 'keys'], Date.now())
    await vault.call('keyhearth:DecideRequest', { RequestId, Decision: 'site' }, consent)
  }
})

const create = (input = {}, who: typeof person | typeof site = person) =>
  vault.call('keyhearth:CreateBranchKey', input, who)
const seal = async (BranchKeyId: string, who: typeof person | typeof site = person) =>
  (await vault.call('keyhearth:EncryptMessage', { Plaintext, BranchKeyId }, who)).Message
const open = (Message: Uint8Array<ArrayBuffer>, who: typeof person | typeof site = person) =>
  vault.call('keyhearth:DecryptMessage', { Message }, who)
const refusedOpening = (Message: Uint8Array, who: typeof person | typeof site = person) =>
  vault.refusal('keyhearth:DecryptMessage', { Message }, who)

describe('a branch key', () => {
  test('wraps the data keys of messages, which open again', async () => {
    const { BranchKeyId, BranchKeyVersion, KeyId } = await create()
    expect(BranchKeyVersion).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    const Message = await seal(BranchKeyId)
    const { recipients, kmsKeyArns } = describeMessage(Message)
    expect(recipients).toEqual([{ keyNamespace: 'aws-kms-hierarchy', keyName: BranchKeyId }])
    expect(kmsKeyArns).toEqual([])
    expect(await open(Message)).toMatchObject({ Plaintext, KeyId })
  })

  test('lives on in the vault: after a restart of the worker and of the browser', async () => {
    const { BranchKeyId } = await create({ BranchKeyId: 'tenant 7' })
    const Message = await seal(BranchKeyId)
    await vault.restart()
    expect((await open(Message)).Plaintext).toEqual(Plaintext)
    await vault.endBrowser()
    expect(await refusedOpening(Message)).toBe('vault-locked')
    await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
    expect((await open(Message)).Plaintext).toEqual(Plaintext)
  })

  test('has versions: new messages are under the newest, old ones go on opening', async () => {
    const made = await create()
    const { BranchKeyId } = made
    const before = await seal(BranchKeyId)
    const versioned = await vault.call('keyhearth:VersionBranchKey', { BranchKeyId })
    expect(versioned.BranchKeyVersion).not.toBe(made.BranchKeyVersion)
    const after = await seal(BranchKeyId)
    await vault.restart()
    for (const Message of [before, after])
      expect((await open(Message)).Plaintext).toEqual(Plaintext)
    const { BranchKeys } = await vault.call('keyhearth:ListBranchKeys', {})
    expect(BranchKeys).toEqual([
      expect.objectContaining({ ...versioned, Versions: 2, EncryptionContext: {} }),
    ])
  })

  test('is made once under one id, and listed in pages', async () => {
    for (const BranchKeyId of ['c', 'a', 'b']) await create({ BranchKeyId })
    expect(await vault.refusal('keyhearth:CreateBranchKey', { BranchKeyId: 'a' })).toBe(
      'branch-key-exists',
    )
    const first = await vault.call('keyhearth:ListBranchKeys', { Limit: 2 })
    const { NextMarker: Marker = '' } = first
    const rest = await vault.call('keyhearth:ListBranchKeys', { Limit: 2, Marker })
    const ids = [...first.BranchKeys, ...rest.BranchKeys].map(({ BranchKeyId }) => BranchKeyId)
    expect([ids, rest.Truncated]).toEqual([['a', 'b', 'c'], false])
  })

  test.each([[''], ['x'.repeat(257)], ['line\nbreak'], ['zero\u200bwidth']])(
    'has no id such as %j',
    async (BranchKeyId) => {
      expect(await vault.refusal('keyhearth:CreateBranchKey', { BranchKeyId })).toBe(
        'invalid-input',
      )
    },
  )

  test('that there is not cannot be used, versioned, or named beside a key', async () => {
    const BranchKeyId = 'none'
    const input = { Plaintext, BranchKeyId }
    expect(await vault.refusal('keyhearth:EncryptMessage', input)).toBe('branch-key-not-found')
    expect(await vault.refusal('keyhearth:VersionBranchKey', { BranchKeyId })).toBe(
      'branch-key-not-found',
    )
    const both = { ...input, KeyId: 'alias/personal' }
    expect(await vault.refusal('keyhearth:EncryptMessage', both)).toBe('invalid-input')
  })

  test('at rest names neither itself nor its context', async () => {
    await create({ BranchKeyId: 'tenant-of-seven', EncryptionContext: { project: 'lighthouse' } })
    const rows = await vault.db.getAll('branchKeys')
    expect(rows).toHaveLength(1)
    const text = JSON.stringify(rows) + Buffer.from(rows[0]?.sealed ?? []).toString('latin1')
    expect(text).not.toMatch(/tenant-of-seven|lighthouse/)
  })
})

describe('its KMS key', () => {
  const made = async () => {
    const { KeyMetadata } = await vault.call('kms:CreateKey', {})
    const { BranchKeyId } = await create({
      KeyId: KeyMetadata.KeyId,
      EncryptionContext: { project: 'x' },
    })
    return { KeyId: KeyMetadata.KeyId, BranchKeyId, Message: await seal(BranchKeyId) }
  }

  test('decides at each use: disabled or gone, nothing opens, though the key was in the cache', async () => {
    const { KeyId, BranchKeyId, Message } = await made()
    await open(Message)
    await vault.call('kms:DisableKey', { KeyId })
    expect(await refusedOpening(Message)).toBe('key-disabled')
    const input = { Plaintext, BranchKeyId }
    expect(await vault.refusal('keyhearth:EncryptMessage', input)).toBe('key-disabled')
    await vault.call('kms:EnableKey', { KeyId })
    expect((await open(Message)).Plaintext).toEqual(Plaintext)
  })

  test('sees the branch key in its encryption context, and its policy can ask for it', async () => {
    const { KeyId, BranchKeyId, Message } = await made()
    const allow = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' }
    const policy = (operator: string) => ({
      KeyId,
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { ...allow, Action: 'kms:*' },
          {
            ...allow,
            Effect: 'Deny',
            Action: 'kms:Decrypt',
            Condition: {
              [operator]: {
                'kms:EncryptionContext:branch-key-id': BranchKeyId,
                'kms:EncryptionContext:aws-crypto-ec:project': 'x',
                'kms:EncryptionContext:hierarchy-version': '1',
              },
            },
          },
        ],
      }),
    })
    await vault.call('kms:PutKeyPolicy', policy('StringNotEquals'))
    expect(await refusedOpening(Message)).toBe('none')
    await vault.call('kms:PutKeyPolicy', policy('StringEquals'))
    expect(await refusedOpening(Message)).toBe('not-allowed')
  })

  test('rotates beneath it', async () => {
    const { KeyId, Message } = await made()
    await vault.call('kms:RotateKeyOnDemand', { KeyId })
    await vault.restart()
    expect((await open(Message)).Plaintext).toEqual(Plaintext)
  })
})

describe('sites', () => {
  test('have branch keys of their own; the person opens them all', async () => {
    const BranchKeyId = 'tenant'
    for (const who of [site, other, person]) await create({ BranchKeyId }, who)
    const [mine, theirs, persons] = [
      await seal(BranchKeyId, site),
      await seal(BranchKeyId, other),
      await seal(BranchKeyId),
    ]
    expect((await open(mine, site)).EncryptionContext).toMatchObject({
      'keyhearth:origin': site.origin,
    })
    for (const foreign of [theirs, persons]) {
      expect(await refusedOpening(foreign, site)).toBe('invalid-ciphertext')
    }
    for (const Message of [mine, theirs, persons]) {
      expect((await open(Message)).Plaintext).toEqual(Plaintext)
    }
    const { BranchKeys } = await vault.call('keyhearth:ListBranchKeys', {}, site)
    expect(BranchKeys).toHaveLength(1)
  })

  test('without one of that id learn that the message is not for them', async () => {
    const { BranchKeyId } = await create()
    expect(await refusedOpening(await seal(BranchKeyId), site)).toBe('message-key-foreign')
  })

  test('need the right to keys to make one', async () => {
    const third = page('https://third.example')
    const { RequestId } = await vault.requests.add(third, 'connect', ['messages'], Date.now())
    await vault.call('keyhearth:DecideRequest', { RequestId, Decision: 'site' }, consent)
    expect(await vault.refusal('keyhearth:CreateBranchKey', {}, third)).toBe('not-allowed')
    expect(await vault.refusal('keyhearth:ListBranchKeys', {}, third)).toBe('not-allowed')
  })
})

test('the trail has who made it, under which key, and no key material', async () => {
  const { BranchKeyId, BranchKeyVersion, KeyId } = await create({}, site)
  await seal(BranchKeyId, site)
  const { Events } = await vault.call('keyhearth:ListEvents', { Limit: 2 })
  expect(Events.map(({ eventName }) => eventName)).toEqual(['EncryptMessage', 'CreateBranchKey'])
  expect(Events[0]?.requestParameters).toMatchObject({ BranchKeyId })
  expect(Events[1]?.responseElements).toEqual({ BranchKeyId, BranchKeyVersion, KeyId })
  expect(Events[1]?.resources.map(({ ARN }) => ARN)).toContain(KeyId)
})

test('the bulk lane takes them: a message is started and opened in the page', async () => {
  const { BranchKeyId } = await create({}, site)
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
    'deriveBits',
  ])
  const Recipient = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  const input = { Recipient, PlaintextLength: 4, BranchKeyId }
  const { Header, KeyId } = await vault.call('keyhearth:StartMessage', input, site)
  const opened = await vault.call('keyhearth:OpenMessage', { Recipient, Header }, site)
  expect(opened.KeyId).toBe(KeyId)
  expect(await vault.refusal('keyhearth:OpenMessage', { Recipient, Header }, other)).toBe(
    'message-key-foreign',
  )
})
