// Which items are of the same thing, and which say nothing that another does not say.

import { expect, test } from 'vitest'
import { identityOf, isContained } from '../../src/items/alike.ts'
import { blankItem, type Item } from '../../src/items/item.ts'

const login = (
  members: Partial<Item> & { username?: string; password?: string; totp?: string } = {},
): Item => {
  const { username = 'ada', password = 'p', totp = '', ...item } = members
  return {
    ...blankItem('login'),
    title: 'Mail',
    uris: ['https://a.example/login', 'https://b.example'],
    fields: { username, password, totp },
    ...item,
  }
}

test.each([
  ['the same', login()],
  ['another password', login({ password: 'q' })],
  [
    'addresses in another order, with other paths',
    login({ uris: ['https://b.example/x', 'https://www.a.example'] }),
  ],
  ['case and spaces', login({ title: ' mail', username: 'Ada' })],
])('%s is of the same thing', (_, item) => {
  expect(identityOf(item)).toBe(identityOf(login()))
})

test.each([
  ['another user', login({ username: 'eve' })],
  ['another host', login({ uris: ['https://a.example'] })],
  ['another title', login({ title: 'Mail 2' })],
  ['another kind', { ...blankItem('note'), title: 'Mail' }],
])('%s is another thing', (_, item) => {
  expect(identityOf(item)).not.toBe(identityOf(login()))
})

const whole = login({
  totp: 'JBSWY3DPEHPK3PXP',
  notes: 'one\ntwo',
  own: [
    { name: 'PIN', value: '1', hidden: true },
    { name: 'Branch', value: '2', hidden: false },
  ],
  files: [{ id: 'there', name: 'scan.pdf', type: '', size: 3 }],
  tags: ['work', 'mine'],
  favourite: true,
})

test.each([
  ['itself', whole],
  ['what knows less', login()],
  ['other ends of lines', login({ notes: 'one\r\ntwo\n' })],
  ['the same addresses in another order', login({ uris: [...whole.uris].reverse() })],
  ['an address with nothing but a slash behind it', login({ uris: ['https://b.example/'] })],
  ['own fields in another order', login({ own: [...whole.own].reverse() })],
  [
    'a file of that name and size',
    login({ files: [{ id: 'x', name: 'scan.pdf', type: 'y', size: 3 }] }),
  ],
])('%s is contained', (_, item) => {
  expect(isContained(item, whole)).toBe(true)
})

test.each([
  ['another password', login({ password: 'q' })],
  ['another code', login({ totp: 'other' })],
  ['other notes', login({ notes: 'one' })],
  ['another path', login({ uris: ['https://a.example/other'] })],
  ['an own field of another value', login({ own: [{ name: 'PIN', value: '2', hidden: true }] })],
  ['the same own field twice', login({ own: whole.own.slice(0, 1).flatMap((one) => [one, one]) })],
  ['a file more', login({ files: [{ id: 'x', name: 'b.pdf', type: '', size: 3 }] })],
  ['a file of another size', login({ files: [{ id: 'x', name: 'scan.pdf', type: '', size: 4 }] })],
  ['a tag more', login({ tags: ['other'] })],
])('%s is not', (_, item) => {
  expect(isContained(item, whole)).toBe(false)
})

test('what is contained the one way is not the other way, codes and notes first', () => {
  for (const part of [{ totp: 'JBSWY3DPEHPK3PXP' }, { notes: 'n' }, { favourite: true }]) {
    expect(isContained(login(), login(part))).toBe(true)
    expect(isContained(login(part), login())).toBe(false)
  }
})
