// secrets: Secrets Manager: secrets, their versions and staging labels. This file: the list of the person's items
// as their screens ask for it, a page at a time, at each key stroke. With 100,000 items a stroke has 16 ms, so
// what is looked through is made once, and after a change only for what changed.

import type { Handler } from '../hsm/context.ts'
import { fold } from '../items/fold.ts'
import { matcher } from '../items/match.ts'
import { sortKey } from '../items/sortKey.ts'
import type { Input } from '../protocol/schemas.ts'
import type { ItemSummary } from '../protocol/secretsOutputs.ts'
import { type Catalogue, catalogueOf } from './catalogue.ts'
import { ownTags } from './items.ts'
import {
  arnOf,
  type Block,
  type Glance,
  glanceAt,
  isGone,
  type PackedSecret,
  type SecretRecord,
  unpack,
} from './records.ts'
import { waitingVersion } from './rotation.ts'

interface Line extends Glance {
  /** Compares as the title sorts. */
  readonly key: string
  /** The person's own words to sort by. */
  readonly own: readonly string[]
  /** What is searched, made when somebody first searches, or has time. */
  texts: Texts | null
  readonly packed: PackedSecret
  readonly block: Block
}

interface Texts {
  /** Folded, as all that is searched. */
  readonly title: string
  /** Everything; the title first. */
  readonly text: string
}

type Wanted = Input<'keyhearth:ListItems'>

const byTitle = (left: Line, right: Line): number =>
  left.key < right.key ? -1 : left.key > right.key ? 1 : left.id < right.id ? -1 : 1

function lineOf(packed: PackedSecret, block: Block): Line {
  const glance = glanceAt(packed)
  const own = glance.tags.length === 0 ? none : ownTags(glance.tags)
  return { ...glance, key: sortKey(glance.title), own, texts: null, packed, block }
}

function textsOf(line: Line): Texts {
  if (line.texts) return line.texts
  const title = fold(line.title)
  const rest = [line.username, ...line.uris, ...line.own, line.description].join('\n')
  line.texts = { title, text: `${title}\n${fold(rest)}` }
  return line.texts
}

const none: readonly string[] = []

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
      for (const packed of block.secrets) this.#sorted.push(lineOf(packed, block))
    }
    this.#sorted.sort(byTitle)
    this.#prepare(this.#sorted, 0)
  }

  /** So that the first stroke of a search finds all of it done; between other work. */
  #prepare(lines: readonly Line[], from: number): void {
    if (from >= lines.length) return
    setTimeout(() => {
      for (const line of lines.slice(from, from + linesAtOnce)) textsOf(line)
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
      const found = this.#catalogue.packed(id)
      return found ? [lineOf(found.packed, found.block)] : []
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

/** Whether a line is among those wanted, and how well it fits the words: less is better; -1: not at all. */
function fit(line: Line, words: readonly string[], wanted: Wanted): number {
  if (line.marked !== (wanted.Deleted ?? false)) return -1
  if (wanted.Kind !== undefined && line.kind !== wanted.Kind) return -1
  if (wanted.Favourite !== undefined && line.favourite !== wanted.Favourite) return -1
  if (wanted.Tag !== undefined && !line.own.includes(wanted.Tag)) return -1
  if (words.length === 0) return 0
  const { title, text } = textsOf(line)
  for (const word of words) if (!text.includes(word)) return -1
  const [first = ''] = words
  if (title.startsWith(first)) return 0
  return title.includes(first) ? 1 : 2
}

/** What a search found, in the order of titles: one that goes on from it looks through that alone. */
interface Search {
  readonly among: readonly Line[]
  readonly query: string
  readonly filters: string
  readonly found: readonly Line[]
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
  const groups: [Line[], Line[], Line[]] = [[], [], []]
  const found: Line[] = []
  for (const line of goesOn ? last.found : among) {
    const group = groups[fit(line, words, wanted)]
    if (!group) continue
    group.push(line)
    found.push(line)
  }
  searches.set(lines, { among, query, filters, found })
  return groups[1].length + groups[2].length === 0 ? groups[0] : groups.flat()
}

function ordered(found: Line[], { Sort = 'title', Descending = false }: Wanted): Line[] {
  const sorted =
    Sort === 'title'
      ? found
      : found.toSorted((left, right) =>
          Sort === 'changed' ? left.changedAt - right.changedAt : left.createdAt - right.createdAt,
        )
  return Descending ? sorted.toReversed() : sorted
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

function summaryOf(secret: SecretRecord, rank: number): ItemSummary {
  const { facts, tags, createdAt, changedAt, deletionAt } = secret
  return {
    SecretId: arnOf(secret),
    Title: facts.title,
    Kind: facts.kind,
    Username: facts.username,
    Uris: facts.uris,
    Tags: ownTags(tags),
    Favourite: facts.favourite,
    HasOneTimeCode: facts.hasOneTimeCode,
    AskAgain: facts.askAgain,
    CreatedAt: createdAt / 1000,
    ChangedAt: changedAt / 1000,
    ...(deletionAt === null ? {} : { DeletionAt: deletionAt / 1000 }),
    ...(waitingVersion(secret) ? { Rotating: true } : {}),
    ...(rank > 0 ? { Match: rank } : {}),
  }
}

const usualLimit = 100

export const listItems: Handler<'keyhearth:ListItems'> = async (context, input) => {
  const catalogue = await catalogueOf(context)
  const lines = linesOf(catalogue)
  const found = ordered(search(lines, input), input)
  const { Start = 0, Limit = usualLimit, Url = '' } = input
  const end = Start + Limit
  const shown =
    Url === ''
      ? found.slice(Start, end).map((line) => ({ line, rank: 0 }))
      : forTab(found, Url).slice(Start, end)
  const Items = shown.flatMap(({ line, rank }) => {
    const secret = unpack(line.packed, line.block)
    return isGone(secret, context.now) ? [] : [summaryOf(secret, rank)]
  })
  return { Items, Total: found.length, Damaged: catalogue.damagedBlocks, Tags: lines.tags }
}
