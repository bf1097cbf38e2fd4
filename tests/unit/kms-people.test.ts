// People: identities, cards, and messages between two vaults (docs/people.md).

import { beforeEach, describe, expect, test } from 'vitest'
import { armour, findArmoured } from '../../src/codec/armour.ts'
import { readCard, writeCard } from '../../src/codec/identityCard.ts'
import { decodeUtf8, encodeUtf8 } from '../../src/codec/text.ts'
import { parseHeader } from '../../src/encryption-sdk/header.ts'
import { buildClient, describeMessage, type Keyring } from '../../src/encryption-sdk/index.ts'
import { Background, consent, page } from './background.ts'
import { dataKeyOf, exchange, introduce } from './people.ts'

const Plaintext = encodeUtf8('at the old bridge')

let alice: Background
let bob: Background
let bobAtAlices: string
let aliceAtBobs: string

beforeEach(async () => {
  ;[alice, bob] = await Promise.all([Background.withVault(), Background.withVaultOfItsOwn()])
  await introduce(alice, 'Alice')
  await introduce(bob, 'Bob')
  ;[bobAtAlices, aliceAtBobs] = await exchange(alice, bob)
})

const send = async (from: Background, ...Recipients: string[]) =>
  (await from.call('keyhearth:EncryptMessage', { Plaintext, Recipients })).Message
const cardOf = async (vault: Background) =>
  (await vault.call('keyhearth:GetIdentity', {})).Identity?.Card ?? ''

