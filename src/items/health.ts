// items: what people keep, and what is made of it; pure. This file: what is wrong with the logins that somebody
// keeps. Nothing is asked of the network, and no list of sites is shipped.

import type { Score } from './strength.ts'

export interface HealthItem {
  readonly id: string
  readonly title: string
  readonly kind: 'login' | 'api-key'
  /** Of a login, empty for none; `null` where it is not told. An API key's is nobody's to judge: programs make them. */
  readonly password: string | null
  readonly hasTotp: boolean
  readonly uris: readonly string[]
  /** When the password or key was last changed, in milliseconds as of `Date.now()`. */
  readonly changedAt: number
}

/** Ids, in the order the items were given in. */
export interface Health {
  /** Items with the same password; the largest group first. */
  readonly reused: readonly (readonly string[])[]
  /** Unchanged for more than a year. */
  readonly old: readonly string[]
  /** With an address that is reached without encryption. */
  readonly unencrypted: readonly string[]
  /** Information, no fault: which sites offer codes is not known here. */
  readonly withoutOneTimeCode: readonly string[]
}

const yearMs = 365 * 24 * 60 * 60 * 1000
const leastGoodScore = 3

/** All that needs no measuring of passwords; that is `weakItems`. */
export function checkHealth(items: readonly HealthItem[], nowMs: number): Health {
  const logins = items.filter(({ kind, password }) => kind === 'login' && password !== '')
  const ids = (which: (item: HealthItem) => boolean, of = logins): readonly string[] =>
    of.filter(which).map(({ id }) => id)
  const old = ({ changedAt }: HealthItem) => nowMs - changedAt > yearMs
  return {
    reused: reusedGroups(logins),
    old: ids(
      old,
      items.filter(({ password }) => password !== ''),
    ),
    unencrypted: ids(({ uris }) => uris.some(isUnencrypted)),
    withoutOneTimeCode: ids(({ hasTotp, uris }) => !hasTotp && uris.length > 0),
  }
}

function reusedGroups(logins: readonly HealthItem[]): readonly (readonly string[])[] {
  const byPassword = new Map<string, string[]>()
  for (const { id, password } of logins) {
    if (password === null) continue
    const group = byPassword.get(password)
    if (group) group.push(id)
    else byPassword.set(password, [id])
  }
  return [...byPassword.values()]
    .filter((group) => group.length > 1)
    .sort((a, b) => b.length - a.length)
}

/**
 * The items with weak passwords, one after the other: measuring takes about a millisecond each, and whoever asks
 * can pause between them. Each different password is measured once.
 */
export function* weakItems(
  items: Iterable<HealthItem>,
  scoreOf: (password: string) => Score,
): Generator<{ readonly id: string; readonly score: Score; readonly weak: boolean }> {
  const scores = new Map<string, Score>()
  for (const { id, password } of items) {
    if (password === null || password === '') continue
    const score = scores.get(password) ?? scoreOf(password)
    scores.set(password, score)
    yield { id, score, weak: score < leastGoodScore }
  }
}

function isUnencrypted(uri: string): boolean {
  if (!/^\s*http:/i.test(uri) || !URL.canParse(uri)) return false
  return !isNearby(new URL(uri).hostname)
}

/** This machine and the network at home (RFC 1918, RFC 4193, RFC 6761, RFC 6762): few there can have a certificate. */
function isNearby(host: string): boolean {
  if (/^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^169\.254\./.test(host)) {
    return /^[\d.]+$/.test(host)
  }
  if (/^\[(::1\]|f[cd]|fe[89ab])/.test(host)) return true
  return !/[.:]/.test(host) || /\.(localhost|local|home\.arpa|internal)$/.test(host)
}
