// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: AlgorithmIdentifier (RFC 5280 section 4.1.1.2).

import type { Bytes } from '../codec/bytes.ts'
import { DerFields, type Element, tags } from '../codec/der.ts'
import { readOid } from '../codec/derValues.ts'

export interface AlgorithmIdentifier {
  readonly oid: string
  /** DER of the parameters, `null` where there are none. */
  readonly parameters: Bytes | null
  readonly der: Bytes
}

/** @throws DerError */
export function readAlgorithm(element: Element): AlgorithmIdentifier {
  const fields = DerFields.whole(element.der)
  const oid = readOid(fields.take(tags.objectIdentifier))
  const parameters = fields.remaining > 0 ? fields.any().der : null
  fields.end()
  return { oid, parameters, der: element.der }
}
