// ui: what the person sees; speaks the protocol like any other client. This file: a place in the manager as
// its address says it, after `#`. Pure.

export interface Route {
  readonly section: string
  /** What stands behind the section, decoded: `#keys/<id>/grants` has two. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
}

/** Whatever cannot be read counts for nothing. */
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

/** The address of a place; members without a value are left out. */
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
