// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: CMS out of what carries it: bytes as they are, PEM, or a mail that is nothing else (RFC 8551 section 3.4).

import { readPem } from '../certificates/pem.ts'
import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64, decodeUtf8 } from '../codec/text.ts'
import { mailLines, splitMail } from './mailParts.ts'
import { recognise } from './recognise.ts'

const labels: ReadonlySet<string> = new Set(['CMS', 'PKCS7', 'PKCS #7 SIGNED DATA'])

/** DER or BER, not looked at any further; or why there is none. */
export function cmsIn(bytes: Bytes): Bytes | 'malformed' | 'too-many' {
  switch (recognise(bytes, bytes.byteLength)) {
    case 'cms-der':
      return bytes
    case 'cms-pem':
      return inPem(bytes)
    case 'smime-opaque':
      return inMail(bytes)
    default:
      return 'malformed'
  }
}

function inPem(bytes: Bytes): Bytes | 'malformed' | 'too-many' {
  const [one, ...more] = (readPem(bytes) ?? []).filter(({ label }) => labels.has(label))
  if (more.length > 0) return 'too-many'
  return one?.bytes ?? 'malformed'
}

function inMail(bytes: Bytes): Bytes | 'malformed' {
  try {
    const { body } = splitMail(mailLines(decodeUtf8(bytes)))
    return decodeBase64(body.join('').replaceAll(/\s/g, ''))
  } catch {
    return 'malformed'
  }
}
