// pdf: PDF files read strictly, signed and compared; pure. This file: the signatures of a file, and whether each of them is
// of a form that cannot deceive: which bytes it covers, and that these are all but its own value. The CMS is checked
// elsewhere.

import type { Bytes } from '../codec/bytes.ts'
import { fail } from './errors.ts'
import type { PdfFile, PdfView } from './file.ts'
import { type Field, readFields } from './form.ts'
import { isWhitespace } from './lexer.ts'
import {
  isInteger,
  isKind,
  nameOf,
  type PdfDictionary,
  type PdfObject,
  type PdfString,
} from './objects.ts'
import { openPdf } from './open.ts'
import { type DocMdpLevel, type FieldLock, permissionsOf } from './permissions.ts'
import { dateOf, textOf } from './textString.ts'

/** What is wrong with the form of a signature. With any of them it proves nothing. */
export type SignatureProblem =
  | 'value-not-a-dictionary'
  | 'value-not-in-file'
  | 'duplicate-keys'
  | 'sub-filter-unknown'
  | 'byte-range-missing'
  | 'byte-range-malformed'
  | 'byte-range-not-from-start'
  | 'byte-range-overlapping'
  | 'byte-range-out-of-file'
  | 'contents-missing'
  | 'contents-not-hex'
  | 'contents-empty'
  | 'contents-padding'
  | 'gap-not-contents'
  | 'coverage-not-a-revision'
  | 'not-in-its-revision'
  | 'file-not-readable'

export interface PdfSignature {
  readonly fieldName: string
  readonly kind: 'signature' | 'certification' | 'time stamp'
  readonly subFilter: string | undefined
  readonly byteRange: readonly number[]
  /** Empty: the form is sound, and `cms` over `ranges` is what is left to check. */
  readonly problems: readonly SignatureProblem[]
  /** The CMS without padding; empty where there is none. In place where possible: not to be changed. */
  readonly cms: Bytes
  /** With padding, as the key in a `/VRI` is made of. */
  readonly contents: Bytes
  /** What the CMS is over, one after the other, in place; empty where the byte range is not sound. */
  readonly ranges: readonly Bytes[]
  /** From 1; `null` where the byte range ends with none. */
  readonly revision: number | null
  readonly coverage: 'whole file' | 'whole revision' | 'unknown'
  /** The claimed time, `/M`. */
  readonly time: Date | undefined
  readonly name: string | undefined
  readonly reason: string | undefined
  readonly location: string | undefined
  readonly contactInfo: string | undefined
  readonly docMdp: DocMdpLevel | null
  readonly fieldLocks: readonly FieldLock[]
  readonly lockLevel: DocMdpLevel | null
}

const subFilters: ReadonlySet<string | undefined> = new Set([
  'adbe.pkcs7.detached',
  'ETSI.CAdES.detached',
  'ETSI.RFC3161',
])

/** Every signature field with a value, by revision. Throws `PdfError` where the file is not to be read at all. */
export const readSignatures = (bytes: Bytes): PdfSignature[] => signaturesOf(openPdf(bytes))

const mostSignatures = 1000

type FieldsAt = (revision: number) => ReadonlyMap<string, Field>

export function signaturesOf(file: PdfFile): PdfSignature[] {
  const view = file.latest
  const byRevision = new Map<number, ReadonlyMap<string, Field>>()
  const fieldsAt: FieldsAt = (revision) => {
    const known = byRevision.get(revision)
    if (known) return known
    const read = new Map(readFields(file.view(revision)).map((field) => [field.name, field]))
    byRevision.set(revision, read)
    return read
  }
  const signed = readFields(view).filter(({ type, value }) => type === 'Sig' && value !== null)
  if (signed.length > mostSignatures) fail('limit', `${signed.length} signatures`)
  const found = signed.map((field) => readSignature(view, field, fieldsAt))
  return found.sort((a, b) => (a.revision ?? Infinity) - (b.revision ?? Infinity))
}

function readSignature(view: PdfView, field: Field, fieldsAt: FieldsAt): PdfSignature {
  const value = view.dictionary(field.value)
  const problems = new Set<SignatureProblem>()
  if (!value) problems.add('value-not-a-dictionary')
  const entries = value ?? { kind: 'dictionary', entries: new Map(), duplicates: [] }
  if (entries.duplicates.length > 0) problems.add('duplicate-keys')
  if (view.file.problems.some(({ code }) => code === 'rebuilt')) problems.add('file-not-readable')
  const text = (key: string) => textOf(view.get(entries, key))
  const subFilter = nameOf(view.get(entries, 'SubFilter'))
  if (!subFilters.has(subFilter)) problems.add('sub-filter-unknown')
  const contents = contentsOf(entries, problems)
  const cms = contents ? withoutPadding(contents.bytes, problems) : new Uint8Array()
  const covered = checkRange(view, field, entries, contents, problems, fieldsAt)
  const permissions = permissionsOf(view, field, entries)
  const isTimeStamp =
    subFilter === 'ETSI.RFC3161' || nameOf(view.get(entries, 'Type')) === 'DocTimeStamp'
  return {
    fieldName: field.name,
    kind: isTimeStamp ? 'time stamp' : permissions.docMdp === null ? 'signature' : 'certification',
    subFilter,
    problems: [...problems],
    cms,
    contents: contents?.bytes ?? new Uint8Array(),
    ...covered,
    time: dateOf(view.get(entries, 'M')),
    name: text('Name'),
    reason: text('Reason'),
    location: text('Location'),
    contactInfo: text('ContactInfo'),
    ...permissions,
  }
}

