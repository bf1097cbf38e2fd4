// pdf: PDF files (ISO 32000-2) read strictly, signed by incremental update, and compared revision by revision; pure.
// This file: why a file is not read or not signed, as a closed set of codes with the sentence for the person.

const sentences = {
  'not-a-pdf': 'This is not a PDF file.',
  malformed: 'This PDF is damaged: something in it is not written as PDF demands.',
  truncated: 'This PDF ends too early. Download or export it once more.',
  encrypted:
    'This PDF is encrypted, with or without a password. Save it without encryption first, then sign or check it.',
  limit: 'This PDF is larger, deeper or more repetitive than any honest one.',
  unsupported: 'This PDF packs its objects in a way that is not read here.',
  'broken-xref':
    'This PDF’s table of contents (cross-reference) is broken, so programs may show different things. Save it anew in a PDF program, then sign it.',
  'no-such-page': 'This PDF has no such page.',
  'no-such-field': 'This PDF has no signature field of that name.',
  'field-in-use': 'That signature field is signed already.',
  'field-name':
    'That name cannot be a new signature field: it is empty, has a dot, or belongs to another field.',
  certified: 'The author certified this PDF and allows no further signature or change.',
  'visible-after-certification':
    'This PDF is certified: a new visible mark would count as a change. Sign invisibly, or in a field the author left.',
  'certification-not-first': 'Only the first signature of a PDF can certify it.',
  locked: 'An earlier signature locked that field.',
  'seed-value':
    'The author demands something of signatures in that field that this signature does not fulfil.',
  'reserved-too-small': 'The signature is larger than the place that was kept for it.',
  'bad-picture': 'The picture is neither a JPEG nor pixels of the given size.',
  invalid: 'That cannot be done as it was asked.',
  'dynamic-form':
    'This PDF is a dynamic XFA form, which other programs draw anew. Print it to a plain PDF, then sign that.',
} as const

export type PdfErrorCode = keyof typeof sentences

export class PdfError extends Error {
  override readonly name = 'PdfError'
  readonly code: PdfErrorCode
  /** For the log, not for people: what exactly, and where. */
  readonly detail: string

  constructor(code: PdfErrorCode, detail = '') {
    super(sentences[code])
    this.code = code
    this.detail = detail
  }
}

export function fail(code: PdfErrorCode, detail = ''): never {
  throw new PdfError(code, detail)
}
