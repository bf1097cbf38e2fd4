// pdf: PDF files read strictly, signed and compared; pure. This file: signs one by an incremental update (ISO 32000-2
// section 12.8, ETSI EN 319 142-1): every earlier byte stays as it is, and so does every earlier signature.

import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { encodeHex } from '../codec/text.ts'
import { addAppearance, type Picture } from './appearance.ts'
import { fail } from './errors.ts'
import type { PdfView } from './file.ts'
import type { Field } from './form.ts'
import { choosePlace, type Place } from './mayBeSigned.ts'
import {
  array,
  dictionary,
  isInteger,
  isKind,
  name,
  type PdfDictionary,
  type PdfObject,
  type PdfReference,
  withEntries,
} from './objects.ts'
import { openPdf } from './open.ts'
import { type Page, type Rectangle, readPages, rectangleOf } from './pages.ts'
import type { DocMdpLevel, FieldLock } from './permissions.ts'
import { latin1, write } from './serialise.ts'
import { pdfDate, textString } from './textString.ts'
import { IncrementalUpdate } from './update.ts'

export type SubFilter = 'ETSI.CAdES.detached' | 'ETSI.RFC3161'

export interface Appearance {
  /** From 1; 1 without. An existing field has a page of its own. */
  readonly page?: number
  /** In points, in the page's own coordinates, as of `pageBoxes`. Of no meaning for an existing field. */
  readonly rect?: Rectangle
  /** Shown in Helvetica, as large as fits up to 12 points. See `isShownExactly`. */
  readonly lines: readonly string[]
  readonly picture?: Picture
}

export interface SignPdfOptions {
  readonly bytes: Bytes
  /** An empty signature field of the file, or the name of a new one. Without: a new one with a free name. */
  readonly fieldName?: string
  /** Without: invisible. */
  readonly appearance?: Appearance
  readonly name?: string
  readonly reason?: string
  readonly location?: string
  readonly contactInfo?: string
  /** The claimed time of signing, `/M`. Not written into a document time stamp, which tells its own. */
  readonly time: Date
  /** Of the signer's clock from UTC, as of which `time` is written; 0 without. */
  readonly offsetMinutes?: number
  readonly certify?: DocMdpLevel
  /** Fields nobody may change later. Where the field has a lock of its author's, that one holds. */
  readonly lock?: FieldLock
  /** Room for the CMS, 16 KiB without. */
  readonly reservedBytes?: number
  readonly subFilter?: SubFilter
  /**
   * Makes the CMS (or, for `ETSI.RFC3161`, the time-stamp token), DER, over those bytes, one piece after the other:
   * the whole new file without `/Contents`. The pieces are not to be changed.
   */
  readonly makeCms: (pieces: readonly Bytes[]) => Promise<Bytes>
}

export interface SignedPdf {
  /** Comes behind the bytes that were given. */
  readonly appended: Bytes
  readonly fieldName: string
}

const defaultReservedBytes = 16 * 1024
const mostReservedBytes = 4 * 1024 * 1024

/** The whole new file. Throws `PdfError`; what `makeCms` throws comes through. */
export async function signPdf(options: SignPdfOptions): Promise<Bytes> {
  const { appended } = await signPdfUpdate(options)
  return concatBytes(options.bytes, appended)
}

/** The same, for large files: what is to be written behind the file alone. */
export async function signPdfUpdate(options: SignPdfOptions): Promise<SignedPdf> {
  const view = openForUpdate(options.bytes)
  const subFilter = options.subFilter ?? 'ETSI.CAdES.detached'
  const place = choosePlace(view, {
    fieldName: options.fieldName,
    isVisible: options.appearance !== undefined,
    certify: options.certify,
    subFilter,
    reason: options.reason,
  })
  const reservedBytes = options.reservedBytes ?? defaultReservedBytes
  if (!(reservedBytes > 0 && reservedBytes <= mostReservedBytes)) fail('invalid', 'reservedBytes')
  const update = new IncrementalUpdate(view)
  const signature = update.reserve()
  putField(update, place, signature, options)
  const body = signatureBody(options, subFilter, place, reservedBytes, rootOf(view))
  update.putBody(signature, body)
  const { appended, bodyAt } = update.finish()
  await fillIn(options, appended, bodyAt.get(signature.number) ?? 0, reservedBytes)
  return { appended, fieldName: place.name }
}

/** A file that is read alike by all programs. Throws `PdfError`. */
export function openForUpdate(bytes: Bytes): PdfView {
  const file = openPdf(bytes)
  file.latest.readAll()
  if (!file.isSound) {
    fail('broken-xref', file.problems.map(({ code, detail }) => `${code}: ${detail}`).join('; '))
  }
  return file.latest
}

