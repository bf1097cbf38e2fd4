// Design sections 3 and 4: a web origin is an account; rights come from the person alone.

import { describe, expect, test, vi } from 'vitest'
import { browser } from 'wxt/browser'
import { answerKnock } from '../../src/gate/knocks.ts'
import { isLeaving, isTrustworthy, principalOf, type Sender } from '../../src/gate/principals.ts'
import { isSilenced } from '../../src/gate/requests.ts'
import type { Call } from '../../src/protocol/messages.ts'
import type { Right } from '../../src/protocol/operationRow.ts'
import type { PagePrincipal } from '../../src/protocol/principals.ts'
import { Background, consent, page, passphrase, person } from './background.ts'

const clinic = page('https://clinic.example')
const shop = page('https://shop.example')

async function allow(
  vault: Background,
  who: PagePrincipal = clinic,
  Decision: 'once' | 'site' = 'site',
  more: readonly Right[] = [],
) {
  const { RequestId } = await vault.requests.add(who, 'connect', ['messages', ...more], Date.now())
  await vault.call('keyhearth:DecideRequest', { RequestId, Decision }, consent)
}

const text = (value: string) => new TextEncoder().encode(value)

describe('a page', () => {
  test('that nobody allowed may do nothing', async () => {
    const vault = await Background.withVault()
    for (const [operation, input] of [
      ['keyhearth:EncryptMessage', { Plaintext: text('x') }],
      ['kms:Encrypt', { KeyId: 'alias/personal', Plaintext: text('x') }],
      ['kms:ListKeys', {}],
      ['secretsmanager:ListSecrets', {}],
    ] as const) {
      expect(await vault.refusal(operation, input, clinic)).toBe('disconnected')
    }
  })

  test('never reaches an operation of the extension', async () => {
    const vault = await Background.withVault()
    await allow(vault)
    for (const operation of [
      'keyhearth:Unlock',
      'keyhearth:Lock',
      'keyhearth:GetStatus',
      'keyhearth:ListSites',
      'keyhearth:DecideRequest',
      'keyhearth:GetPendingRecoveryKey',
      'keyhearth:ListEvents',
    ] as const) {
      expect(await vault.refusal(operation, {}, clinic)).toMatch(/not-allowed|invalid-input/)
    }
  })

  test('with the right to messages has no other', async () => {
    const vault = await Background.withVault()
    await allow(vault)
    expect(await vault.refusal('kms:ListKeys', {}, clinic)).toBe('not-allowed')
    expect(await vault.refusal('secretsmanager:ListSecrets', {}, clinic)).toBe('not-allowed')
  })

  test('encrypts under its own key and reads it back; another page and its key do not', async () => {
    const vault = await Background.withVault()
    await allow(vault)
    await allow(vault, shop)
    const made = await vault.call('keyhearth:EncryptMessage', { Plaintext: text('hello') }, clinic)
    const read = await vault.call('keyhearth:DecryptMessage', { Message: made.Message }, clinic)
    expect(read.Plaintext).toEqual(text('hello'))
    expect(read.EncryptionContext['keyhearth:origin']).toBe('https://clinic.example')
    expect(read.KeyId).toBe(made.KeyId)
    expect(await vault.refusal('keyhearth:DecryptMessage', { Message: made.Message }, shop)).toBe(
      'message-key-foreign',
    )
    expect(
      await vault.refusal(
        'keyhearth:EncryptMessage',
        { Plaintext: text('x'), KeyId: made.KeyId },
        shop,
      ),
    ).toBe('not-allowed')
    // The person is root of every account.
    const own = await vault.call('keyhearth:DecryptMessage', { Message: made.Message }, person)
    expect(own.Plaintext).toEqual(text('hello'))
  })

  test.each(['keyhearth:RevokeSite', 'keyhearth:BlockSite'] as const)(
    'gets no answer to a call that was under way at %s, and the trail says that it was refused',
    async (ending) => {
      const vault = await Background.withVault()
      await allow(vault)
      // Held right behind its authorisation.
      const authorised = Promise.withResolvers<void>()
      const held = Promise.withResolvers<void>()
      const { sites } = vault
      const stageUse = sites.stageUse.bind(sites)
      sites.stageUse = async (...given) => {
        authorised.resolve()
        await held.promise
        return stageUse(...given)
      }
      const call = vault.refusal('keyhearth:EncryptMessage', { Plaintext: text('x') }, clinic)
      await authorised.promise
      await vault.call(ending, { Origin: clinic.origin })
      held.resolve()
      expect(await call).toBe('disconnected')
      const { Events } = await vault.call('keyhearth:ListEvents', { Origin: clinic.origin })
      const [event, ...more] = Events.filter(({ eventName }) => eventName === 'EncryptMessage')
      expect(more).toEqual([])
      expect(event?.errorCode).toBe('AccessDeniedException')
    },
  )

  test('cannot say that it is another origin', async () => {
    const vault = await Background.withVault()
    await allow(vault)
    expect(
      await vault.refusal(
        'keyhearth:EncryptMessage',
        {
          Plaintext: text('x'),
          EncryptionContext: { 'keyhearth:origin': 'https://shop.example' },
        },
        clinic,
      ),
    ).toBe('invalid-input')
  })

  test('allowed once is allowed in that document, also after a killed worker', async () => {
    const vault = await Background.withVault()
    await allow(vault, clinic, 'once')
    const input = { Plaintext: text('x') }
    await vault.restart()
    expect(await vault.refusal('keyhearth:EncryptMessage', input, clinic)).toBe('none')
    const reloaded = { ...clinic, documentId: 'the next document' }
    expect(await vault.refusal('keyhearth:EncryptMessage', input, reloaded)).toBe('disconnected')
    await vault.endBrowser()
    expect(vault.sites.origins).toEqual([])
  })

  test('allowed once, it is listed while that document stands, beside those with grants alone', async () => {
    const vault = await Background.withVault()
    await allow(vault, clinic, 'once')
    const { KeyMetadata } = await vault.call('kms:CreateKey', {})
    await vault.call('kms:CreateGrant', {
      KeyId: KeyMetadata.Arn,
      GranteePrincipal: shop.origin,
      Operations: ['Encrypt'],
    })
    const { Sites } = await vault.call('keyhearth:ListSites', {})
    expect(Sites).toMatchObject([
      { Origin: clinic.origin, Rights: [], AllowedAt: null, OnceRights: ['messages'], Grants: 0 },
      { Origin: shop.origin, Rights: [], AllowedAt: null, OnceRights: [], Grants: 1 },
    ])
    vault.left.add(clinic.documentId)
    const { Site } = await vault.call('keyhearth:GetSite', { Origin: clinic.origin })
    expect(Site).toBe(null)
    await vault.call('keyhearth:RevokeSite', { Origin: shop.origin })
    expect((await vault.call('keyhearth:ListSites', {})).Sites).toEqual([])
  })

  test('waits where the vault is locked, and is refused once its rights are revoked', async () => {
    const vault = await Background.withVault()
    await allow(vault)
    await vault.call('keyhearth:Lock', {})
    const input = { Plaintext: text('x') }
    expect(await vault.refusal('keyhearth:EncryptMessage', input, clinic)).toBe('wait')
    expect(await vault.refusal('keyhearth:EncryptMessage', input, shop)).toBe('disconnected')
    await vault.call('keyhearth:Unlock', { Passphrase: 'correct horse battery staple' })
    await vault.call('keyhearth:RevokeSite', { Origin: clinic.origin })
    expect(await vault.refusal('keyhearth:EncryptMessage', input, clinic)).toBe('disconnected')
    expect((await vault.call('keyhearth:ListSites', {})).Sites).toEqual([])
  })
})

