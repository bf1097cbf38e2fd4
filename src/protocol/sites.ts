// protocol: the contract every context speaks. This file: what a web page is to Keyhearth: a site. Rights, an
// account, requests and blocks belong to a site. It is an origin, or one origin framed by another, and the two
// share nothing. A site has one written name.

export interface Site {
  /** Whose document it is. */
  readonly origin: string
  /** Of a frame inside another origin's page: that origin, which the address bar shows. */
  readonly top?: string
}

/** Origins hold no space, so the name of a pair is nobody's origin. */
const inside = ' in '

export const siteName = ({ origin, top }: Site): string =>
  top === undefined ? origin : origin + inside + top

/** Of a name that `isSite`. */
export function readSite(name: string): Site {
  const [origin = '', top] = name.split(inside)
  return top === undefined ? { origin } : { origin, top }
}

/** Scheme, host and port, as browsers write an origin (RFC 6454 section 6.2). */
export const isOrigin = (text: string): boolean =>
  /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text

export function isSite(name: string): boolean {
  const [origin = '', top, ...more] = name.split(inside)
  if (more.length > 0 || !isOrigin(origin)) return false
  return top === undefined || (isOrigin(top) && top !== origin)
}

/** Whether a site stands on pages of this origin, as their own or in a frame of theirs. */
export function standsOn(name: string, address: string): boolean {
  const { origin, top = origin } = readSite(name)
  return top === address
}

/** The names under which a site can be blocked: its own, and those of both its origins. */
export function blockableBy(name: string): readonly string[] {
  const { origin, top = origin } = readSite(name)
  return [name, origin, top]
}

/** The pairs with which a message says where a page made it; set by Keyhearth, never by the page. */
export const madeAtKeys = { origin: 'keyhearth:origin', top: 'keyhearth:top-origin' } as const

/** What a message made there carries. */
export const madeAt = ({ origin, top }: Site): Readonly<Record<string, string>> => ({
  [madeAtKeys.origin]: origin,
  ...(top === undefined ? {} : { [madeAtKeys.top]: top }),
})

/** The name of the site where a message was made; `null` where it does not say. */
export function whereMade(context: Readonly<Record<string, string>>): string | null {
  const { [madeAtKeys.origin]: origin, [madeAtKeys.top]: top } = context
  if (origin === undefined) return null
  return siteName(top === undefined ? { origin } : { origin, top })
}
