// The popup's list of secrets: any title becomes a Name Secrets Manager takes; search finds by words.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchSecrets, nameFrom } from '../../src/ui/secretList.ts'

test.each([
  ['github/token', 'github/token'],
  ['Bank PIN', 'Bank-PIN'],
  ['  Größe & Maß  ', 'Gro-e-Ma'],
  ['日本', 'secret'],
  ['', 'secret'],
])('the title “%s” is named %s', (title, name) => {
  expect(nameFrom(title)).toBe(name)
})

test('every title has a valid Name (CreateSecret: letters, digits and /_+=.@-, 1 to 512)', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (title) => {
      expect(nameFrom(title)).toMatch(/^[\w/+=.@-]{1,512}$/)
    }),
  )
})

test('all words typed must be found, in title or notes, in any case', () => {
  const secret = (title: string, notes = '') => ({ arn: title, title, notes, deleted: false })
  const all = [secret('Mail work', 'ada@example.com'), secret('Mail home'), secret('Bank')]
  const titles = (query: string) => matchSecrets(all, query).map(({ title }) => title)
  expect(titles('')).toHaveLength(3)
  expect(titles('MAIL')).toEqual(['Mail work', 'Mail home'])
  expect(titles('ada mail')).toEqual(['Mail work'])
  expect(titles('nothing')).toEqual([])
})
