// pdf: PDF files read strictly, signed and compared; pure. This file: the interactive form: fields by their full names
// (ISO 32000-2 section 12.7).

import { fail } from './errors.ts'
import type { PdfView } from './file.ts'
import { isKind, nameOf, type PdfDictionary, type PdfObject, type PdfReference } from './objects.ts'
import { textOf } from './textString.ts'

export interface FormNode {
  readonly reference: PdfReference | null
  readonly dictionary: PdfDictionary
}

export interface Field extends FormNode {
  /** All partial names, with dots between. */
  readonly name: string
  /** `Tx`, `Btn`, `Ch`, `Sig`: its own or its parent's. */
  readonly type: string | undefined
  /** Its own, not its parent's; null where it has none. */
  readonly value: PdfObject
  /** What its writer means to stand on pages: itself, or kids without a name. A page may name the field beside these. */
  readonly widgets: readonly FormNode[]
  readonly hasFields: boolean
}

const mostFields = 100_000
const mostDepth = 64

/** Every field, parents before kids. */
export function readFields(view: PdfView): Field[] {
  const fields: Field[] = []
  const seen = new Set<number>()
  const walk = (
    object: PdfObject,
    prefix: string,
    type: string | undefined,
    depth: number,
  ): void => {
    if (depth > mostDepth || fields.length > mostFields) fail('limit', 'form fields')
    const node = nodeOf(view, object)
    if (!node) return
    if (node.reference && seen.has(node.reference.number)) return
    if (node.reference) seen.add(node.reference.number)
    const own = textOf(view.get(node.dictionary, 'T'))
    const full = own === undefined ? prefix : prefix === '' ? own : `${prefix}.${own}`
    const ownType = nameOf(view.get(node.dictionary, 'FT')) ?? type
    const kids = view.items(node.dictionary.entries.get('Kids'))
    const named = kids.filter((kid) => view.dictionary(kid)?.entries.has('T'))
    fields.push(toField(view, node, full, ownType, kids, named.length > 0))
    for (const kid of named) walk(kid, full, ownType, depth + 1)
  }
  const form = view.get(view.catalog, 'AcroForm')
  for (const field of view.items(view.dictionary(form)?.entries.get('Fields')))
    walk(field, '', undefined, 0)
  return fields
}

function nodeOf(view: PdfView, object: PdfObject): FormNode | undefined {
  const dictionary = view.dictionary(object)
  return dictionary && { reference: isKind(object, 'reference') ? object : null, dictionary }
}

function toField(
  view: PdfView,
  node: FormNode,
  name: string,
  type: string | undefined,
  kids: readonly PdfObject[],
  hasFields: boolean,
): Field {
  const widgets = kids.flatMap((kid) => {
    const widget = nodeOf(view, kid)
    return widget && !widget.dictionary.entries.has('T') ? [widget] : []
  })
  return {
    ...node,
    name,
    type,
    value: node.dictionary.entries.get('V') ?? null,
    widgets: kids.length === 0 ? [node] : widgets,
    hasFields,
  }
}