/** It must stand in the dictionary itself, as hex: the gap of the byte range is that very string. */
function contentsOf(
  { entries }: PdfDictionary,
  problems: Set<SignatureProblem>,
): PdfString | undefined {
  const contents = entries.get('Contents')
  if (contents === undefined || contents === null) problems.add('contents-missing')
  else if (!isKind(contents, 'string') || !contents.isHex) problems.add('contents-not-hex')
  else return contents
  return undefined
}

/** The first DER element; behind it, zeros alone. */
function withoutPadding(contents: Bytes, problems: Set<SignatureProblem>): Bytes {
  const first = contents[1] ?? 0
  const lengthBytes = first > 0x80 && first <= 0x84 ? first - 0x80 : 0
  let length = first < 0x80 ? first : 0
  for (let at = 0; at < lengthBytes; at++) length = length * 256 + (contents[2 + at] ?? 0)
  const end = 2 + lengthBytes + length
  if (contents[0] !== 0x30 || length === 0 || end > contents.byteLength) {
    problems.add('contents-empty')
    return new Uint8Array()
  }
  if (contents.subarray(end).some((byte) => byte !== 0)) problems.add('contents-padding')
  return contents.subarray(0, end)
}

type Covered = Pick<PdfSignature, 'byteRange' | 'ranges' | 'revision' | 'coverage'>

/** ISO 32000-2 section 12.8.1: from the file's start to its then end, and nothing left out but `/Contents`. */
function checkRange(
  view: PdfView,
  field: Field,
  value: PdfDictionary,
  contents: PdfString | undefined,
  problems: Set<SignatureProblem>,
  fieldsAt: FieldsAt,
): Covered {
  const { bytes } = view.file
  const byteRange = rangeOf(value.entries.get('ByteRange'), problems)
  const [start = 0, length = 0, next = 0, rest = 0] = byteRange
  const end = next + rest
  const none: Covered = { byteRange, ranges: [], revision: null, coverage: 'unknown' }
  if (byteRange.length !== 4) return none
  if (start !== 0) problems.add('byte-range-not-from-start')
  if (next <= length) problems.add('byte-range-overlapping')
  if (!Number.isSafeInteger(end) || end > bytes.byteLength) problems.add('byte-range-out-of-file')
  const isInFile = field.value !== null && isInFileItself(view, field.value)
  if (!isInFile) problems.add('value-not-in-file')
  const isGap = isInFile && contents?.start === length && contents.end === next
  if (!isGap) problems.add('gap-not-contents')
  if (start !== 0 || next <= length || end > bytes.byteLength || !isGap) return none
  const revision = revisionEndingAt(view.file, end)
  if (revision === null) problems.add('coverage-not-a-revision')
  else if (!isSameIn(view.file.view(revision), fieldsAt(revision).get(field.name), value))
    problems.add('not-in-its-revision')
  const coverage =
    end === bytes.byteLength ? 'whole file' : revision === null ? 'unknown' : 'whole revision'
  const ranges = [bytes.subarray(0, length), bytes.subarray(next, end)]
  return { byteRange, ranges, revision, coverage }
}

function rangeOf(object: PdfObject | undefined, problems: Set<SignatureProblem>): number[] {
  if (object === undefined || object === null) {
    problems.add('byte-range-missing')
    return []
  }
  const items = isKind(object, 'array') ? object.items : []
  const numbers = items.filter((item) => isInteger(item) && item >= 0).map(Number)
  if (items.length === 4 && numbers.length === 4) return numbers
  problems.add('byte-range-malformed')
  return []
}

/** An object of its own, not one in an object stream, whose offsets would be of the unpacked stream. */
function isInFileItself(view: PdfView, value: PdfObject): boolean {
  return isKind(value, 'reference') && view.entry(value.number)?.type === 'offset'
}

/** With or without the end of line behind `%%EOF`, and with white space between revisions. */
function revisionEndingAt(file: PdfFile, end: number): number | null {
  for (const revision of file.revisions) {
    const [low, high] = revision.end < end ? [revision.end, end] : [end, revision.end]
    const isClose = high - low <= 2 || revision.end < end
    if (isClose && file.bytes.subarray(low, high).every(isWhitespace)) return revision.number
  }
  return null
}

/** Whether the field had that very value in the revision it signs. */
const isSameIn = (then: PdfView, field: Field | undefined, value: PdfDictionary): boolean =>
  field !== undefined && then.dictionary(field.value) === value
