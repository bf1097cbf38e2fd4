// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: keys as PEM (RFC 7468 sections 10 and 13), as AWS's libraries take them.

import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64 } from '../codec/text.ts'
import { EncryptionSdkError } from './errors.ts'

const labels = { spki: 'PUBLIC KEY', pkcs8: 'PRIVATE KEY' } as const

/** @throws EncryptionSdkError `invalid` where it is not PEM of that kind */
export function decodePem(kind: keyof typeof labels, pem: string): Bytes {
  const label = labels[kind]
  const [, base64] = new RegExp(`^-----BEGIN ${label}-----([^-]+)-----END ${label}-----$`).exec(
    pem.trim(),
  ) ?? ['', '']
  try {
    if (base64) return decodeBase64(base64.replaceAll(/\s/g, ''))
  } catch {
    // Said below.
  }
  throw new EncryptionSdkError('invalid', `The key is no PEM with the label ${label}.`)
}
