// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: the extensions of certificates (RFC 5280 section 4.2).

import type { Bytes } from '../codec/bytes.ts'
import { DerFields, type Element, onlyElement, tags } from '../codec/der.ts'
import {
  readBoolean,
  readInteger,
  readNamedBits,
  readNumber,
  readOctets,
  readOid,
} from '../codec/derValues.ts'
import { type PolicyInformation, readPolicies } from './certificatePolicies.ts'
import { type DistributionPoint, readDistributionPoints } from './distributionPoints.ts'
import { CertificateError, malformed } from './errors.ts'
import { type GeneralName, readGeneralName, readGeneralNames } from './generalNames.ts'

export interface Extension {
  readonly oid: string
  readonly critical: boolean
  /** What stands in the OCTET STRING. */
  readonly value: Bytes
}

/** RFC 5280 section 4.2.1.3; each stands at the bit of its number. */
export const keyUsageNames = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const
export type KeyUsage = (typeof keyUsageNames)[number]

export const extendedKeyUsages = {
  any: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  /** RFC 9336. */
  documentSigning: '1.3.6.1.5.5.7.3.36',
  /** Adobe's Authentic Documents Trust: from before RFC 9336, as the next. */
  adobeDocumentSigning: '1.2.840.113583.1.1.5',
  /** Microsoft's szOID_KP_DOCUMENT_SIGNING. */
  microsoftDocumentSigning: '1.3.6.1.4.1.311.10.3.12',
} as const
export type ExtendedKeyUsage = keyof typeof extendedKeyUsages

export interface NameConstraints {
  readonly permitted: readonly GeneralName[]
  readonly excluded: readonly GeneralName[]
}

/** `null` where the certificate has no such extension. */
export interface CertificateExtensions {
  readonly basicConstraints: { readonly isCa: boolean; readonly pathLength: number | null } | null
  readonly keyUsage: ReadonlySet<KeyUsage> | null
  /** Identifiers: see `extendedKeyUsages`. */
  readonly extKeyUsage: readonly string[] | null
  readonly subjectAltName: readonly GeneralName[] | null
  readonly issuerAltName: readonly GeneralName[] | null
  readonly subjectKeyId: Bytes | null
  readonly authorityKeyId: AuthorityKeyId | null
  readonly crlDistributionPoints: readonly DistributionPoint[] | null
  readonly freshestCrl: readonly DistributionPoint[] | null
  readonly authorityInfoAccess: InfoAccess | null
  readonly policies: readonly PolicyInformation[] | null
  readonly policyMappings: readonly PolicyMapping[] | null
  readonly policyConstraints: PolicyConstraints | null
  readonly inhibitAnyPolicy: number | null
  readonly nameConstraints: NameConstraints | null
  /** RFC 6960 section 4.2.2.2.1: the revocation of an OCSP signer is not to be asked for. */
  readonly ocspNoCheck: true | null
}

export interface AuthorityKeyId {
  readonly keyId: Bytes | null
  readonly issuer: readonly GeneralName[] | null
  readonly serialNumber: Bytes | null
}

export interface InfoAccess {
  readonly ocsp: readonly string[]
  readonly caIssuers: readonly string[]
}

export interface PolicyMapping {
  readonly issuerDomain: string
  readonly subjectDomain: string
}

export interface PolicyConstraints {
  readonly requireExplicitPolicy: number | null
  readonly inhibitPolicyMapping: number | null
}

type Readers = {
  readonly [K in keyof CertificateExtensions]: readonly [
    oid: string,
    read: (value: Bytes) => NonNullable<CertificateExtensions[K]>,
  ]
}

const readers: Readers = {
  basicConstraints: ['2.5.29.19', readBasicConstraints],
  keyUsage: ['2.5.29.15', readKeyUsage],
  extKeyUsage: ['2.5.29.37', (value) => some(DerFields.whole(value).rest()).map(readOid)],
  subjectAltName: ['2.5.29.17', generalNames],
  issuerAltName: ['2.5.29.18', generalNames],
  subjectKeyId: ['2.5.29.14', (value) => readOctets(onlyElement(value))],
  authorityKeyId: ['2.5.29.35', readAuthorityKeyId],
  crlDistributionPoints: ['2.5.29.31', readDistributionPoints],
  freshestCrl: ['2.5.29.46', readDistributionPoints],
  authorityInfoAccess: ['1.3.6.1.5.5.7.1.1', readInfoAccess],
  policies: ['2.5.29.32', readPolicies],
  policyMappings: ['2.5.29.33', readPolicyMappings],
  policyConstraints: ['2.5.29.36', readPolicyConstraints],
  inhibitAnyPolicy: ['2.5.29.54', (value) => readNumber(onlyElement(value))],
  nameConstraints: ['2.5.29.30', readNameConstraints],
  ocspNoCheck: ['1.3.6.1.5.5.7.48.1.5', () => true],
}

/** More than any profile has. */
const mostExtensions = 128

/** The extensions one by one; each at most once (RFC 5280 section 4.2). */
export function readExtensionList(fields: DerFields): readonly Extension[] {
  const elements = some(fields.rest())
  if (elements.length > mostExtensions) throw new CertificateError('too-many', 'extensions')
  const list = elements.map(readExtension)
  if (new Set(list.map(({ oid }) => oid)).size < list.length) malformed('an extension stands twice')
  return list
}

