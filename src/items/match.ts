// items: what people keep, and what is made of it; pure. This file: which items belong to the page in a tab.
//
// An item that is offered on the wrong site is a password given away. So hosts are compared only as the URL
// standard parses them, never as text; and two hosts are one site only where the public suffix list says that
// one owner registered both. Its private part counts: anyone may register a name under github.io.

import { parse } from 'tldts'

/**
 * How well an address fits a tab, best first. `origin`: scheme, host and port. `host`: the same host, on another
 * port or come from http to https. `site`: another host of the same registrable domain.
 */
export type MatchRank = 'origin' | 'host' | 'site'

const ranks: readonly MatchRank[] = ['origin', 'host', 'site']

interface Place {
  readonly secure: boolean
  /** As the URL standard writes it: lower case, punycode, addresses of IP in their one form. */
  readonly host: string
  /** Empty for the usual port of the scheme. */
  readonly port: string
}

/**
 * Judges addresses against one tab. The function given answers `null` for what does not belong there, for what
 * is malformed, and for addresses that are not of the web (`androidapp://`).
 */
export function matcher(tabUrl: string): (uris: readonly string[]) => MatchRank | null {
  const tab = placeOf(tabUrl)
  if (!tab) return () => null
  const site = registrableDomain(tab.host)
  const mayBeHere = sieve(site ?? tab.host)
  return (uris) => {
    const found = uris.map((uri) => {
      const place = mayBeHere(uri) ? itemPlace(uri) : null
      return place && rankOf(place, tab, site)
    })
    return ranks.find((rank) => found.includes(rank)) ?? null
  }
}

function rankOf(item: Place, tab: Place, site: string | null): MatchRank | null {
  // What was kept for https is never given to a page that anyone on the network can write.
  if (item.secure && !tab.secure) return null
  if (item.host === tab.host) {
    if (item.port === tab.port) return item.secure === tab.secure ? 'origin' : 'host'
    // Behind the ports of one address, or of one machine's own name, stand programs of different people.
    return site === null ? null : 'host'
  }
  return site !== null && registrableDomain(item.host) === site ? 'site' : null
}

/**
 * `null` where no owner can be told: IP addresses, single names such as localhost, public suffixes themselves, and
 * endings that the list does not know (a company's `.corp`).
 */
function registrableDomain(host: string): string | null {
  const { domain, isIcann, isPrivate } = parse(host, {
    allowPrivateDomains: true,
    extractHostname: false,
    validateHostname: false,
    mixedInputs: false,
  })
  return isIcann || isPrivate ? domain : null
}

function placeOf(address: string): Place | null {
  const url = URL.canParse(address) ? new URL(address) : null
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null
  // `example.com.` is another origin to browsers than `example.com`; nobody keeps a password for it.
  if (url.hostname.endsWith('.')) return null
  return { secure: url.protocol === 'https:', host: url.hostname, port: url.port }
}

/** People and other programs' files write `example.com`, too: taken as https, which fits fewer pages. */
function itemPlace(uri: string): Place | null {
  const trimmed = uri.trim()
  const bare = /^[^\s/?#@:\\]+(?::\d+)?(?:[/?#]|$)/.test(trimmed)
  const address = bare ? `https://${trimmed}` : trimmed
  // `https://example.com@evil.net` says one host to the eye and another to the browser.
  if (/^[a-z]+:[/\\]*[^/?#\\]*@/i.test(address)) return null
  return placeOf(address)
}

/** Of 100,000 addresses nearly all are of other sites: most are told so without being parsed. */
function sieve(host: string): (uri: string) => boolean {
  const plain = /^[\x21-\x7e]*$/
  return (uri) => !plain.test(uri) || uri.includes('%') || uri.toLowerCase().includes(host)
}
