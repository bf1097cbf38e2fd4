// ui: what the person sees; speaks the protocol like any other client. This file: the state of the vault
// as the screens know it.

import { signal } from '@preact/signals'
import { browser } from 'wxt/browser'
import type { VaultStatus } from '../protocol/outputs.ts'
import { call } from './call.ts'

/** `null` until the first answer. */
export const status = signal<VaultStatus | null>(null)
export const statusError = signal<unknown>(null)

export async function refresh(): Promise<void> {
  try {
    status.value = await call('keyhearth:GetStatus', {})
    statusError.value = null
  } catch (error) {
    statusError.value = error
  }
}

/** Other windows lock and unlock too; the background says so. */
export function watchStatus(): void {
  void refresh()
  browser.runtime.onMessage.addListener((message: unknown) => {
    const changed = typeof message === 'object' && message !== null && 'type' in message
    if (changed && message.type === 'changed') void refresh()
  })
}
