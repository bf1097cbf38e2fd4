// secrets: Secrets Manager: secrets, their versions and staging labels. This file: the list of the person's items
// as their screens ask for it, a page at a time, at each key stroke. With 100,000 items a stroke has 16 ms, so
// what is looked through is made once, and after a change only for what changed.

import type { Handler } from '../hsm/context.ts'
import { fold } from '../items/fold.ts'
import { matcher } from '../items/match.ts'
import { sortKey } from '../items/sortKey.ts'
import type { Input } from '../protocol/schemas.ts'
import type { ItemSummary } from '../protocol/secretsOutputs.ts'
import { lastAccesses } from './accesses.ts'
import { type Block, Glance, type Head } from './blocks.ts'
import { type Catalogue, catalogueOf } from './catalogue.ts'
import { ownTags } from './items.ts'
import { arnOf, isGone } from './records.ts'

class Line extends Glance {
  /** Compares as the title sorts. */
  readonly key: string
  readonly account: string
  #text = ''

  constructor(head: Head, block: Block) {
    super(head)
    this.key = sortKey(this.title)
    this.account = block.account
  }

  /** The person's own words to sort by. */
  get own(): readonly string[] {
    return this.tags.length === 0 ? none : ownTags(this.tags)
  }

  /** What is searched, folded, the title first. Made when somebody first searches, or has time. */
  get text(): string {
    if (this.#text === '') {
      const title = this.title.replaceAll(lineEnd, ' ')
      const all = [title, this.username, ...this.uris, ...this.own, this.description]
      // Part by part: most are plain ASCII, which folds many times as fast.
      this.#text = all.map(fold).join(lineEnd)
    }
    return this.#text
  }
}

const none: readonly string[] = []
/** In no word that is searched. */
const lineEnd = '\n'

type Wanted = Input<'keyhearth:ListItems'>

const byTitle = (left: Line, right: Line): number =>
  left.key < right.key ? -1 : left.key > right.key ? 1 : left.id < right.id ? -1 : 1

/** A few milliseconds' worth. */
const linesAtOnce = 2000

/** The lines of an account in the order of their titles. */
class Lines {
  readonly #catalogue: Catalogue
  #sorted: Line[]
  #tags: readonly string[] | null = null

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue
    catalogue.takeTouched()
    this.#sorted = []
    for (const block of catalogue.blocks) {
      for (const head of block.heads) this.#sorted.push(new Line(head, block))
    }
    this.#sorted.sort(byTitle)
    this.#prepare(this.#sorted, 0)
  }

  /** So that the first stroke of a search finds all of it done; between other work. */
  #prepare(lines: readonly Line[], from: number): void {
    if (from >= lines.length) return
    setTimeout(() => {
      for (const line of lines.slice(from, from + linesAtOnce)) void line.text
      this.#prepare(lines, from + linesAtOnce)
    }, 0)
  }

  get all(): readonly Line[] {
    const touched = this.#catalogue.takeTouched()
    if (touched.size > 0) this.#update(touched)
    return this.#sorted
  }

  #update(touched: ReadonlySet<string>): void {
    const fresh = [...touched].flatMap((id) => {
      const found = this.#catalogue.place(id)
      return found ? [new Line(found.head, found.block)] : []
    })
    this.#sorted = merged(
      this.#sorted.filter(({ id }) => !touched.has(id)),
      fresh.sort(byTitle),
    )
    this.#tags = null
  }

  /** The person's tags, of what is not in the trash, in order. */
  get tags(): readonly string[] {
    this.#tags ??= [...new Set(this.all.flatMap(({ marked, own }) => (marked ? none : own)))].sort()
    return this.#tags
  }
}

function merged(left: readonly Line[], right: readonly Line[]): Line[] {
  const out: Line[] = []
  let i = 0
  for (const line of right) {
    for (let next = left[i]; next && byTitle(next, line) < 0; next = left[++i]) out.push(next)
    out.push(line)
  }
  return out.concat(left.slice(i))
}

const kept = new WeakMap<Catalogue, Lines>()

function linesOf(catalogue: Catalogue): Lines {
  const known = kept.get(catalogue)
  if (known) return known
  const fresh = new Lines(catalogue)
  kept.set(catalogue, fresh)
  return fresh
}

const notFound = 3
/** How many ways there are to be found: the title begins so, the word is in the title, or elsewhere. */
type Fit = 0 | 1 | 2 | typeof notFound

/** Whether a line is among those wanted, and how well it fits the words: less is better. */
function fit(line: Line, words: readonly string[], wanted: Wanted): Fit {
  if (line.marked !== (wanted.Deleted ?? false)) return notFound
  if (wanted.Kind !== undefined && line.kind !== wanted.Kind) return notFound
  if (wanted.Favourite !== undefined && line.favourite !== wanted.Favourite) return notFound
  if (wanted.Tag !== undefined && !line.own.includes(wanted.Tag)) return notFound
  const [first, ...others] = words
  if (first === undefined) return 0
  const { text } = line
  const at = text.indexOf(first)
  if (at < 0) return notFound
  for (const word of others) if (!text.includes(word)) return notFound
  if (at === 0) return 0
  return at < text.indexOf(lineEnd) ? 1 : 2
}