function readExtension({ der }: Element): Extension {
  const fields = DerFields.whole(der)
  const oid = readOid(fields.take(tags.objectIdentifier))
  const critical = fields.optional(tags.boolean)
  const value = readOctets(fields.take(tags.octetString))
  fields.end()
  return { oid, critical: critical ? readBoolean(critical) : false, value }
}

/** What is understood of them, and the critical ones that are not. */
export function readExtensions(list: readonly Extension[]): {
  readonly extensions: CertificateExtensions
  readonly unknownCritical: readonly string[]
} {
  const values = new Map(list.map(({ oid, value }) => [oid, value]))
  const one = <K extends keyof CertificateExtensions>(key: K) => {
    const [oid, read] = readers[key]
    const value = values.get(oid)
    return value ? read(value) : null
  }
  const known = new Set(Object.values(readers).map(([oid]) => oid))
  return {
    extensions: {
      basicConstraints: one('basicConstraints'),
      keyUsage: one('keyUsage'),
      extKeyUsage: one('extKeyUsage'),
      subjectAltName: one('subjectAltName'),
      issuerAltName: one('issuerAltName'),
      subjectKeyId: one('subjectKeyId'),
      authorityKeyId: one('authorityKeyId'),
      crlDistributionPoints: one('crlDistributionPoints'),
      freshestCrl: one('freshestCrl'),
      authorityInfoAccess: one('authorityInfoAccess'),
      policies: one('policies'),
      policyMappings: one('policyMappings'),
      policyConstraints: one('policyConstraints'),
      inhibitAnyPolicy: one('inhibitAnyPolicy'),
      nameConstraints: one('nameConstraints'),
      ocspNoCheck: one('ocspNoCheck'),
    },
    unknownCritical: list
      .filter(({ oid, critical }) => critical && !known.has(oid))
      .map(({ oid }) => oid),
  }
}

/** Most of these lists are SEQUENCE SIZE (1..MAX). */
function some<T>(list: readonly T[]): readonly T[] {
  return list.length > 0 ? list : malformed('a list without members')
}

function generalNames(value: Bytes): readonly GeneralName[] {
  return some(readGeneralNames(onlyElement(value, tags.sequence).content))
}

/** RFC 5280 section 4.2.1.9. FALSE is the default and should not be written, but many do. */
function readBasicConstraints(value: Bytes) {
  const fields = DerFields.whole(value)
  const ca = fields.optional(tags.boolean)
  const length = fields.optional(tags.integer)
  fields.end()
  return { isCa: ca ? readBoolean(ca) : false, pathLength: length ? readNumber(length) : null }
}

function readKeyUsage(value: Bytes): ReadonlySet<KeyUsage> {
  const bits = readNamedBits(onlyElement(value, tags.bitString).content)
  return new Set(keyUsageNames.filter((_, bit) => bits.has(bit)))
}

function readAuthorityKeyId(value: Bytes): AuthorityKeyId {
  const fields = DerFields.whole(value)
  const keyId = fields.optional(0x80)?.content ?? null
  const issuer = fields.optional(0xa1)
  const serialNumber = fields.optional(0x82)
  fields.end()
  return {
    keyId,
    issuer: issuer ? readGeneralNames(issuer.content) : null,
    serialNumber: serialNumber ? readInteger(serialNumber, 0x82) : null,
  }
}

/** RFC 5280 section 4.2.2.1: the addresses that are URIs. */
function readInfoAccess(value: Bytes): InfoAccess {
  const found = some(DerFields.whole(value).rest()).map(({ der }) => {
    const fields = DerFields.whole(der)
    const method = readOid(fields.take(tags.objectIdentifier))
    const location = readGeneralName(fields.any())
    fields.end()
    return { method, location }
  })
  const uris = (wanted: string) =>
    found.flatMap(({ method, location }) =>
      method === wanted && location.kind === 'uri' ? [location.text] : [],
    )
  return { ocsp: uris('1.3.6.1.5.5.7.48.1'), caIssuers: uris('1.3.6.1.5.5.7.48.2') }
}

function readPolicyMappings(value: Bytes): readonly PolicyMapping[] {
  return some(DerFields.whole(value).rest()).map(({ der }) => {
    const fields = DerFields.whole(der)
    const issuerDomain = readOid(fields.any())
    const subjectDomain = readOid(fields.any())
    fields.end()
    return { issuerDomain, subjectDomain }
  })
}

/** RFC 5280 section 4.2.1.11. */
function readPolicyConstraints(value: Bytes): PolicyConstraints {
  const fields = DerFields.whole(value)
  const explicit = fields.optional(0x80)
  const mapping = fields.optional(0x81)
  fields.end()
  return {
    requireExplicitPolicy: explicit ? readNumber(explicit, 0x80) : null,
    inhibitPolicyMapping: mapping ? readNumber(mapping, 0x81) : null,
  }
}

function readNameConstraints(value: Bytes): NameConstraints {
  const fields = DerFields.whole(value)
  const permitted = fields.openOptional(0xa0)
  const excluded = fields.openOptional(0xa1)
  fields.end()
  return { permitted: subtrees(permitted), excluded: subtrees(excluded) }
}

/** RFC 5280 section 4.2.1.10: minimum is 0 and maximum absent, so neither is written. */
function subtrees(fields: DerFields | null): readonly GeneralName[] {
  if (!fields) return []
  return some(fields.rest()).map(({ der }) => {
    const subtree = DerFields.whole(der)
    const base = readGeneralName(subtree.any())
    subtree.end()
    return base
  })
}
