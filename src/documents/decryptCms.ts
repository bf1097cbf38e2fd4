// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: CMS messages encrypted to certificates, decrypted (RFC 5652 section 6, RFC 5083).

import { type Certificate, readCertificate } from '../certificates/certificate.ts'
import { curves, isSshCurve } from '../certificates/curves.ts'
import { ecPublicKey, keyOids } from '../certificates/writePublicKey.ts'
import type { Bytes } from '../codec/bytes.ts'
import { DerError } from '../codec/der.ts'
import { isNamedBy } from './certificateId.ts'
import { type ContentCipher, contentCipherOf } from './contentCiphers.ts'
import type { Decryptor, EcDecryptor, RsaDecryptor } from './decryptor.ts'
import { refuseEnvelope } from './envelopeError.ts'
import { keyAgreementOf } from './keyAgreement.ts'
import { oaepOid, readOaep } from './oaep.ts'
import { type Envelope, type Recipient, readEnvelope } from './readEnvelope.ts'

export interface DecryptedCms {
  readonly content: Bytes
  readonly contentType: string
  /**
   * `false`: anybody on the way can have changed the content, and put parts of it into another (EFAIL, CVE-2017-17688).
   * Nothing in it may be fetched or run. Who encrypted it is known in neither case: that a signature tells.
   */
  readonly authenticated: boolean
  /** For people: what the content was encrypted with. */
  readonly cipher: string
  /** Of the decryptor that opened it. */
  readonly certificate: Certificate
}

/**
 * One private key is asked once, for the first recipient it is named by and can open.
 * @param message DER or BER
 * @throws EnvelopeError, CertificateError where a decryptor's is none; what the decryptor throws
 */
export async function decryptCms(
  message: Bytes,
  decryptors: readonly Decryptor[],
): Promise<DecryptedCms> {
  const envelope = readEnvelope(message)
  const own = ownRecipients(envelope, decryptors)
  if (own.length === 0) refuseEnvelope('not-a-recipient')
  const cipher = cipherOf(envelope)
  const [first] = own.flatMap((one) => openerOf(one, cipher.keyBytes) ?? [])
  if (!first) return refuseEnvelope('unsupported', own[0]?.recipient.algorithm.oid)
  const key = await first.open()
  const content = key?.byteLength === cipher.keyBytes ? await open(envelope, cipher, key) : null
  return {
    content: content ?? refuseEnvelope('not-opened'),
    contentType: envelope.contentType,
    authenticated: envelope.isAuthenticated,
    cipher: cipher.name,
    certificate: first.certificate,
  }
}

/** Whether the message names this certificate. @throws EnvelopeError, CertificateError */
export function isRecipient(message: Bytes, certificate: Bytes): boolean {
  const read = readCertificate(certificate)
  return readEnvelope(message).recipients.some(({ id }) => isNamedBy(read, id))
}

interface Own {
  readonly recipient: Recipient
  readonly decryptor: Decryptor
  readonly certificate: Certificate
}

function ownRecipients({ recipients }: Envelope, decryptors: readonly Decryptor[]): readonly Own[] {
  return decryptors.flatMap((decryptor) => {
    const certificate = readCertificate(decryptor.certificate)
    return recipients
      .filter(({ id }) => isNamedBy(certificate, id))
      .map((recipient) => ({ recipient, decryptor, certificate }))
  })
}

/** What has authenticity is in AuthEnvelopedData, and nothing else is (RFC 5084 section 1). */
function cipherOf({ algorithm, isAuthenticated }: Envelope): ContentCipher {
  const cipher = orNull(() => contentCipherOf(algorithm))
  return cipher?.isAuthenticated === isAuthenticated
    ? cipher
    : refuseEnvelope('unsupported', algorithm.oid)
}

/** Parameters that cannot be read are as good as unknown. */
function orNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof DerError) return null
    throw error
  }
}

/** `null` for whatever is wrong: nobody learns what (RFC 3218 section 2.3). */
async function open(envelope: Envelope, cipher: ContentCipher, key: Bytes): Promise<Bytes | null> {
  if (envelope.tag.byteLength !== cipher.tagBytes) return null
  try {
    return await cipher.open(key, envelope)
  } catch {
    return null
  }
}

interface KeyOpener {
  readonly certificate: Certificate
  /** The key of the message, or `null`. Fails where the decryptor does. */
  open(): Promise<Bytes | null>
}

/** `null` where the decryptor cannot, or the algorithm is not known here. */
function openerOf({ recipient, decryptor, certificate }: Own, keyBytes: number): KeyOpener | null {
  if (recipient.kind === 'transport') {
    return decryptor.kind === 'rsa'
      ? transportOpener(recipient, decryptor, certificate, keyBytes)
      : null
  }
  return decryptor.kind === 'ec' ? agreementOpener(recipient, decryptor, certificate) : null
}

function transportOpener(
  { algorithm, encryptedKey }: Recipient,
  decryptor: RsaDecryptor,
  certificate: Certificate,
  keyBytes: number,
): KeyOpener | null {
  const fits = encryptedKey.byteLength === Math.ceil(certificate.key.bits / 8)
  if (algorithm.oid === keyOids.rsa) {
    const open = () => decryptor.decryptKeyPkcs1(encryptedKey, keyBytes)
    return { certificate, open: async () => (fits ? open() : null) }
  }
  const hash = algorithm.oid === oaepOid ? orNull(() => readOaep(algorithm.parameters)) : null
  if (!hash) return null
  const open = () => decryptor.decryptKey(encryptedKey, { hash })
  return { certificate, open: async () => (fits ? open() : null) }
}

/** A key of 32 bytes under Triple DES or AES; more would only cost time. */
const mostWrappedBytes = 40

function agreementOpener(
  recipient: Extract<Recipient, { readonly kind: 'agreement' }>,
  decryptor: EcDecryptor,
  certificate: Certificate,
): KeyOpener | null {
  const { algorithm, encryptedKey, originator, ukm } = recipient
  const { curve } = certificate.key
  const agreement = orNull(() => keyAgreementOf(algorithm, ukm))
  if (!agreement || !originator || !isSshCurve(curve)) return null
  // Points with one coordinate are not known to WebCrypto.
  const isPoint =
    originator[0] === 4 && originator.byteLength === 1 + 2 * curves[curve].coordinateBytes
  const fits = isPoint && encryptedKey.byteLength <= mostWrappedBytes
  const open = async () => {
    const secret = await decryptor.agree(ecPublicKey(curve, originator))
    return secret && agreement.unwrap(secret, encryptedKey).catch(() => null)
  }
  return { certificate, open: async () => (fits ? open() : null) }
}
