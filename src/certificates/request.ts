// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: PKCS #10 certification requests (RFC 2986), made and read.

import type { Bytes } from '../codec/bytes.ts'
import { DerFields, derElement, type Element, tags } from '../codec/der.ts'
import {
  derNumber,
  derOid,
  derSequence,
  readBits,
  readNumber,
  readOid,
} from '../codec/derValues.ts'
import { readSignatureAlgorithm, type SignatureAlgorithm } from './algorithms.ts'
import { malformed, readStrictly } from './errors.ts'
import {
  type CertificateExtensions,
  type Extension,
  readExtensionList,
  readExtensions,
} from './extensions.ts'
import { makeSigned } from './makeSigned.ts'
import { type Name, readName, writeName } from './names.ts'
import { type PublicKey, readPublicKey } from './publicKeys.ts'
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

export interface CertificateRequest {
  readonly der: Bytes
  readonly subject: Name
  readonly publicKey: Bytes
  readonly key: PublicKey
  readonly tbs: Bytes
  readonly signatureAlgorithm: SignatureAlgorithm
  readonly signature: Bytes
  /** What is asked for, which nobody has granted. */
  readonly extensions: CertificateExtensions
  readonly extensionList: readonly Extension[]
}

const mostBytes = 256 * 1024

/** @throws CertificateError */
export function readRequest(der: Bytes): CertificateRequest {
  return readStrictly(der, mostBytes, () => {
    const copy = der.slice()
    const outer = DerFields.whole(copy)
    const tbs = outer.take(tags.sequence).der
    const signatureAlgorithm = readSignatureAlgorithm(outer.take(tags.sequence).der)
    const signature = readBits(outer.take(tags.bitString))
    outer.end()
    return { der: copy, tbs, signatureAlgorithm, signature, ...readContent(tbs) }
  })
}

function readContent(tbs: Bytes) {
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