describe('a decision', () => {
  test('comes from the consent window and from nowhere else', async () => {
    const vault = await Background.withVault()
    const { RequestId } = await vault.requests.add(clinic, 'connect', ['messages'], Date.now())
    const decide = { RequestId, Decision: 'site' }
    expect(await vault.refusal('keyhearth:DecideRequest', decide, person)).toBe('not-allowed')
    expect(await vault.refusal('keyhearth:DecideRequest', decide, clinic)).toBe('not-allowed')
    expect(vault.sites.origins).toEqual([])
  })

  test('counts once', async () => {
    const vault = await Background.withVault()
    const { RequestId } = await vault.requests.add(clinic, 'connect', ['messages'], Date.now())
    await vault.call('keyhearth:RefuseRequest', { RequestId })
    expect(
      await vault.refusal('keyhearth:DecideRequest', { RequestId, Decision: 'site' }, consent),
    ).toBe('request-gone')
  })
})

test('three refusals within half a minute silence an origin for one', () => {
  expect(isSilenced([0, 10_000], 10_001)).toBe(false)
  expect(isSilenced([0, 10_000, 20_000], 20_001)).toBe(true)
  expect(isSilenced([0, 10_000, 20_000], 80_001)).toBe(false)
  expect(isSilenced([0, 10_000, 40_001], 40_002)).toBe(false)
})

