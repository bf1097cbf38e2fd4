// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: PKCS #10 certification requests (RFC 2986), made and read.

import type { Bytes } from '../codec/bytes.ts'
import { DerFields, derElement, type Element, tags } from '../codec/der.ts'
import { derNumber, derOid, derSequence, readNumber, readOid } from '../codec/derValues.ts'
import { malformed } from './errors.ts'
import {
  type CertificateExtensions,
  type Extension,
  readExtensionList,
  readExtensions,
} from './extensions.ts'
import { makeSigned } from './makeSigned.ts'
import { type Name, readName, writeName } from './names.ts'
import { type PublicKey, readPublicKey } from './publicKeys.ts'
import { readSigned, type Signed } from './readSigned.ts'
import { verifySignature } from './signatures.ts'
import type { Signer } from './signer.ts'
import { type Purposes, writePurposes } from './writeExtensions.ts'

/** Parts of a name, the most general first: `[['O', 'Example'], ['CN', 'Ada']]`. */
export type NameParts = readonly (readonly [type: string, value: string])[]

const extensionRequest = '1.2.840.113549.1.9.14'

/** @returns CertificationRequest, DER */
export function makeRequest(
  signer: Signer,
  { subject, ...purposes }: Purposes & { readonly subject: NameParts },
): Promise<Bytes> {
  const extensions = writePurposes(purposes)
  const attribute = derSequence(
    derOid(extensionRequest),
    derElement(tags.set, derSequence(...extensions)),
  )
  const content = derSequence(
    derNumber(0),
    writeName(subject),
    signer.publicKey,
    derElement(tags.explicit0, ...(extensions.length > 0 ? [attribute] : [])),
  )
  return makeSigned(content, signer)
}

export interface CertificateRequest extends Signed {
  readonly subject: Name
  readonly publicKey: Bytes
  readonly key: PublicKey
  /** What is asked for, which nobody has granted. */
  readonly extensions: CertificateExtensions
  readonly extensionList: readonly Extension[]
}

const mostBytes = 256 * 1024

/** @throws CertificateError */
export const readRequest = (der: Bytes): CertificateRequest =>
  readSigned(der, mostBytes, readContent)

function readContent({ tbs }: Signed) {
  const fields = DerFields.whole(tbs)
  if (readNumber(fields.take(tags.integer)) !== 0) malformed('a version that is not known')
  const subject = readName(fields.take(tags.sequence))
  const publicKey = fields.take(tags.sequence).der
  const attributes = fields.open(tags.explicit0).rest()
  fields.end()
  const extensionList = attributes.flatMap(requestedExtensions)
  const { extensions } = readExtensions(extensionList)
  return { subject, publicKey, key: readPublicKey(publicKey), extensions, extensionList }
}

function requestedExtensions({ der }: Element): readonly Extension[] {
  const fields = DerFields.whole(der)
  if (readOid(fields.take(tags.objectIdentifier)) !== extensionRequest) return []
  const values = fields.open(tags.set)
  fields.end()
  const list = readExtensionList(values.open())
  values.end()
  return list
}

/** Proof of possession: who asks holds the key. */
export const isProved = (request: CertificateRequest): Promise<boolean> =>
  verifySignature({
    publicKey: request.publicKey,
    algorithm: request.signatureAlgorithm.der,
    message: request.tbs,
    signature: request.signature,
  })
