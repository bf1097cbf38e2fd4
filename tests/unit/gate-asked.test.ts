// What the person is shown of a call before they allow it: all that decides, and how much of it is missing.

import { createHash } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { visibleLines } from '../../src/codec/visible.ts'
import { describeAsked } from '../../src/gate/asked.ts'
import type { Call } from '../../src/protocol/messages.ts'
import type { OperationName } from '../../src/protocol/operations.ts'
import { Background, consent, page } from './background.ts'

const asked = { grantId: 'a grant', KeyArn: 'arn', KeyName: 'Contracts' }
const show = (operation: OperationName, input: object) =>
  describeAsked(operation, input as Readonly<Record<string, unknown>>, asked)
const utf8 = (text: string) => new TextEncoder().encode(text)
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** The signed attributes of a CMS signature over another document (RFC 5652 section 5.4): SET OF, contentType first. */
const signedAttributes = Uint8Array.from(
  Buffer.from(
    `3149301806092a864886f70d010903310b06092a864886f70d010701302d06092a864886f70d01090431200420${'5a'.repeat(32)}`,
    'hex',
  ),
)

test('attack-19-blind-signing: signed attributes in DER sent as RAW are shown as bytes, with a warning', async () => {
  expect(await show('kms:Sign', { Message: signedAttributes, MessageType: 'RAW' })).toMatchObject({
    Blind: 'unreadable',
    Bytes: signedAttributes.byteLength,
    Content: {
      Form: 'bytes',
      Beginning: hex(signedAttributes),
      Shown: signedAttributes.byteLength,
      Of: signedAttributes.byteLength,
      Sha256: sha256(signedAttributes),
    },
  })
})

test.each<[string, OperationName, object, string | null]>([
  ['text', 'kms:Sign', { Message: utf8('pay 100') }, null],
  ['binary MACs', 'kms:GenerateMac', { Message: Uint8Array.of(0xff) }, 'unreadable'],
  ['text under a MAC', 'kms:GenerateMac', { Message: utf8('pay 100') }, null],
  ['a zero byte', 'kms:Sign', { Message: utf8('pay\0 100') }, 'unreadable'],
  ['half a character', 'kms:Sign', { Message: Uint8Array.of(0x61, 0xc3) }, 'unreadable'],
  ['a digest', 'kms:Sign', { Message: utf8('A'.repeat(32)), MessageType: 'DIGEST' }, 'digest'],
  ['a mu', 'kms:Sign', { Message: utf8('A'.repeat(64)), MessageType: 'EXTERNAL_MU' }, 'digest'],
  ['bytes that are encrypted', 'kms:Encrypt', { Plaintext: Uint8Array.of(0xff) }, null],
])(
  'attack-19-blind-signing: whether nobody can see it, of %s',
  async (_what, operation, input, Blind) => {
    expect(await show(operation, input)).toMatchObject({ Blind })
  },
)

test('a text is shown as far as there is room, and how much of it that is', async () => {
  const whole = utf8('x'.repeat(4096))
  expect((await show('kms:Sign', { Message: whole })).Content).toMatchObject({
    Shown: 4096,
    Of: 4096,
  })
  const long = `${'x'.repeat(65_535)}\u{1f600}${'y'.repeat(100)}`
  const { Content } = await show('keyhearth:EncryptMessage', { Plaintext: utf8(long) })
  expect(Content).toEqual({
    Form: 'text',
    Beginning: 'x'.repeat(65_535),
    Shown: 65_535,
    Of: long.length,
    Sha256: sha256(utf8(long)),
  })
  const bytes = new Uint8Array(3000).fill(0xff)
  expect((await show('kms:Sign', { Message: bytes })).Content).toMatchObject({
    Beginning: 'ff'.repeat(1024),
    Shown: 1024,
    Of: 3000,
    Sha256: sha256(bytes),
  })
})

test('attack-18-prompt-text: what hides or turns text is visible, lines and tabs stay', () => {
  expect(visibleLines('pay\u202e 001\u200b\r\nto\tAnn\rEve\ufeff')).toBe(
    'pay\u{fffd} 001\u{fffd}\nto\tAnn\u{fffd}Eve\u{fffd}',
  )
})

test('of ReEncrypt, both keys and both contexts', async () => {
  const input = {
    CiphertextBlob: new Uint8Array(80),
    SourceEncryptionContext: { of: 'mine' },
    DestinationKeyId: 'alias/theirs',
    DestinationEncryptionContext: { of: 'theirs' },
  }
  expect(await show('kms:ReEncrypt', input)).toMatchObject({
    KeyName: 'Contracts',
    EncryptionContext: { of: 'mine' },
    Destination: { KeyId: 'alias/theirs', EncryptionContext: { of: 'theirs' } },
    Bytes: 80,
    Content: null,
  })
})

let background: Background
beforeEach(async () => {
  background = await Background.withVault()
})

test('of a message, the encryption context that it is bound to, not what the site says', async () => {
  const { Message } = await background.call('keyhearth:EncryptMessage', {
    Plaintext: utf8('the person’s own'),
    EncryptionContext: { to: 'my lawyer' },
  })
  const shown = await show('keyhearth:DecryptMessage', { Message, EncryptionContext: {} })
  expect(shown.EncryptionContext).toMatchObject({ to: 'my lawyer' })
  expect(shown).toMatchObject({ Bytes: Message.byteLength, Content: null, Blind: null })
})

test('what all that wait show has bounds: it lies in the memory for a session', async () => {
  const origin = 'https://app.example'
  const site = page(origin)
  const { Arn: KeyId } = (await background.call('kms:CreateKey', {})).KeyMetadata
  const { RequestId } = await background.requests.add(site, 'connect', ['messages'], Date.now())
  await background.call('keyhearth:DecideRequest', { RequestId, Decision: 'site' }, consent)
  await background.call('kms:CreateGrant', {
    KeyId,
    GranteePrincipal: origin,
    Operations: ['GenerateDataKey'],
    AskEachTime: true,
  })
  const ask = (text: string) => {
    const input = { KeyId, Plaintext: utf8(text.repeat(100_000)) }
    const call = {
      keyhearth: 1,
      type: 'call',
      id: text,
      operation: 'keyhearth:EncryptMessage',
      input,
    }
    return background.gate.answer(site, call as Call)
  }
  const answers = []
  for (let i = 0; i < 20; i++) answers.push(await ask(String.fromCharCode(97 + i)))
  expect(answers[0]).toHaveProperty('wait')
  expect(answers.at(-1)).toMatchObject({ ok: false, error: { reason: 'throttled' } })
  const held = JSON.stringify([...background.session.items.values()]).length
  expect(held).toBeLessThan(1.5 * 1024 * 1024)
})
