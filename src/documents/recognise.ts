// documents: signed documents of every form, made and verified; pure: runs in plain Node. This file: what a file is, by
// its first bytes; what it is called counts only where the bytes leave it open. Whether it is sound is not asked.

import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64Url, decodeUtf8 } from '../codec/text.ts'
import { mailLines, splitMail } from './mailParts.ts'
import { algorithmOf, decodeLine, linesOf } from './minisignKey.ts'
import { recogniseDer } from './recogniseDer.ts'
import { isJsonObject, type Json, memberOf, readJsonObject } from './strictJson.ts'

export type Recognised =
  | 'pdf'
  | 'cms-der'
  | 'cms-pem'
  /** A mail, or part of one, in the clear with its signature beside it (RFC 8551 section 3.5.3). */
  | 'smime-clear'
  /** A mail that is nothing but CMS: signed with its text inside, or encrypted (section 3.4). */
  | 'smime-opaque'
  | 'jws-compact'
  | 'jws-json'
  | 'ssh-signature'
  | 'minisign'
  | 'certificate'
  | 'certificate-request'
  | 'certificate-list'
  /** Private keys, and public ones by themselves: PKCS #8, PKCS #12, PEM, JWK, OpenSSH. */
  | 'key-file'
  | 'unknown'

/** As many of the first bytes as are worth reading for this; fewer see less. */
export const recogniseBytes = 64 * 1024

/**
 * Never throws; the work is bounded by `recogniseBytes`.
 * @param first the beginning of the file, or all of it
 * @param length of the whole file, in bytes
 */
export function recognise(first: Bytes, length: number, name = ''): Recognised {
  const bytes = first.subarray(0, recogniseBytes)
  const isWhole = bytes.byteLength >= length
  if (isPdf(bytes, name)) return 'pdf'
  const der = recogniseDer(bytes)
  if (der) return der
  const text = asText(bytes)
  if (text === null) return 'unknown'
  return recogniseText(text, isWhole) ?? 'unknown'
}

/** ISO 32000-2 section 7.5.2 wants the header first. Readers take it in the first KiB. */
function isPdf(bytes: Bytes, name: string): boolean {
  const start = latin1(bytes.subarray(0, 1024 + 5))
  return start.startsWith('%PDF-') || (/\.pdf$/i.test(name) && start.includes('%PDF-'))
}

/** Each byte as one character: what is looked for is ASCII. */
const latin1 = (bytes: Bytes): string => {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

/** Without a byte order mark; `null` for what is no text. */
function asText(bytes: Bytes): string | null {
  if (bytes.includes(0)) return null
  return latin1(bytes).replace(/^\xef\xbb\xbf/, '')
}

function recogniseText(text: string, isWhole: boolean): Recognised | null {
  const trimmed = text.trimStart()
  if (trimmed.startsWith('{')) return recogniseJson(trimmed, isWhole)
  if (isMinisign(text)) return 'minisign'
  return (
    recogniseMail(text) ??
    recognisePem(text) ??
    (isCompact(trimmed, isWhole) ? 'jws-compact' : null)
  )
}

const labels: ReadonlyMap<string, Recognised> = new Map([
  ['CMS', 'cms-pem'],
  ['PKCS7', 'cms-pem'],
  ['PKCS #7 SIGNED DATA', 'cms-pem'],
  ['SSH SIGNATURE', 'ssh-signature'],
  ['CERTIFICATE', 'certificate'],
  ['X509 CERTIFICATE', 'certificate'],
  ['TRUSTED CERTIFICATE', 'certificate'],
  ['CERTIFICATE REQUEST', 'certificate-request'],
  ['NEW CERTIFICATE REQUEST', 'certificate-request'],
  ['X509 CRL', 'certificate-list'],
  ['PUBLIC KEY', 'key-file'],
])

/** RFC 7468 section 2: any text may stand around the blocks. A private key among them is what matters most. */
function recognisePem(text: string): Recognised | null {
  const found = [...text.matchAll(/^-----BEGIN ([A-Z0-9 #]{1,64})-----[ \t]*\r?$/gm)]
  const names = found.map(([, label = '']) => label)
  if (names.some((name) => name.endsWith('PRIVATE KEY'))) return 'key-file'
  for (const name of names) {
    const kind = labels.get(name)
    if (kind) return kind
  }
  return null
}

/** Four lines; the second holds algorithm, key id and signature. */
function isMinisign(text: string): boolean {
  if (!text.startsWith('untrusted comment:')) return false
  const [, signed = '', trusted = '', both = ''] = linesOf(text.slice(0, 16 * 1024))
  const bytes = decodeLine(signed, 74)
  const isKnown = bytes !== null && /^E[Dd]$/.test(algorithmOf(bytes))
  return isKnown && trusted.startsWith('trusted comment: ') && decodeLine(both, 64) !== null
}

/** By the fields of a mail, up to the first empty line. */
function recogniseMail(text: string): Recognised | null {
  const { header } = splitMail(mailLines(text))
  if (!/^([!-9;-~]{1,80}:|From )/.test(header)) return null
  const type = /^content-type:(.*)$/im.exec(header)?.[1] ?? ''
  if (/^\s*application\/(x-)?pkcs7-mime\s*(;|$)/i.test(type)) return 'smime-opaque'
  const isSigned = /^\s*multipart\/signed\s*;/i.test(type)
  return isSigned && /application\/(x-)?pkcs7-signature/i.test(type) ? 'smime-clear' : null
}

function isCompact(text: string, isWhole: boolean): boolean {
  const [header = '', payload, signature, ...more] = text.split('.')
  // The beginning of `{"` in base64url; blanks may stand there too.
  if (!/^e[yw][\w-]*$/.test(header) || more.length > 0) return false
  // A chain of certificates can be longer than what is seen here.
  if (payload === undefined) return !isWhole && text.length > 1024
  if (isWhole && signature === undefined) return false
  return /^[\w-]*\s*$/.test(signature ?? '') && isJwsHeader(header)
}

function isJwsHeader(text: string): boolean {
  try {
    const header = readJsonObject(decodeUtf8(decodeBase64Url(text)))
    if (typeof header === 'string') return header === 'duplicate-members'
    // With `enc`, it is encrypted (RFC 7516 section 9).
    return memberOf(header, 'alg') !== undefined && memberOf(header, 'enc') === undefined
  } catch {
    return false
  }
}

function recogniseJson(text: string, isWhole: boolean): Recognised | null {
  const object = isWhole ? readJsonObject(text) : null
  if (isJsonObject(object)) return objectKind(object)
  if (object === 'malformed' || /"ciphertext"\s*:/.test(text)) return null
  // Only the beginning is here, or names that stand twice: the reader says so.
  if (/^\{\s*"(payload|protected)"\s*:\s*"|"signatures?"\s*:\s*["[]/.test(text)) return 'jws-json'
  return /"(kty|keys)"\s*:\s*["[]/.test(text) ? 'key-file' : null
}

function objectKind(object: Json): Recognised | null {
  const has = (name: string): boolean => memberOf(object, name) !== undefined
  if (has('signatures')) return 'jws-json'
  if (has('signature') && (has('protected') || has('header'))) return 'jws-json'
  return has('kty') || Array.isArray(memberOf(object, 'keys')) ? 'key-file' : null
}
