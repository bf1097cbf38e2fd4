// pdf: PDF files read strictly, signed and compared; pure. This file: one revision against the next, by rules for what may
// change harmlessly where. Whatever no rule speaks of must be the same, along every way it can be reached.

import { compareFields, type FieldRules } from './fieldChanges.ts'
import type { PdfView } from './file.ts'
import { type Field, readFields } from './form.ts'
import { isHarmlessMetadata } from './metadata.ts'
import { isInteger, isKind, nameOf, type PdfDictionary, type PdfObject } from './objects.ts'
import { type Page, readPages } from './pages.ts'
import {
  type Budget,
  below,
  isSameReference,
  type Path,
  PlainComparison,
  pathText,
  spend,
} from './plainComparison.ts'

export type FindingKind =
  | 'validation data'
  | 'later signature'
  | 'form fill'
  | 'annotations'
  | 'page content'
  | 'other'

export type FindingCode =
  | 'validation-data'
  | 'time-stamp'
  | 'new-signature'
  | 'new-visible-signature'
  | 'field-signed'
  | 'field-filled'
  | 'signature-field-added'
  | 'appearances-to-be-drawn'
  | 'annotation-added'
  | 'annotation-removed'
  | 'annotation-changed'
  | 'page-changed'
  | 'pages-changed'
  | 'field-changed'
  | 'field-added'
  | 'field-removed'
  | 'appearance-changed'
  /** The looks of a field that changed are also something else. */
  | 'appearance-shared'
  | 'signature-changed'
  | 'form-changed'
  | 'validation-data-changed'
  | 'metadata-changed'
  | 'document-changed'
  | 'hidden-bytes'
  | 'structure'
  | 'not-comparable'
  | 'signature-not-sound'
  | 'file-not-readable'

export interface Finding {
  readonly kind: FindingKind
  readonly code: FindingCode
  /** Where in the file, from the trailer on: `Root.Pages.Kids.0.Contents`. */
  readonly path: string
  /** From 1. */
  readonly page: number | null
  readonly field: string | null
  /** What a filled field said before, and says now, where that is text or a name. */
  readonly was: string | null
  readonly is: string | null
}

export interface Place {
  readonly kind: FindingKind
  readonly code: FindingCode
  readonly page?: number | null
  readonly field?: string | null
  readonly was?: string | null
  readonly is?: string | null
}

const mostFindings = 200

/** The file as of one revision, and what a comparison needs of it. */
export interface Snapshot {
  readonly view: PdfView
  readonly pages: readonly Page[]
  readonly fields: readonly Field[]
}

export function snapshotOf(view: PdfView, budget: Budget): Snapshot {
  const snapshot = { view, pages: readPages(view), fields: readFields(view) }
  spend(budget, snapshot.pages.length + snapshot.fields.length)
  return snapshot
}

/** Both views and what is known of them. */
export class Comparison {
  readonly old: PdfView
  readonly now: PdfView
  readonly oldPages: readonly Page[]
  readonly nowPages: readonly Page[]
  readonly oldFields: readonly Field[]
  readonly nowFields: readonly Field[]
  readonly nowByName: ReadonlyMap<string, Field>
  /** From 1, by the object number of an annotation. */
  readonly nowPageOf: ReadonlyMap<number, number>
  readonly nowPageNumbers: ReadonlySet<number>
  readonly plain: PlainComparison
  readonly findings: Finding[] = []
  readonly #budget: Budget

  constructor(old: Snapshot, now: Snapshot, budget: Budget) {
    this.old = old.view
    this.now = now.view
    this.oldPages = old.pages
    this.nowPages = now.pages
    this.oldFields = old.fields
    this.nowFields = now.fields
    this.#budget = budget
    this.nowPageNumbers = new Set(now.pages.map(({ reference }) => reference.number))
    this.nowByName = new Map(this.nowFields.map((field) => [field.name, field]))
    this.nowPageOf = this.#pagesOfAnnotations()
    this.plain = new PlainComparison(old.view, now.view, this.#elsewhere(), budget)
  }

  /** For work that compares no pair of objects. */
  spend(steps: number): void {
    spend(this.#budget, steps)
  }

  /** What is compared by a rule of its own, so that ways to it need not be followed. */
  #elsewhere(): Set<number> {
    const { old } = this
    const objects: (PdfObject | undefined)[] = [old.trailer.entries.get('Root')]
    const parents = new Set<number>()
    for (const page of this.oldPages) {
      objects.push(page.reference, ...old.items(page.dictionary.entries.get('Annots')))
      let at = page.dictionary.entries.get('Parent')
      while (isKind(at, 'reference') && !parents.has(at.number)) {
        parents.add(at.number)
        objects.push(at)
        at = old.dictionary(at)?.entries.get('Parent')
      }
    }
    for (const field of this.oldFields) {
      objects.push(field.reference, ...field.widgets.map(({ reference }) => reference))
    }
    // A stream among them would be drawn with bytes that no rule looks at.
    const numbers = objects.flatMap((object) =>
      isKind(object, 'reference') && isKind(old.resolve(object), 'dictionary')
        ? [object.number]
        : [],
    )
    return new Set(numbers)
  }

  #pagesOfAnnotations(): Map<number, number> {
    const found = new Map<number, number>()
    this.nowPages.forEach(({ dictionary }, index) => {
      for (const item of this.now.items(dictionary.entries.get('Annots'))) {
        if (isKind(item, 'reference')) found.set(item.number, index + 1)
      }
    })
    return found
  }

