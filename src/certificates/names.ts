// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: distinguished names (RFC 5280 section 4.1.2.4): read, written for people (RFC 4514), compared
// (RFC 5280 section 7.1).

import type { Bytes } from '../codec/bytes.ts'
import { DerFields, derElement, type Element, onlyElement, tags } from '../codec/der.ts'
import {
  derIa5,
  derOid,
  derSequence,
  derSetOf,
  derUtf8,
  isString,
  readOid,
  readString,
} from '../codec/derValues.ts'
import { encodeHex, encodeUtf8 } from '../codec/text.ts'
import { CertificateError } from './errors.ts'

export interface NameAttribute {
  readonly oid: string
  /** Short name, such as `CN`; the identifier where it has none. */
  readonly type: string
  /** `null` where the value is no string. */
  readonly value: string | null
}

export interface Name {
  /** The whole Name, DER. */
  readonly der: Bytes
  /** RFC 4514, the most particular part first. For people: two names may have one text. */
  readonly text: string
  /** Equal for exactly those names that match by RFC 5280 section 7.1. */
  readonly key: string
  /** For each relative distinguished name, in the order of the encoding: the key of it. */
  readonly rdnKeys: readonly string[]
  readonly attributes: readonly NameAttribute[]
}

const typeNames: readonly (readonly [type: string, oid: string])[] = [
  ['CN', '2.5.4.3'],
  ['SN', '2.5.4.4'],
  ['serialNumber', '2.5.4.5'],
  ['C', '2.5.4.6'],
  ['L', '2.5.4.7'],
  ['ST', '2.5.4.8'],
  ['STREET', '2.5.4.9'],
  ['O', '2.5.4.10'],
  ['OU', '2.5.4.11'],
  ['title', '2.5.4.12'],
  ['postalCode', '2.5.4.17'],
  ['GN', '2.5.4.42'],
  ['initials', '2.5.4.43'],
  ['generationQualifier', '2.5.4.44'],
  ['dnQualifier', '2.5.4.46'],
  ['pseudonym', '2.5.4.65'],
  ['organizationIdentifier', '2.5.4.97'],
  ['UID', '0.9.2342.19200300.100.1.1'],
  ['DC', '0.9.2342.19200300.100.1.25'],
  ['emailAddress', '1.2.840.113549.1.9.1'],
]
const typeOf = new Map(typeNames.map(([type, oid]) => [oid, type]))
const oidOfType = new Map(typeNames)

const emailOid = '1.2.840.113549.1.9.1'

/** Far more than any directory has. */
const mostAttributes = 256

interface ReadAttribute extends NameAttribute {
  readonly text: string
  readonly key: string
}

/** @throws DerError, CertificateError `too-many` */
export function readName(element: Element): Name {
  const rdns = DerFields.whole(element.der).rest().map(readRdn)
  const attributes = rdns.flat()
  if (attributes.length > mostAttributes) throw new CertificateError('too-many', 'name')
  const rdnKeys = rdns.map(rdnKey)
  return {
    der: element.der,
    text: rdns
      .toReversed()
      .map((rdn) => rdn.map(({ text }) => text).join('+'))
      .join(','),
    key: rdnKeys.join('\n'),
    rdnKeys,
    attributes: attributes.map(({ oid, type, value }) => ({ oid, type, value })),
  }
}

/** A relative name to stand behind the name of an issuer (RFC 5280 section 4.2.1.13). */
export function relativeName(base: Name, rdnMembers: Bytes): Name {
  const rdn = derElement(tags.set, rdnMembers)
  return readName(onlyElement(derSequence(onlyElement(base.der).content, rdn)))
}

function readRdn(element: Element): readonly ReadAttribute[] {
  const members = DerFields.whole(element.der, tags.set).rest()
  if (members.length === 0) throw new CertificateError('malformed', 'an empty part of a name')
  return members.map(readAttribute)
}

/** A set has no order, so its members are compared sorted. */
const rdnKey = (rdn: readonly ReadAttribute[]): string =>
  rdn
    .map(({ key }) => key)
    .sort()
    .join('+')

function readAttribute(element: Element): ReadAttribute {
  const fields = DerFields.whole(element.der)
  const oid = readOid(fields.take(tags.objectIdentifier))
  const content = fields.any()
  fields.end()
  const type = typeOf.get(oid) ?? oid
  const value = isString(content) ? readString(content) : null
  const hex = encodeHex(content.der)
  // RFC 4514 section 2.4: a type without a short name has its value in hexadecimal.
  const text = value !== null && typeOf.has(oid) ? escaped(value) : `#${hex}`
  // Quoted, so that no value can look like a separator.
  const key = JSON.stringify([oid, value === null ? `#${hex}` : matched(value)])
  return { oid, type, value, text: `${type}=${text}`, key }
}

/** RFC 4514 section 2.4. Control characters, too, so that they do nothing to a page or a terminal. */
const escaped = (value: string): string =>
  value
    .replaceAll(/["+,;<>\\]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/(?<=.) $/, '\\ ')
    .replaceAll(/\p{Cc}/gu, (character) =>
      Array.from(encodeUtf8(character), (byte) => `\\${byte.toString(16).padStart(2, '0')}`).join(
        '',
      ),
    )

/** As RFC 4518 prepares strings for comparing: composed, of one case, white space at most once. */
const matched = (value: string): string =>
  value.normalize('NFKC').toLowerCase().normalize('NFKC').trim().replaceAll(/\s+/g, ' ')

/**
 * Writes a Name of one attribute after another, the most general first, as strings of UTF-8 (RFC 5280
 * section 4.1.2.4), except for those types that have another.
 * @param parts short names, such as `['O', 'Example'], ['CN', 'Ada']`, or identifiers
 * @throws RangeError for a type that has no such name
 */
export const writeName = (parts: readonly (readonly [type: string, value: string])[]): Bytes =>
  derSequence(...parts.map(([type, value]) => derSetOf(writeAttribute(type, value))))

function writeAttribute(type: string, value: string): Bytes {
  const oid = oidOfType.get(type) ?? type
  if (!/^\d+(\.\d+)+$/.test(oid)) throw new RangeError(`no attribute type ${type}`)
  return derSequence(derOid(oid), attributeValue(type, oid, value))
}

/** Country and serial number are PrintableString, mail and domain parts IA5String (RFC 5280 appendix A.1). */
function attributeValue(type: string, oid: string, value: string): Bytes {
  if (type === 'C' || type === 'serialNumber' || type === 'dnQualifier') {
    return derElement(tags.printableString, encodeUtf8(value))
  }
  return oid === emailOid || type === 'DC' ? derIa5(value) : derUtf8(value)
}
