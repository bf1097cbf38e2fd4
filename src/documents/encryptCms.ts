// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: content encrypted to certificates: CMS AuthEnvelopedData (RFC 5083) with AES-256-GCM (RFC 5084), or for old
// programs EnvelopedData (RFC 5652 section 6.1) with AES-256-CBC (RFC 3565). The key goes to each by RSAES-OAEP (RFC 3560)
// or by ECDH with a key made for it (RFC 5753 section 3.1).

import { type Certificate, readCertificate } from '../certificates/certificate.ts'
import { curves, isSshCurve, type SshCurve } from '../certificates/curves.ts'
import { keyOids } from '../certificates/writePublicKey.ts'
import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { derElement, tags } from '../codec/der.ts'
import {
  derBits,
  derNull,
  derNumber,
  derOctets,
  derOid,
  derSequence,
  derSetOf,
} from '../codec/derValues.ts'
import { issuerAndSerial } from './certificateId.ts'
import { cmsOids } from './cmsNames.ts'
import { type SealingCipher, sealContent } from './contentCiphers.ts'
import { refuseEnvelope } from './envelopeError.ts'
import { wrapKey } from './keyAgreement.ts'
import { oaepIdentifier } from './oaep.ts'
import { encryptPkcs1 } from './pkcs1Transport.ts'
import { mostRecipients } from './readEnvelope.ts'

export interface EncryptCmsInput {
  readonly content: Bytes
  /** Certificates, DER: whether to trust them, and whether they are still valid, is not asked here. */
  readonly recipients: readonly Bytes[]
  /**
   * `AES-256-CBC` where a recipient's program knows no other: anybody on the way can then change the content unseen.
   * AES-256-GCM where it is absent.
   */
  readonly cipher?: SealingCipher
  /** Those of the recipients whose programs know no OAEP: with RSA, they get the key by RSAES-PKCS1-v1_5. */
  readonly oldPadding?: readonly Bytes[]
}

/** What is around it fits in what remains of what is read. */
const mostContentBytes = 504 * 1024 * 1024
const leastRsaBits = 2048
const keyBytes = 32

/**
 * By AES-256-GCM, whoever gets it can tell that nobody without the key changed it, but not who wrote it: sign first for
 * that.
 * @returns ContentInfo, DER. @throws EnvelopeError, CertificateError
 */
export async function encryptCms({
  content,
  recipients,
  cipher = 'AES-256-GCM',
  oldPadding = [],
}: EncryptCmsInput): Promise<Bytes> {
  if (recipients.length === 0) refuseEnvelope('no-recipients')
  if (recipients.length > mostRecipients) refuseEnvelope('too-many')
  if (content.byteLength > mostContentBytes) refuseEnvelope('too-large')
  const key = crypto.getRandomValues(new Uint8Array(keyBytes))
  const certificates = recipients.map(readCertificate)
  const isOld = ({ der }: Certificate) => oldPadding.some((one) => equalBytes(one, der))
  const infos = await Promise.all(certificates.map((one) => recipientInfo(one, key, isOld(one))))
  const { algorithm, ciphertext, tag } = await sealContent(cipher, key, content)
  key.fill(0)
  const encrypted = derElement(tags.implicit0, ciphertext)
  const parts = [derSetOf(...infos), derSequence(derOid(cmsOids.data), algorithm, encrypted)]
  if (tag) return contentInfo(cmsOids.authEnvelopedData, derNumber(0), ...parts, derOctets(tag))
  // RFC 5652 section 6.1: version 2 as soon as one recipient is of another version than 0.
  const version = certificates.every(({ key: { kind } }) => kind === 'rsa') ? 0 : 2
  return contentInfo(cmsOids.envelopedData, derNumber(version), ...parts)
}

const contentInfo = (oid: string, ...parts: readonly Bytes[]): Bytes =>
  derSequence(derOid(oid), derElement(tags.explicit0, derSequence(...parts)))

/** Whether something can be encrypted to the holder of its key, and its issuer means it so. */
export function canEncryptTo({ key: { kind, curve, bits }, extensions }: Certificate): boolean {
  const may = (usage: 'keyEncipherment' | 'keyAgreement') => extensions.keyUsage?.has(usage) ?? true
  if (kind === 'rsa') return bits >= leastRsaBits && may('keyEncipherment')
  return kind === 'ec' && isSshCurve(curve) && may('keyAgreement')
}

/** A certificate that names no use is for all of them (RFC 5280 section 4.2.1.3). */
async function recipientInfo(certificate: Certificate, key: Bytes, isOld: boolean): Promise<Bytes> {
  const { kind, curve } = certificate.key
  if (!canEncryptTo(certificate)) return refuseEnvelope('unfit-certificate', kind)
  if (isSshCurve(curve)) return byAgreement(certificate, curve, key)
  return isOld ? byOldTransport(certificate, key) : byTransport(certificate, key)
}

const idOf = ({ issuer, serialNumber }: Certificate): Bytes =>
  issuerAndSerial(issuer.der, serialNumber)

async function importRecipient(
  { publicKey }: Certificate,
  algorithm: RsaHashedImportParams | EcKeyImportParams,
  usages: readonly KeyUsage[],
): Promise<CryptoKey> {
  const extractable = false
  try {
    return await crypto.subtle.importKey('spki', publicKey, algorithm, extractable, usages)
  } catch {
    return refuseEnvelope('unfit-certificate', 'its key')
  }
}

/** RFC 5652 section 6.2.1: version 0, as the recipient is named by issuer and number. */
async function byTransport(certificate: Certificate, key: Bytes): Promise<Bytes> {
  const algorithm = { name: 'RSA-OAEP', hash: 'SHA-256' } as const
  const publicKey = await importRecipient(certificate, algorithm, ['encrypt'])
  const encrypted = new Uint8Array(await crypto.subtle.encrypt(algorithm, publicKey, key))
  return derSequence(
    derNumber(0),
    idOf(certificate),
    oaepIdentifier(algorithm.hash),
    derOctets(encrypted),
  )
}

/** RFC 3370 section 4.2.1. */
function byOldTransport(certificate: Certificate, key: Bytes): Bytes {
  return derSequence(
    derNumber(0),
    idOf(certificate),
    derSequence(derOid(keyOids.rsa), derNull()),
    derOctets(encryptPkcs1(certificate.key, key)),
  )
}

/** RFC 5652 section 6.2.2, with `OriginatorPublicKey` (RFC 5753 section 3.1.1). */
async function byAgreement(certificate: Certificate, curve: SshCurve, key: Bytes): Promise<Bytes> {
  const algorithm = { name: 'ECDH', namedCurve: curve }
  const recipient = await importRecipient(certificate, algorithm, [])
  const extractable = false
  const pair = await crypto.subtle.generateKey(algorithm, extractable, ['deriveBits'])
  const secret = await crypto.subtle.deriveBits(
    { name: 'ECDH', public: recipient },
    pair.privateKey,
    8 * curves[curve].coordinateBytes,
  )
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  const wrapped = await wrapKey(curve, new Uint8Array(secret), key)
  const originator = derElement(tags.explicit1, derSequence(derOid(keyOids.ec)), derBits(point))
  return derElement(
    tags.explicit1,
    derNumber(3),
    derElement(tags.explicit0, originator),
    wrapped.algorithm,
    derSequence(derSequence(idOf(certificate), derOctets(wrapped.encryptedKey))),
  )
}
