// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: content encrypted to certificates: CMS AuthEnvelopedData (RFC 5083) with AES-256-GCM (RFC 5084), whose key
// goes to each by RSAES-OAEP (RFC 3560) or by ECDH with a key made for it (RFC 5753 section 3.1).

import { type Certificate, readCertificate } from '../certificates/certificate.ts'
import { curves, isSshCurve, type SshCurve } from '../certificates/curves.ts'
import { keyOids } from '../certificates/writePublicKey.ts'
import type { Bytes } from '../codec/bytes.ts'
import { derElement, tags } from '../codec/der.ts'
import { derBits, derNumber, derOctets, derOid, derSequence, derSetOf } from '../codec/derValues.ts'
import { issuerAndSerial } from './certificateId.ts'
import { cmsOids } from './cmsNames.ts'
import { sealContent } from './contentCiphers.ts'
import { refuseEnvelope } from './envelopeError.ts'
import { wrapKey } from './keyAgreement.ts'
import { oaepIdentifier } from './oaep.ts'
import { mostRecipients } from './readEnvelope.ts'

export interface EncryptCmsInput {
  readonly content: Bytes
  /** Certificates, DER: whether to trust them, and whether they are still valid, is not asked here. */
  readonly recipients: readonly Bytes[]
}

/** What is around it fits in what remains of what is read. */
const mostContentBytes = 504 * 1024 * 1024
const leastRsaBits = 2048
const keyBytes = 32

/**
 * Whoever gets it can tell that nobody without the key changed it, but not who wrote it: sign first for that.
 * @returns ContentInfo, DER. @throws EnvelopeError, CertificateError
 */
export async function encryptCms({ content, recipients }: EncryptCmsInput): Promise<Bytes> {
  if (recipients.length === 0) refuseEnvelope('no-recipients')
  if (recipients.length > mostRecipients) refuseEnvelope('too-many')
  if (content.byteLength > mostContentBytes) refuseEnvelope('too-large')
  const key = crypto.getRandomValues(new Uint8Array(keyBytes))
  const infos = await Promise.all(
    recipients.map((certificate) => recipientInfo(readCertificate(certificate), key)),
  )
  const { algorithm, ciphertext, tag } = await sealContent(key, content)
  return derSequence(
    derOid(cmsOids.authEnvelopedData),
    derElement(
      tags.explicit0,
      derSequence(
        derNumber(0),
        derSetOf(...infos),
        derSequence(derOid(cmsOids.data), algorithm, derElement(tags.implicit0, ciphertext)),
        derOctets(tag),
      ),
    ),
  )
}

function recipientInfo(certificate: Certificate, key: Bytes): Promise<Bytes> {
  const { kind, curve, bits } = certificate.key
  if (kind === 'rsa' && bits >= leastRsaBits) return byTransport(certificate, key)
  if (kind === 'ec' && isSshCurve(curve)) return byAgreement(certificate, curve, key)
  return refuseEnvelope('unfit-certificate', kind)
}

/** A certificate that names no use is for all of them (RFC 5280 section 4.2.1.3). */
function assertMay({ extensions }: Certificate, usage: 'keyEncipherment' | 'keyAgreement'): void {
  if (extensions.keyUsage && !extensions.keyUsage.has(usage)) {
    refuseEnvelope('unfit-certificate', `no ${usage}`)
  }
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
  assertMay(certificate, 'keyEncipherment')
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

/** RFC 5652 section 6.2.2, with `OriginatorPublicKey` (RFC 5753 section 3.1.1). */
async function byAgreement(certificate: Certificate, curve: SshCurve, key: Bytes): Promise<Bytes> {
  assertMay(certificate, 'keyAgreement')
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
