// Design section 4: a page asks for a signature of the person's each time; their own window shows the very bytes, signs
// them, and the page's call takes what came of it, once.

import { beforeEach, expect, test, vi } from 'vitest'
import { browser } from 'wxt/browser'
import type { Call, Reply } from '../../src/protocol/messages.ts'
import type { Principal } from '../../src/protocol/principals.ts'
import { Background, consent, page, person } from './background.ts'

const site = page('https://contracts.example')
const Data = new TextEncoder().encode('The rent is 900 a month.')
const Signed = {
  Signature: Uint8Array.of(1, 2, 3),
  KeyId: 'arn:aws:kms:browser-1:000000000000:key/1',
  SigningAlgorithm: 'ECDSA_SHA_256' as const,
  Certificates: ['-----BEGIN CERTIFICATE-----'],
}

let background: Background

beforeEach(async () => {
  background = await Background.withVault()
  await connect(['messages', 'sign'])
})

async function connect(rights: ('messages' | 'sign')[], who = site): Promise<void> {
  const { RequestId } = await background.requests.add(who, 'connect', rights, Date.now())
  await background.call('keyhearth:DecideRequest', { RequestId, Decision: 'site' }, consent)
}

const ask = (input: object = {}, who: Principal = site): Promise<Reply> => {
  const whole = { Data, Format: 'cms', ...input }
  const operation = 'keyhearth:SignDocument'
  const call = { keyhearth: 1, type: 'call', id: crypto.randomUUID(), operation, input: whole }
  return background.gate.answer(who, call as Call)
}

async function waiting(input: object = {}): Promise<string> {
  const reply = await ask(input)
  if (reply.ok || !('wait' in reply)) throw new Error('does not wait')
  return reply.wait
}

const sign = (RequestId: string) =>
  background.call('keyhearth:DecideRequest', { RequestId, Decision: 'once', Signed }, consent)

test('the window gets the very bytes; the call that comes again gets what was signed, once', async () => {
  const RequestId = await waiting()
  expect(await background.call('keyhearth:GetRequestDocument', { RequestId }, consent)).toEqual({
    Data,
    Format: 'cms',
    Jws: 'compact',
    KeyId: null,
    SigningAlgorithm: null,
  })
  await sign(RequestId)
  expect(await ask()).toEqual({ ok: true, output: Signed })
  expect(await ask()).toHaveProperty('wait')
})

test('another document, or another page, has nothing of what was signed', async () => {
  await sign(await waiting())
  expect(await ask({ Data: new TextEncoder().encode('The rent is 9 a month.') })).toHaveProperty(
    'wait',
  )
  const other = page('https://other.example')
  await connect(['sign'], other)
  expect(await ask({}, other)).toHaveProperty('wait')
  expect(await ask()).toHaveProperty('ok', true)
})

test('a page without the right, and the person’s own pages, cannot ask', async () => {
  const chat = page('https://chat.example')
  await connect(['messages'], chat)
  expect(await background.refusal('keyhearth:SignDocument', { Data, Format: 'cms' }, chat)).toBe(
    'not-allowed',
  )
  expect(await background.refusal('keyhearth:SignDocument', { Data, Format: 'cms' }, person)).toBe(
    'not-allowed',
  )
})

test('a document is allowed with its signature alone, and any other call never with one', async () => {
  const RequestId = await waiting()
  const bare = { RequestId, Decision: 'once' } as const
  expect(await background.refusal('keyhearth:DecideRequest', bare, consent)).toBe('not-allowed')
  const forged = { ...bare, Signed }
  expect(await background.refusal('keyhearth:DecideRequest', forged, person)).toBe('not-allowed')
})

test('after the worker’s end the relay is told to send the document again, for the same prompt', async () => {
  const RequestId = await waiting()
  await background.restart()
  const told = vi.spyOn(browser.tabs, 'sendMessage').mockImplementation(async () => true)
  expect(await background.refusal('keyhearth:GetRequestDocument', { RequestId }, consent)).toBe(
    'document-gone',
  )
  const notice = { keyhearth: 1, type: 'again', wait: RequestId }
  expect(told).toHaveBeenCalledWith(1, notice, expect.anything())
  expect(await waiting()).toBe(RequestId)
  const again = await background.call('keyhearth:GetRequestDocument', { RequestId }, consent)
  expect(again.Data).toEqual(Data)
})

test('what was signed and went with the worker is asked for anew', async () => {
  await sign(await waiting())
  await background.restart()
  expect(await ask()).toHaveProperty('wait')
})

test('what waits is bounded together; what is refused makes room', async () => {
  const large = (first: number) => {
    const bytes = new Uint8Array(32 * 1024 * 1024)
    bytes[0] = first
    return { Data: bytes }
  }
  const first = await waiting(large(1))
  for (const one of [2, 3, 4]) await waiting(large(one))
  expect(await ask(large(5))).toMatchObject({ ok: false, error: { reason: 'throttled' } })
  await background.call('keyhearth:RefuseRequest', { RequestId: first })
  expect(await ask(large(5))).toHaveProperty('wait')
})

test('the trail says which site had a document signed, with which key', async () => {
  await sign(await waiting())
  await ask()
  const { Events } = await background.call('keyhearth:ListEvents', { EventName: 'SignDocument' })
  expect(Events).toHaveLength(1)
  expect(Events[0]).toMatchObject({
    requestParameters: { Format: 'cms' },
    responseElements: { KeyId: Signed.KeyId, SigningAlgorithm: 'ECDSA_SHA_256' },
  })
  expect(JSON.stringify(Events)).not.toContain('rent')
})
