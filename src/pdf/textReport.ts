// pdf: PDF files read strictly, signed and compared; pure. This file: a plain PDF of lines of text, for reports.

import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { writeTable } from './crossReference.ts'
import { array, dictionary, name, type PdfObject, reference, stream } from './objects.ts'
import { latin1, serialise } from './serialise.ts'
import { textString } from './textString.ts'
import { showText, textWidth } from './winAnsi.ts'

/** A4, in points. */
const [pageWidth, pageHeight] = [595, 842]
const margin = 56
const fontSize = 10
const leading = 14
const linesPerPage = Math.floor((pageHeight - 2 * margin) / leading)

const header = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'

/** One column, A4, Helvetica; long lines are wrapped. Letters Helvetica lacks lose their marks or become `?`. */
export function textReportPdf(lines: readonly string[], title = ''): Bytes {
  const wrapped = lines.flatMap(wrap)
  const pages: string[][] = []
  for (let at = 0; at === 0 || at < wrapped.length; at += linesPerPage) {
    pages.push(wrapped.slice(at, at + linesPerPage))
  }
  const font = dictionary({
    Type: name('Font'),
    Subtype: name('Type1'),
    BaseFont: name('Helvetica'),
    Encoding: name('WinAnsiEncoding'),
  })
  const kids = pages.map((_, at) => reference(5 + 2 * at))
  const objects: PdfObject[] = [
    dictionary({ Type: name('Catalog'), Pages: reference(2) }),
    dictionary({ Type: name('Pages'), Kids: array(...kids), Count: pages.length }),
    font,
    dictionary({ Title: textString(title), Producer: textString('Keyhearth') }),
    ...pages.flatMap((page, at) => [pageOf(6 + 2 * at), contentOf(page)]),
  ]
  return assemble(objects)
}

const pageOf = (content: number): PdfObject =>
  dictionary({
    Type: name('Page'),
    Parent: reference(2),
    MediaBox: array(0, 0, pageWidth, pageHeight),
    Resources: dictionary({ Font: dictionary({ F1: reference(3) }) }),
    Contents: reference(content),
  })

function contentOf(lines: readonly string[]): PdfObject {
  const start = `BT /F1 ${fontSize} Tf ${leading} TL ${margin} ${pageHeight - margin - fontSize} Td\n`
  const shown = lines.map((line) => `${showText(line)} T*\n`).join('')
  return stream(dictionary({}), latin1(`${start}${shown}ET`))
}

/** At spaces, or anywhere in a word that is longer than a line. */
function wrap(line: string): string[] {
  const most = ((pageWidth - 2 * margin) * 1000) / fontSize
  const lines: string[] = []
  let current = ''
  let width = 0
  for (const word of line.match(/\s*\S{1,60}|\s+$/g) ?? []) {
    const wordWidth = textWidth(word)
    if (width + wordWidth > most && current !== '') {
      lines.push(current)
      current = word.trimStart()
      width = textWidth(current)
    } else {
      current += word
      width += wordWidth
    }
  }
  return [...lines, current]
}

function assemble(objects: readonly PdfObject[]): Bytes {
  const parts: Bytes[] = [latin1(header)]
  let length = header.length
  const entries = objects.map((object, index) => {
    const part = concatBytes(
      latin1(`${index + 1} 0 obj\n`),
      serialise(object),
      latin1('\nendobj\n'),
    )
    const entry = { number: index + 1, generation: 0, offset: length }
    parts.push(part)
    length += part.byteLength
    return entry
  })
  // Object 0 heads the list of free objects (ISO 32000-2 section 7.5.4).
  const table = writeTable(entries).replace(
    /^xref\n1 (\d+)\n/,
    (_, count: string) => `xref\n0 ${Number(count) + 1}\n0000000000 65535 f\r\n`,
  )
  const trailer = dictionary({ Root: reference(1), Info: reference(4), Size: objects.length + 1 })
  const ending = latin1(`\nstartxref\n${length}\n%%EOF\n`)
  return concatBytes(...parts, latin1(`${table}trailer\n`), serialise(trailer), ending)
}