/** What a search found: one that goes on from it looks through that alone. */
interface Search {
  readonly among: readonly Line[]
  readonly query: string
  readonly filters: string
  /** By the place among all lines. */
  readonly fits: Uint8Array
}

const searches = new WeakMap<Lines, Search>()

/** Those that fit, the best first, else in the order of their titles. */
function search(lines: Lines, wanted: Wanted): Line[] {
  const { Kind, Tag, Deleted, Favourite } = wanted
  const filters = JSON.stringify([Kind, Tag, Deleted, Favourite])
  const query = fold(wanted.Query ?? '')
  const among = lines.all
  const last = searches.get(lines)
  const goesOn = last?.among === among && last.filters === filters && query.startsWith(last.query)
  const words = query.split(/\s+/).filter(Boolean)
  const fits = goesOn ? last.fits.slice() : new Uint8Array(among.length)
  for (const [at, line] of among.entries()) {
    if (fits[at] !== notFound) fits[at] = fit(line, words, wanted)
  }
  searches.set(lines, { among, query, filters, fits })
  return inGroups(among, fits)
}

/** Made at once of the size it has: one that grows costs more than the search. */
function inGroups(lines: readonly Line[], fits: Uint8Array): Line[] {
  const counts = new Uint32Array(notFound + 1)
  for (const fit of fits) counts[fit] = (counts[fit] ?? 0) + 1
  const [begin = 0, inTitle = 0, elsewhere = 0] = counts
  const next = [0, begin, begin + inTitle]
  const found = new Array<Line>(begin + inTitle + elsewhere)
  for (const [at, line] of lines.entries()) {
    const fit = fits[at] ?? notFound
    const place = next[fit]
    if (place === undefined) continue
    found[place] = line
    next[fit] = place + 1
  }
  return found
}

/** When it was last read; `null` for never. */
type LastAccess = (id: string) => number | null

function ordered(
  found: Line[],
  { Sort = 'title', Descending = false }: Wanted,
  lastAccess: LastAccess,
): Line[] {
  if (Sort === 'used') return byUse(found, Descending, lastAccess)
  const sorted =
    Sort === 'title'
      ? found
      : found.toSorted((left, right) =>
          Sort === 'changed' ? left.changedAt - right.changedAt : left.createdAt - right.createdAt,
        )
  return Descending ? sorted.toReversed() : sorted
}

/** Many share a day, most perhaps none at all: only the days are sorted, and titles stay in their order. */
function byUse(found: readonly Line[], descending: boolean, lastAccess: LastAccess): Line[] {
  const byDay = Map.groupBy(found, ({ id }) => lastAccess(id) ?? 0)
  const sign = descending ? -1 : 1
  return [...byDay].sort(([one], [other]) => sign * (one - other)).flatMap(([, lines]) => lines)
}

interface Ranked {
  readonly line: Line
  readonly rank: number
}

const ranks = { origin: 3, host: 2, site: 1 } as const

/** What is for the tab comes first, the nearest before others. */
function forTab(found: readonly Line[], url: string): Ranked[] {
  const matches = matcher(url)
  const ranked: Ranked[] = []
  const others: Ranked[] = []
  for (const line of found) {
    const match = line.uris.length === 0 ? null : matches(line.uris)
    const rank = match === null ? 0 : ranks[match]
    ;(rank > 0 ? ranked : others).push({ line, rank })
  }
  return [...ranked.sort((left, right) => right.rank - left.rank), ...others]
}

function summaryOf(line: Line, rank: number, lastAccess: number | null): ItemSummary {
  const { deletionAt } = line
  return {
    SecretId: arnOf(line),
    Title: line.title,
    Kind: line.kind,
    Username: line.username,
    Uris: line.uris,
    Tags: line.own,
    Favourite: line.favourite,
    HasOneTimeCode: line.hasOneTimeCode,
    AskAgain: line.askAgain,
    CreatedAt: line.createdAt / 1000,
    ChangedAt: line.changedAt / 1000,
    ...(lastAccess === null ? {} : { LastUsedAt: lastAccess / 1000 }),
    ...(deletionAt === null ? {} : { DeletionAt: deletionAt / 1000 }),
    ...(line.rotating ? { Rotating: true } : {}),
    ...(rank > 0 ? { Match: rank } : {}),
  }
}

const usualLimit = 100

export const listItems: Handler<'keyhearth:ListItems'> = async (context, input) => {
  const [catalogue, lastAccess] = await Promise.all([
    catalogueOf(context),
    lastAccesses(context, context.account),
  ])
  const lines = linesOf(catalogue)
  const found = ordered(search(lines, input), input, lastAccess)
  const { Start = 0, Limit = usualLimit, Url = '' } = input
  const end = Start + Limit
  const shown =
    Url === ''
      ? found.slice(Start, end).map((line) => ({ line, rank: 0 }))
      : forTab(found, Url).slice(Start, end)
  const Items = shown.flatMap(({ line, rank }) =>
    isGone(line, context.now) ? [] : [summaryOf(line, rank, lastAccess(line.id))],
  )
  return { Items, Total: found.length, Damaged: catalogue.damaged.length, Tags: lines.tags }
}
