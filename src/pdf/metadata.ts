// pdf: PDF files read strictly, signed and compared; pure. This file: whether the metadata stream (XMP, ISO 32000-2 section
// 14.3.2) changed only in what every program writes when it saves: dates, producer, ids.

import { decodeUtf8 } from '../codec/text.ts'
import { PdfError } from './errors.ts'
import type { PdfView } from './file.ts'
import { decodeStream } from './filters.ts'
import { isKind, type PdfObject } from './objects.ts'

const mostBytes = 1024 * 1024

const volatile =
  'xmp:ModifyDate|xmp:MetadataDate|xmp:CreateDate|xmp:CreatorTool|xmpMM:InstanceID|xmpMM:DocumentID|pdf:Producer'
const elements = new RegExp(`<(${volatile})>[^<]*</\\1>`, 'g')
const attributes = new RegExp(`\\s(?:${volatile})="[^"<]*"`, 'g')

export function isHarmlessMetadata(
  oldView: PdfView,
  old: PdfObject | undefined,
  nowView: PdfView,
  now: PdfObject | undefined,
): boolean {
  const after = readMetadata(nowView, now)
  if (after === null) return false
  if (oldView.resolve(old) === null) return saysNothing(after)
  return readMetadata(oldView, old) === after
}

/** Without what changes with every saving; `null` where it is no plain XMP. */
function readMetadata(view: PdfView, object: PdfObject | undefined): string | null {
  const found = view.resolve(object)
  if (!isKind(found, 'stream')) return null
  try {
    const text = decodeUtf8(decodeStream(found, mostBytes, (inner) => view.resolve(inner)))
    if (!text.includes('<x:xmpmeta') || /<!(DOCTYPE|ENTITY|\[CDATA)/i.test(text)) return null
    return text.replace(elements, '').replace(attributes, '').replace(/\s+/g, ' ').trim()
  } catch (error) {
    if (error instanceof PdfError || error instanceof TypeError) return null
    throw error
  }
}

/** A packet that came newly, of which nothing is left but its frame. */
function saysNothing(text: string): boolean {
  const rest = text
    .replace(/<dc:format>application\/pdf<\/dc:format>/g, '')
    .replace(/xmlns:\w+="[^"]*"|rdf:about="[^"]*"|x:xmptk="[^"]*"/g, '')
  return !/>[^<]*[^<\s][^<]*</.test(rest) && !/<\w[^>]*="/.test(rest)
}
