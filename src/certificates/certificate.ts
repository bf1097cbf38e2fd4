// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: a certificate (RFC 5280 section 4.1), read once and strictly into a snapshot.

import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { DerFields, tags } from '../codec/der.ts'
import { readInteger, readNumber, readTime } from '../codec/derValues.ts'
import { encodeHex } from '../codec/text.ts'
import { digest } from './algorithms.ts'
import { malformed } from './errors.ts'
import {
  type CertificateExtensions,
  type Extension,
  readExtensionList,
  readExtensions,
} from './extensions.ts'
import { type Name, readName } from './names.ts'
import { type PublicKey, readPublicKey } from './publicKeys.ts'
import { readSigned, type Signed } from './readSigned.ts'

export interface Certificate extends Signed {
  readonly version: 1 | 2 | 3
  /** INTEGER content: big-endian, two's complement, as short as it can be. */
  readonly serialNumber: Bytes
  readonly issuer: Name
  readonly subject: Name
  /** ms since 1970; both ends belong to the time (RFC 5280 section 4.1.2.5). */
  readonly notBefore: number
  readonly notAfter: number
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Bytes
  readonly key: PublicKey
  readonly extensions: CertificateExtensions
  readonly extensionList: readonly Extension[]
  /** Identifiers of critical extensions that are not understood here: no path may hold one. */
  readonly unknownCritical: readonly string[]
}

/** Far above post-quantum keys and the longest lists of hosts. */
const mostBytes = 1024 * 1024

/**
 * Takes a copy, so that later writes to `der` change nothing.
 * @throws CertificateError
 */
export const readCertificate = (der: Bytes): Certificate => readSigned(der, mostBytes, readTbs)

function readTbs({ tbs, signatureAlgorithm }: Signed) {
  const fields = DerFields.whole(tbs)
  const version = readVersion(fields.openOptional(tags.explicit0))
  const serialNumber = readInteger(fields.take(tags.integer))
  // RFC 5280 section 4.1.1.2: the same identifier, inside the signature and outside.
  if (!equalBytes(fields.take(tags.sequence).der, signatureAlgorithm.der))
    malformed('two signature algorithms')
  const issuer = readName(fields.take(tags.sequence))
  const validity = fields.open()
  const notBefore = readTime(validity.any())
  const notAfter = readTime(validity.any())
  validity.end()
  const subject = readName(fields.take(tags.sequence))
  const publicKey = fields.take(tags.sequence).der
  // Unique identifiers are read over: RFC 5280 section 4.1.2.8 wants none written, and none used.
  const issuerId = fields.optional(0x81)
  const subjectId = fields.optional(0x82)
  const wrapped = fields.openOptional(tags.explicit3)
  fields.end()
  if ((issuerId || subjectId) && version === 1) malformed('identifiers before version 2')
  if (wrapped && version !== 3) malformed('extensions before version 3')
  const list = wrapped ? readExtensionList(wrapped.open()) : []
  wrapped?.end()
  return {
    version,
    serialNumber,
    issuer,
    subject,
    notBefore,
    notAfter,
    publicKey,
    key: readPublicKey(publicKey),
    ...readExtensions(list),
    extensionList: list,
  }
}

function readVersion(fields: DerFields | null): 1 | 2 | 3 {
  if (!fields) return 1
  const version = readNumber(fields.take(tags.integer))
  fields.end()
  return version === 1 ? 2 : version === 2 ? 3 : malformed('a version that is not known')
}

/** SHA-256 of the certificate. */
export const fingerprintOf = ({ der }: Certificate): Promise<Bytes> => digest('SHA-256', der)

/** Subject and issuer are one: by name, which says nothing of the signature. */
export const isSelfIssued = ({ subject, issuer }: Certificate): boolean =>
  subject.key === issuer.key

/** For people and for maps: the serial number in hexadecimal. */
export const serialText = ({ serialNumber }: Pick<Certificate, 'serialNumber'>): string =>
  encodeHex(serialNumber)

export const sameCertificate = (left: Certificate, right: Certificate): boolean =>
  equalBytes(left.der, right.der)

const namedBy = ['CN', 'O', 'OU', 'emailAddress'] as const

/** The one part of a name that people go by; all of it where it has none of these. */
export const nameOf = ({ attributes, text }: Name): string =>
  namedBy
    .map((type) => attributes.find((one) => one.type === type)?.value)
    .find((value) => value !== undefined && value !== null && value !== '') ?? text

/** What a certificate says of its holder, which whoever issued it vouches for. */
export const holderOf = ({ subject }: Certificate): string => nameOf(subject)