  tell(place: Place, path: Path | null): void {
    if (this.findings.length >= mostFindings) return
    const { kind, code, page = null, field = null, was = null, is = null } = place
    this.findings.push({ kind, code, path: pathText(path), page, field, was, is })
  }

  /** Everything below must be the same. */
  same(
    old: PdfObject | undefined,
    now: PdfObject | undefined,
    path: Path | null,
    place: Place,
  ): void {
    this.plain.compare(old, now, path, (at) => this.tell(place, at))
  }

  /** All keys of either but those. */
  keys(old: PdfDictionary, now: PdfDictionary, except: readonly string[] = []): string[] {
    const keys = new Set([...old.entries.keys(), ...now.entries.keys()])
    return [...keys].filter((key) => !except.includes(key))
  }
}

const documentChanged: Place = { kind: 'other', code: 'document-changed' }

/** What differs, gravest places first: what was seen as page content is not told as less. */
export function compareViews(old: Snapshot, now: Snapshot, budget: Budget): Finding[] {
  const comparison = new Comparison(old, now, budget)
  const root = below(null, 'Root')
  comparePages(comparison, below(root, 'Pages'))
  compareTrailers(comparison)
  compareCatalogs(comparison, root)
  compareForms(comparison, below(root, 'AcroForm'))
  const rules: FieldRules = { isPage: (object) => isPage(comparison, object) }
  compareFields(comparison, below(root, 'AcroForm'), rules)
  compareAnnotations(comparison)
  return comparison.findings
}

/** What belongs to the cross-reference, or changes with every version. */
const trailerKeys = [
  'Root',
  'Info',
  'ID',
  'Size',
  'Prev',
  'XRefStm',
  'Type',
  'W',
  'Index',
  'Filter',
  'DecodeParms',
  'Length',
]
const informationKeys = ['ModDate', 'Producer']

function compareTrailers(comparison: Comparison): void {
  const { old, now } = comparison
  const [before, after] = [old.trailer, now.trailer]
  const root = (trailer: PdfDictionary) => trailer.entries.get('Root')
  const [a, b] = [root(before), root(after)]
  if (!isSameReference(a, b)) comparison.tell(documentChanged, below(null, 'Root'))
  for (const key of comparison.keys(before, after, trailerKeys)) {
    comparison.same(
      before.entries.get(key),
      after.entries.get(key),
      below(null, key),
      documentChanged,
    )
  }
  const [oldId] = old.items(before.entries.get('ID'))
  const [nowId] = now.items(after.entries.get('ID'))
  if (oldId !== undefined) comparison.same(oldId, nowId, below(null, 'ID'), documentChanged)
  const nothing: PdfDictionary = { kind: 'dictionary', entries: new Map(), duplicates: [] }
  const oldInfo = old.dictionary(before.entries.get('Info')) ?? nothing
  const nowInfo = now.dictionary(after.entries.get('Info')) ?? nothing
  const info = below(null, 'Info')
  for (const key of comparison.keys(oldInfo, nowInfo, informationKeys)) {
    const place: Place = { kind: 'other', code: 'metadata-changed' }
    comparison.same(oldInfo.entries.get(key), nowInfo.entries.get(key), below(info, key), place)
  }
}

const catalogKeys = ['AcroForm', 'DSS', 'Pages', 'Metadata', 'Extensions', 'Version']

