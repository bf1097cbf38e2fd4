// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: why bytes are refused, as a closed set of codes.

import { DerError } from '../codec/der.ts'

const sentences = {
  'not-der': 'These bytes are not what they should be, in strict DER.',
  malformed: 'A field of it contradicts the specification.',
  'too-large': 'It is larger than any that is in use.',
  'too-many': 'It holds more than can be looked at.',
  'not-recognised': 'No certificate was found in this file.',
} as const

export type CertificateErrorCode = keyof typeof sentences

/** Bytes that are no certificate, request, revocation list or answer. `message` says it in a sentence. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError'
  readonly code: CertificateErrorCode

  constructor(code: CertificateErrorCode, detail?: string) {
    super(detail ? `${sentences[code]} (${detail})` : sentences[code])
    this.code = code
  }
}

export function malformed(detail: string): never {
  throw new CertificateError('malformed', detail)
}

/** Runs a reader of untrusted bytes: whatever it throws for them is a `CertificateError`. */
export function readStrictly<T>(bytes: Uint8Array, mostBytes: number, read: () => T): T {
  if (bytes.byteLength > mostBytes) throw new CertificateError('too-large')
  try {
    return read()
  } catch (error) {
    if (error instanceof DerError) throw new CertificateError('not-der', error.message)
    throw error
  }
}
