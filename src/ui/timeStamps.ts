// ui: what the person sees; speaks the protocol like any other client. This file: a time stamp (RFC 3161) from a server that
// the person named. Pages of the extension reach no network, and keep it so: the question is sent from a tab of that
// server's own, which is opened for it and closed after, as the person could do themselves.

import { browser } from 'wxt/browser'
import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { decodeBase64, encodeBase64 } from '../codec/text.ts'
import {
  addTimeStamp,
  CmsError,
  makeTimeStampRequest,
  readCms,
  readTimeStampResponse,
  verifyTimeStamp,
} from '../documents/index.ts'

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
 * The message with a time stamp beside its one signature (RFC 5126 section 6.1.1), which is checked to be for it.
 * @throws TimeStampError
 */
export async function withTimeStamp(cms: Bytes, server: URL): Promise<Bytes> {
  const [signer] = readCms(cms).signers
  if (!signer) throw new TimeStampError('wrong-answer')
  const hashed = new Uint8Array(await crypto.subtle.digest('SHA-256', signer.signature))
  const nonce = crypto.getRandomValues(new Uint8Array(16))
  // A positive number, as short as it can be (X.690 section 8.3.2).
  nonce[0] = ((nonce[0] ?? 0) & 0x3f) | 0x40
  const answer = await ask(server, makeTimeStampRequest(hashed, nonce))
  return addTimeStamp(cms, 0, await tokenIn(answer, signer.signature, nonce))
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

const longestMs = 20_000
const lookMs = 100

/** @throws TimeStampError `no-answer` */
async function ask(server: URL, request: Bytes): Promise<Bytes> {
  const tab = await browser.tabs.create({ url: `${server.origin}/`, active: false })
  const tabId = tab.id ?? -1
  try {
    await loaded(tabId)
    const [result] = await browser.scripting.executeScript({
      target: { tabId },
      func: post,
      args: [server.href, encodeBase64(request)],
    })
    const answer = result?.result
    if (typeof answer === 'string') return decodeBase64(answer)
  } catch {
    // A server that cannot be reached shows the browser's own page, where nothing runs.
  } finally {
    await browser.tabs.remove(tabId).catch(() => {})
  }
  throw new TimeStampError('no-answer')
}

async function loaded(tabId: number): Promise<void> {
  for (let waited = 0; waited < longestMs; waited += lookMs) {
    if ((await browser.tabs.get(tabId)).status === 'complete') return
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
}

/** Runs in the server's own tab, and there alone: it can use nothing of this file. RFC 3161 section 3.4. */
async function post(address: string, base64: string): Promise<string | null> {
  if (new URL(address).origin !== location.origin) return null
  const body = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  const headers = { 'content-type': 'application/timestamp-query' }
  const answer = await fetch(address, { method: 'POST', headers, body, credentials: 'omit' })
  const bytes = new Uint8Array(await answer.arrayBuffer())
  if (!answer.ok || bytes.byteLength > 100_000) return null
  return btoa(String.fromCharCode(...bytes))
}
