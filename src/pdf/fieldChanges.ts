// pdf: PDF files read strictly, signed and compared; pure. This file: what may change in form fields: values are filled in,
// empty signature fields are signed, and new signature fields come.

import type { Comparison, Place } from './compare.ts'
import type { PdfView } from './file.ts'
import type { Field, FormNode } from './form.ts'
import { nameOf, type PdfDictionary, type PdfObject } from './objects.ts'
import { rectangleOf } from './pages.ts'
import { below, type Path } from './plainComparison.ts'
import { textOf } from './textString.ts'

export interface FieldRules {
  readonly isPage: (object: PdfObject | undefined) => boolean
}

/** What happened to a field, on which it depends what may change in it. */
type Event = 'same' | 'signed' | 'filled' | 'broken'

/** Keys that change with it (tables 166, 226, 232). */
const keysOf: Readonly<Record<Event, readonly string[]>> = {
  same: [],
  signed: ['AP', 'F', 'MK'],
  filled: ['AP', 'I', 'RV'],
  broken: [],
}

export function compareFields(comparison: Comparison, path: Path, rules: FieldRules): void {
  for (const field of comparison.oldFields) tellShared(comparison, field)
  const matched = new Set<Field>()
  for (const field of comparison.oldFields) {
    const named = comparison.nowByName.get(field.name)
    const later = named && isSameNode(field, named) ? named : undefined
    const at = below(path, field.name)
    if (later) {
      matched.add(later)
      compareField(comparison, field, later, at, rules)
    } else comparison.tell({ kind: 'other', code: 'field-removed', field: field.name }, at)
  }
  for (const field of comparison.nowFields) {
    if (!matched.has(field)) tellNew(comparison, field, below(path, field.name))
  }
}

const isSameNode = (a: FormNode, b: FormNode): boolean =>
  a.reference?.number === b.reference?.number

/** Looks that change with a field, and are reached by another way, too: before fields themselves are gone through. */
function tellShared(comparison: Comparison, field: Field): void {
  const later = comparison.nowByName.get(field.name)
  if (!later || eventOf(comparison, field, later) === 'same') return
  const nodes = [field, ...field.widgets].map(({ dictionary }) => dictionary)
  for (const dictionary of new Set(nodes)) {
    const looks = dictionary.entries.get('AP')
    const normal = comparison.old.dictionary(looks)?.entries.get('N')
    const shared = [looks, normal].map((object) => comparison.plain.reached(object))
    const path = shared.find((found) => found !== undefined)
    if (path === undefined) continue
    comparison.tell({ kind: 'other', code: 'appearance-shared', field: field.name }, path)
  }
}

function compareField(
  comparison: Comparison,
  old: Field,
  now: Field,
  path: Path,
  rules: FieldRules,
): void {
  const event = eventOf(comparison, old, now)
  const page = pageOf(comparison, now)
  const place: Place = { kind: 'other', code: 'field-changed', field: old.name, page }
  if (event === 'signed') tellSigned(comparison, now, path, 'field-signed', page)
  if (event === 'filled') {
    const was = shown(comparison.old, old.value)
    const is = shown(comparison.now, now.value)
    comparison.tell({ ...place, kind: 'form fill', code: 'field-filled', was, is }, path)
  }
  if (event === 'broken') comparison.tell({ ...place, code: 'signature-changed' }, below(path, 'V'))
  const change = { event, type: old.type, place, rules }
  compareNode(comparison, old.dictionary, now.dictionary, path, change)
  if (old.widgets[0]?.dictionary === old.dictionary) return
  old.widgets.forEach((widget, at) => {
    const later = now.widgets[at]
    if (!later || !isSameNode(widget, later)) comparison.tell(place, below(path, 'Kids'))
    else
      compareNode(
        comparison,
        widget.dictionary,
        later.dictionary,
        below(below(path, 'Kids'), at),
        change,
      )
  })
  if (now.widgets.length !== old.widgets.length) comparison.tell(place, below(path, 'Kids'))
}

