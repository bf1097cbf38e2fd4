// What is wrong with logins: by sample, and over 100,000 of them.

import { expect, test } from 'vitest'
import { checkHealth, type HealthItem, weakItems } from '../../src/items/health.ts'

const now = Date.UTC(2026, 6, 1)
const dayMs = 24 * 60 * 60 * 1000
const item = (id: string, given: Partial<HealthItem> = {}): HealthItem => ({
  id,
  title: id,
  kind: 'login',
  password: `password of ${id}`,
  hasTotp: true,
  uris: ['https://example.com'],
  changedAt: now,
  ...given,
})

test('passwords that several items have, the largest group first', () => {
  const items = [
    item('a', { password: 'x' }),
    item('b', { password: 'y' }),
    item('c', { password: 'X' }),
    item('d', { password: 'y' }),
    item('e', { password: '__proto__' }),
    item('f', { password: 'x' }),
    item('g', { password: '__proto__' }),
    item('h', { password: 'y' }),
    item('i', { password: '' }),
    item('j', { password: '' }),
  ]
  expect(checkHealth(items, now).reused).toEqual([
    ['b', 'd', 'h'],
    ['a', 'f'],
    ['e', 'g'],
  ])
})

test('old is more than a year', () => {
  const items = [
    item('new'),
    item('year', { changedAt: now - 365 * dayMs }),
    item('older', { changedAt: now - 365 * dayMs - 1 }),
    item('none', { changedAt: 0, password: '' }),
    item('future', { changedAt: now + dayMs }),
    item('not told', { changedAt: 0, password: null }),
  ]
  expect(checkHealth(items, now).old).toEqual(['older', 'not told'])
})

test('an API key is old like a password, and judged by nothing else', () => {
  const key = {
    kind: 'api-key',
    password: null,
    hasTotp: false,
    uris: ['http://a.example'],
  } as const
  const items = [item('young', key), item('old', { ...key, changedAt: 0 }), item('other', key)]
  const { old, reused, unencrypted, withoutOneTimeCode } = checkHealth(items, now)
  expect(old).toEqual(['old'])
  expect([reused, unencrypted, withoutOneTimeCode]).toEqual([[], [], []])
  expect([...weakItems(items, () => 0)]).toEqual([])
})

test('a password that is not told is neither the same as another nor weak', () => {
  const items = [item('a', { password: null }), item('b', { password: null })]
  expect(checkHealth(items, now).reused).toEqual([])
  expect([...weakItems(items, () => 0)]).toEqual([])
})

test.each([
  ['http://example.com', true],
  [' HTTP://EXAMPLE.com/login', true],
  ['http://8.8.8.8', true],
  ['http://10.example.com', true],
  ['http://172.32.0.1', true],
  ['http://[2001:db8::1]', true],
  ['http://local', false],
  ['http://localhost:3000', false],
  ['http://app.localhost', false],
  ['http://nas.local', false],
  ['http://192.168.1.1', false],
  ['http://10.0.0.1', false],
  ['http://172.16.0.1', false],
  ['http://127.0.0.1', false],
  ['http://[::1]:8080', false],
  ['http://[fe80::1]', false],
  ['https://example.com', false],
  ['http://', false],
  ['httpx://example.com', false],
])('%s goes unencrypted over the net: %s', (uri, unencrypted) => {
  const found = checkHealth([item('a', { uris: ['https://example.com', uri] })], now).unencrypted
  expect(found).toEqual(unencrypted ? ['a'] : [])
})

test('logins without one-time codes are named where they have an address', () => {
  const items = [
    item('with'),
    item('without', { hasTotp: false }),
    item('nowhere', { hasTotp: false, uris: [] }),
    item('no password', { hasTotp: false, password: '' }),
  ]
  expect(checkHealth(items, now).withoutOneTimeCode).toEqual(['without'])
})

test('each different password is measured once, and only when asked for', () => {
  const measured: string[] = []
  const score = (password: string) => {
    measured.push(password)
    return password.length > 3 ? 4 : 2
  }
  const items = [
    item('a', { password: 'abc' }),
    item('b', { password: 'long enough' }),
    item('c', { password: 'abc' }),
    item('d', { password: '' }),
    item('e', { password: 'never' }),
  ]
  const found = weakItems(items, score)
  expect([found.next().value, found.next().value, found.next().value]).toEqual([
    { id: 'a', score: 2, weak: true },
    { id: 'b', score: 4, weak: false },
    { id: 'c', score: 2, weak: true },
  ])
  expect(measured).toEqual(['abc', 'long enough'])
})

test('100,000 items give the same twice', () => {
  const items = Array.from({ length: 100_000 }, (_, at) =>
    item(`id${at}`, {
      password: `p${at % 70_000}`,
      uris: [`http${at % 9 ? 's' : ''}://site${at}.example`],
      hasTotp: at % 3 === 0,
      changedAt: now - (at % 800) * dayMs,
    }),
  )
  const health = checkHealth(items, now)
  expect(JSON.stringify(checkHealth(items, now))).toBe(JSON.stringify(health))
  expect(health.reused).toHaveLength(30_000)
  expect(health.unencrypted).toHaveLength(Math.ceil(100_000 / 9))
})
