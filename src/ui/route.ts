// ui: what the person sees; speaks the protocol like any other client. This file: where in the manager
// the person is, kept in the address after `#`, so that back, reload and bookmarks work.

import { signal } from '@preact/signals'

export interface Route {
  readonly section: string
  /** What stands behind the section, decoded: `#keys/<id>/grants` has two. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
}

/** Pure. Whatever cannot be read counts for nothing. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split(/\?(.*)/s)
  const [section = '', ...rest] = path.split('/').map(decode)
  return { section, path: rest, query: new URLSearchParams(query) }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}

/** Pure. The address of a place; members without a value are left out. */
export function hashOf(
  path: readonly string[],
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const entries = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, value]],
  )
  const search = entries.length > 0 ? `?${new URLSearchParams(entries)}` : ''
  return `#${path.map(encodeURIComponent).join('/')}${search}`
}

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
