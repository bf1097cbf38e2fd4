// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: whether a certificate is revoked, by the lists at hand (RFC 5280 section 6.3).

import { equalBytes } from '../codec/bytes.ts'
import { encodeHex } from '../codec/text.ts'
import type { Certificate } from './certificate.ts'
import { type Crl, type Revocation, revocationKey } from './crl.ts'
import {
  type DistributionPoint,
  type DistributionPointName,
  type ReasonFlag,
  revocationReasonFlags,
} from './distributionPoints.ts'
import type { GeneralName } from './generalNames.ts'
import { type Name, relativeName } from './names.ts'

/** `unknown` is not `good`: no list at hand speaks of it, or none that could be checked. */
export type RevocationStatus =
  | { readonly status: 'good' | 'unknown' }
  | ({ readonly status: 'revoked' } & Revocation)

/** What one list or answer says of a certificate, which is current and authentic. */
export interface Statement {
  /** `null`: it is good. */
  readonly revocation: Revocation | null
  /** ms since 1970. */
  readonly thisUpdate: number
  /** What it could have been revoked for. */
  readonly reasons: readonly ReasonFlag[]
}

export interface RevocationInput {
  readonly certificate: Certificate
  readonly crls: readonly Crl[]
  /** Of OCSP, beside the lists. */
  readonly answers: readonly Statement[]
  /** ms since 1970. */
  readonly time: number
  /** Whether a list is signed by its issuer, whose certificate stands under the same anchor. */
  readonly isAuthentic: (crl: Crl) => Promise<boolean>
}

/** All of them are heard: whoever signs may enclose a list from before the certificate was revoked. */
export async function checkRevocation(input: RevocationInput): Promise<RevocationStatus> {
  const { certificate, time } = input
  const usable = input.crls.filter((crl) => isCurrent(crl, time) && !crl.hasUnknownCritical)
  const statements = [...input.answers]
  // The last is for lists that no distribution point names (section 6.3.3, the end).
  const points = [...(certificate.extensions.crlDistributionPoints ?? []), ownPoint(certificate)]
  for (const point of points) {
    for (const crl of usable) {
      const reasons = reasonsOf(point, crl)
      if (crl.deltaOf || reasons.length === 0 || !speaksOf(crl, certificate, point)) continue
      if (!(await input.isAuthentic(crl))) continue
      statements.push({ ...(await lookUp(crl, { ...input, crls: usable })), reasons })
    }
  }
  return decide(statements)
}

/** Revoked is revoked, since the earliest time that any of them names. */
function decide(statements: readonly Statement[]): RevocationStatus {
  const [first] = statements
    .flatMap((one) => (one.revocation && !isLifted(one, statements) ? [one.revocation] : []))
    .sort((left, right) => left.revokedAt - right.revokedAt)
  if (first) return { status: 'revoked', ...first }
  const covered = new Set(statements.flatMap(({ reasons }) => reasons))
  return { status: covered.size === revocationReasonFlags.length ? 'good' : 'unknown' }
}

/** Section 5.3.1: a hold is taken back by a newer list or answer, and nothing else ever is. */
const isLifted = ({ revocation, thisUpdate }: Statement, all: readonly Statement[]): boolean =>
  revocation?.reason === 'certificateHold' &&
  all.some(
    (other) =>
      !other.revocation &&
      other.thisUpdate > thisUpdate &&
      other.reasons.includes('certificateHold'),
  )

const isCurrent = ({ thisUpdate, nextUpdate }: Crl, time: number): boolean =>
  thisUpdate <= time && nextUpdate !== null && time <= nextUpdate

const ownPoint = ({ issuer }: Certificate): DistributionPoint => ({
  name: { kind: 'full', names: [{ kind: 'directory', name: issuer }] },
  reasons: null,
  crlIssuer: null,
})

/** Section 6.3.3 (d). */
function reasonsOf({ reasons }: DistributionPoint, { issuingPoint }: Crl): readonly ReasonFlag[] {
  const own = issuingPoint?.onlyReasons
  return revocationReasonFlags.filter(
    (reason) => (reasons?.has(reason) ?? true) && (own?.has(reason) ?? true),
  )
}