test.each([
  ['https://example.com', true],
  ['https://example.com:8443', true],
  ['http://127.0.0.1:8080', true],
  ['http://localhost', true],
  ['http://app.localhost:3000', true],
  ['http://[::1]:3000', true],
  ['http://example.com', false],
  ['http://127.0.0.1.example.com', false],
  ['null', false],
  ['https://example.com/path', false],
  ['file://', false],
  ['javascript:alert(1)', false],
  ['https://example.com.', false],
  ['http://localhost.', false],
  ['', false],
])('the origin %s is trustworthy: %s (W3C Secure Contexts 3.1)', (origin, trusted) => {
  expect(isTrustworthy(origin)).toBe(trusted)
})

test('a site that asks and asks leaves room for the others', async () => {
  const vault = await Background.withVault()
  const ask = (origin: string, i: number) => {
    const frame = { ...page(origin), documentId: `frame ${i} of ${origin}`, frameId: i }
    return vault.requests.add(frame, 'connect', ['messages'], Date.now())
  }
  for (let i = 0; i < 8; i++) await ask(clinic.origin, i)
  await expect(ask(clinic.origin, 8)).rejects.toMatchObject({ reason: 'throttled' })
  // What waits already may go on asking, and so may others.
  await ask(clinic.origin, 0)
  await ask(shop.origin, 0)
  expect(vault.requests.all).toHaveLength(9)
})

test('asking again does not widen a request the person may be looking at', async () => {
  const vault = await Background.withVault()
  const first = await vault.requests.add(clinic, 'connect', ['messages'], Date.now())
  const again = await vault.requests.add(clinic, 'connect', ['messages', 'secrets'], Date.now())
  expect(again.RequestId).toBe(first.RequestId)
  expect(again.Rights).toEqual(['messages'])
})

test('what a page asks on and on while locked is written once', async () => {
  const vault = await Background.withVault()
  await allow(vault)
  await vault.call('keyhearth:Lock', {})
  const written = vi.spyOn(vault.session, 'set')
  const waits = new Set<unknown>()
  for (let i = 0; i < 20; i++) {
    const id = `call ${i}`
    const input = { Plaintext: text('x') }
    const call = { keyhearth: 1, type: 'call', id, operation: 'keyhearth:EncryptMessage', input }
    const reply = await vault.gate.answer(clinic, call as Call)
    waits.add('wait' in reply && reply.wait)
  }
  expect(waits.size).toBe(1)
  expect([...waits][0]).toEqual(expect.any(String))
  expect(written).toHaveBeenCalledTimes(1)
})

