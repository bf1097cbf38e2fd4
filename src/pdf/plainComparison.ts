// pdf: PDF files read strictly, signed and compared; pure. This file: whether everything that can be reached from one object
// is the same in two revisions. It walks with a list of its own: outlines are chains longer than any call stack.

import { equalBytes } from '../codec/bytes.ts'
import { fail } from './errors.ts'
import type { PdfView } from './file.ts'
import { isKind, type PdfDictionary, type PdfObject } from './objects.ts'

/** What was gone through, from the trailer on. */
export interface Path {
  readonly parent: Path | null
  readonly key: string
}

export const below = (parent: Path | null, key: string | number): Path => ({
  parent,
  key: String(key),
})

export function pathText(path: Path | null): string {
  const keys: string[] = []
  for (let at = path; at && keys.length < 40; at = at.parent) keys.unshift(at.key)
  return keys.join('.')
}

/** Keys under which pages, fields and annotations are named as such: in trees, links, structure. */
const waysThere: ReadonlySet<string> = new Set(
  'Root Pages Parent Kids P Popup IRT Obj Pg CO Fields Annots D Dest OpenAction Names Nums Data'.split(
    ' ',
  ),
)

/** The nearest key that is no index of an array. */
function lastKey(path: Path | null): string {
  let at = path
  while (at && /^\d+$/.test(at.key)) at = at.parent
  return at?.key ?? ''
}

interface Pair {
  readonly old: PdfObject | undefined
  readonly now: PdfObject | undefined
  readonly path: Path | null
}

/** How many pairs are compared yet: over all revisions of a file, so that many of them cost no more than one. */
export interface Budget {
  left: number
}

export function spend(budget: Budget, steps: number): void {
  budget.left -= steps
  if (budget.left < 0) fail('limit', 'too much to compare')
}

export class PlainComparison {
  readonly #old: PdfView
  readonly #now: PdfView
  /** Numbers of objects that are compared by rules of their own: pages, fields, annotations, the catalog. */
  readonly #elsewhere: ReadonlySet<number>
  /** Pairs of references, and how each was first reached. */
  readonly #seen = new Map<string, Path | null>()
  readonly #budget: Budget

  constructor(old: PdfView, now: PdfView, elsewhere: ReadonlySet<number>, budget: Budget) {
    this.#old = old
    this.#now = now
    this.#elsewhere = elsewhere
    this.#budget = budget
  }

  /** Tells every place that differs; what was seen by an earlier call is not told again. */
  compare(
    old: PdfObject | undefined,
    now: PdfObject | undefined,
    path: Path | null,
    tell: (path: Path | null) => void,
  ): void {
    const pairs: Pair[] = [{ old, now, path }]
    for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
      spend(this.#budget, 1)
      if (!this.#step(pair, pairs)) tell(pair.path)
    }
  }

  /** On its own: whether two values differ anywhere below. */
  differs(old: PdfObject | undefined, now: PdfObject | undefined): boolean {
    const fresh = new PlainComparison(this.#old, this.#now, this.#elsewhere, this.#budget)
    let isDifferent = false
    fresh.compare(old, now, null, () => {
      isDifferent = true
    })
    return isDifferent
  }

  /** How an object that stayed was reached by an earlier call, or `undefined`. */
  reached(object: PdfObject | undefined): Path | null | undefined {
    if (!isKind(object, 'reference')) return undefined
    const own = `${object.number} ${object.generation}`
    return this.#seen.get(`${own}:${own}`)
  }

  #isElsewhere(object: PdfObject | undefined): boolean {
    return isKind(object, 'reference') && this.#elsewhere.has(object.number)
  }

  /**
   * A page, field or annotation is compared elsewhere, but only as what it is there. Named in a place where it would be
   * something else, resources for one, it must not have changed at all.
   */
  #mayBeLeft(old: PdfObject | undefined, now: PdfObject | undefined, path: Path | null): boolean {
    return waysThere.has(lastKey(path)) || this.#old.resolve(old) === this.#now.resolve(now)
  }

  /** `false` where these two differ themselves. What is below them comes onto the list. */
  #step({ old, now, path }: Pair, pairs: Pair[]): boolean {
    if (isKind(old, 'reference') || isKind(now, 'reference')) {
      if (this.#isElsewhere(old) || this.#isElsewhere(now)) {
        return isSameReference(old, now) && this.#mayBeLeft(old, now, path)
      }
      // Only where both are references is the pair the same wherever it stands.
      if (isKind(old, 'reference') && isKind(now, 'reference')) {
        const key = `${old.number} ${old.generation}:${now.number} ${now.generation}`
        if (this.#seen.has(key)) return true
        this.#seen.set(key, path)
      }
    }
    const [a, b] = [this.#old.resolve(old), this.#now.resolve(now)]
    if (isKind(a, 'stream') && isKind(b, 'stream')) {
      pushEntries(a.dictionary, b.dictionary, path, pairs, 'Length')
      return a.raw === b.raw || equalBytes(a.raw, b.raw)
    }
    if (isKind(a, 'dictionary') && isKind(b, 'dictionary')) {
      pushEntries(a, b, path, pairs)
      return a === b || a.duplicates.length + b.duplicates.length === 0
    }
    if (isKind(a, 'array') && isKind(b, 'array')) {
      if (a.items.length !== b.items.length) return false
      a.items.forEach((item, at) => {
        pairs.push({ old: item, now: b.items[at], path: below(path, at) })
      })
      return true
    }
    return isSameScalar(a, b)
  }
}

export const isSameReference = (a: PdfObject | undefined, b: PdfObject | undefined): boolean =>
  isKind(a, 'reference') &&
  isKind(b, 'reference') &&
  a.number === b.number &&
  a.generation === b.generation

function pushEntries(
  old: PdfDictionary,
  now: PdfDictionary,
  path: Path | null,
  pairs: Pair[],
  except?: string,
): void {
  for (const key of new Set([...old.entries.keys(), ...now.entries.keys()])) {
    if (key === except) continue
    pairs.push({ old: old.entries.get(key), now: now.entries.get(key), path: below(path, key) })
  }
}

function isSameScalar(a: PdfObject, b: PdfObject): boolean {
  if (isKind(a, 'name')) return isKind(b, 'name') && a.name === b.name
  if (isKind(a, 'string')) return isKind(b, 'string') && equalBytes(a.bytes, b.bytes)
  return a === b
}
