// Searching items: what is found, in which order, and that changes are seen; folding and sorting of titles.

import { describe, expect, test } from 'vitest'
import { type SearchEntry, SearchIndex } from '../../src/items/search.ts'
import { sortKey } from '../../src/items/sortKey.ts'

const entry = (id: string, title: string, rest: Omit<SearchEntry, 'id' | 'title'> = {}) => ({
  id,
  title,
  ...rest,
})

const kept = [
  entry('github', 'GitHub', {
    username: 'alice@example.com',
    hosts: ['github.com'],
    tags: ['work'],
  }),
  entry('gitlab', 'GitLab', { username: 'bob', hosts: ['gitlab.com'], tags: ['work'] }),
  entry('mygit', 'My Git server', { hosts: ['git.example.org:8443'] }),
  entry('legit', 'Legit', { notes: 'nothing of note' }),
  entry('shop', 'Shop', { hosts: ['www.digital.example'], notes: 'Git is in here' }),
  entry('cafe', 'Café Łódź', { username: 'ＡＬＩＣＥ', tags: ['Straße'] }),
  entry('greek', 'Οδυσσέας'),
  entry('cyrillic', 'Почта'),
  entry('chinese', '支付宝 密码'),
  entry('cpp', 'C++ forum'),
  entry('empty', ''),
]
const ids = (query: string, limit = 100, index = new SearchIndex(kept)) =>
  index.search(query, limit).ids

describe('what is found', () => {
  test('titles that begin so, then words in titles, then elsewhere, then within words', () => {
    expect(ids('git')).toEqual(['github', 'gitlab', 'mygit', 'shop', 'legit'])
  })

  test.each([
    ['alice', ['cafe', 'github']],
    ['ALICE', ['cafe', 'github']],
    ['cafe', ['cafe']],
    ['CAFÉ', ['cafe']],
    ['cafe\u0301', ['cafe']],
    ['lodz', ['cafe']],
    ['strasse', ['cafe']],
    ['οδυσσεας', ['greek']],
    ['ΟΔΥΣΣΈΑΣ', ['greek']],
    ['οδυσσεασ', ['greek']],
    ['почта', ['cyrillic']],
    ['付宝', ['chinese']],
    ['c++', ['cpp']],
    ['++', ['cpp']],
    ['example.com', ['github']],
    ['e@example', ['github']],
    ['example', ['github', 'mygit', 'shop']],
    [':8443', ['mygit']],
    ['work git', ['github', 'gitlab']],
    ['git work bob', ['gitlab']],
    ['bob alice', []],
    ['nothing  note', ['legit']],
    ['example.comx', []],
    ['github\ngitlab', []],
    ['__proto__', []],
    ['zzz', []],
  ])('%j', (query, found) => {
    expect(ids(query)).toEqual(found)
  })

  test('words do not run from one into the next', () => {
    const index = new SearchIndex([entry('a', 'one two', { username: 'three' })])
    for (const query of ['onetwo', 'etwo', 'twothree', 'e\nt']) {
      expect(ids(query.replace('\n', '\u2028x'), 9, index)).toEqual([])
    }
  })

  test('everything, by title, for an empty query', () => {
    const all = new SearchIndex(kept).search('  ', 3)
    expect(all).toEqual({ ids: ['empty', 'cpp', 'cafe'], total: kept.length })
  })

  test('the total goes beyond the limit', () => {
    expect(new SearchIndex(kept).search('git', 2)).toEqual({ ids: ['github', 'gitlab'], total: 5 })
    expect(new SearchIndex(kept).search('git', 0)).toEqual({ ids: [], total: 5 })
    expect(new SearchIndex([]).search('git', 5)).toEqual({ ids: [], total: 0 })
  })
})

