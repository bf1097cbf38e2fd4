// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: revocation lists (RFC 5280 section 5), read once and strictly into a snapshot.

import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { DerFields, type Element, onlyElement, tags } from '../codec/der.ts'
import { readBoolean, readInteger, readNumber, readTime } from '../codec/derValues.ts'
import { encodeHex } from '../codec/text.ts'
import {
  type DistributionPointName,
  type ReasonFlag,
  readPointName,
  readReasonFlags,
} from './distributionPoints.ts'
import { malformed } from './errors.ts'
import {
  type AuthorityKeyId,
  type Extension,
  readExtensionList,
  readExtensions,
} from './extensions.ts'
import { readGeneralNames } from './generalNames.ts'
import { type Name, readName } from './names.ts'
import { readSigned, type Signed } from './readSigned.ts'

/** RFC 5280 section 5.3.1; each has the number of its place. 7 is not used. */
export const reasonCodes = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'unused',
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
] as const
export type RevocationReason = (typeof reasonCodes)[number]

export interface Revocation {
  /** ms since 1970. */
  readonly revokedAt: number
  readonly reason: RevocationReason
}

/** RFC 5280 section 5.2.5: what a list is about. */
export interface IssuingDistributionPoint {
  readonly name: DistributionPointName | null
  readonly onlyUsers: boolean
  readonly onlyCas: boolean
  readonly onlyReasons: ReadonlySet<ReasonFlag> | null
  readonly indirect: boolean
  readonly onlyAttributes: boolean
}

export interface Crl extends Signed {
  readonly issuer: Name
  /** ms since 1970. */
  readonly thisUpdate: number
  readonly nextUpdate: number | null
  /** Under the issuer's `Name.key` and the serial number in hexadecimal: see `revocationKey`. */
  readonly revoked: ReadonlyMap<string, Revocation>
  readonly number: Bytes | null
  /** Of a delta: the number of the list it is to be read with. */
  readonly deltaOf: Bytes | null
  readonly issuingPoint: IssuingDistributionPoint | null
  readonly authorityKeyId: AuthorityKeyId | null
  /** A critical extension, of the list or an entry, that is not understood: the list proves nothing. */
  readonly hasUnknownCritical: boolean
}

export const revocationKey = (issuer: Name, serialNumber: Bytes): string =>
  `${issuer.key}\n${encodeHex(serialNumber)}`

const mostBytes = 64 * 1024 * 1024
/** As many as fit: the shortest that are in use have some twenty bytes. */
const mostEntries = 3_500_000

/** @throws CertificateError */
export const readCrl = (der: Bytes): Crl => readSigned(der, mostBytes, readTbs)

function readTbs({ tbs, signatureAlgorithm }: Signed) {
  const fields = DerFields.whole(tbs)
  const version = fields.optional(tags.integer)
  if (version && readNumber(version) !== 1) malformed('a version that is not known')
  if (!equalBytes(fields.take(tags.sequence).der, signatureAlgorithm.der))
    malformed('two signature algorithms')
  const issuer = readName(fields.take(tags.sequence))
  const thisUpdate = readTime(fields.any())
  const hasNext = fields.nextTag === tags.utcTime || fields.nextTag === tags.generalizedTime
  const nextUpdate = hasNext ? readTime(fields.any()) : null
  const entries = fields.openOptional(tags.sequence, mostEntries)
  const wrapped = fields.openOptional(tags.explicit0)
  fields.end()
  if (wrapped && !version) malformed('extensions before version 2')
  const list = wrapped ? readExtensionList(wrapped.open()) : []
  wrapped?.end()
  const { revoked, hasUnknown } = readEntries(entries?.rest() ?? [], issuer)
  return { issuer, thisUpdate, nextUpdate, revoked, ...readOwnExtensions(list, hasUnknown) }
}

const known = new Set(['2.5.29.20', '2.5.29.27', '2.5.29.28', '2.5.29.35'])

function readOwnExtensions(list: readonly Extension[], hasUnknownEntry: boolean) {
  const contentOf = (oid: string) => list.find((extension) => extension.oid === oid)?.value
  const number = contentOf('2.5.29.20')
  const base = contentOf('2.5.29.27')
  const point = contentOf('2.5.29.28')
  return {
    number: number ? readInteger(onlyElement(number)) : null,
    deltaOf: base ? readInteger(onlyElement(base)) : null,
    issuingPoint: point ? readIssuingPoint(point) : null,
    authorityKeyId: readExtensions(list).extensions.authorityKeyId,
    hasUnknownCritical:
      hasUnknownEntry || list.some(({ oid, critical }) => critical && !known.has(oid)),
  }
}

function readIssuingPoint(value: Bytes): IssuingDistributionPoint {
  const fields = DerFields.whole(value)
  const flag = (tag: number) => {
    const content = fields.optional(tag)?.content
    return content ? readBoolean({ tag: tags.boolean, content, der: content }) : false
  }
  const name = fields.optional(0xa0)
  const onlyUsers = flag(0x81)
  const onlyCas = flag(0x82)
  const reasons = fields.optional(0x83)
  const indirect = flag(0x84)
  const onlyAttributes = flag(0x85)
  fields.end()
  return {
    name: name ? readPointName(name.content) : null,
    onlyUsers,
    onlyCas,
    onlyReasons: reasons ? readReasonFlags(reasons.content) : null,
    indirect,
    onlyAttributes,
  }
}

const knownOfEntries = new Set(['2.5.29.21', '2.5.29.24', '2.5.29.29'])

/** An entry without an issuer of its own has that of the entry before (RFC 5280 section 5.3.3). */
function readEntries(entries: readonly Element[], crlIssuer: Name) {
  const revoked = new Map<string, Revocation>()
  let hasUnknown = false
  let issuer = crlIssuer
  for (const { der } of entries) {
    const fields = DerFields.whole(der)
    const serialNumber = readInteger(fields.take(tags.integer))
    const revokedAt = readTime(fields.any())
    const extensions = fields.openOptional(tags.sequence)
    fields.end()
    const list = extensions ? readExtensionList(extensions) : []
    hasUnknown ||= list.some(({ oid, critical }) => critical && !knownOfEntries.has(oid))
    issuer = entryIssuer(list) ?? issuer
    revoked.set(revocationKey(issuer, serialNumber), { revokedAt, reason: entryReason(list) })
  }
  return { revoked, hasUnknown }
}

function entryIssuer(list: readonly Extension[]): Name | null {
  const value = list.find(({ oid }) => oid === '2.5.29.29')?.value
  if (!value) return null
  const names = readGeneralNames(onlyElement(value, tags.sequence).content)
  const directory = names.find((name) => name.kind === 'directory')
  return directory?.name ?? malformed('an entry of an issuer without a name')
}

function entryReason(list: readonly Extension[]): RevocationReason {
  const value = list.find(({ oid }) => oid === '2.5.29.21')?.value
  if (!value) return 'unspecified'
  const code = readNumber(onlyElement(value), tags.enumerated)
  return reasonCodes[code] ?? malformed('a reason that is not known')
}
