// ui: what the person sees; speaks the protocol like any other client. This file: what of a sight stays out
// of its address. Browsers write addresses to their history, and words searched for and the sites one looks
// at are as secret as the rest; so they live as long as this page, and no longer than the vault is open.

import { effect, signal } from '@preact/signals'
import { status } from './status.ts'

interface Aside {
  /** What is searched for among the keys. */
  readonly search: string
  /** What is searched for among the secrets, and the tag they have; empty: any. */
  readonly secretSearch: string
  readonly secretTag: string
  /** ARN of the secret that is looked at: its name is part of it. Empty: none. */
  readonly secret: string
  /** Whose activity is looked at; empty: anyone's. */
  readonly origin: string
}

const nothing: Aside = { search: '', secretSearch: '', secretTag: '', secret: '', origin: '' }

export const aside = signal(nothing)

effect(() => {
  if (status.value?.Vault !== 'unlocked') aside.value = nothing
})

export function setAside(part: Partial<Aside>): void {
  aside.value = { ...aside.value, ...part }
}