describe('a frame inside another origin', () => {
  const frame: PagePrincipal = { ...clinic, top: shop.origin, frameId: 3, documentId: 'the frame' }
  const name = 'https://clinic.example in https://shop.example'
  const input = { Plaintext: text('x') }

  test('is a site of its own, which shares nothing with either origin', async () => {
    const vault = await Background.withVault()
    await allow(vault)
    await allow(vault, shop)
    expect(await vault.refusal('keyhearth:EncryptMessage', input, frame)).toBe('disconnected')
    await allow(vault, frame)
    const { Message } = await vault.call('keyhearth:EncryptMessage', input, frame)
    const read = await vault.call('keyhearth:DecryptMessage', { Message }, frame)
    expect(read.EncryptionContext).toMatchObject({
      'keyhearth:origin': clinic.origin,
      'keyhearth:top-origin': shop.origin,
    })
    const elsewhere = { ...frame, top: 'https://third.example' }
    const swapped = { ...frame, origin: shop.origin, top: clinic.origin }
    for (const other of [clinic, shop]) {
      expect(await vault.refusal('keyhearth:DecryptMessage', { Message }, other)).toBe(
        'message-key-foreign',
      )
    }
    for (const other of [elsewhere, swapped]) {
      expect(await vault.refusal('keyhearth:EncryptMessage', input, other)).toBe('disconnected')
    }
    const { Sites } = await vault.call('keyhearth:ListSites', {})
    expect(new Set(Sites.map(({ AccountId }) => AccountId)).size).toBe(3)
    expect(Sites.map(({ Origin }) => Origin)).toContain(name)
    const { Events } = await vault.call('keyhearth:ListEvents', { Origin: name })
    expect(Events.map(({ eventName }) => eventName)).toContain('EncryptMessage')
  })

  test('is remembered while locked and after a restart, and ends when it is revoked', async () => {
    const vault = await Background.withVault()
    await allow(vault, frame)
    await vault.call('keyhearth:Lock', {})
    await vault.restart()
    expect(vault.sites.origins).toEqual([name])
    expect(await vault.refusal('keyhearth:EncryptMessage', input, frame)).toBe('wait')
    await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
    await vault.call('keyhearth:RevokeSite', { Origin: name })
    expect(await vault.refusal('keyhearth:EncryptMessage', input, frame)).toBe('disconnected')
  })

  test.each([
    ['it', name],
    ['its origin', clinic.origin],
    ['the page around it', shop.origin],
  ])('ends where %s is blocked', async (_what, Origin) => {
    const vault = await Background.withVault()
    await allow(vault, frame)
    await vault.call('keyhearth:BlockSite', { Origin })
    expect(await vault.refusal('keyhearth:EncryptMessage', input, frame)).toBe('disconnected')
    const knock = { keyhearth: 1, type: 'knock', active: true } as const
    expect(await answerKnock(vault, frame, knock)).toEqual({ answer: 'ignore' })
    // Unblocked, it may ask again; what it had is gone.
    await vault.call('keyhearth:UnblockSite', { Origin })
    expect(await vault.sites.rightsOf(frame)).toEqual([])
    expect(await answerKnock(vault, frame, knock)).toEqual({ answer: 'ask' })
  })

  test('asks after a click alone, and leaves nothing behind the badge', async () => {
    const vault = await Background.withVault()
    const knock = { keyhearth: 1, type: 'knock', active: false } as const
    expect(await answerKnock(vault, frame, knock)).toEqual({ answer: 'ignore' })
    const connect = { keyhearth: 1, type: 'connect', active: false, rights: ['messages'] } as const
    expect(await answerKnock(vault, frame, connect)).toEqual({ answer: 'ignore' })
    expect(vault.requests.all).toEqual([])
  })

  test('cannot say that it stands elsewhere, nor a page that it is a frame', async () => {
    const vault = await Background.withVault()
    await allow(vault, frame)
    await allow(vault)
    const claims = [
      [frame, { 'keyhearth:top-origin': 'https://bank.example' }],
      [clinic, { 'keyhearth:top-origin': shop.origin }],
    ] as const
    for (const [who, EncryptionContext] of claims) {
      const claiming = { ...input, EncryptionContext }
      expect(await vault.refusal('keyhearth:EncryptMessage', claiming, who)).toBe('invalid-input')
    }
  })

  test('is granted the use of a key as that pair, not by its origin', async () => {
    const vault = await Background.withVault()
    const { KeyMetadata } = await vault.call('kms:CreateKey', {})
    const KeyId = KeyMetadata.Arn
    await allow(vault, frame, 'site', ['keys'])
    const use = { KeyId, Plaintext: text('x') }
    const grant = (GranteePrincipal: string) =>
      vault.call('kms:CreateGrant', { KeyId, GranteePrincipal, Operations: ['Encrypt'] })
    await grant(clinic.origin)
    await grant(shop.origin)
    expect(await vault.refusal('kms:Encrypt', use, frame)).toBe('not-allowed')
    await grant(name)
    expect(await vault.refusal('kms:Encrypt', use, frame)).toBe('none')
    expect(await vault.call('keyhearth:ListSiteGrants', { Origin: name })).toMatchObject({
      Grants: [{ GranteePrincipal: name }],
    })
  })
})

test('what the top was allowed once, its own frames have as long as that document stands', async () => {
  const vault = await Background.withVault()
  await allow(vault, clinic, 'once')
  const input = { Plaintext: text('x') }
  const frame = { ...clinic, frameId: 4, documentId: 'a frame' }
  expect(await vault.refusal('keyhearth:EncryptMessage', input, frame)).toBe('none')
  const others = [
    { ...frame, top: shop.origin },
    { ...frame, tabId: 2 },
    { ...clinic, documentId: 'the next document' },
  ]
  for (const other of others) {
    expect(await vault.refusal('keyhearth:EncryptMessage', input, other)).toBe('disconnected')
  }
  vault.left.add(clinic.documentId)
  expect(await vault.refusal('keyhearth:EncryptMessage', input, frame)).toBe('disconnected')
})