describe('a message to somebody', () => {
  test('opens for them and says who sent it; for the sender too, and for nobody else', async () => {
    const Message = await send(alice, bobAtAlices)
    const read = await bob.call('keyhearth:DecryptMessage', { Message })
    expect(read.Plaintext).toEqual(Plaintext)
    expect(read.Sender).toMatchObject({ PersonId: aliceAtBobs, Name: 'Alice', Verified: false })
    const own = await alice.call('keyhearth:DecryptMessage', { Message })
    expect(own.Plaintext).toEqual(Plaintext)
    expect(own.Sender).toBeUndefined()
    const carol = await Background.withVaultOfItsOwn()
    await introduce(carol, 'Carol')
    expect(await carol.refusal('keyhearth:DecryptMessage', { Message })).toBe('message-key-missing')
  })

  test('is signed, and goes the other way as well, to several at once', async () => {
    const carol = await Background.withVaultOfItsOwn()
    await introduce(carol, 'Carol')
    const [carolAtBobs] = await exchange(bob, carol)
    const Message = await send(bob, aliceAtBobs, carolAtBobs)
    expect(describeMessage(Message)).toMatchObject({ signed: true, dataKeys: 3 })
    for (const vault of [alice, carol]) {
      const { Sender } = await vault.call('keyhearth:DecryptMessage', { Message })
      expect(Sender?.Name).toBe('Bob')
    }
  })

  test('from somebody unknown says so, and opens', async () => {
    const Message = await send(alice, bobAtAlices)
    await bob.call('keyhearth:RemovePerson', { PersonId: aliceAtBobs })
    const { Sender } = await bob.call('keyhearth:DecryptMessage', { Message })
    expect(Sender).toEqual({ PersonId: null, Name: '', Verified: false, Fingerprint: [] })
  })

  test('cannot be given another body by one of its readers', async () => {
    const carol = await Background.withVaultOfItsOwn()
    await introduce(carol, 'Carol')
    const [carolAtAlices] = await exchange(alice, carol)
    const Message = await send(alice, bobAtAlices, carolAtAlices)
    // Bob knows the data key, as every reader does, and Carol's data key of it as it was wrapped by Alice.
    const { header } = parseHeader(Message, 64)
    const dataKey = await dataKeyOf(bob, Message)
    const reuse: Keyring = {
      onEncrypt: async (materials) => ({
        ...materials,
        plaintextDataKey: dataKey,
        encryptedDataKeys: [...header.encryptedDataKeys],
      }),
      onDecrypt: async (materials) => materials,
    }
    const { 'aws-crypto-public-key': _key, ...encryptionContext } = header.encryptionContext
    const forged = await buildClient().encrypt(reuse, encodeUtf8('at the new bridge'), {
      encryptionContext,
      suiteId: 0x0578,
    })
    expect(await carol.refusal('keyhearth:DecryptMessage', { Message: forged.result })).not.toBe(
      'none',
    )
  })

  test('that is not signed says of nobody that they sent it', async () => {
    const AlgorithmSuite = '0478' as const
    const input = { Plaintext, Recipients: [bobAtAlices], AlgorithmSuite }
    const { Message } = await alice.call('keyhearth:EncryptMessage', input)
    const read = await bob.call('keyhearth:DecryptMessage', { Message })
    expect(read.Plaintext).toEqual(Plaintext)
    expect(read.Sender).toBeUndefined()
  })

  test('is not for a page to send, nor to open', async () => {
    const site = page('https://app.example')
    const { RequestId } = await bob.requests.add(site, 'connect', ['messages'], Date.now())
    await bob.call('keyhearth:DecideRequest', { RequestId, Decision: 'site' }, consent)
    const input = { Plaintext, Recipients: [aliceAtBobs] }
    expect(await bob.refusal('keyhearth:EncryptMessage', input, site)).toBe('not-allowed')
    const Message = await send(alice, bobAtAlices)
    expect(await bob.refusal('keyhearth:DecryptMessage', { Message }, site)).toBe(
      'message-key-foreign',
    )
    for (const operation of ['keyhearth:ListPeople', 'keyhearth:GetIdentity'] as const) {
      expect(await bob.refusal(operation, {}, site)).toBe('not-allowed')
    }
  })

  test('from a page that has somebody’s card opens for them, from nobody they know', async () => {
    const site = page('https://app.example')
    const { RequestId } = await bob.requests.add(site, 'connect', ['messages'], Date.now())
    await bob.call('keyhearth:DecideRequest', { RequestId, Decision: 'site' }, consent)
    const input = { Plaintext, RecipientCards: [await cardOf(alice)] }
    const { Message } = await bob.call('keyhearth:EncryptMessage', input, site)
    const read = await alice.call('keyhearth:DecryptMessage', { Message })
    expect(read.Plaintext).toEqual(Plaintext)
    expect(read.EncryptionContext).toMatchObject({ 'keyhearth:origin': site.origin })
    expect(read.Sender).toMatchObject({ PersonId: null, Verified: false })
    expect((await bob.call('keyhearth:DecryptMessage', { Message }, site)).Plaintext).toEqual(
      Plaintext,
    )
    const bad = { Plaintext, RecipientCards: ['no card'] }
    expect(await bob.refusal('keyhearth:EncryptMessage', bad, site)).toBe('card-malformed')
  })

  test('to somebody who was removed is refused', async () => {
    await alice.call('keyhearth:RemovePerson', { PersonId: bobAtAlices })
    const input = { Plaintext, Recipients: [bobAtAlices] }
    expect(await alice.refusal('keyhearth:EncryptMessage', input)).toBe('person-not-found')
  })

  test('opens after the worker was killed, and not while locked', async () => {
    const Message = await send(alice, bobAtAlices)
    await bob.restart()
    expect((await bob.call('keyhearth:DecryptMessage', { Message })).Sender?.Name).toBe('Alice')
    await bob.call('keyhearth:Lock', {})
    expect(await bob.refusal('keyhearth:DecryptMessage', { Message })).toBe('vault-locked')
  })
})