describe('typing', () => {
  test('each key stroke finds what a fresh index finds', () => {
    const index = new SearchIndex(kept)
    const typed = [
      'g',
      'gi',
      'git',
      'git ',
      'git w',
      'git wo',
      'it wo',
      'wo',
      '',
      'alice@',
      'alice@ex',
    ]
    for (const query of typed) {
      expect(index.search(query, 100)).toEqual(new SearchIndex(kept).search(query, 100))
    }
  })

  test('a long query is cut, not refused', () => {
    expect(ids(`git ${'git '.repeat(1000)}`)).toHaveLength(5)
    expect(ids('x'.repeat(1_000_000))).toEqual([])
  })
})

describe('changes', () => {
  test('a new entry is found, in its place', () => {
    const index = new SearchIndex(kept)
    expect(ids('git', 9, index)).toHaveLength(5)
    index.update(entry('gitea', 'Gitea'))
    expect(ids('git', 3, index)).toEqual(['gitea', 'github', 'gitlab'])
    expect(ids('', 99, index)).toHaveLength(kept.length + 1)
  })

  test('entries that are added in blocks are found as those that came at once', () => {
    const index = new SearchIndex(kept.slice(0, 3))
    index.add(kept.slice(3, 7))
    index.add(kept.slice(7))
    for (const query of ['', 'git', 'e', 'work git', 'example.com']) {
      for (const limit of [2, 100]) {
        expect(index.search(query, limit)).toEqual(new SearchIndex(kept).search(query, limit))
      }
    }
  })

  test('a changed entry is found by what it is now', () => {
    const index = new SearchIndex(kept)
    index.update(entry('github', 'Codeberg'))
    expect(ids('github', 9, index)).toEqual([])
    expect(ids('codeberg', 9, index)).toEqual(['github'])
    index.update(entry('github', 'Forgejo'))
    expect(ids('codeberg', 9, index)).toEqual([])
    expect(index.search('', 99).total).toBe(kept.length)
  })

  test('a removed entry is gone, also twice, and may come back', () => {
    const index = new SearchIndex(kept)
    index.remove('github')
    index.remove('github')
    index.remove('nobody')
    expect(index.search('git', 9).total).toBe(4)
    expect(index.search('', 99).total).toBe(kept.length - 1)
    index.update(entry('github', 'GitHub'))
    expect(ids('github', 9, index)).toEqual(['github'])
  })

  test('thousands of changes leave what a fresh index has', () => {
    const index = new SearchIndex([])
    const now = new Map<string, SearchEntry>()
    for (let step = 0; step < 2500; step++) {
      const id = `id${(step * 7919) % 900}`
      if (step % 5 === 4) {
        index.remove(id)
        now.delete(id)
      } else {
        const made = entry(id, `Title ${step % 83} of ${id}`, { hosts: [`h${step % 11}.example`] })
        index.update(made)
        now.set(id, made)
      }
    }
    const fresh = new SearchIndex([...now.values()])
    for (const query of ['', 'title', '7', 'h3.ex', 'id1 h4', 'of']) {
      const [a, b] = [index.search(query, 2000), fresh.search(query, 2000)]
      expect(a.total).toBe(b.total)
      expect([...a.ids].sort()).toEqual([...b.ids].sort())
    }
  })
})

describe('the order of titles', () => {
  test.each([
    ['a2', 'a10'],
    ['a', 'B'],
    ['Ärger', 'Zoo'],
    ['zebra', 'Żubr 2'],
    ['file 9', 'file 10 b'],
    ['v1.9', 'v1.10'],
    ['7', 'a'],
    ['999999999', '1000000000'],
    ['999999999999999999', '1000000000000000000'],
    ['x 0000000000000000000000005', 'x 6'],
    ['', 'a'],
  ])('%j before %j', (first, second) => {
    expect(sortKey(first) < sortKey(second)).toBe(true)
  })

  test.each([
    ['Émile', ' emile '],
    ['a  b', 'A B'],
    ['a007', 'a7'],
    ['ﬁsh', 'fish'],
  ])('%j as %j', (first, second) => {
    expect(sortKey(first)).toBe(sortKey(second))
  })
})
