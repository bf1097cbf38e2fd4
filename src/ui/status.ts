// ui: what the person sees; speaks the protocol like any other client. This file: the state of the vault
// as the screens know it.

import { signal } from '@preact/signals'
import { browser } from 'wxt/browser'
import { KeyhearthError } from '../protocol/errors.ts'
import type { VaultStatus } from '../protocol/outputs.ts'
import { call } from './call.ts'

/** `null` until the first answer. */
export const status = signal<VaultStatus | null>(null)
export const statusError = signal<unknown>(null)

/** What is stored is whole, and this Keyhearth too old for it. */
export const isNewer = (error: unknown): boolean =>
  error instanceof KeyhearthError && error.reason === 'storage-newer'

/** What is stored cannot be opened: for now, or for good. */
export const isBroken = (error: unknown): boolean =>
  isNewer(error) || (error instanceof KeyhearthError && error.reason === 'storage-unavailable')

/** A worker that is replaced while it is asked, as by an update, may leave the question without any answer. */
const patience = { tries: 5, ms: 4000 } as const

async function askStatus(): Promise<VaultStatus> {
  const asked: Promise<VaultStatus>[] = []
  while (asked.length < patience.tries) {
    asked.push(call('keyhearth:GetStatus', {}))
    const waited = new Promise<null>((resolve) => setTimeout(resolve, patience.ms, null))
    // One that is only slow is heard as well.
    const answer = await Promise.race([...asked, waited])
    if (answer) return answer
  }
  throw new KeyhearthError('internal')
}

const questions = { asked: 0, answered: 0 }

/** Asked more than once at a time, what an earlier question hears after a later one is of the past. */
export async function refresh(): Promise<void> {
  const mine = ++questions.asked
  const answer = await askStatus().then(
    (value) => ({ value, error: null }),
    (error: unknown) => ({ value: null, error }),
  )
  if (mine < questions.answered) return
  questions.answered = mine
  if (answer.value) status.value = answer.value
  statusError.value = answer.error
}

/** Other windows lock and unlock too; the background says so. */
export function watchStatus(): void {
  void refresh()
  browser.runtime.onMessage.addListener((message: unknown) => {
    const changed = typeof message === 'object' && message !== null && 'type' in message
    if (changed && message.type === 'changed') void refresh()
  })
}
