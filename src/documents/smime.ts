// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: a text that stays readable beside its signature, as multipart/signed (RFC 8551 section 3.5.3): the one
// clear-signed form of CMS that other tools verify.

import { writePem } from '../certificates/pem.ts'
import type { Bytes } from '../codec/bytes.ts'
import { encodeBase64, encodeHex, encodeUtf8 } from '../codec/text.ts'

/** RFC 7468 section 9. */
export const cmsToPem = (cms: Bytes): string => writePem('CMS', cms)

/** The MIME part that is signed: its lines end in CR LF (RFC 8551 section 3.1.1). */
export const clearTextPart = (text: string): Bytes =>
  encodeUtf8(
    `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${text.replaceAll(/\r\n|\r|\n/g, '\r\n')}`,
  )

const hashNames = { 'SHA-256': 'sha-256', 'SHA-384': 'sha-384', 'SHA-512': 'sha-512' } as const

/** @param cms detached, over `clearTextPart` of the same text */
export function clearSigned(text: string, cms: Bytes, hash: keyof typeof hashNames): string {
  const boundary = `----${encodeHex(crypto.getRandomValues(new Uint8Array(16)))}`
  const lines = encodeBase64(cms).match(/.{1,64}/g) ?? []
  const part = new TextDecoder().decode(clearTextPart(text))
  return [
    'MIME-Version: 1.0',
    `Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg="${hashNames[hash]}"; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    part,
    `--${boundary}`,
    'Content-Type: application/pkcs7-signature; name="smime.p7s"',
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment; filename="smime.p7s"',
    '',
    ...lines,
    '',
    `--${boundary}--`,
    '',
  ].join('\r\n')
}
