// pdf: PDF files read strictly, signed and compared; pure. This file: whether a signature may be put into a file at all:
// what earlier signatures, and the author of the form, forbid.

import { fail } from './errors.ts'
import type { PdfView } from './file.ts'
import { type Field, readFields } from './form.ts'
import { isInteger, nameOf, type PdfDictionary, type PdfObject } from './objects.ts'
import {
  type DocMdpLevel,
  type FieldLock,
  isLocked,
  lockOf,
  type Permissions,
  permissionsOf,
} from './permissions.ts'
import { textOf } from './textString.ts'

export interface Wish {
  readonly fieldName: string | undefined
  readonly isVisible: boolean
  readonly certify: DocMdpLevel | undefined
  readonly subFilter: string
  readonly reason: string | undefined
}

export interface Place {
  readonly name: string
  /** `null` where the field is to be made. */
  readonly field: Field | null
  /** What the author of the form wants locked by this signature. */
  readonly lock: FieldLock | null
}

/** Where the signature goes. Throws `PdfError` with the reason where it may not. */
export function choosePlace(view: PdfView, wish: Wish): Place {
  if (view.get(view.catalog, 'NeedsRendering') === true) fail('dynamic-form')
  const fields = readFields(view)
  const field = findField(fields, wish.fieldName)
  const name = field?.name ?? wish.fieldName ?? freeName(fields)
  const earlier = fields.flatMap((signed) => {
    const value = signed.type === 'Sig' ? view.dictionary(signed.value) : undefined
    return value ? [permissionsOf(view, signed, value)] : []
  })
  if (wish.certify !== undefined && earlier.length > 0) fail('certification-not-first')
  for (const permissions of earlier) checkPermissions(permissions, name, field, wish)
  if (field) checkSeedValue(view, view.get(field.dictionary, 'SV'), wish)
  const lock = field ? view.get(field.dictionary, 'Lock') : null
  return { name, field, lock: lock === null ? null : lockOf(view, lock) }
}

function findField(fields: readonly Field[], wanted: string | undefined): Field | null {
  if (wanted === undefined) return null
  const found = fields.filter(({ name }) => name === wanted)
  const [field] = found
  if (!field) {
    if (wanted === '' || wanted.includes('.') || wanted.length > 1000) fail('field-name')
    return null
  }
  if (found.length > 1 || field.type !== 'Sig' || field.hasFields || !field.reference)
    fail('field-name')
  if (field.value !== null) fail('field-in-use')
  return field
}

function freeName(fields: readonly Field[]): string {
  const taken = new Set(fields.map(({ name }) => name))
  let number = 1
  while (taken.has(`Signature${number}`)) number++
  return `Signature${number}`
}

function checkPermissions(
  { docMdp, fieldLocks, lockLevel }: Permissions,
  name: string,
  field: Field | null,
  { isVisible, subFilter }: Wish,
): void {
  // A document time stamp is no change at any level (ISO 32000-2 section 12.8.2.2.2).
  if (subFilter === 'ETSI.RFC3161' && !isVisible) return
  if (docMdp === 1 || lockLevel === 1) fail('certified')
  if (fieldLocks.some((lock) => isLocked(lock, name))) fail('locked')
  // Else a signature that covers the page could be slipped into a certified file.
  if (docMdp === 2 && isVisible && !field) fail('visible-after-certification')
}

/** Bits of `/Ff` of table 237: what the author demands, and does not merely wish. */
const demands = {
  filter: 1,
  subFilter: 2,
  version: 4,
  reasons: 8,
  legal: 16,
  revocation: 32,
  digest: 64,
  lock: 128,
}

/** Table 237. What cannot be known here to hold counts as not fulfilled. */
function checkSeedValue(view: PdfView, seed: PdfObject, wish: Wish): void {
  if (seed === null) return
  const given = view.get(seed, 'Ff')
  const flags = isInteger(given) ? given : 0
  const wants = (flag: number) => (flags & flag) !== 0
  const names = (key: string) =>
    view.items(view.dictionary(seed)?.entries.get(key)).map((item) => nameOf(view.resolve(item)))
  const refuse = (what: string) => fail('seed-value', what)
  const filter = nameOf(view.get(seed, 'Filter'))
  if (wants(demands.filter) && filter !== undefined && filter !== 'Adobe.PPKLite') refuse('Filter')
  if (wants(demands.subFilter) && !names('SubFilter').includes(wish.subFilter)) refuse('SubFilter')
  if (wants(demands.version) || wants(demands.legal) || wants(demands.revocation)) refuse('Ff')
  if (wants(demands.digest) || wants(demands.lock)) refuse('Ff')
  if (wants(demands.reasons)) checkReason(view, seed, wish.reason)
  for (const key of ['Cert', 'TimeStamp']) {
    const inner = view.get(view.get(seed, key), 'Ff')
    if (inner !== null && inner !== 0) refuse(key)
  }
  checkMdp(view, seed, wish.certify)
}

function checkReason(view: PdfView, seed: PdfObject, reason: string | undefined): void {
  const items = view.items(view.dictionary(seed)?.entries.get('Reasons'))
  const reasons = items.map((item) => textOf(view.resolve(item)))
  // A single full stop, or none: no reason may be given.
  const isNone = reasons.length === 0 || (reasons.length === 1 && reasons[0] === '.')
  const isFulfilled = isNone ? reason === undefined : reasons.includes(reason)
  if (!isFulfilled) fail('seed-value', 'Reasons')
}

/** 0: an approval; 1 to 3: a certification of that level. */
function checkMdp(view: PdfView, seed: PdfObject, certify: DocMdpLevel | undefined): void {
  const mdp: PdfDictionary | undefined = view.dictionary(view.get(seed, 'MDP'))
  if (!mdp) return
  const level = view.get(mdp, 'P')
  if (level !== (certify ?? 0)) fail('seed-value', 'MDP')
}
