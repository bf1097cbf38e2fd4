// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: how CMS names a certificate: SignerIdentifier (RFC 5652 section 5.3) and RecipientIdentifier (section
// 6.2.1), which are one.

import type { Certificate } from '../certificates/certificate.ts'
import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { DerError, DerFields, derElement, type Element, tags } from '../codec/der.ts'
import { derSequence, readInteger } from '../codec/derValues.ts'

/** IssuerAndSerialNumber or SubjectKeyIdentifier. */
export type CertificateId =
  | { readonly kind: 'issuer'; readonly issuer: Bytes; readonly serialNumber: Bytes }
  | { readonly kind: 'key'; readonly keyId: Bytes }

/** @throws DerError */
export function readCertificateId({ tag, content }: Element): CertificateId {
  if (tag === tags.implicit0) return { kind: 'key', keyId: content }
  if (tag !== tags.sequence) throw new DerError('no identifier of a certificate')
  const fields = DerFields.in(content)
  const issuer = fields.take(tags.sequence).der
  const serialNumber = readInteger(fields.any())
  fields.end()
  return { kind: 'issuer', issuer, serialNumber }
}

/** For `IssuerAndSerialNumber`. */
export const issuerAndSerial = (issuer: Bytes, serialNumber: Bytes): Bytes =>
  derSequence(issuer, derElement(tags.integer, serialNumber))

export function isNamedBy(
  { issuer, serialNumber, extensions }: Certificate,
  id: CertificateId,
): boolean {
  if (id.kind === 'issuer') {
    return equalBytes(issuer.der, id.issuer) && equalBytes(serialNumber, id.serialNumber)
  }
  return extensions.subjectKeyId ? equalBytes(extensions.subjectKeyId, id.keyId) : false
}
