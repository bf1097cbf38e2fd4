// Grants that ask each time: the person approves the very call they were shown, once, for that document.

import { beforeEach, expect, test } from 'vitest'
import type { Call, Reply } from '../../src/protocol/messages.ts'
import type { Principal } from '../../src/protocol/principals.ts'
import { Background, consent, page } from './background.ts'

const origin = 'https://app.example'
const site = page(origin)
const Plaintext = new TextEncoder().encode('pay 100 to Ann')

let background: Background
let KeyId: string
let GrantId: string

beforeEach(async () => {
  background = await Background.withVault()
  KeyId = (await background.call('kms:CreateKey', { Description: 'Invoices' })).KeyMetadata.Arn
  const request = await background.requests.add(site, 'connect', ['messages', 'keys'], Date.now())
  const decision = { RequestId: request.RequestId, Decision: 'site' } as const
  await background.call('keyhearth:DecideRequest', decision, consent)
  const grant = {
    KeyId,
    GranteePrincipal: origin,
    Operations: ['Encrypt' as const],
    AskEachTime: true,
  }
  GrantId = (await background.call('kms:CreateGrant', grant)).GrantId
})

const ask = (input: object = {}, who: Principal = site, id = 'a call'): Promise<Reply> => {
  const whole = { KeyId, Plaintext, ...input }
  const call = { keyhearth: 1, type: 'call', id, operation: 'kms:Encrypt', input: whole }
  return background.gate.answer(who, call as Call)
}
async function waitingFor(input: object = {}): Promise<string> {
  const reply = await ask(input)
  if (reply.ok || !('wait' in reply)) throw new Error('does not wait')
  return reply.wait
}
const approve = (RequestId: string) =>
  background.call('keyhearth:DecideRequest', { RequestId, Decision: 'once' }, consent)

test('the call waits, shows what it is about, and runs once it is allowed', async () => {
  const RequestId = await waitingFor({ EncryptionContext: { purpose: 'mail' } })
  const { Request } = await background.call('keyhearth:GetRequest', { RequestId })
  expect(Request).toMatchObject({
    Kind: 'operation',
    Origin: origin,
    Asked: {
      Operation: 'kms:Encrypt',
      KeyArn: KeyId,
      KeyName: 'Invoices',
      EncryptionContext: { purpose: 'mail' },
      Bytes: Plaintext.byteLength,
      Blind: null,
      Destination: null,
      Content: { Form: 'text', Beginning: 'pay 100 to Ann', Shown: 14, Of: 14 },
    },
  })
  await approve(RequestId)
  expect((await ask({ EncryptionContext: { purpose: 'mail' } })).ok).toBe(true)
  await waitingFor({ EncryptionContext: { purpose: 'mail' } })
})

test('an approval is for those very bytes, that operation and that document', async () => {
  await approve(await waitingFor())
  await waitingFor({ Plaintext: new TextEncoder().encode('pay 900 to Eve') })
  await waitingFor({ EncryptionContext: { purpose: 'mail' } })
  const elsewhere = { ...site, documentId: 'another document of the same site' }
  expect(await ask({}, elsewhere)).toHaveProperty('wait')
  expect((await ask()).ok).toBe(true)
})

test('an approval serves one of two calls that come at once', async () => {
  await approve(await waitingFor())
  const replies = await Promise.all([ask(), ask()])
  expect(replies.filter((reply) => reply.ok)).toHaveLength(1)
})

test('a refusal, a revoked grant and a killed worker: nothing runs that was not allowed', async () => {
  const refused = await waitingFor()
  await background.call('keyhearth:RefuseRequest', { RequestId: refused }, consent)
  await waitingFor()
  await approve(await waitingFor())
  await background.call('kms:RevokeGrant', { KeyId, GrantId })
  expect(await ask()).toMatchObject({ ok: false, error: { reason: 'not-allowed' } })
})

test.each(['keyhearth:RevokeSite', 'keyhearth:BlockSite'] as const)(
  '%s ends what the site waits for, and what it was allowed and has not done yet',
  async (ending) => {
    await approve(await waitingFor())
    await waitingFor({ EncryptionContext: { purpose: 'mail' } })
    const other = page('https://other.example')
    await background.requests.add(other, 'connect', ['messages'], Date.now())
    await background.call(ending, { Origin: origin })
    expect(background.requests.all.map(({ Origin }) => Origin)).toEqual([other.origin])
    const { gate } = (await background.session.get('gate')) as { gate: { approvals: object[] } }
    expect(gate.approvals).toEqual([])
    expect(await ask()).toMatchObject({ ok: false, error: { reason: 'disconnected' } })
  },
)

test('an approval survives a killed worker, and is not there after the browser ended', async () => {
  await approve(await waitingFor())
  await background.restart()
  expect((await ask()).ok).toBe(true)
})

test('it cannot be allowed for good, nor from anywhere but the consent window', async () => {
  const RequestId = await waitingFor()
  const site_ = { RequestId, Decision: 'site' } as const
  expect(await background.refusal('keyhearth:DecideRequest', site_, consent)).toBe('not-allowed')
  const once = { RequestId, Decision: 'once' } as const
  expect(await background.refusal('keyhearth:DecideRequest', once)).toBe('not-allowed')
  await waitingFor()
})

test('a grant that does not ask comes before one that does', async () => {
  const input = { KeyId, GranteePrincipal: origin, Operations: ['Encrypt' as const] }
  await background.call('kms:CreateGrant', input)
  expect((await ask()).ok).toBe(true)
})
