// ui: what the person sees; speaks the protocol like any other client. This file: that secrets changed, in this window
// or anywhere else.

import { signal } from '@preact/signals'
import { browser } from 'wxt/browser'

/** Another number whenever a secret changed: whatever shows some reads them anew. */
export const secretsStamp = signal(0)

export function secretsChanged(): void {
  secretsStamp.value++
}

/** Who writes a hundred, one after the other, makes nobody read a hundred times. */
const togetherMs = 50
let waiting: ReturnType<typeof setTimeout> | null = null

/** Other windows, web pages and the clock change secrets too; the background says so. */
export function watchSecrets(): void {
  browser.runtime.onMessage.addListener((message: unknown) => {
    const isNotice = typeof message === 'object' && message !== null && 'type' in message
    if (!isNotice || message.type !== 'secrets-changed' || waiting !== null) return
    waiting = setTimeout(() => {
      waiting = null
      secretsChanged()
    }, togetherMs)
  })
}
