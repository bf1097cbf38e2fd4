// ui: what the person sees; speaks the protocol like any other client. This file: a time stamp (RFC 3161) from a server that
// the person named.

import { type Bytes, equalBytes } from '../codec/bytes.ts'
import {
  addTimeStamp,
  CmsError,
  makeTimeStampRequest,
  readCms,
  readTimeStampResponse,
  verifyTimeStamp,
} from '../documents/index.ts'
import { askServer } from './serverTab.ts'

const causes = {
  'no-answer': 'The server gave no answer.',
  refused: 'The server refused to stamp.',
  'wrong-answer': 'What the server answered is no time stamp for this signature.',
} as const

export class TimeStampError extends Error {
  override readonly name = 'TimeStampError'
  readonly code: keyof typeof causes

  constructor(code: keyof typeof causes) {
    super(causes[code])
    this.code = code
  }
}

/** An address as the person may type it; `null` where it is none of the web. */
export function timeStampAddress(text: string): URL | null {
  const typed = text.trim()
  const whole = /^https?:\/\//i.test(typed) ? typed : `https://${typed}`
  return typed !== '' && URL.canParse(whole) ? new URL(whole) : null
}

/**
 * The message with a time stamp beside one of its signatures (RFC 5126 section 6.1.1), which is checked to be for it.
 * @throws TimeStampError
 */
export async function withTimeStamp(cms: Bytes, server: URL, at = 0): Promise<Bytes> {
  const signer = readCms(cms).signers[at]
  if (!signer) throw new TimeStampError('wrong-answer')
  const hashed = new Uint8Array(await crypto.subtle.digest('SHA-256', signer.signature))
  const nonce = crypto.getRandomValues(new Uint8Array(16))
  // A positive number, as short as it can be (X.690 section 8.3.2).
  nonce[0] = ((nonce[0] ?? 0) & 0x3f) | 0x40
  const bytes = makeTimeStampRequest(hashed, nonce)
  // RFC 3161 section 3.4.
  const body = { type: 'application/timestamp-query', bytes }
  const answer = await askServer({ address: server, body, mostBytes: 100_000 })
  if (!answer) throw new TimeStampError('no-answer')
  return addTimeStamp(cms, at, await tokenIn(answer, signer.signature, nonce))
}

async function tokenIn(answer: Bytes, signature: Bytes, nonce: Bytes): Promise<Bytes> {
  try {
    const token = readTimeStampResponse(answer)
    if (!token) throw new TimeStampError('refused')
    const found = await verifyTimeStamp(token, signature)
    const isOurs = found.nonce !== null && equalBytes(found.nonce, nonce)
    if (isOurs && found.integrity === 'intact' && found.problems.length === 0) return token
  } catch (error) {
    if (!(error instanceof CmsError)) throw error
  }
  throw new TimeStampError('wrong-answer')
}
