// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: EnvelopedData (RFC 5652 section 6.1) and AuthEnvelopedData (RFC 5083 section 2.1), read once into a
// snapshot. BER is read, as programs write it that encrypt while they read.

import { type AlgorithmIdentifier, readAlgorithm } from '../certificates/algorithmIdentifier.ts'
import { berToDer } from '../codec/ber.ts'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { DerError, DerFields, derElement, type Element, tags } from '../codec/der.ts'
import { readBits, readNumber, readOctets, readOid } from '../codec/derValues.ts'
import { type CertificateId, readCertificateId } from './certificateId.ts'
import { cmsOids } from './cmsNames.ts'
import { refuseEnvelope } from './envelopeError.ts'
import { type CmsAttribute, CmsError, readAttributes } from './readCms.ts'

interface EncryptedKey {
  readonly id: CertificateId
  readonly algorithm: AlgorithmIdentifier
  readonly encryptedKey: Bytes
}

/** One key encrypted to one certificate: by RSA, or by a key that both sides agree on. */
export type Recipient =
  | (EncryptedKey & { readonly kind: 'transport' })
  | (EncryptedKey & {
      readonly kind: 'agreement'
      /** The sender's point as SEC 1 section 2.3.3 writes it. `null`: a key of the sender's that stays the same. */
      readonly originator: Bytes | null
      readonly ukm: Bytes | null
    })

export interface Envelope {
  readonly isAuthenticated: boolean
  /** Those under passwords and shared keys are read over. */
  readonly recipients: readonly Recipient[]
  readonly contentType: string
  readonly algorithm: AlgorithmIdentifier
  readonly ciphertext: Bytes
  /** `mac` of AuthEnvelopedData. */
  readonly tag: Bytes
  readonly attributes: readonly CmsAttribute[]
  /** The attributes as a SET (RFC 5083 section 2.2); nothing where there are none. */
  readonly additionalData: Bytes
}

const mostBytes = 512 * 1024 * 1024
export const mostRecipients = 1024
/** As many as `berToDer` lets through. */
const mostPieces = 1_000_000

/**
 * Takes a copy: later writes to `bytes` change nothing.
 * @throws EnvelopeError `not-enveloped`, `too-large`, `too-many`
 */
export function readEnvelope(bytes: Bytes): Envelope {
  if (bytes.byteLength > mostBytes) refuseEnvelope('too-large')
  try {
    return readDerOrBer(bytes)
  } catch (error) {
    if (error instanceof DerError) refuseEnvelope('not-enveloped', error.message)
    if (error instanceof CmsError) refuseEnvelope('too-many')
    throw error
  }
}

function readDerOrBer(bytes: Bytes): Envelope {
  try {
    return readMessage(bytes.slice())
  } catch (error) {
    if (!(error instanceof DerError)) throw error
  }
  return readMessage(berToDer(bytes))
}

function readMessage(der: Bytes): Envelope {
  const outer = DerFields.whole(der)
  const type = readOid(outer.any())
  const isAuthenticated = type === cmsOids.authEnvelopedData
  if (!isAuthenticated && type !== cmsOids.envelopedData) refuseEnvelope('not-enveloped')
  const wrapped = outer.open(tags.explicit0)
  outer.end()
  const fields = wrapped.open()
  wrapped.end()
  readNumber(fields.any())
  // Certificates of the sender.
  fields.optional(tags.explicit0)
  const recipients = readRecipients(fields.open(tags.set))
  const content = readContent(fields.open())
  const authenticity = isAuthenticated ? readAuthenticity(fields) : readNoAuthenticity(fields)
  if (isAuthenticated) checkContentType(content.contentType, authenticity.attributes)
  return { isAuthenticated, recipients, ...content, ...authenticity }
}

type Authenticity = Pick<Envelope, 'tag' | 'attributes' | 'additionalData'>

function readAuthenticity(fields: DerFields): Authenticity {
  const attributes = fields.optional(tags.explicit1)
  const tag = readOctets(fields.any())
  fields.optional(tags.explicit2)
  fields.end()
  return {
    tag,
    attributes: attributes ? readAttributes(attributes.content) : [],
    additionalData: attributes ? derElement(tags.set, attributes.content) : new Uint8Array(0),
  }
}

