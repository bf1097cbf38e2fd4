// ui: what the person sees; speaks the protocol like any other client. This file: the secrets that are selected in
// the table, to do something to all of them.

import { effect, signal } from '@preact/signals'
import { status } from './status.ts'

const none: ReadonlySet<string> = new Set()

/** ARNs. */
export const selected = signal(none)

// No name stays behind when the vault locks: an ARN has one in it.
effect(() => {
  if (status.value?.Vault !== 'unlocked') selected.value = none
})

export function select(ids: Iterable<string>, on: boolean): void {
  const next = new Set(selected.value)
  for (const id of ids) {
    if (on) next.add(id)
    else next.delete(id)
  }
  selected.value = next
}

export function selectNone(): void {
  selected.value = none
}