function rootOf(view: PdfView): PdfReference {
  const root = view.trailer.entries.get('Root')
  return isKind(root, 'reference') ? root : fail('malformed', 'Root is no reference')
}

/** Wide enough for 10 GB. */
const byteRangeWidth = '/ByteRange [0 0000000000 0000000000 0000000000]'.length

/** The value of the field, with room for what is known only when all else stands. */
function signatureBody(
  options: SignPdfOptions,
  subFilter: SubFilter,
  place: Place,
  reservedBytes: number,
  root: PdfReference,
): Bytes {
  const isTimeStamp = subFilter === 'ETSI.RFC3161'
  const text = (value: string | undefined) => (value === undefined ? undefined : textString(value))
  const references = isTimeStamp
    ? []
    : transforms(options.certify, place.lock ?? options.lock ?? null, root)
  const entries = dictionary({
    Type: name(isTimeStamp ? 'DocTimeStamp' : 'Sig'),
    Filter: name('Adobe.PPKLite'),
    SubFilter: name(subFilter),
    M: isTimeStamp ? undefined : pdfDate(options.time, options.offsetMinutes ?? 0),
    Name: text(options.name),
    Reason: text(options.reason),
    Location: text(options.location),
    ContactInfo: text(options.contactInfo),
    Reference: references.length > 0 ? array(...references) : undefined,
  })
  const room = `${' '.repeat(byteRangeWidth)} /Contents <${'0'.repeat(reservedBytes * 2)}>`
  return latin1(`<<${room}${write(entries).slice(2)}`)
}

/** Signature reference dictionaries (tables 256 to 259). */
function transforms(
  certify: DocMdpLevel | undefined,
  lock: FieldLock | null,
  root: PdfReference,
): PdfDictionary[] {
  const transform = (method: string, parameters: Record<string, PdfObject>) =>
    dictionary({
      Type: name('SigRef'),
      TransformMethod: name(method),
      TransformParams: dictionary({
        Type: name('TransformParams'),
        V: name('1.2'),
        ...parameters,
      }),
      Data: root,
    })
  return [
    ...(certify === undefined ? [] : [transform('DocMDP', { P: certify })]),
    ...(lock === null ? [] : [transform('FieldMDP', lockEntries(lock))]),
  ]
}

const actions = { all: 'All', include: 'Include', exclude: 'Exclude' } as const

const lockEntries = (lock: FieldLock): Record<string, PdfObject> => ({
  Action: name(actions[lock.action]),
  ...(lock.action === 'all' ? {} : { Fields: array(...lock.fields.map(textString)) }),
})

/** Puts field, widget, mark, form and catalog. */
function putField(
  update: IncrementalUpdate,
  place: Place,
  signature: PdfReference,
  options: SignPdfOptions,
): void {
  const target = place.field?.reference ?? update.reserve()
  if (place.field) signExisting(update, place.field, target, signature, options.appearance)
  else addField(update, target, signature, place.name, options)
  const { view } = update
  const certification =
    options.certify === undefined
      ? undefined
      : withEntries(view.dictionary(view.catalog.entries.get('Perms')) ?? dictionary({}), {
          DocMDP: signature,
        })
  const form = putForm(update, place.field ? undefined : target)
  const isDirect = !isKind(view.catalog.entries.get('AcroForm'), 'reference')
  if (!isDirect && certification === undefined) return
  const changed = withEntries(view.catalog, { AcroForm: form, Perms: certification })
  update.put(rootOf(view), changed)
}

/** Keeps the rectangle of its only widget, and puts the mark in there. */
function signExisting(
  update: IncrementalUpdate,
  field: Field,
  target: PdfReference,
  signature: PdfReference,
  appearance: Appearance | undefined,
): void {
  const { view } = update
  const [widget] = field.widgets
  const isMerged = widget?.dictionary === field.dictionary
  const rect = widget && rectangleOf(view, widget.dictionary.entries.get('Rect'))
  const isShown = rect !== undefined && rect[2] > rect[0] && rect[3] > rect[1]
  const mark =
    appearance && widget && isShown
      ? markIn(update, rect, rotationOf(view, widget.dictionary), appearance)
      : undefined
  if (isMerged) {
    update.put(target, withEntries(field.dictionary, { V: signature, F: 132, AP: mark }))
    return
  }
  update.put(target, withEntries(field.dictionary, { V: signature }))
  if (widget?.reference && mark) {
    update.put(widget.reference, withEntries(widget.dictionary, { F: 132, AP: mark }))
  }
}