function readNoAuthenticity(fields: DerFields): Authenticity {
  fields.optional(tags.explicit1)
  fields.end()
  return { tag: new Uint8Array(0), attributes: [], additionalData: new Uint8Array(0) }
}

/** RFC 5083 section 2.1: what is not plain data says so in the authenticated attributes, and it is the same. */
function checkContentType(contentType: string, attributes: readonly CmsAttribute[]): void {
  const stated = attributes.filter(({ oid }) => oid === cmsOids.contentType)
  const isSame = stated.every(({ values: [value, ...more] }) =>
    value && more.length === 0 ? readOid(value) === contentType : false,
  )
  const isThere = stated.length === 1 || (stated.length === 0 && contentType === cmsOids.data)
  if (!isSame || !isThere) throw new DerError('another kind of content than it says')
}

/** EncryptedContentInfo. */
function readContent(
  fields: DerFields,
): Pick<Envelope, 'contentType' | 'algorithm' | 'ciphertext'> {
  const contentType = readOid(fields.any())
  const algorithm = readAlgorithm(fields.take(tags.sequence))
  const element = fields.any()
  fields.end()
  return { contentType, algorithm, ciphertext: ciphertextOf(element) }
}

/** An OCTET STRING under a tag of its own, whole or in pieces (X.690 section 8.7). */
function ciphertextOf({ tag, content }: Element): Bytes {
  if (tag === tags.implicit0) return content
  if (tag !== tags.explicit0) throw new DerError('no encrypted content')
  return concatBytes(...DerFields.in(content, mostPieces).rest().map(readOctets))
}

function readRecipients(fields: DerFields): readonly Recipient[] {
  const recipients: Recipient[] = []
  for (const element of fields.rest()) {
    recipients.push(...readRecipient(element))
    if (recipients.length > mostRecipients) refuseEnvelope('too-many')
  }
  return recipients
}

/** Section 6.2. */
function readRecipient({ tag, content }: Element): readonly Recipient[] {
  if (tag === tags.sequence) return [readTransport(DerFields.in(content))]
  return tag === tags.explicit1 ? readAgreement(DerFields.in(content)) : []
}

/** Section 6.2.1. */
function readTransport(fields: DerFields): Recipient {
  readNumber(fields.any())
  const id = readCertificateId(fields.any())
  const algorithm = readAlgorithm(fields.take(tags.sequence))
  const encryptedKey = readOctets(fields.any())
  fields.end()
  return { kind: 'transport', id, algorithm, encryptedKey }
}

/** Section 6.2.2. */
function readAgreement(fields: DerFields): readonly Recipient[] {
  readNumber(fields.any())
  const originator = readOriginator(fields.open(tags.explicit0))
  const wrappedUkm = fields.openOptional(tags.explicit1)
  const ukm = wrappedUkm ? readOctets(wrappedUkm.any()) : null
  wrappedUkm?.end()
  const algorithm = readAlgorithm(fields.take(tags.sequence))
  const keys = fields.open().rest()
  fields.end()
  return keys.map(({ der }) => {
    const key = DerFields.whole(der)
    const id = readAgreementId(key.any())
    const encryptedKey = readOctets(key.any())
    key.end()
    return { kind: 'agreement', id, algorithm, encryptedKey, originator, ukm }
  })
}

/** OriginatorIdentifierOrKey. The curve is that of the recipient's key (RFC 5753 section 3.1.1). */
function readOriginator(fields: DerFields): Bytes | null {
  const { tag, content } = fields.any()
  fields.end()
  if (tag !== tags.explicit1) return null
  const key = DerFields.in(content)
  readAlgorithm(key.take(tags.sequence))
  const point = readBits(key.any())
  key.end()
  return point
}

/** KeyAgreeRecipientIdentifier: RecipientKeyIdentifier may have a date behind it, which nobody needs. */
function readAgreementId(element: Element): CertificateId {
  if (element.tag !== tags.explicit0) return readCertificateId(element)
  return { kind: 'key', keyId: readOctets(DerFields.in(element.content).any()) }
}
