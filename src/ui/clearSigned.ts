// ui: what the person sees; speaks the protocol like any other client. This file: clear-signed text (multipart/signed,
// RFC 8551 section 3.5.3) taken apart: the part that is signed, and the signature beside it. Pure.

import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64, encodeUtf8 } from '../codec/text.ts'

interface ClearSigned {
  /** The whole MIME part: what the signature is over. */
  readonly signed: Bytes
  /** What a reader sees of it. */
  readonly text: string
  /** CMS, DER. */
  readonly signature: Bytes
}

/** `null` where it is none of these, or is not whole. */
export function readClearSigned(given: string): ClearSigned | null {
  // Whoever copies a text loses its line ends: what is signed has CR LF (RFC 8551 section 3.1.1).
  const text = given.replaceAll(/\r\n|\r|\n/g, '\r\n').trimStart()
  const head = text.slice(0, Math.max(0, text.indexOf('\r\n\r\n')))
  const boundary = boundaryOf(head.replaceAll(/\r\n[ \t]+/g, ' '))
  if (boundary === null) return null
  const [, signed, attached, after, ...more] = `\r\n${text.slice(head.length + 2)}`.split(
    `\r\n--${boundary}`,
  )
  // RFC 2046 section 5.1.1: each part begins on the next line, and two hyphens end the last.
  if (!signed?.startsWith('\r\n') || !attached?.startsWith('\r\n')) return null
  if (!after?.startsWith('--') || more.length > 0) return null
  const signature = signatureOf(attached.slice(2))
  const part = signed.slice(2)
  return signature && { signed: encodeUtf8(part), text: bodyOf(part) ?? part, signature }
}

function boundaryOf(fields: string): string | null {
  const type = /^content-type:\s*multipart\/signed\s*;(.*)$/im.exec(fields)?.[1]
  const found = type && /\bboundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(type)
  return found ? (found[1] ?? found[2] ?? null) : null
}

/** Behind the fields. */
function bodyOf(part: string): string | null {
  const end = part.indexOf('\r\n\r\n')
  return end < 0 ? null : part.slice(end + 4)
}

function signatureOf(part: string): Bytes | null {
  try {
    const body = bodyOf(part)
    return body === null ? null : decodeBase64(body.replaceAll(/\s+/g, ''))
  } catch {
    return null
  }
}
