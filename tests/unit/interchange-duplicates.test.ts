// Which imported items are there already: same kind, user name, hosts and title, with the same secret or another.

import { expect, test } from 'vitest'
import { duplicatesOf, type ItemSummary, summaryOf } from '../../src/interchange/duplicates.ts'
import { blankItem, type Item } from '../../src/items/item.ts'

const login = (
  members: Partial<Item> & { username?: string; password?: string } = {},
): ItemSummary => {
  const { username = 'ada', password = 'p', ...item } = members
  return summaryOf({
    ...blankItem('login'),
    title: 'Mail',
    uris: ['https://a.example/login', 'https://b.example'],
    fields: { username, password },
    ...item,
  })
}

test.each([
  ['the same', login(), 'same'],
  ['another password', login({ password: 'q' }), 'changed'],
  [
    'addresses in another order, with other paths',
    login({ uris: ['https://b.example/x', 'https://www.a.example'] }),
    'same',
  ],
  ['case and spaces', login({ title: ' mail', username: 'Ada' }), 'same'],
  ['without a secret to compare', { ...login(), secret: undefined }, 'unknown'],
])('%s', (_, { secret, ...summary }, expected) => {
  const imported = secret === undefined ? summary : { ...summary, secret }
  expect(duplicatesOf([imported], [login({ title: 'Other' }), login()])).toEqual([
    { imported: 0, existing: 1, secret: expected },
  ])
})

test.each([
  ['another user', login({ username: 'eve' })],
  ['another host', login({ uris: ['https://a.example'] })],
  ['another title', login({ title: 'Mail 2' })],
  ['another kind', summaryOf({ ...blankItem('note'), title: 'Mail' })],
])('%s is another item', (_, imported) => {
  expect(duplicatesOf([imported], [login()])).toEqual([])
})

test('of several the one with the same secret', () => {
  expect(duplicatesOf([login()], [login({ password: 'x' }), login()])).toEqual([
    { imported: 0, existing: 1, secret: 'same' },
  ])
})

test('notes are compared by their text', () => {
  const note = (notes: string) => summaryOf({ ...blankItem('note'), title: 'N', notes })
  expect(duplicatesOf([note('a')], [note('a')])[0]?.secret).toBe('same')
  expect(duplicatesOf([note('a')], [note('b')])[0]?.secret).toBe('changed')
})
