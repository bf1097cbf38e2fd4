// ui: what the person sees; speaks the protocol like any other client. This file: copying.

import { browser } from 'wxt/browser'
import { encodeHex, encodeUtf8 } from '../codec/text.ts'
import { call } from './call.ts'

/** Copies a secret; the background takes it off the clipboard again. Gives the seconds until then. */
export async function copySecret(text: string): Promise<number> {
  const { ClipboardSeconds } = await call('keyhearth:GetSettings', {})
  const digest = await crypto.subtle.digest('SHA-256', encodeUtf8(text))
  const hash = encodeHex(new Uint8Array(digest))
  const order = { keyhearth: 1, type: 'clear-clipboard', hash, seconds: ClipboardSeconds }
  // Ordered before it is there: a popup that closes in between leaves nothing behind.
  await browser.runtime.sendMessage(order)
  await navigator.clipboard.writeText(text)
  return ClipboardSeconds
}

export const copyPlain = (text: string): Promise<void> => navigator.clipboard.writeText(text)
