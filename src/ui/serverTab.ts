// ui: what the person sees; speaks the protocol like any other client. This file: a server that the person wants asked. Pages of
// the extension reach no network, and keep it so: the question is sent from a tab of that server's own, which is opened
// for it and closed after, as the person could do themselves.

import { browser } from 'wxt/browser'
import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64, encodeBase64 } from '../codec/text.ts'

export interface Question {
  readonly address: URL
  /** Sent by POST; without, the address is the question. */
  readonly body?: { readonly type: string; readonly bytes: Bytes }
  readonly mostBytes: number
}

const longestMs = 20_000
const lookMs = 100

/** Without cookies. `null`: it gave no answer, or one that is too large. */
export async function askServer({ address, body, mostBytes }: Question): Promise<Bytes | null> {
  const tab = await browser.tabs.create({ url: `${address.origin}/`, active: false })
  const tabId = tab.id ?? -1
  try {
    await loaded(tabId)
    const question = body ? ([body.type, encodeBase64(body.bytes)] as const) : null
    const [result] = await browser.scripting.executeScript({
      target: { tabId },
      func: send,
      args: [address.href, question, mostBytes],
    })
    const answer = result?.result
    return typeof answer === 'string' ? decodeBase64(answer) : null
  } catch {
    // A server that cannot be reached shows the browser's own page, where nothing runs.
    return null
  } finally {
    await browser.tabs.remove(tabId).catch(() => {})
  }
}

async function loaded(tabId: number): Promise<void> {
  for (let waited = 0; waited < longestMs; waited += lookMs) {
    if ((await browser.tabs.get(tabId)).status === 'complete') return
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
}

/** Runs in the server's own tab, and there alone: it can use nothing of this file. */
async function send(
  address: string,
  question: readonly [type: string, base64: string] | null,
  mostBytes: number,
): Promise<string | null> {
  if (new URL(address).origin !== location.origin) return null
  const post = (type: string, base64: string) => ({
    method: 'POST',
    headers: { 'content-type': type },
    body: Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)),
  })
  const answer = await fetch(address, {
    ...(question ? post(...question) : {}),
    credentials: 'omit',
    signal: AbortSignal.timeout(60_000),
  })
  const bytes = new Uint8Array(await answer.arrayBuffer())
  return answer.ok && bytes.byteLength <= mostBytes ? bytes.toBase64() : null
}
