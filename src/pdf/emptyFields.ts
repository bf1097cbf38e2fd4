// pdf: PDF files read strictly, signed and compared; pure. This file: the signature fields that the author of a form left
// empty, for whoever is to sign there.

import type { Bytes } from '../codec/bytes.ts'
import type { PdfView } from './file.ts'
import { type Field, readFields } from './form.ts'
import { isKind } from './objects.ts'
import { openPdf } from './open.ts'
import { type Page, type Rectangle, readPages, rectangleOf } from './pages.ts'

export interface EmptyField {
  /** For `SignPdfOptions.fieldName`. */
  readonly name: string
  /** Where its mark will stand, the page from 1; `null` where it is shown nowhere. */
  readonly place: { readonly page: number; readonly rect: Rectangle } | null
}

/** In the order of the form. Those that stand there twice, or have no object of their own, cannot be signed. Throws `PdfError`. */
export function emptyFields(bytes: Bytes): EmptyField[] {
  const view = openPdf(bytes).latest
  const fields = readFields(view)
  const pages = readPages(view)
  const isAlone = (field: Field) => fields.filter(({ name }) => name === field.name).length === 1
  return fields
    .filter(
      (field) =>
        field.type === 'Sig' && field.value === null && field.reference && !field.hasFields,
    )
    .filter(isAlone)
    .map((field) => ({ name: field.name, place: placeOf(view, pages, field) }))
}

function placeOf(view: PdfView, pages: readonly Page[], field: Field): EmptyField['place'] {
  const [widget] = field.widgets
  const rect = widget && rectangleOf(view, widget.dictionary.entries.get('Rect'))
  if (!rect || rect[2] <= rect[0] || rect[3] <= rect[1]) return null
  const number = widget.reference?.number
  // `P` may name another page, or be left out: where it is shown, `Annots` says (ISO 32000-2 section 12.5.2).
  const at = pages.findIndex(({ dictionary }) =>
    view
      .items(dictionary.entries.get('Annots'))
      .some((one) => isKind(one, 'reference') && one.number === number),
  )
  return at < 0 ? null : { page: at + 1, rect }
}