function compareCatalogs(comparison: Comparison, path: Path): void {
  const { old, now } = comparison
  const [before, after] = [old.catalog, now.catalog]
  const pair = (key: string) => [before.entries.get(key), after.entries.get(key)] as const
  for (const key of comparison.keys(before, after, catalogKeys)) {
    comparison.same(...pair(key), below(path, key), documentChanged)
  }
  const [oldMetadata, nowMetadata] = pair('Metadata')
  if (comparison.plain.differs(oldMetadata, nowMetadata)) {
    const isHarmless = isHarmlessMetadata(old, oldMetadata, now, nowMetadata)
    const place: Place = { kind: 'other', code: 'metadata-changed' }
    if (!isHarmless) comparison.tell(place, below(path, 'Metadata'))
  }
  const [oldVersion, nowVersion] = [
    nameOf(old.resolve(pair('Version')[0])),
    nameOf(now.resolve(pair('Version')[1])),
  ]
  if (oldVersion !== nowVersion && !/^[12]\.\d$/.test(nowVersion ?? '')) {
    comparison.tell(documentChanged, below(path, 'Version'))
  }
  compareExtensions(comparison, ...pair('Extensions'), below(path, 'Extensions'))
  compareStores(comparison, ...pair('DSS'), below(path, 'DSS'))
}

/** Names and numbers that draw nothing (section 7.12). */
function compareExtensions(
  comparison: Comparison,
  old: PdfObject | undefined,
  now: PdfObject | undefined,
  path: Path,
): void {
  const { plain } = comparison
  if (!plain.differs(old, now)) return
  const developers = comparison.now.dictionary(now)
  const isPlain = (object: PdfObject): boolean => {
    const found = comparison.now.resolve(object)
    if (isKind(found, 'array')) return found.items.every(isPlain)
    if (!isKind(found, 'dictionary')) return isKind(found, 'name')
    return [...found.entries.values()].every(
      (value) => !['array', 'dictionary', 'stream'].includes(kindOf(comparison.now.resolve(value))),
    )
  }
  const isHarmless = developers !== undefined && [...developers.entries.values()].every(isPlain)
  if (!isHarmless) comparison.tell(documentChanged, path)
}

const kindOf = (object: PdfObject): string =>
  object !== null && typeof object === 'object' ? object.kind : typeof object

/** The document security store may grow, and nothing else (section 12.8.4.3). */
function compareStores(
  comparison: Comparison,
  oldStore: PdfObject | undefined,
  nowStore: PdfObject | undefined,
  path: Path,
): void {
  const { plain, old, now } = comparison
  if (!plain.differs(oldStore, nowStore)) return
  const after = now.dictionary(nowStore)
  const isGrown =
    after !== undefined && grows(comparison, old.resolve(oldStore), now.resolve(nowStore), 0)
  if (isGrown) comparison.tell({ kind: 'validation data', code: 'validation-data' }, path)
  else comparison.tell({ kind: 'other', code: 'validation-data-changed' }, path)
}

/** Whether all that was there is there still. */
function grows(comparison: Comparison, old: PdfObject, now: PdfObject, depth: number): boolean {
  const { plain } = comparison
  if (old === null) return true
  if (depth < 4 && isKind(old, 'dictionary') && isKind(now, 'dictionary')) {
    return [...old.entries].every(([key, value]) =>
      grows(
        comparison,
        comparison.old.resolve(value),
        comparison.now.resolve(now.entries.get(key)),
        depth + 1,
      ),
    )
  }
  if (isKind(old, 'array') && isKind(now, 'array')) {
    return old.items.every((item, at) => {
      if (!plain.differs(item, now.items[at])) return true
      return now.items.length <= 10_000 && now.items.some((other) => !plain.differs(item, other))
    })
  }
  return !plain.differs(old, now)
}

const isPage = (comparison: Comparison, object: PdfObject | undefined): boolean =>
  isKind(object, 'reference') && comparison.nowPageNumbers.has(object.number)

function comparePages(comparison: Comparison, path: Path): void {
  const { old, now } = comparison
  const place: Place = { kind: 'page content', code: 'pages-changed' }
  let page = 0
  const walk = (before: PdfObject | undefined, after: PdfObject | undefined, at: Path): void => {
    const isSame = isSameReference(before, after)
    const [oldNode, nowNode] = [old.dictionary(before), now.dictionary(after)]
    if (!isSame || !oldNode || !nowNode) {
      comparison.tell(place, at)
      return
    }
    const kids = old.get(oldNode, 'Kids')
    const isLeaf = !isKind(kids, 'array')
    if (isLeaf) page++
    const own: Place = isLeaf ? { kind: 'page content', code: 'page-changed', page } : place
    for (const key of comparison.keys(oldNode, nowNode, isLeaf ? ['Annots'] : ['Kids'])) {
      comparison.same(oldNode.entries.get(key), nowNode.entries.get(key), below(at, key), own)
    }
    if (isLeaf) return
    const nowKids = now.items(nowNode.entries.get('Kids'))
    if (nowKids.length !== kids.items.length) {
      comparison.tell(place, below(at, 'Kids'))
      return
    }
    kids.items.forEach((kid, index) => {
      walk(kid, nowKids[index], below(below(at, 'Kids'), index))
    })
  }
  walk(old.catalog.entries.get('Pages'), now.catalog.entries.get('Pages'), path)
}

