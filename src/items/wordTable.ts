// items: what people keep, and what is made of it; pure. This file: which entries have which words, and how well a
// word of a query fits them.
//
// Each different word is kept once, in one long text; beside it stands which entries have it. A vault of 100,000
// has far fewer different words than words, so that the text is searched within a few milliseconds.

/** Where in an entry a word stands; the first place counts where there are several. */
export const titleStart = 0
export const inTitle = 1
export const elsewhere = 2
export type Place = typeof titleStart | typeof inTitle | typeof elsewhere
const placeBits = 2
const placeMask = (1 << placeBits) - 1

/** How well a word of the query fits an entry, best first, by its place there. */
const ranksAtStartOfWord = [0, 1, 2] as const
const ranksWithinWord = [3, 3, 4] as const
export const worstRank = 4
/** Instead of a rank where the word is not in the entry. */
export const nowhere = 255

interface Hits {
  /** Which words of the table contain the searched one. */
  readonly words: readonly number[]
  /** The best rank by entry. */
  readonly ranks: Uint8Array
}

/** What a table is made from. Uses of one entry must follow each other, from its title on. */
export class WordUses {
  /** Side by side: the number of a word, and the entry that uses it, shifted, with the place. */
  readonly numbers: number[] = []
  readonly packed: number[] = []
  readonly #byWord = new Map<string, number>()
  readonly #lastEntry: number[] = []

  get words(): readonly string[] {
    return [...this.#byWord.keys()]
  }

  add(word: string, entry: number, place: Place): void {
    let number = this.#byWord.get(word)
    if (number === undefined) {
      number = this.#byWord.size
      this.#byWord.set(word, number)
    } else if (this.#lastEntry[number] === entry) return
    this.#lastEntry[number] = entry
    this.numbers.push(number)
    this.packed.push((entry << placeBits) | place)
  }
}

type OnHit = (number: number, atStart: boolean) => void

export class WordTable {
  readonly #entryCount: number
  /** Whether words have marks in them, after which something else begins. */
  readonly #marked: boolean
  /** All words, each with a line feed before it. */
  readonly #text: string
  readonly #wordAt: Uint32Array
  readonly #usesAt: Uint32Array
  readonly #uses: Uint32Array
  #hits: ReadonlyMap<string, Hits> = new Map()

  constructor(entryCount: number, { words, numbers, packed }: WordUses, marked: boolean) {
    this.#entryCount = entryCount
    this.#marked = marked
    this.#text = `\n${words.join('\n')}`
    this.#wordAt = startsOf(words.map((word) => word.length + 1))
    const counts = new Array<number>(words.length).fill(0)
    for (const number of numbers) counts[number] = (counts[number] ?? 0) + 1
    this.#usesAt = startsOf(counts)
    this.#uses = groupedByWord(numbers, packed, this.#usesAt)
  }

  /** For each word of a query its rank in each entry. */
  ranksOf(words: readonly string[]): readonly Uint8Array[] {
    const hits = new Map(words.map((word) => [word, this.#hitsOf(word)]))
    // The next query most likely continues this one: what it needs is kept, all else is not.
    this.#hits = hits
    return [...hits.values()].map(({ ranks }) => ranks)
  }

  #hitsOf(word: string): Hits {
    const known = this.#hits.get(word)
    if (known) return known
    const words: number[] = []
    const ranks = new Uint8Array(this.#entryCount).fill(nowhere)
    const onHit: OnHit = (number, atStart) => {
      words.push(number)
      this.#rankUses(number, atStart ? ranksAtStartOfWord : ranksWithinWord, ranks)
    }
    const candidates = this.#candidatesFor(word)
    if (candidates) this.#scanWords(word, candidates, onHit)
    else this.#scanText(word, onHit)
    return { words, ranks }
  }

  /** What contains the longer word contains the shorter one: only those words need to be looked at again. */
  #candidatesFor(word: string): readonly number[] | null {
    const shorter = [...this.#hits].filter(([known]) => word.includes(known))
    const lists = shorter.map(([, { words }]) => words).sort((a, b) => a.length - b.length)
    const [fewest] = lists
    // Going from word to word is slower than running through the text, so it must be a good deal fewer.
    return fewest && fewest.length * 8 < this.#wordAt.length ? fewest : null
  }

  #scanWords(word: string, candidates: readonly number[], onHit: OnHit): void {
    for (const number of candidates) {
      const whole = this.#text.slice(this.#wordAt[number], this.#wordAt[number + 1])
      const at = whole.indexOf(word)
      if (at >= 0) onHit(number, this.#beginsWord(whole, word, at, whole.length))
    }
  }

  #scanText(word: string, onHit: OnHit): void {
    const text = this.#text
    const wordAt = this.#wordAt
    let number = 0
    for (let at = text.indexOf(word); at >= 0; ) {
      while ((wordAt[number + 1] ?? 0) <= at) number += 1
      const end = wordAt[number + 1] ?? text.length
      onHit(number, this.#beginsWord(text, word, at, end))
      at = text.indexOf(word, end)
    }
  }

  /** Whether the word stands somewhere with no letter or digit before it: `e` in `me@example.com`. */
  #beginsWord(text: string, word: string, first: number, end: number): boolean {
    const last = this.#marked ? end - word.length : first
    for (let at = first; at <= last; at++) {
      if (!isLetterOrDigit(text.charCodeAt(at - 1)) && text.startsWith(word, at)) return true
    }
    return false
  }

  #rankUses(word: number, rankOf: readonly number[], ranks: Uint8Array): void {
    const end = this.#usesAt[word + 1] ?? 0
    for (let at = this.#usesAt[word] ?? end; at < end; at++) {
      const use = this.#uses[at] ?? 0
      const entry = use >>> placeBits
      const rank = rankOf[use & placeMask] ?? nowhere
      if (rank < (ranks[entry] ?? 0)) ranks[entry] = rank
    }
  }
}

/** Folded text has no capitals; beyond ASCII, letters are by far the most. */
const isLetterOrDigit = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code >= 128

function startsOf(lengths: readonly number[]): Uint32Array {
  const starts = new Uint32Array(lengths.length + 1)
  lengths.forEach((length, at) => {
    starts[at + 1] = (starts[at] ?? 0) + length
  })
  return starts
}

function groupedByWord(
  numbers: readonly number[],
  packed: readonly number[],
  usesAt: Uint32Array,
): Uint32Array {
  const next = usesAt.slice()
  const grouped = new Uint32Array(packed.length)
  numbers.forEach((word, at) => {
    const to = next[word] ?? 0
    grouped[to] = packed[at] ?? 0
    next[word] = to + 1
  })
  return grouped
}
