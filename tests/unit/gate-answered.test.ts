// A call that changes something is carried out once, also when its relay sends it again.

import { beforeEach, expect, test, vi } from 'vitest'
import type { Call } from '../../src/protocol/messages.ts'
import { Background, consent, page } from './background.ts'

const site = page('https://app.example')
const other = page('https://other.example')
let background: Background

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  background = await Background.withVault()
  for (const one of [site, other]) {
    const request = await background.requests.add(one, 'connect', ['keys'], Date.now())
    const decision = { RequestId: request.RequestId, Decision: 'site' } as const
    await background.call('keyhearth:DecideRequest', decision, consent)
  }
  return () => vi.useRealTimers()
})

const send = (id: string, who = site, operation = 'kms:CreateKey') =>
  background.gate.answer(who, { keyhearth: 1, type: 'call', id, operation, input: {} } as Call)
const keys = async (who = site) => (await background.call('kms:ListKeys', {}, who)).Keys.length

test('sent again after the worker died, it gets the first answer and makes no second key', async () => {
  const before = await keys()
  const first = await send('one call')
  await background.restart()
  expect(await send('one call')).toEqual(first)
  expect(await keys()).toBe(before + 1)
  const { Events } = await background.call('keyhearth:ListEvents', { EventName: 'CreateKey' })
  expect(Events).toHaveLength(1)
})

test('sent twice at once, it is carried out once', async () => {
  const before = await keys()
  const [first, second] = await Promise.all([send('one call'), send('one call')])
  expect(second).toEqual(first)
  expect(await keys()).toBe(before + 1)
})

test('an id is of one origin and one operation, and is forgotten after some minutes', async () => {
  const before = await keys()
  await send('one call')
  await send('one call', other)
  expect(await keys(other)).toBeGreaterThan(0)
  const reply = await send('one call', site, 'kms:CreateAlias')
  expect(reply).toMatchObject({ ok: false, error: { reason: 'invalid-input' } })
  vi.setSystemTime(Date.now() + 6 * 60 * 1000)
  await send('another call')
  await send('one call')
  expect(await keys()).toBe(before + 3)
})