function shown(view: PdfView, value: PdfObject): string | null {
  const found = view.resolve(value)
  return textOf(found) ?? nameOf(found) ?? null
}

function eventOf(comparison: Comparison, old: Field, now: Field): Event {
  if (!comparison.plain.differs(old.value, now.value)) return 'same'
  if (old.type !== 'Sig') return 'filled'
  return comparison.old.resolve(old.value) === null ? 'signed' : 'broken'
}

interface NodeChange {
  readonly event: Event
  readonly type: string | undefined
  readonly place: Place
  readonly rules: FieldRules
}

function compareNode(
  comparison: Comparison,
  old: PdfDictionary,
  now: PdfDictionary,
  path: Path,
  { event, type, place, rules }: NodeChange,
): void {
  for (const key of comparison.keys(old, now, ['V'])) {
    const [a, b] = [old.entries.get(key), now.entries.get(key)]
    // A check box has its looks beforehand, and only chooses among them.
    const isExpected = keysOf[event].includes(key) && !(type === 'Btn' && key === 'AP')
    if (isExpected) continue
    if (a === undefined && key === 'Type' && nameOf(b) === 'Annot') continue
    if (a === undefined && key === 'P' && rules.isPage(b)) continue
    if (key === 'AS' && type === 'Btn' && comparison.plain.differs(a, b)) {
      if (event !== 'filled')
        comparison.tell({ ...place, kind: 'form fill', code: 'field-filled' }, path)
      continue
    }
    const code = key === 'AP' ? 'appearance-changed' : place.code
    comparison.same(a, b, below(path, key), { ...place, code })
  }
}

function tellNew(comparison: Comparison, field: Field, path: Path): void {
  const page = pageOf(comparison, field)
  const place: Place = { kind: 'other', code: 'field-added', field: field.name, page }
  if (field.type !== 'Sig' || field.hasFields) {
    comparison.tell(place, path)
    return
  }
  const isShown = page !== null && isDrawn(comparison, field)
  if (comparison.now.resolve(field.value) === null) {
    const kind = isShown ? 'annotations' : 'form fill'
    comparison.tell({ ...place, kind, code: 'signature-field-added' }, path)
    return
  }
  tellSigned(comparison, field, path, isShown ? 'new-visible-signature' : 'new-signature', page)
}

function tellSigned(
  comparison: Comparison,
  field: Field,
  path: Path,
  code: 'field-signed' | 'new-signature' | 'new-visible-signature',
  page: number | null,
): void {
  const value = comparison.now.dictionary(field.value)
  const isTimeStamp = nameOf(comparison.now.get(value, 'SubFilter')) === 'ETSI.RFC3161'
  // A mark in a visible field is more than a time stamp.
  if (isTimeStamp && !isDrawn(comparison, field)) {
    comparison.tell({ kind: 'validation data', code: 'time-stamp', field: field.name, page }, path)
  } else comparison.tell({ kind: 'later signature', code, field: field.name, page }, path)
}

/** A page draws what it names, also a field that has kids besides: whatever these are, they do not take its place. */
function isDrawn({ now, nowPageOf }: Comparison, field: Field): boolean {
  const isNamed = field.reference !== null && nowPageOf.has(field.reference.number)
  const nodes = isNamed ? [field, ...field.widgets] : field.widgets
  return nodes.some(({ dictionary }) => isVisible(now, dictionary))
}

function isVisible(view: PdfView, widget: PdfDictionary): boolean {
  const rect = rectangleOf(view, widget.entries.get('Rect'))
  return rect === undefined || (rect[2] > rect[0] && rect[3] > rect[1])
}

/** The page that it or a widget of it is on, from 1. */
function pageOf(comparison: Comparison, field: Field): number | null {
  for (const { reference } of [...field.widgets, field]) {
    const page = reference && comparison.nowPageOf.get(reference.number)
    if (page) return page
  }
  return null
}
