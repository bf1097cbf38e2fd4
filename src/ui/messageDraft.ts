// ui: what the person sees; speaks the protocol like any other client. This file: under which name the window in
// which a message is written keeps its draft: one for this site that no other window has.

import { messageFormOf, messageForms } from '../protocol/drafts.ts'
import { call } from './call.ts'

let claimed: Promise<string> | null = null

/** The form under which this window keeps its message for this site, for as long as it is open. */
export const messageForm = (origin: string): Promise<string> => {
  claimed ??= navigator.locks.request('choosing a form', () => claim(messageForms(origin)))
  return claimed
}

/** One that was left half-typed and no window goes on with, or else a free one. */
async function claim(forms: readonly string[]): Promise<string> {
  const held = new Set((await navigator.locks.query()).held?.map(({ name }) => name))
  const free = forms.filter((form) => !held.has(form))
  const kept = await Promise.all(free.map((Form) => call('keyhearth:GetDraft', { Form })))
  const form =
    free[
      Math.max(
        0,
        kept.findIndex(({ Value }) => Value !== null),
      )
    ]
  // More windows than anyone reads in: this one keeps nothing that lasts.
  if (form === undefined) return messageFormOf(crypto.randomUUID())
  await new Promise<void>((resolve) => {
    const untilClosed = new Promise<never>(() => {})
    void navigator.locks.request(form, () => {
      resolve()
      return untilClosed
    })
  })
  return form
}
