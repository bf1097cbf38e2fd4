// items: what people keep, and what is made of it; pure. This file: searching all items at each key stroke.

import { type SearchEntry, SearchSegment, wordsOf } from './searchSegment.ts'
import { sortKey } from './sortKey.ts'

export type { SearchEntry } from './searchSegment.ts'

export interface SearchResult {
  /** Best first: words that begin as asked before words that contain it, titles before all else, then by title. */
  readonly ids: readonly string[]
  /** How many entries were found, beyond the limit too. */
  readonly total: number
}

const maxQueryLength = 200
const maxWords = 8
/** Entries that came later are indexed together, anew after each change; of so many that is a few milliseconds. */
const maxRecent = 500

export class SearchIndex {
  #segments: readonly SearchSegment[]
  #recent = new Map<string, SearchEntry>()
  #recentSegment: SearchSegment | null = null

  constructor(entries: readonly SearchEntry[]) {
    this.#segments = [new SearchSegment(entries)]
  }

  /** Entries that have all words of the query, in any case and accents, in any order; all for an empty query. */
  search(query: string, limit: number): SearchResult {
    const words = [...new Set(wordsOf(query.slice(0, maxQueryLength)))].slice(0, maxWords)
    const results = this.#allSegments().map((segment) => {
      const { found, total } = segment.search(words, limit)
      return { total, found: found.map(({ rank, at }) => ({ rank, entry: segment.entries[at] })) }
    })
    const total = results.reduce((sum, result) => sum + result.total, 0)
    const [only] = results
    if (results.length === 1 && only) return { ids: idsOf(only.found), total }
    const keyed = results.flatMap(({ found }) =>
      found.map((one) => ({ ...one, key: sortKey(one.entry?.title ?? '') })),
    )
    keyed.sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    return { ids: idsOf(keyed.slice(0, limit)), total }
  }

  /**
   * Adds many entries that are not there yet. Indexing 100,000 takes most of a second: whoever has them in blocks,
   * or a screen to keep alive, adds some ten thousand at a time.
   */
  add(entries: readonly SearchEntry[]): void {
    this.#segments = [...this.#segments, new SearchSegment(entries)]
  }

  /** Adds an entry, or replaces the one with its id. */
  update(entry: SearchEntry): void {
    this.remove(entry.id)
    if (this.#recent.size >= maxRecent) this.#settle()
    this.#recent.set(entry.id, entry)
    this.#recentSegment = null
  }

  remove(id: string): void {
    if (this.#recent.delete(id)) this.#recentSegment = null
    for (const segment of this.#segments) segment.remove(id)
    if (this.#segments.some(({ live }) => live === 0)) {
      this.#segments = this.#segments.filter(({ live }) => live > 0)
    }
  }

  #allSegments(): readonly SearchSegment[] {
    if (this.#recent.size === 0) return this.#segments
    this.#recentSegment ??= new SearchSegment([...this.#recent.values()])
    return [...this.#segments, this.#recentSegment]
  }

  #settle(): void {
    this.#segments = this.#allSegments()
    this.#recent = new Map()
    this.#recentSegment = null
  }
}

const idsOf = (found: readonly { entry: { id: string } | undefined }[]): readonly string[] =>
  found.flatMap(({ entry }) => (entry ? [entry.id] : []))
