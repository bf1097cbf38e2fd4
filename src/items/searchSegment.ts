// items: what people keep, and what is made of it; pure. This file: one part of the search index, made once from
// many entries and never changed but for entries that leave it.

import { fold } from './fold.ts'
import { sortKey } from './sortKey.ts'
import {
  elsewhere,
  inTitle,
  nowhere,
  type Place,
  titleStart,
  WordTable,
  WordUses,
  worstRank,
} from './wordTable.ts'

export interface SearchEntry {
  readonly id: string
  readonly title: string
  readonly username?: string | undefined
  readonly hosts?: readonly string[] | undefined
  readonly tags?: readonly string[] | undefined
  readonly notes?: string | undefined
}

export interface Found {
  readonly rank: number
  /** The entry's place in `entries`. */
  readonly at: number
}

/** Of notes as long as a book only the beginning is searched. */
const maxTextLength = 10_000
/** Folded text has no capitals; beyond ASCII, letters are by far the most. */
const marks = /[^a-z0-9\u0080-\uffff]/

export class SearchSegment {
  /** In the order of titles, so that results of one rank need no sorting. */
  readonly entries: readonly Pick<SearchEntry, 'id' | 'title'>[]
  live: number
  readonly #gone: Uint8Array
  /** Letters and digits: `login.example.com` is three, of which two are in many entries. */
  readonly #plain: WordTable
  /** Whatever stands between spaces and has marks in it, for queries that have some: `e.com`, `me@`. */
  readonly #marked: WordTable
  #positions: ReadonlyMap<string, number> | null = null

  constructor(entries: readonly SearchEntry[]) {
    const sorted = inOrder(entries)
    this.entries = sorted.map(({ id, title }) => ({ id, title }))
    this.live = sorted.length
    this.#gone = new Uint8Array(sorted.length)
    const [plain, marked] = collectUses(sorted)
    this.#plain = new WordTable(sorted.length, plain, false)
    this.#marked = new WordTable(sorted.length, marked, true)
  }

  remove(id: string): void {
    this.#positions ??= new Map(this.entries.map((entry, at) => [entry.id, at]))
    const at = this.#positions.get(id)
    if (at === undefined || this.#gone[at] !== 0) return
    this.#gone[at] = 1
    this.live -= 1
  }

  /** The entries that have all words: at most `limit` by sum of ranks, then by title, and how many there are. */
  search(words: readonly string[], limit: number): { found: readonly Found[]; total: number } {
    const [marked, plain] = [words.filter(hasMarks), words.filter((word) => !hasMarks(word))]
    const ranks = [...this.#plain.ranksOf(plain), ...this.#marked.ranksOf(marked)]
    const byRank = Array.from({ length: words.length * worstRank + 1 }, (): number[] => [])
    let total = 0
    for (let at = 0; at < this.entries.length; at++) {
      const rank = this.#gone[at] === 0 ? sumOfRanks(ranks, at) : -1
      if (rank < 0) continue
      total += 1
      const list = byRank[rank]
      if (list && list.length < limit) list.push(at)
    }
    const found = byRank.flatMap((list, rank) => list.map((at) => ({ rank, at })))
    return { found: found.slice(0, limit), total }
  }
}

/** -1 where one of the words is nowhere in the entry. */
function sumOfRanks(ranks: readonly Uint8Array[], entry: number): number {
  let sum = 0
  for (const list of ranks) {
    const rank = list[entry] ?? nowhere
    if (rank === nowhere) return -1
    sum += rank
  }
  return sum
}

function inOrder(entries: readonly SearchEntry[]): readonly SearchEntry[] {
  const keyed = entries.map((entry) => ({ entry, key: sortKey(entry.title) }))
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return keyed.map(({ entry }) => entry)
}

/** Words are what stands between spaces. */
export const wordsOf = (text: string): readonly string[] =>
  fold(text.slice(0, maxTextLength)).split(/\s+/).filter(Boolean)

const hasMarks = (word: string): boolean => marks.test(word)

function collectUses(entries: readonly SearchEntry[]): [plain: WordUses, marked: WordUses] {
  const [plain, marked] = [new WordUses(), new WordUses()]
  const add = (word: string, entry: number, place: Place): void => {
    if (hasMarks(word)) {
      marked.add(word, entry, place)
      for (const part of word.split(marks)) if (part !== '') plain.add(part, entry, place)
    } else plain.add(word, entry, place)
  }
  for (const [at, entry] of entries.entries()) {
    let place: Place = titleStart
    for (const word of wordsOf(entry.title)) {
      add(word, at, place)
      place = inTitle
    }
    for (const word of wordsOf(restOf(entry))) add(word, at, elsewhere)
  }
  return [plain, marked]
}

const restOf = ({ username = '', hosts = [], tags = [], notes = '' }: SearchEntry): string =>
  [username, ...hosts, ...tags, notes].join(' ')
