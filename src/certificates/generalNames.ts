// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: general names (RFC 5280 section 4.2.1.6): the addresses of people, hosts and places.

import type { Bytes } from '../codec/bytes.ts'
import { DerFields, derElement, type Element, onlyElement, tags } from '../codec/der.ts'
import { oidOf, readOid, readString } from '../codec/derValues.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { CertificateError, malformed } from './errors.ts'
import { type Name, readName } from './names.ts'

export type GeneralName =
  | { readonly kind: 'email' | 'dns' | 'uri'; readonly text: string }
  /** 4 or 16 bytes; in name constraints twice that, the second half a mask. */
  | { readonly kind: 'ip'; readonly address: Bytes }
  | { readonly kind: 'directory'; readonly name: Name }
  | { readonly kind: 'registered-id'; readonly oid: string }
  | { readonly kind: 'other'; readonly oid: string; readonly value: Bytes }
  | { readonly kind: 'x400' | 'edi-party'; readonly der: Bytes }

/** Enough for certificates of whole hosting firms. */
const mostNames = 10_000

/** @param content the members of GeneralNames */
export function readGeneralNames(content: Bytes): readonly GeneralName[] {
  const elements = DerFields.in(content).rest()
  if (elements.length > mostNames) throw new CertificateError('too-many', 'names')
  return elements.map(readGeneralName)
}

const ia5 = (content: Bytes): string => readString({ tag: tags.ia5String, content, der: content })

export function readGeneralName({ tag, content, der }: Element): GeneralName {
  switch (tag) {
    case 0xa0:
      return otherName(content)
    case 0x81:
      return { kind: 'email', text: ia5(content) }
    case 0x82:
      return { kind: 'dns', text: ia5(content) }
    case 0xa3:
      return { kind: 'x400', der }
    // A choice is tagged explicitly, even here.
    case 0xa4:
      return { kind: 'directory', name: readName(onlyElement(content)) }
    case 0xa5:
      return { kind: 'edi-party', der }
    case 0x86:
      return { kind: 'uri', text: ia5(content) }
    case 0x87:
      return { kind: 'ip', address: content }
    case 0x88:
      return { kind: 'registered-id', oid: oidOf(content) }
    default:
      return malformed('a general name of no kind')
  }
}

function otherName(content: Bytes): GeneralName {
  const fields = DerFields.in(content)
  const oid = readOid(fields.take(tags.objectIdentifier))
  const value = fields.take(tags.explicit0).content
  fields.end()
  return { kind: 'other', oid, value }
}

/** The kinds that are asked for in requests. */
export type WrittenName =
  | { readonly kind: 'email' | 'dns' | 'uri'; readonly text: string }
  | { readonly kind: 'ip'; readonly address: Uint8Array }

const writtenTags = { email: 0x81, dns: 0x82, uri: 0x86 } as const

/** @throws RangeError where a name has other characters than ASCII: hosts are written as in the DNS */
export function writeGeneralName(name: WrittenName): Bytes {
  if (name.kind === 'ip') return derElement(0x87, name.address)
  if (!/^[\x21-\x7e]+$/.test(name.text)) throw new RangeError(`${name.kind}: only ASCII`)
  return derElement(writtenTags[name.kind], encodeUtf8(name.text))
}

/** An address for people, as far as it has one. */
export function generalNameText(name: GeneralName): string {
  switch (name.kind) {
    case 'email':
    case 'dns':
    case 'uri':
      return name.text
    case 'ip':
      return ipText(name.address)
    case 'directory':
      return name.name.text
    case 'registered-id':
    case 'other':
      return name.oid
    case 'x400':
    case 'edi-party':
      return name.kind
  }
}

function ipText(address: Bytes): string {
  if (address.byteLength === 4) return address.join('.')
  const groups = Array.from({ length: Math.floor(address.byteLength / 2) }, (_, at) =>
    (((address[2 * at] ?? 0) << 8) | (address[2 * at + 1] ?? 0)).toString(16),
  )
  return groups.join(':')
}
