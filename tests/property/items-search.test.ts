// The index against looking through everything, for any entries and any query typed letter by letter.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fold } from '../../src/items/fold.ts'
import { type SearchEntry, SearchIndex } from '../../src/items/search.ts'

const numRuns = process.env['KEYHEARTH_LONG'] === '1' ? 5000 : 200

const piece = fc.constantFrom(
  'git',
  'hub',
  'Lab',
  'é',
  'E',
  'ß',
  'mail',
  '.',
  '@',
  '-',
  '7',
  '密',
  ' ',
)
const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
const entries = fc
  .array(
    fc.record({
      title: text,
      username: text,
      hosts: fc.array(text, { maxLength: 2 }),
      notes: text,
    }),
  )
  .map((list) => list.map((entry, at): SearchEntry => ({ ...entry, id: `id${at}` })))

const words = (written: string) => fold(written).split(/\s+/).filter(Boolean)
const allWords = ({ title, username = '', hosts = [], notes = '' }: SearchEntry) =>
  [title, username, ...hosts, notes].flatMap(words)

function lookThrough(list: readonly SearchEntry[], query: string): readonly string[] {
  const wanted = words(query)
  const has = (entry: SearchEntry) =>
    wanted.every((word) => allWords(entry).some((one) => one.includes(word)))
  return list.filter(has).map(({ id }) => id)
}

test('finds what looking through everything finds, at each key stroke', () => {
  const property = fc.property(entries, text, (list, query) => {
    const index = new SearchIndex(list)
    for (let typed = 0; typed <= query.length; typed++) {
      const { ids, total } = index.search(query.slice(0, typed), 1000)
      const expected = lookThrough(list, query.slice(0, typed))
      expect([...ids].sort()).toEqual([...expected].sort())
      expect(total).toBe(expected.length)
    }
  })
  fc.assert(property, { numRuns })
})

test('and after any changes', () => {
  const property = fc.property(entries, entries, text, (before, changes, query) => {
    const index = new SearchIndex(before)
    const now = new Map(before.map((entry) => [entry.id, entry]))
    for (const [at, change] of changes.entries()) {
      if (at % 3 === 2) {
        index.remove(change.id)
        now.delete(change.id)
      } else {
        index.update(change)
        now.set(change.id, change)
      }
    }
    const { ids } = index.search(query, 1000)
    expect([...ids].sort()).toEqual([...lookThrough([...now.values()], query)].sort())
  })
  fc.assert(property, { numRuns })
})
