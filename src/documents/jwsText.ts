// documents: signed documents of every form, made and verified; pure: runs in plain Node. This file: the texts of JSON
// Web Signatures (RFC 7515 section 7), taken apart once into a snapshot; nothing is verified here.

import { decodeBase64Url, decodeUtf8 } from '../codec/text.ts'
import {
  isJsonObject,
  type Json,
  type JsonProblem,
  memberOf,
  readJsonObject,
} from './strictJson.ts'

export type JwsTextProblem =
  | 'not-recognised'
  | 'too-large'
  | 'malformed'
  /** A member of the JSON, or of a header, stands twice: who reads it may see either. */
  | 'duplicate-members'
  | 'too-many-signatures'

export interface JwsPart {
  /** As it stands: base64url. */
  readonly protected: string
  readonly protectedHeader: Json | JsonProblem
  readonly unprotectedHeader: Json
  /** As it stands: base64url. */
  readonly signature: string
}

export interface JwsText {
  readonly form: 'compact' | 'flattened' | 'general'
  /** As it stands; `null` where it is kept apart. */
  readonly payload: string | null
  readonly parts: readonly JwsPart[]
}

const mostCharacters = 64 * 1024 * 1024
/** A long chain of large certificates. */
const mostHeaderCharacters = 256 * 1024
/** Each costs one verification, or some. */
const mostSignatures = 64

export function readJwsText(given: string): JwsText | JwsTextProblem {
  if (given.length > mostCharacters) return 'too-large'
  const text = given.replace(/^\u{feff}/u, '').trim()
  return text.startsWith('{') ? readJson(text) : readCompact(text)
}

function readCompact(text: string): JwsText | JwsTextProblem {
  const [first, last] = [text.indexOf('.'), text.lastIndexOf('.')]
  const payload = text.slice(first + 1, last)
  if (first <= 0 || last === first || payload.includes('.')) return 'not-recognised'
  const header = text.slice(0, first)
  if (!/^[\w-]{2,}$/.test(header.slice(0, mostHeaderCharacters))) return 'not-recognised'
  const part = makePart(header, {}, text.slice(last + 1))
  if (typeof part === 'string') return part
  return { form: 'compact', payload: payload === '' ? null : payload, parts: [part] }
}

function readJson(text: string): JwsText | JwsTextProblem {
  const read = readJsonObject(text)
  if (typeof read === 'string') return read
  const [payload, signatures] = [memberOf(read, 'payload'), memberOf(read, 'signatures')]
  if (payload !== undefined && typeof payload !== 'string') return 'malformed'
  const isFlattened = memberOf(read, 'signature') !== undefined
  // RFC 7515 section 7.2.2: the flattened form has no list; both would be two documents in one.
  if (isFlattened === (signatures !== undefined))
    return isFlattened ? 'malformed' : 'not-recognised'
  const list = isFlattened ? [read] : signatures
  if (!Array.isArray(list) || list.length === 0) return 'malformed'
  if (list.length > mostSignatures) return 'too-many-signatures'
  const parts: JwsPart[] = []
  for (const one of list as readonly unknown[]) {
    const part = isJsonObject(one) ? readPart(one) : 'malformed'
    if (typeof part === 'string') return part
    parts.push(part)
  }
  return { form: isFlattened ? 'flattened' : 'general', payload: payload ?? null, parts }
}

function readPart(one: Json): JwsPart | JwsTextProblem {
  const protectedText = memberOf(one, 'protected') ?? ''
  const header = memberOf(one, 'header') ?? {}
  const signature = memberOf(one, 'signature')
  if (typeof protectedText !== 'string' || typeof signature !== 'string') return 'malformed'
  return isJsonObject(header) ? makePart(protectedText, header, signature) : 'malformed'
}

function makePart(text: string, unprotected: Json, signature: string): JwsPart | JwsTextProblem {
  if (text.length > mostHeaderCharacters || signature.length > mostHeaderCharacters) {
    return 'too-large'
  }
  return {
    protected: text,
    protectedHeader: text === '' ? {} : readHeader(text),
    unprotectedHeader: unprotected,
    signature,
  }
}

function readHeader(text: string): Json | JsonProblem {
  try {
    return readJsonObject(decodeUtf8(decodeBase64Url(text)))
  } catch {
    return 'malformed'
  }
}