function rotationOf(view: PdfView, widget: PdfDictionary): Page['rotate'] {
  const owner = widget.entries.get('P')
  const pages = readPages(view)
  const page = pages.find(
    ({ reference }) => isKind(owner, 'reference') && reference.number === owner.number,
  )
  return page?.rotate ?? 0
}

function markIn(
  update: IncrementalUpdate,
  rect: Rectangle,
  rotate: Page['rotate'],
  { lines, picture }: Appearance,
): PdfDictionary {
  const [across, along] = [rect[2] - rect[0], rect[3] - rect[1]]
  const isTurned = rotate === 90 || rotate === 270
  const [width, height] = isTurned ? [along, across] : [across, along]
  return dictionary({ N: addAppearance(update, { width, height, rotate, lines, picture }) })
}

function addField(
  update: IncrementalUpdate,
  target: PdfReference,
  signature: PdfReference,
  fieldName: string,
  { appearance, lock }: SignPdfOptions,
): void {
  const page = readPages(update.view)[(appearance?.page ?? 1) - 1] ?? fail('no-such-page')
  const rect: Rectangle = appearance?.rect ?? [0, 0, 0, 0]
  if (appearance && !(rect[2] > rect[0] && rect[3] > rect[1])) fail('invalid', 'rect')
  const mark = appearance && markIn(update, rect, page.rotate, appearance)
  const field = dictionary({
    Type: name('Annot'),
    Subtype: name('Widget'),
    FT: name('Sig'),
    T: textString(fieldName),
    V: signature,
    Rect: array(...rect),
    // Print and Locked (table 167).
    F: 132,
    P: page.reference,
    AP: mark,
    MK: mark && page.rotate !== 0 ? dictionary({ R: page.rotate }) : undefined,
    Lock: lock && dictionary({ Type: name('SigFieldLock'), ...lockEntries(lock) }),
  })
  update.put(target, field)
  putAnnotation(update, page, target)
}

/** Into the array where it stands: in the page, or behind its reference. */
function putAnnotation(update: IncrementalUpdate, page: Page, widget: PdfReference): void {
  const annotations = page.dictionary.entries.get('Annots')
  const items = array(...update.view.items(annotations), widget)
  if (isKind(annotations, 'reference') && isKind(update.view.resolve(annotations), 'array')) {
    update.put(annotations, items)
  } else update.put(page.reference, withEntries(page.dictionary, { Annots: items }))
}

/** Signatures exist, and the file is to be appended to (table 225). */
const signaturesAndAppendOnly = 3

/** Returns what the catalog is to name: the reference that was there, or the form itself. */
function putForm(update: IncrementalUpdate, newField: PdfReference | undefined): PdfObject {
  const { view } = update
  const named = view.catalog.entries.get('AcroForm')
  const old = view.dictionary(named) ?? dictionary({})
  const flags = view.resolve(old.entries.get('SigFlags'))
  const SigFlags = (isInteger(flags) ? flags : 0) | signaturesAndAppendOnly
  const fields = old.entries.get('Fields')
  const items = newField && array(...view.items(fields), newField)
  const isBehind = isKind(fields, 'reference') && isKind(view.resolve(fields), 'array')
  if (items && isBehind) update.put(fields, items)
  const empty = fields === undefined ? array() : undefined
  const form = withEntries(old, { SigFlags, Fields: isBehind ? undefined : (items ?? empty) })
  if (!isKind(named, 'reference')) return form
  update.put(named, form)
  return named
}

/** Writes the byte range, lets the CMS be made, and writes that. */
async function fillIn(
  { bytes, makeCms }: SignPdfOptions,
  appended: Bytes,
  bodyAt: number,
  reservedBytes: number,
): Promise<void> {
  const contentsAt = bodyAt + '<<'.length + byteRangeWidth + ' /Contents '.length
  const contentsEnd = contentsAt + reservedBytes * 2 + 2
  const [gapStart, gapEnd] = [bytes.byteLength + contentsAt, bytes.byteLength + contentsEnd]
  const range = `/ByteRange [0 ${gapStart} ${gapEnd} ${appended.byteLength - contentsEnd}]`
  appended.set(latin1(range.padEnd(byteRangeWidth)), bodyAt + '<<'.length)
  const pieces = [bytes, appended.subarray(0, contentsAt), appended.subarray(contentsEnd)]
  const cms = await makeCms(pieces)
  if (cms.byteLength > reservedBytes) fail('reserved-too-small', `${cms.byteLength} bytes`)
  appended.set(latin1(encodeHex(cms)), contentsAt + 1)
}
