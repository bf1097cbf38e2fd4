// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: extensions, written (RFC 5280 section 4.2).

import type { Bytes } from '../codec/bytes.ts'
import { DerFields, derElement, tags } from '../codec/der.ts'
import {
  derBoolean,
  derNumber,
  derOctets,
  derOid,
  derSequence,
  namedBits,
  readBits,
} from '../codec/derValues.ts'
import { digest } from './algorithms.ts'
import {
  type ExtendedKeyUsage,
  extendedKeyUsages,
  type KeyUsage,
  keyUsageNames,
} from './extensions.ts'
import { type WrittenName, writeGeneralName } from './generalNames.ts'

/** What a certificate is for, as its holder asks and its issuer says. */
export interface Purposes {
  readonly altNames?: readonly WrittenName[]
  readonly keyUsage?: readonly KeyUsage[]
  readonly extKeyUsage?: readonly ExtendedKeyUsage[]
}

export const writeExtension = (oid: string, critical: boolean, value: Bytes): Bytes =>
  derSequence(derOid(oid), ...(critical ? [derBoolean(true)] : []), derOctets(value))

export function writePurposes({
  altNames = [],
  keyUsage = [],
  extKeyUsage = [],
}: Purposes): readonly Bytes[] {
  const list: Bytes[] = []
  if (keyUsage.length > 0) {
    const bits = keyUsage.map((name) => keyUsageNames.indexOf(name))
    list.push(writeExtension('2.5.29.15', true, derElement(tags.bitString, namedBits(bits))))
  }
  if (extKeyUsage.length > 0) {
    const oids = extKeyUsage.map((name) => derOid(extendedKeyUsages[name]))
    // RFC 3161 section 2.3: an authority for time stamps must not be taken for anything else.
    const isCritical = extKeyUsage.every((name) => name === 'timeStamping')
    list.push(writeExtension('2.5.29.37', isCritical, derSequence(...oids)))
  }
  if (altNames.length > 0) {
    list.push(writeExtension('2.5.29.17', false, derSequence(...altNames.map(writeGeneralName))))
  }
  return list
}

export function writeBasicConstraints(isCa: boolean, pathLength?: number): Bytes {
  const length = isCa && pathLength !== undefined ? [derNumber(pathLength)] : []
  const value = derSequence(...(isCa ? [derBoolean(true), ...length] : []))
  return writeExtension('2.5.29.19', true, value)
}

export const writeSubjectKeyId = (keyId: Bytes): Bytes =>
  writeExtension('2.5.29.14', false, derOctets(keyId))

export const writeAuthorityKeyId = (keyId: Bytes): Bytes =>
  writeExtension('2.5.29.35', false, derSequence(derElement(tags.implicit0, keyId)))

/** RFC 7093 section 2, method 1: the first 160 bits of SHA-256 of the key. */
export async function keyIdOf(publicKey: Bytes): Promise<Bytes> {
  const fields = DerFields.whole(publicKey)
  fields.take(tags.sequence)
  return (await digest('SHA-256', readBits(fields.take(tags.bitString)))).slice(0, 20)
}
