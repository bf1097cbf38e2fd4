// What of an item goes into which field of a page: parts and codes, never more than the field is for.

import { expect, test } from 'vitest'
import { fieldFor, valueFor } from '../../src/gate/fillValues.ts'
import { blankItem, type Item, itemKinds } from '../../src/items/item.ts'
import { fillTokens, isFilling } from '../../src/protocol/filling.ts'

const item = (kind: Item['kind'], fields: Item['fields']): Item => ({ ...blankItem(kind), fields })
const at = Date.UTC(2026, 0, 1)

test.each([
  ['03/31', '03', '2031', '03/31'],
  ['3/2031', '03', '2031', '03/31'],
  ['03 / 2031', '03', '2031', '03/31'],
  ['2031-03', '03', '2031', '03/31'],
  ['03.31', '03', '2031', '03/31'],
])('a card valid until %s', (expires, month, year, whole) => {
  const card = item('card', { expires })
  expect(valueFor(card, 'cc-exp-month', at)).toBe(month)
  expect(valueFor(card, 'cc-exp-year', at)).toBe(year)
  expect(valueFor(card, 'cc-exp', at)).toBe(whole)
})

test.each(['soon', '2031', '13', '1/2/2031'])('“%s” is no date of a card', (expires) => {
  expect(valueFor(item('card', { expires }), 'cc-exp', at)).toBeNull()
})

test('the setup key of one-time codes never leaves, its code does', () => {
  const totp = 'JBSWY3DPEHPK3PXP'
  for (const kind of ['login', 'totp'] as const) {
    const values = fillTokens.map((token) => valueFor(item(kind, { totp }), token, at))
    expect(values.filter((value) => value !== null)).toEqual([expect.stringMatching(/^\d{6}$/)])
  }
  expect(valueFor(item('login', { totp: '???' }), 'one-time-code', at)).toBeNull()
})

test('PINs, passports, keys and notes are for no field at all', () => {
  for (const kind of itemKinds) {
    const named = fillTokens.map((token) => fieldFor(kind, token))
    for (const name of ['pin', 'passport', 'licence', 'taxId', 'privateKey', 'key', 'passphrase']) {
      expect(named).not.toContain(name)
    }
  }
})

test('a login has nothing for the fields of a card', () => {
  const login = item('login', { username: 'ada', password: 'p' })
  expect(fillTokens.filter((token) => valueFor(login, token, at) !== null)).toEqual([
    'username',
    'email',
    'current-password',
    'new-password',
  ])
})

test('only whole, known messages are of the filler', () => {
  const good = { keyhearth: 1, type: 'fill', tokens: ['username'] }
  expect(isFilling(good)).toBe(true)
  for (const bad of [
    null,
    'fill',
    { ...good, keyhearth: 2 },
    { ...good, type: 'call' },
    { ...good, tokens: 'username' },
    { ...good, tokens: ['__proto__'] },
    { ...good, tokens: Array(100).fill('username') },
  ]) {
    expect(isFilling(bad)).toBe(false)
  }
})
