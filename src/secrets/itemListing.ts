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
import { arnOf, isGone, isMarked, type SecretRecord } from './records.ts'
import { waitingVersion } from './rotation.ts'

interface Line {
  readonly id: string
  /** Compares as the title sorts. */
  readonly key: string
  readonly title: string
  /** Everything that is searched, folded; the title first. */
  readonly text: string
  readonly createdAt: number
  readonly changedAt: number
  readonly kind: SecretRecord['facts']['kind']
  readonly favourite: boolean
  readonly marked: boolean
  readonly tags: readonly string[]
  readonly uris: readonly string[]
}

type Wanted = Input<'keyhearth:ListItems'>

const byTitle = (left: Line, right: Line): number =>
  left.key < right.key ? -1 : left.key > right.key ? 1 : left.id < right.id ? -1 : 1

function lineOf(secret: SecretRecord): Line {
  const { id, facts, tags, createdAt, changedAt } = secret
  const own = tags.length === 0 ? none : ownTags(tags)
  const title = fold(facts.title)
  const rest = [facts.username, ...facts.uris, ...own, secret.description].join('\n')
  return {
    id,
    key: sortKey(facts.title),
    title,
    text: `${title}\n${fold(rest)}`,
    createdAt,
    changedAt,
    kind: facts.kind,
    favourite: facts.favourite,
    marked: isMarked(secret),
    tags: own,
    uris: facts.uris,
  }
}

const none: readonly string[] = []

/** The lines of an account in the order of their titles. */
class Lines {
  readonly #catalogue: Catalogue
  #sorted: Line[]
  #tags: readonly string[] | null = null

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue
    catalogue.takeTouched()
    this.#sorted = [...catalogue.all()].map(lineOf).sort(byTitle)
  }

  get all(): readonly Line[] {
    const touched = this.#catalogue.takeTouched()
    if (touched.size > 0) this.#update(touched)
    return this.#sorted
  }

  #update(touched: ReadonlySet<string>): void {
    const fresh = [...touched].flatMap((id) => {
      const secret = this.#catalogue.byId(id)
      return secret ? [lineOf(secret)] : []
    })
    this.#sorted = merged(
      this.#sorted.filter(({ id }) => !touched.has(id)),
      fresh.sort(byTitle),
    )
    this.#tags = null
  }

  /** The person's tags, of what is not in the trash, in order. */
  get tags(): readonly string[] {
    this.#tags ??= [
      ...new Set(this.all.flatMap(({ marked, tags }) => (marked ? none : tags))),
    ].sort()
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
  if (wanted.Tag !== undefined && !line.tags.includes(wanted.Tag)) return -1
  if (words.length === 0) return 0
  for (const word of words) if (!line.text.includes(word)) return -1
  const [first = ''] = words
  if (line.title.startsWith(first)) return 0
  return line.title.includes(first) ? 1 : 2
}

/** Those that fit, the best first, else in the order of their titles. */
function search(lines: readonly Line[], wanted: Wanted): Line[] {
  const words = fold(wanted.Query ?? '')
    .split(/\s+/)
    .filter(Boolean)
  const groups: [Line[], Line[], Line[]] = [[], [], []]
  for (const line of lines) groups[fit(line, words, wanted)]?.push(line)
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
  const found = ordered(search(lines.all, input), input)
  const { Start = 0, Limit = usualLimit, Url = '' } = input
  const ranked = Url === '' ? found.map((line) => ({ line, rank: 0 })) : forTab(found, Url)
  const Items = ranked.slice(Start, Start + Limit).flatMap(({ line, rank }) => {
    const secret = catalogue.byId(line.id)
    return secret && !isGone(secret, context.now) ? [summaryOf(secret, rank)] : []
  })
  return { Items, Total: ranked.length, Damaged: catalogue.damagedBlocks, Tags: lines.tags }
}
