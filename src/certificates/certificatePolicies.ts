// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: certificate policies (RFC 5280 section 4.2.1.4), with the notices for people.

import type { Bytes } from '../codec/bytes.ts'
import { DerFields, type Element, tags } from '../codec/der.ts'
import { isString, readOid, readString } from '../codec/derValues.ts'
import { malformed } from './errors.ts'

export const anyPolicy = '2.5.29.32.0'

export interface PolicyInformation {
  readonly oid: string
  readonly qualifiers: readonly PolicyQualifier[]
}

export type PolicyQualifier =
  | { readonly kind: 'practice-statement'; readonly uri: string }
  | { readonly kind: 'user-notice'; readonly text: string | null }
  | { readonly kind: 'other'; readonly oid: string }

/** A policy stands once at most. */
export function readPolicies(value: Bytes): readonly PolicyInformation[] {
  const policies = DerFields.whole(value).rest().map(readPolicy)
  const oids = new Set(policies.map(({ oid }) => oid))
  if (policies.length === 0 || oids.size < policies.length) malformed('certificate policies')
  return policies
}

function readPolicy({ der }: Element): PolicyInformation {
  const fields = DerFields.whole(der)
  const oid = readOid(fields.take(tags.objectIdentifier))
  const qualifiers = fields.openOptional(tags.sequence)?.rest() ?? []
  fields.end()
  return { oid, qualifiers: qualifiers.map(readQualifier) }
}

function readQualifier({ der }: Element): PolicyQualifier {
  const fields = DerFields.whole(der)
  const oid = readOid(fields.take(tags.objectIdentifier))
  const value = fields.any()
  fields.end()
  if (oid === '1.3.6.1.5.5.7.2.1') return { kind: 'practice-statement', uri: readString(value) }
  if (oid === '1.3.6.1.5.5.7.2.2') return { kind: 'user-notice', text: noticeText(value) }
  return { kind: 'other', oid }
}

/** Of a reference to a notice elsewhere, nothing can be shown. */
function noticeText({ der }: Element): string | null {
  const text = DerFields.whole(der).rest().find(isString)
  return text ? readString(text) : null
}
