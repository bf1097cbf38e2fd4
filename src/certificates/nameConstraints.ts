// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: name constraints (RFC 5280 section 4.2.1.10): whether the names of a certificate lie where those
// above it may issue.

import type { Certificate } from './certificate.ts'
import type { NameConstraints } from './extensions.ts'
import type { GeneralName } from './generalNames.ts'

export type NamesVerdict = 'good' | 'outside' | 'too-much-work'

/** Comparisons for one certificate; certificates in use need some hundreds. */
const mostComparisons = 500_000

export class NameLimits {
  readonly #permitted: (readonly GeneralName[])[] = []
  readonly #excluded: GeneralName[] = []

  /** Section 6.1.4 (g). */
  add({ permitted, excluded }: NameConstraints): void {
    if (permitted.length > 0) this.#permitted.push(permitted)
    this.#excluded.push(...excluded)
  }

  /** Section 6.1.3 (b) and (c). */
  check(certificate: Certificate): NamesVerdict {
    const names = namesOf(certificate)
    const limits = this.#permitted.reduce((sum, { length }) => sum + length, this.#excluded.length)
    if (limits * names.length > mostComparisons) return 'too-much-work'
    return names.every((name) => this.#allows(name)) ? 'good' : 'outside'
  }

  #allows(name: GeneralName): boolean {
    if (this.#excluded.some((limit) => lies(name, limit) ?? limit.kind === name.kind)) return false
    return this.#permitted.every((limits) => {
      const ofKind = limits.filter(({ kind }) => kind === name.kind)
      return ofKind.length === 0 || ofKind.some((limit) => lies(name, limit) ?? false)
    })
  }
}

/** Mail addresses in the subject count where there are none beside it. */
function namesOf({ subject, extensions }: Certificate): readonly GeneralName[] {
  const beside = extensions.subjectAltName ?? []
  const inSubject: GeneralName[] = subject.attributes.flatMap(({ type, value }) =>
    type === 'emailAddress' && value !== null ? [{ kind: 'email', text: value }] : [],
  )
  const hasMail = beside.some(({ kind }) => kind === 'email')
  const directory: GeneralName[] =
    subject.rdnKeys.length > 0 ? [{ kind: 'directory', name: subject }] : []
  return [...directory, ...(hasMail ? [] : inSubject), ...beside]
}

/** `null`: of a kind, or in a form, that cannot be compared; the caller then takes the harder side. */
function lies(name: GeneralName, limit: GeneralName): boolean | null {
  if (name.kind === 'dns' && limit.kind === 'dns') return isUnder(name.text, limit.text)
  if (name.kind === 'email' && limit.kind === 'email') return mailLies(name.text, limit.text)
  if (name.kind === 'uri' && limit.kind === 'uri') return uriLies(name.text, limit.text)
  if (name.kind === 'ip' && limit.kind === 'ip') return ipLies(name.address, limit.address)
  if (name.kind === 'directory' && limit.kind === 'directory') {
    return limit.name.rdnKeys.every((key, at) => key === name.name.rdnKeys[at])
  }
  if (name.kind === 'registered-id' && limit.kind === 'registered-id') return name.oid === limit.oid
  return name.kind === limit.kind ? null : false
}

/** The host, or any below it; with a leading dot, only those below. */
function isUnder(host: string, limit: string): boolean {
  const [small, wanted] = [host.toLowerCase(), limit.toLowerCase()]
  if (wanted === '' || small === wanted) return true
  return small.endsWith(wanted.startsWith('.') ? wanted : `.${wanted}`)
}

/** A host itself, or with a leading dot those below it: how mail and URIs count. */
function isHost(host: string, limit: string): boolean {
  const [small, wanted] = [host.toLowerCase(), limit.toLowerCase()]
  return wanted.startsWith('.') ? small.endsWith(wanted) : small === wanted
}

function mailLies(address: string, limit: string): boolean | null {
  const at = address.lastIndexOf('@')
  if (at < 1) return null
  const host = address.slice(at + 1)
  const limitAt = limit.lastIndexOf('@')
  if (limitAt < 0) return isHost(host, limit)
  // What stands before the sign may tell upper case from lower.
  const sameBox = address.slice(0, at) === limit.slice(0, limitAt)
  return sameBox && isHost(host, limit.slice(limitAt + 1))
}

/** Hosts by name alone: a URI without one, or with an address, cannot be compared. */
function uriLies(uri: string, limit: string): boolean | null {
  const [, authority] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(uri) ?? []
  const host = authority?.replace(/^.*@/, '').replace(/:\d*$/, '')
  if (!host || host.startsWith('[') || /^[\d.]+$/.test(host)) return null
  return isHost(host, limit)
}

function ipLies(address: Uint8Array, limit: Uint8Array): boolean | null {
  const { byteLength } = address
  if (byteLength !== 4 && byteLength !== 16) return null
  if (limit.byteLength !== 2 * byteLength) return false
  return address.every((byte, at) => {
    const mask = limit[byteLength + at] ?? 0
    return (byte & mask) === ((limit[at] ?? 0) & mask)
  })
}
