// pdf: PDF files read strictly, signed and compared; pure. This file: the page tree (ISO 32000-2 section 7.7.3).

import type { Bytes } from '../codec/bytes.ts'
import { fail } from './errors.ts'
import type { PdfView } from './file.ts'
import { isKind, type PdfDictionary, type PdfObject, type PdfReference } from './objects.ts'
import { openPdf } from './open.ts'

/** Lower left x and y, upper right x and y, in points. */
export type Rectangle = readonly [number, number, number, number]

export interface Page {
  readonly reference: PdfReference
  readonly dictionary: PdfDictionary
  readonly mediaBox: Rectangle
  readonly cropBox: Rectangle
  /** Clockwise. */
  readonly rotate: 0 | 90 | 180 | 270
}

const mostPages = 200_000
const mostDepth = 64
const letter: Rectangle = [0, 0, 612, 792]

/** All pages in order. Throws `malformed` where the tree is none, `limit` where it has no end. */
export function readPages(view: PdfView): Page[] {
  const pages: Page[] = []
  const seen = new Set<number>()
  const walk = (object: PdfObject | undefined, inherited: Inherited, depth: number): void => {
    if (depth > mostDepth || pages.length > mostPages) fail('limit', 'page tree')
    const node = view.dictionary(object)
    if (!isKind(object, 'reference') || !node) return
    if (seen.has(object.number)) fail('malformed', `page object ${object.number} stands twice`)
    seen.add(object.number)
    const own = inherit(view, node, inherited)
    const kids = view.get(node, 'Kids')
    if (isKind(kids, 'array')) for (const kid of kids.items) walk(kid, own, depth + 1)
    else pages.push(toPage(object, node, own))
  }
  walk(view.catalog.entries.get('Pages'), { mediaBox: letter, cropBox: undefined, rotate: 0 }, 0)
  return pages
}

interface Inherited {
  readonly mediaBox: Rectangle
  readonly cropBox: Rectangle | undefined
  readonly rotate: number
}

function inherit(view: PdfView, node: PdfDictionary, from: Inherited): Inherited {
  const rotate = view.get(node, 'Rotate')
  return {
    mediaBox: rectangleOf(view, node.entries.get('MediaBox')) ?? from.mediaBox,
    cropBox: rectangleOf(view, node.entries.get('CropBox')) ?? from.cropBox,
    rotate: typeof rotate === 'number' ? rotate : from.rotate,
  }
}

function toPage(reference: PdfReference, dictionary: PdfDictionary, own: Inherited): Page {
  const quarter = (((Math.round(own.rotate / 90) % 4) + 4) % 4) as 0 | 1 | 2 | 3
  const rotate = ([0, 90, 180, 270] as const)[quarter]
  return {
    reference,
    dictionary,
    mediaBox: own.mediaBox,
    cropBox: own.cropBox ?? own.mediaBox,
    rotate,
  }
}

/** Four numbers in the right order, whichever corners the file names (section 7.9.5). */
export function rectangleOf(view: PdfView, object: PdfObject | undefined): Rectangle | undefined {
  const numbers = view.items(object).map((item) => view.resolve(item))
  const [a, b, c, d] = numbers
  if (numbers.length !== 4 || typeof a !== 'number' || typeof b !== 'number') return undefined
  if (typeof c !== 'number' || typeof d !== 'number') return undefined
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)]
}

export interface PageBox {
  readonly mediaBox: Rectangle
  readonly cropBox: Rectangle
  readonly rotate: 0 | 90 | 180 | 270
}

/** Size and rotation of every page, for placing a mark. Throws `PdfError`. */
export const pageBoxes = (bytes: Bytes): PageBox[] =>
  readPages(openPdf(bytes).latest).map(({ mediaBox, cropBox, rotate }) => ({
    mediaBox,
    cropBox,
    rotate,
  }))