describe('a card', () => {
  test('is read as pages and mail leave it, and reviewed before it is taken', async () => {
    const carol = await Background.withVaultOfItsOwn()
    await introduce(carol, 'Zoë 🔥 O’Neill')
    const card = await cardOf(carol)
    const quoted = `On Monday:\n${card.trimEnd().replace(/^/gm, '> ')}\nBye`
    const review = await alice.call('keyhearth:ReviewCard', { Card: quoted })
    expect(review).toMatchObject({ Name: 'Zoë 🔥 O’Neill', Known: 'new', Person: null })
    expect(review.Fingerprint).toHaveLength(12)
    const own = (await carol.call('keyhearth:GetIdentity', {})).Identity
    expect(review.Fingerprint).toEqual(own?.Fingerprint)
    expect((await alice.call('keyhearth:ListPeople', {})).People).toHaveLength(1)
    expect((await alice.call('keyhearth:ReviewCard', { Card: await cardOf(alice) })).Known).toBe(
      'you',
    )
    expect((await alice.call('keyhearth:ReviewCard', { Card: await cardOf(bob) })).Known).toBe(
      'same',
    )
    expect(await alice.refusal('keyhearth:ImportPerson', { Card: await cardOf(bob) })).toBe(
      'person-known',
    )
    expect(await alice.refusal('keyhearth:ImportPerson', { Card: await cardOf(alice) })).toBe(
      'person-known',
    )
  })

  test('of a name that looks like one that is known is said to be so, and is somebody else', async () => {
    const impostor = await Background.withVaultOfItsOwn()
    await introduce(impostor, 'Воb')
    const Card = await cardOf(impostor)
    expect(await alice.call('keyhearth:ReviewCard', { Card })).toMatchObject({
      Known: 'alike',
      MixedScripts: true,
      Person: { PersonId: bobAtAlices },
    })
    await alice.call('keyhearth:ImportPerson', { Card })
    const { People } = await alice.call('keyhearth:ListPeople', {})
    expect(People).toHaveLength(2)
  })

  test('of somebody known with other keys is said to be changed, and may replace the old one', async () => {
    await alice.call('keyhearth:UpdatePerson', { PersonId: bobAtAlices, Verified: true })
    const impostor = await Background.withVaultOfItsOwn()
    await introduce(impostor, 'BOB')
    const Card = await cardOf(impostor)
    const review = await alice.call('keyhearth:ReviewCard', { Card })
    expect(review).toMatchObject({
      Known: 'changed',
      Person: { PersonId: bobAtAlices, Verified: true },
    })
    await alice.call('keyhearth:ImportPerson', { Card, Replace: bobAtAlices })
    const { People } = await alice.call('keyhearth:ListPeople', {})
    expect(People).toEqual([
      expect.objectContaining({
        PersonId: bobAtAlices,
        Name: 'Bob',
        Verified: false,
        Fingerprint: review.Fingerprint,
        ChangedAt: expect.any(Number),
      }),
    ])
  })

  test('with an agreement key of somebody known is nobody else', async () => {
    const carol = await Background.withVaultOfItsOwn()
    await introduce(carol, 'Carol')
    const { Identity } = await bob.call('keyhearth:GetIdentity', {})
    await bob.call('keyhearth:SetIdentityName', { Name: 'Not Bob' })
    const renamed = await cardOf(bob)
    expect(Identity?.Card).not.toBe(renamed)
    expect(await alice.refusal('keyhearth:ImportPerson', { Card: renamed })).toBe('person-known')
  })

  const changes: readonly (readonly [string, (json: string) => string])[] = [
    ['another name', (json) => json.replace('Bob', 'Bop')],
    ['another time', (json) => json.replace(/"createdAt":\d/, '"createdAt":2')],
    ['a member more', (json) => json.replace('{', '{"a":1,')],
    ['a name that turns the line', (json) => json.replace('Bob', 'B\u202eob')],
    ['no name', (json) => json.replace('Bob', '')],
    ['a key cut', (json) => json.replace(/"agreementKey":".{8}/, '"agreementKey":"')],
    ['another format', (json) => json.replace('identity-1', 'identity-2')],
    ['no JSON', () => 'nothing'],
    ['null', () => 'null'],
    ['a list', () => '[]'],
  ]
  test.each(changes)('with %s is none', async (_what, change) => {
    const [block] = findArmoured(await cardOf(bob), { what: 'IDENTITY' })
    if (!block || !('bytes' in block)) throw new Error('no card')
    const Card = armour(encodeUtf8(change(decodeUtf8(block.bytes))), 'IDENTITY')
    expect(await alice.refusal('keyhearth:ReviewCard', { Card })).toBe('card-malformed')
    expect(await alice.refusal('keyhearth:ImportPerson', { Card })).toBe('card-malformed')
  })

  test('with keys of another is none: the signature is of one person', async () => {
    const [mine, theirs] = [readCard(await cardOf(alice)), readCard(await cardOf(bob))]
    if (!mine || !theirs) throw new Error('no cards')
    const Card = writeCard({ ...theirs, agreementKey: mine.agreementKey })
    expect(await bob.refusal('keyhearth:ReviewCard', { Card })).toBe('card-malformed')
  })

  test.each([[''], ['hello'], [armour(new Uint8Array(9))]])('is not in %j', async (Card) => {
    expect(await alice.refusal('keyhearth:ReviewCard', { Card })).toMatch(
      /card-malformed|invalid-input/,
    )
  })
})

test('at rest the names of people are not readable', async () => {
  const rows = await alice.db.getAll('people')
  expect(rows).toHaveLength(2)
  const text = rows.map(({ id, sealed }) => id + Buffer.from(sealed).toString('latin1')).join()
  expect(text).not.toMatch(/Bob|Alice/)
})