describe('who sends a message', () => {
  const sender = (more: Partial<Sender>): Sender => ({
    id: browser.runtime.id,
    url: 'https://clinic.example/page',
    origin: 'https://clinic.example',
    frameId: 7,
    documentId: 'd',
    documentLifecycle: 'active' as never,
    tab: { id: 1, url: 'https://shop.example/' } as never,
    ...more,
  })

  test.each([
    ['a frame in another page', {}, { origin: clinic.origin, top: shop.origin }],
    ['the top', { frameId: 0, tab: { id: 1, url: 'https://clinic.example/' } as never }, clinic],
    ['a frame of the page', { tab: { id: 1, url: 'https://clinic.example/x' } as never }, clinic],
  ])('%s', (_what, more, { origin, ...rest }) => {
    const top = 'top' in rest ? { top: rest.top } : {}
    const who = principalOf(sender(more))
    expect(who).toMatchObject({ kind: 'page', origin, ...top })
    expect(who && 'top' in who).toBe('top' in rest)
  })

  test.each([
    ['an opaque origin', { origin: 'null' }],
    ['srcdoc of an opaque origin', { origin: 'null', url: 'about:srcdoc' }],
    ['a frame in a page on plain http', { tab: { id: 1, url: 'http://shop.example/' } as never }],
    ['a frame in an extension', { tab: { id: 1, url: 'chrome-extension://abc/x' } as never }],
    ['a frame in a file', { tab: { id: 1, url: 'file:///x' } as never }],
    ['a frame in a tab without an address', { tab: { id: 1 } as never }],
    ['a page that is loaded ahead', { documentLifecycle: 'prerender' as never }],
    ['another extension', { id: 'other' }],
  ])('%s is nobody', (_what, more) => {
    expect(principalOf(sender(more))).toBe(null)
  })

  test('a frame that is being left is told apart', () => {
    expect(isLeaving(sender({}))).toBe(false)
    expect(isLeaving(sender({ documentLifecycle: 'pending_deletion' as never }))).toBe(true)
    expect(isLeaving(sender({ documentLifecycle: 'cached' as never }))).toBe(true)
  })
})

describe('a blocked site', () => {
  test('has nothing, hears nothing and asks nothing, also after a restart', async () => {
    const vault = await Background.withVault()
    await allow(vault)
    await vault.call('keyhearth:BlockSite', { Origin: clinic.origin })
    const input = { Plaintext: text('x') }
    expect(await vault.refusal('keyhearth:EncryptMessage', input, clinic)).toBe('disconnected')
    await vault.restart()
    expect(vault.sites.isBlocked(clinic.origin)).toBe(true)
    const knock = { keyhearth: 1, type: 'knock', active: true } as const
    expect(await answerKnock(vault, clinic, knock)).toEqual({ answer: 'ignore' })
    const connect = { keyhearth: 1, type: 'connect', active: true, rights: ['messages'] } as const
    expect(await answerKnock(vault, clinic, connect)).toEqual({ answer: 'ignore' })
    expect(vault.requests.all).toEqual([])
    expect(await vault.call('keyhearth:ListSites', {})).toEqual({
      Sites: [],
      Blocked: [clinic.origin],
    })
    await vault.call('keyhearth:UnblockSite', { Origin: clinic.origin })
    expect(await answerKnock(vault, clinic, knock)).toEqual({ answer: 'ask' })
  })

  test('is blocked while locked, too, and what waits of it is refused', async () => {
    const vault = await Background.withVault()
    await allow(vault)
    await vault.call('keyhearth:Lock', {})
    await vault.requests.add(clinic, 'unlock', [], Date.now())
    await vault.call('keyhearth:BlockSite', { Origin: clinic.origin }, consent)
    expect(vault.requests.all).toEqual([])
    expect(await vault.sites.rightsOf(clinic)).toEqual([])
    expect(await vault.sites.rightsOf(shop)).toEqual([])
  })

  test('is named by its origin and nothing else', async () => {
    const vault = await Background.withVault()
    for (const Origin of [
      'clinic.example',
      'https://clinic.example/',
      'ftp://clinic.example',
      '',
    ]) {
      expect(await vault.refusal('keyhearth:BlockSite', { Origin })).toBe('invalid-input')
    }
    expect(await vault.refusal('keyhearth:BlockSite', { Origin: shop.origin }, clinic)).toMatch(
      /not-allowed|disconnected/,
    )
  })
})
