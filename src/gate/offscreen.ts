// gate: who asks, may they, dispatch, record. This file: the hands of gate/clipboard in Chromium, where
// the worker has no clipboard. Runs in a hidden document that lives for one look.
//
// `navigator.clipboard` wants focus, which a hidden document never has; the old editing commands do not.

import { browser } from 'wxt/browser'
import { encodeHex, encodeUtf8 } from '../codec/text.ts'
import type { Sender } from './principals.ts'

interface ClearMessage {
  readonly type: 'offscreen-clear'
  readonly hash: string
}

const isClear = (message: unknown): message is ClearMessage =>
  typeof message === 'object' &&
  message !== null &&
  'type' in message &&
  message.type === 'offscreen-clear'

/** The background alone: a message of this extension that comes from no tab. */
export function listenForClear(): void {
  browser.runtime.onMessage.addListener((message: unknown, sender: Sender, send) => {
    if (sender.id !== browser.runtime.id || sender.tab || !isClear(message)) return false
    clearIfHolds(message.hash).then(
      () => send(true),
      () => send(false),
    )
    return true
  })
}

async function clearIfHolds(hash: string): Promise<void> {
  const digest = await crypto.subtle.digest('SHA-256', encodeUtf8(pasted()))
  if (encodeHex(new Uint8Array(digest)) === hash) copyNothing()
}

function pasted(): string {
  const field = document.createElement('textarea')
  document.body.append(field)
  field.focus()
  document.execCommand('paste')
  const text = field.value
  field.remove()
  return text
}

function copyNothing(): void {
  document.addEventListener(
    'copy',
    (event) => {
      event.clipboardData?.setData('text/plain', '')
      event.preventDefault()
    },
    { once: true },
  )
  document.execCommand('copy')
}
