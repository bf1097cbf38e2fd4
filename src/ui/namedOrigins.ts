// ui: what the person sees; speaks the protocol like any other client. This file: other websites that a text names
// which one asks to have signed. What proves to somebody who signs in is such a text: a site that passes on what
// another wants signed would sign in there.

import { readSite } from '../protocol/sites.ts'

/** An address, as far as its host; JSON may have escaped its slashes. */
const addresses = /\bhttps?:(?:\\?\/){2}[^\s"'<>\\/()[\]{}|^`]+/gi
const most = 3

/** The first few origins in it that are not the asking site's own. */
export function otherOrigins(text: string, asking: string): readonly string[] {
  const { origin: own } = readSite(asking)
  const found = new Set<string>()
  for (const [address] of text.matchAll(addresses)) {
    const url = address.replaceAll('\\', '')
    const origin = URL.canParse(url) ? new URL(url).origin : own
    if (origin !== own) found.add(origin)
    if (found.size === most) break
  }
  return [...found]
}