/** Section 6.3.3 (b). */
function speaksOf(crl: Crl, certificate: Certificate, point: DistributionPoint): boolean {
  const { issuingPoint } = crl
  const issuers = point.crlIssuer?.flatMap((name) => (name.kind === 'directory' ? [name.name] : []))
  if (issuers) {
    const isNamed = issuers.some(({ key }) => key === crl.issuer.key)
    if (!isNamed || !issuingPoint?.indirect) return false
  } else if (crl.issuer.key !== certificate.issuer.key) return false
  if (!issuingPoint) return true
  const isCa = certificate.extensions.basicConstraints?.isCa ?? false
  const { name, onlyUsers, onlyCas, onlyAttributes } = issuingPoint
  if ((onlyUsers && isCa) || (onlyCas && !isCa) || onlyAttributes) return false
  if (!name) return true
  const base = issuers?.[0] ?? certificate.issuer
  const wanted = new Set(
    point.name ? namesOf(point.name, base) : (point.crlIssuer ?? []).map(generalNameKey),
  )
  return namesOf(name, crl.issuer).some((key) => wanted.has(key))
}

function namesOf(name: DistributionPointName, base: Name): readonly string[] {
  if (name.kind === 'full') return name.names.map(generalNameKey)
  return [generalNameKey({ kind: 'directory', name: relativeName(base, name.rdn) })]
}

function generalNameKey(name: GeneralName): string {
  switch (name.kind) {
    case 'directory':
      return `directory:${name.name.key}`
    case 'uri':
    case 'dns':
    case 'email':
      return `${name.kind}:${name.text}`
    case 'ip':
      return `ip:${encodeHex(name.address)}`
    case 'registered-id':
      return `id:${name.oid}`
    case 'other':
      return `${name.oid}:${encodeHex(name.value)}`
    case 'x400':
    case 'edi-party':
      return `${name.kind}:${encodeHex(name.der)}`
  }
}

/** Section 6.3.3 (i) to (k): what the newest delta says goes before what the full list says. */
async function lookUp(crl: Crl, input: RevocationInput): Promise<Omit<Statement, 'reasons'>> {
  const { certificate } = input
  const key = revocationKey(certificate.issuer, certificate.serialNumber)
  const delta = await newestDelta(crl, input)
  const found = delta?.revoked.get(key) ?? crl.revoked.get(key)
  const revocation = found && found.reason !== 'removeFromCRL' ? found : null
  return { revocation, thisUpdate: Math.max(crl.thisUpdate, delta?.thisUpdate ?? 0) }
}

async function newestDelta(crl: Crl, { crls, isAuthentic }: RevocationInput): Promise<Crl | null> {
  let newest: Crl | null = null
  for (const delta of crls) {
    const isNewer = !newest || compareNumbers(delta, newest) > 0
    if (isNewer && isDeltaOf(delta, crl) && (await isAuthentic(delta))) newest = delta
  }
  return newest
}

const asNumber = (bytes: Uint8Array | null): bigint =>
  BigInt(`0x${encodeHex(bytes ?? new Uint8Array(1))}`)
const compareNumbers = (left: Crl, right: Crl): number =>
  Number(asNumber(left.number) - asNumber(right.number))

/** Section 6.3.3 (c), and 5.2.4: of the same issuer and about the same, and begun from no later list. */
function isDeltaOf(delta: Crl, crl: Crl): boolean {
  if (!delta.deltaOf || !crl.number || delta.issuer.key !== crl.issuer.key) return false
  const keyId = (list: Crl) => list.authorityKeyId?.keyId ?? new Uint8Array(0)
  return (
    scopeKey(delta) === scopeKey(crl) &&
    equalBytes(keyId(delta), keyId(crl)) &&
    asNumber(delta.deltaOf) <= asNumber(crl.number) &&
    compareNumbers(delta, crl) >= 0
  )
}

function scopeKey({ issuingPoint, issuer }: Crl): string {
  if (!issuingPoint) return ''
  const { name, onlyReasons, ...flags } = issuingPoint
  const names = name ? [...namesOf(name, issuer)].sort() : null
  return JSON.stringify([names, onlyReasons ? [...onlyReasons].sort() : null, flags])
}
