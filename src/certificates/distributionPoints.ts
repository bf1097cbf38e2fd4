// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: where revocation lists are to be had, and for which reasons (RFC 5280 section 4.2.1.13).

import type { Bytes } from '../codec/bytes.ts'
import { DerFields, type Element } from '../codec/der.ts'
import { readNamedBits } from '../codec/derValues.ts'
import { malformed } from './errors.ts'
import { type GeneralName, readGeneralNames } from './generalNames.ts'

export type DistributionPointName =
  | { readonly kind: 'full'; readonly names: readonly GeneralName[] }
  /** Members of a relative distinguished name, to stand behind the name of the list's issuer. */
  | { readonly kind: 'relative'; readonly rdn: Bytes }

/** RFC 5280 section 4.2.1.13; each stands at the bit of its number, which begins with 1. */
export const revocationReasonFlags = [
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
] as const
export type ReasonFlag = (typeof revocationReasonFlags)[number]

export interface DistributionPoint {
  readonly name: DistributionPointName | null
  /** `null`: all of them. */
  readonly reasons: ReadonlySet<ReasonFlag> | null
  readonly crlIssuer: readonly GeneralName[] | null
}

export function readDistributionPoints(value: Bytes): readonly DistributionPoint[] {
  const points = DerFields.whole(value).rest()
  if (points.length === 0) malformed('no distribution point')
  return points.map(readPoint)
}

function readPoint({ der }: Element): DistributionPoint {
  const fields = DerFields.whole(der)
  const name = fields.optional(0xa0)
  const reasons = fields.optional(0x81)
  const issuer = fields.optional(0xa2)
  fields.end()
  return {
    name: name ? readPointName(name.content) : null,
    reasons: reasons ? readReasonFlags(reasons.content) : null,
    crlIssuer: issuer ? readGeneralNames(issuer.content) : null,
  }
}

export function readPointName(content: Bytes): DistributionPointName {
  const fields = DerFields.in(content)
  const { tag, content: inner } = fields.any()
  fields.end()
  if (tag === 0xa0) return { kind: 'full', names: readGeneralNames(inner) }
  return tag === 0xa1 ? { kind: 'relative', rdn: inner } : malformed('a name of no kind')
}

export function readReasonFlags(content: Bytes): ReadonlySet<ReasonFlag> {
  const bits = readNamedBits(content)
  return new Set(revocationReasonFlags.filter((_, at) => bits.has(at + 1)))
}
