// What changed from one version of an item to another.

import { expect, test } from 'vitest'
import { diffItems } from '../../src/items/diff.ts'
import { blankItem, type Item } from '../../src/items/item.ts'

const login: Item = {
  ...blankItem('login'),
  title: 'Example',
  fields: { username: 'alice', password: 'secret' },
  uris: ['https://example.com'],
  own: [
    { name: 'PIN', value: '1234', hidden: true },
    { name: 'PIN', value: '5678', hidden: true },
  ],
  tags: ['b', 'a'],
}
const changes = (after: Partial<Item>) =>
  diffItems(login, { ...login, ...after }).map(({ part, name, change }) =>
    [change, part, name].filter(Boolean).join(' '),
  )

test.each<[Partial<Item>, string[]]>([
  [{}, []],
  [{ title: 'Other' }, ['changed title']],
  [{ title: '' }, ['removed title']],
  [{ fields: { username: 'alice', password: 'new' } }, ['changed field password']],
  [{ fields: { password: 'secret', username: 'alice' } }, []],
  [{ fields: { username: 'alice' } }, ['removed field password']],
  [{ fields: { ...login.fields, totp: 'x' } }, ['added field totp']],
  [{ uris: [] }, ['removed uris']],
  [{ uris: ['https://example.com', 'https://b'] }, ['changed uris']],
  [{ notes: 'hello' }, ['added notes']],
  [{ tags: ['a', 'b'] }, []],
  [{ tags: ['a'] }, ['changed tags']],
  [{ favourite: true }, ['added favourite']],
  [{ own: [] }, ['removed own PIN']],
  [{ own: login.own.slice(1) }, ['changed own PIN']],
  [{ own: login.own.map((own) => ({ ...own, hidden: false })) }, ['changed own PIN']],
  [
    { own: [...login.own, { name: '__proto__', value: '', hidden: false }] },
    ['added own __proto__'],
  ],
  [
    { kind: 'note', fields: {} },
    ['changed kind', 'removed field username', 'removed field password'],
  ],
])('%j', (after, expected) => {
  expect(changes(after)).toEqual(expected)
})

test('nothing of the values is in it', () => {
  const found = JSON.stringify(diffItems(login, blankItem('value')))
  for (const value of ['alice', 'secret', '1234', 'example.com']) expect(found).not.toContain(value)
})
