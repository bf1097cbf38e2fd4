// pdf: PDF files read strictly, signed and compared; pure. This file: opens one, by its cross-reference where that can be
// followed, and by a search for objects where not.

import type { Bytes } from '../codec/bytes.ts'
import type { Problem } from './crossReference.ts'
import { fail, PdfError } from './errors.ts'
import { PdfFile } from './file.ts'
import { nameOf } from './objects.ts'
import { rebuild } from './rebuild.ts'
import { readRevisions } from './revisions.ts'

/**
 * Reads any PDF as well as can be; `isSound` and `problems` say how well that was. Throws `PdfError`: `not-a-pdf`,
 * `encrypted`, `limit`, `broken-xref` (where not even a search for objects finds a document).
 */
export function openPdf(bytes: Bytes): PdfFile {
  const header = findHeader(bytes)
  const file = openByTable(bytes) ?? rebuild(bytes)
  if (!header) file.report('header', 'the file does not begin with %PDF-1.x or %PDF-2.x')
  for (const { trailer } of file.revisions) {
    if (trailer.entries.has('Encrypt') && trailer.entries.get('Encrypt') !== null) fail('encrypted')
  }
  if (nameOf(file.latest.get(file.latest.catalog, 'Type')) !== 'Catalog') {
    file.report('xref-entry', 'the catalog has another type')
  }
  return file
}

/** Whether the file begins as it should (section 7.5.2). Throws where no PDF begins near the start. */
function findHeader(bytes: Bytes): boolean {
  const start = String.fromCharCode(...bytes.subarray(0, 1024))
  if (!start.includes('%PDF-')) fail('not-a-pdf')
  return /^%PDF-[12]\.\d/.test(start)
}

/** `null` where the cross-reference cannot be followed. */
function openByTable(bytes: Bytes): PdfFile | null {
  const problems: Problem[] = []
  try {
    const revisions = readRevisions(bytes, (code, detail) => {
      if (problems.length < 100) problems.push({ code, detail })
    })
    const file = new PdfFile(bytes, revisions, problems)
    return file.latest.dictionary(file.latest.catalog.entries.get('Pages')) ? file : null
  } catch (error) {
    if (error instanceof PdfError && error.code !== 'limit') return null
    throw error
  }
}
