// ui: what the person sees; speaks the protocol like any other client. This file: where in the manager
// the person is, kept in the address, so that back, reload and bookmarks work.

import { signal } from '@preact/signals'
import { hashOf, parseRoute } from './address.ts'

export const route = signal(parseRoute(location.hash))
addEventListener('hashchange', () => {
  route.value = parseRoute(location.hash)
})

/** Another place: back leads to the present one. */
export function goTo(...path: readonly string[]): void {
  location.hash = hashOf(path)
}

/** The same place seen otherwise (searched, sorted, filtered): back does not go through each letter. */
export function showAs(query: Readonly<Record<string, string | undefined>>): void {
  const { section, path } = route.value
  history.replaceState(history.state, '', hashOf([section, ...path], query))
  route.value = parseRoute(location.hash)
}