function compareForms(comparison: Comparison, path: Path): void {
  const { old, now } = comparison
  const nothing: PdfDictionary = { kind: 'dictionary', entries: new Map(), duplicates: [] }
  const before = old.dictionary(old.catalog.entries.get('AcroForm')) ?? nothing
  const after = now.dictionary(now.catalog.entries.get('AcroForm')) ?? nothing
  const place: Place = { kind: 'other', code: 'form-changed' }
  for (const key of comparison.keys(before, after, ['Fields'])) {
    const [a, b] = [before.entries.get(key), after.entries.get(key)]
    const isHarmless = isHarmlessInForm(comparison, key, a, b)
    if (isHarmless) continue
    if (key === 'NeedAppearances' && comparison.plain.differs(a, b)) {
      // What fields show may become another thing than what was seen when signing.
      comparison.tell({ kind: 'annotations', code: 'appearances-to-be-drawn' }, below(path, key))
    } else comparison.same(a, b, below(path, key), place)
  }
}

/** Flags are set and not unset; default resources are added; defaults are given where there were none. */
function isHarmlessInForm(
  comparison: Comparison,
  key: string,
  a: PdfObject | undefined,
  b: PdfObject | undefined,
): boolean {
  const [before, after] = [comparison.old.resolve(a), comparison.now.resolve(b)]
  if (key === 'SigFlags') {
    const flags = isInteger(before) ? before : 0
    return isInteger(after) && (after & flags) === flags
  }
  if (key === 'DR') return grows(comparison, before, after, 2)
  return key === 'DA' && before === null
}

function compareAnnotations(comparison: Comparison): void {
  const { old, now } = comparison
  const known = numbersOf(comparison.oldFields)
  const inForm = numbersOf(comparison.nowFields)
  comparison.oldPages.forEach((page, index) => {
    const later = comparison.nowPages[index]
    const path = below(below(null, `page ${index + 1}`), 'Annots')
    const before = old.items(page.dictionary.entries.get('Annots'))
    const after = now.items(later?.dictionary.entries.get('Annots'))
    const place = (code: FindingCode): Place => ({ kind: 'annotations', code, page: index + 1 })
    const left = new Set(after.flatMap((item) => (isKind(item, 'reference') ? item.number : [])))
    let at = 0
    for (const item of before) {
      const isGone = isKind(item, 'reference') && !left.has(item.number)
      const found = isGone ? -1 : indexFrom(comparison, after, at, item)
      if (found < 0) {
        comparison.tell(place('annotation-removed'), path)
        continue
      }
      for (const added of after.slice(at, found)) tellAdded(added)
      if (!(isKind(item, 'reference') && known.has(item.number))) {
        compareAnnotation(
          comparison,
          item,
          after[found],
          below(path, found),
          place('annotation-changed'),
        )
      }
      at = found + 1
    }
    for (const added of after.slice(at)) tellAdded(added)
    // A widget of a new field is told with the field.
    function tellAdded(item: PdfObject): void {
      const isNewField =
        isKind(item, 'reference') && inForm.has(item.number) && !known.has(item.number)
      if (!isNewField) comparison.tell(place('annotation-added'), path)
    }
  })
}

function indexFrom(
  comparison: Comparison,
  items: readonly PdfObject[],
  from: number,
  wanted: PdfObject,
): number {
  for (let at = from; at < items.length; at++) {
    comparison.spend(1)
    if (isSameItem(comparison, wanted, items[at] ?? null)) return at
  }
  return -1
}

const isSameItem = (comparison: Comparison, a: PdfObject, b: PdfObject): boolean =>
  isKind(a, 'reference') ? isSameReference(a, b) : !comparison.plain.differs(a, b)

function compareAnnotation(
  comparison: Comparison,
  a: PdfObject,
  b: PdfObject | undefined,
  path: Path,
  place: Place,
): void {
  const [before, after] = [comparison.old.dictionary(a), comparison.now.dictionary(b)]
  if (!before || !after) return
  for (const key of comparison.keys(before, after)) {
    comparison.same(before.entries.get(key), after.entries.get(key), below(path, key), place)
  }
}

function numbersOf(fields: readonly Field[]): Set<number> {
  const numbers = fields.flatMap(({ reference, widgets }) =>
    [reference, ...widgets.map((widget) => widget.reference)].flatMap(
      (found) => found?.number ?? [],
    ),
  )
  return new Set(numbers)
}
