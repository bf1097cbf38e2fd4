// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: CMS SignedData (RFC 5652 section 5), read once into a snapshot. BER is read, and told as such.

import { type AlgorithmIdentifier, readAlgorithm } from '../certificates/algorithmIdentifier.ts'
import { berToDer } from '../codec/ber.ts'
import type { Bytes } from '../codec/bytes.ts'
import { DerError, DerFields, derElement, type Element, tags } from '../codec/der.ts'
import { compareBytes, readNumber, readOctets, readOid } from '../codec/derValues.ts'
import { type CertificateId, readCertificateId } from './certificateId.ts'
import { cmsOids } from './cmsNames.ts'

const causes = {
  'not-cms': 'These bytes are no signed message.',
  'too-large': 'The signed message is larger than can be looked at.',
  'too-many': 'The signed message holds more than can be looked at.',
} as const

export class CmsError extends Error {
  override readonly name = 'CmsError'
  readonly code: keyof typeof causes

  constructor(code: keyof typeof causes, detail?: string) {
    super(detail ? `${causes[code]} (${detail})` : causes[code])
    this.code = code
  }
}

export interface CmsAttribute {
  readonly oid: string
  readonly values: readonly Element[]
}

export interface CmsSigner {
  /** Whether its version number is the one that its identifier asks for (section 5.3). */
  readonly isRightVersion: boolean
  readonly id: CertificateId
  readonly digestAlgorithm: AlgorithmIdentifier
  readonly signedAttributes: readonly CmsAttribute[] | null
  /** What is signed: as a SET (section 5.4). `null` without signed attributes. */
  readonly signedBytes: Bytes | null
  /** Members of the SET in the order of their encodings (X.690 section 11.6). */
  readonly isSorted: boolean
  readonly signatureAlgorithm: Bytes
  readonly signature: Bytes
  readonly unsignedAttributes: readonly CmsAttribute[]
  readonly der: Bytes
}

export interface Cms {
  readonly isBer: boolean
  /** Of SignedData (section 5.1). */
  readonly version: number
  readonly digestAlgorithms: readonly AlgorithmIdentifier[]
  readonly contentType: string
  /** `null`: detached. */
  readonly content: Bytes | null
  /** CertificateChoices and RevocationInfoChoice, DER, as they stand, those that are read over included. */
  readonly certificateChoices: readonly Bytes[]
  readonly revocationChoices: readonly Bytes[]
  /** DER, as they stand. */
  readonly certificates: readonly Bytes[]
  readonly crls: readonly Bytes[]
  /** OCSPResponse in `other` revocation information (RFC 5940), DER. */
  readonly ocsp: readonly Bytes[]
  readonly signers: readonly CmsSigner[]
}

const mostBytes = 512 * 1024 * 1024
const mostMembers = 256
const ocspFormat = '1.3.6.1.5.5.7.16.2'

/**
 * Takes a copy: later writes to `bytes` change nothing.
 * @throws CmsError
 */
export function readCms(bytes: Bytes): Cms {
  if (bytes.byteLength > mostBytes) throw new CmsError('too-large')
  try {
    return readSignedData(bytes.slice(), false)
  } catch (error) {
    if (!(error instanceof DerError)) throw error
  }
  try {
    return readSignedData(berToDer(bytes), true)
  } catch (error) {
    if (error instanceof DerError) throw new CmsError('not-cms', error.message)
    throw error
  }
}

const few = <T>(members: readonly T[]): readonly T[] => {
  if (members.length > mostMembers) throw new CmsError('too-many')
  return members
}

function readSignedData(der: Bytes, isBer: boolean): Cms {
  const outer = DerFields.whole(der)
  if (readOid(outer.any()) !== cmsOids.signedData) throw new CmsError('not-cms')
  const wrapped = outer.open(tags.explicit0)
  outer.end()
  const fields = wrapped.open()
  wrapped.end()
  const version = readNumber(fields.any())
  const digestAlgorithms = few(fields.open(tags.set).rest()).map(readAlgorithm)
  const { contentType, content } = readContent(fields.open())
  const certificates = few(fields.openOptional(tags.explicit0)?.rest() ?? [])
  const revocation = few(fields.openOptional(tags.explicit1)?.rest() ?? [])
  const signers = few(fields.open(tags.set).rest()).map(readSigner)
  fields.end()
  return {
    isBer,
    version,
    digestAlgorithms,
    contentType,
    content,
    certificateChoices: certificates.map(({ der: one }) => one),
    revocationChoices: revocation.map(({ der: one }) => one),
    // Attribute certificates and other kinds are read over.
    certificates: certificates.flatMap((one) => (one.tag === tags.sequence ? [one.der] : [])),
    crls: revocation.flatMap((one) => (one.tag === tags.sequence ? [one.der] : [])),
    ocsp: revocation.flatMap(ocspOf),
    signers,
  }
}

function readContent(fields: DerFields): { contentType: string; content: Bytes | null } {
  const contentType = readOid(fields.any())
  const wrapped = fields.openOptional(tags.explicit0)
  fields.end()
  const content = wrapped ? readOctets(wrapped.any()) : null
  wrapped?.end()
  return { contentType, content }
}

function ocspOf({ tag, content }: Element): readonly Bytes[] {
  if (tag !== tags.explicit1) return []
  const fields = DerFields.in(content)
  return readOid(fields.any()) === ocspFormat ? [fields.any().der] : []
}

/** Section 5.3. @throws DerError, CmsError */
export function readSigner(element: Element): CmsSigner {
  const fields = DerFields.whole(element.der)
  const version = readNumber(fields.any())
  const id = readCertificateId(fields.any())
  const digestAlgorithm = readAlgorithm(fields.take(tags.sequence))
  const signed = fields.optional(tags.explicit0)
  const signatureAlgorithm = fields.take(tags.sequence).der
  const signature = readOctets(fields.any())
  const unsigned = fields.optional(tags.explicit1)
  fields.end()
  return {
    isRightVersion: version === (id.kind === 'issuer' ? 1 : 3),
    id,
    digestAlgorithm,
    signedAttributes: signed ? readAttributes(signed.content) : null,
    signedBytes: signed ? derElement(tags.set, signed.content) : null,
    isSorted: !signed || isSorted(DerFields.in(signed.content).rest()),
    signatureAlgorithm,
    signature,
    unsignedAttributes: unsigned ? readAttributes(unsigned.content) : [],
    der: element.der,
  }
}

export function readAttributes(content: Bytes): readonly CmsAttribute[] {
  return few(DerFields.in(content).rest()).map(({ der }) => {
    const fields = DerFields.whole(der)
    const oid = readOid(fields.any())
    const values = few(fields.open(tags.set).rest())
    fields.end()
    return { oid, values }
  })
}

const isSorted = (members: readonly Element[]): boolean =>
  members.every(({ der }, at) => {
    const before = members[at - 1]
    return !before || compareBytes(before.der, der) <= 0
  })
