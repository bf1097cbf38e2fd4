// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: subject public keys (RFC 5280 section 4.1.2.7): of what kind, and how large.

import type { Bytes } from '../codec/bytes.ts'
import { DerFields, onlyElement, tags } from '../codec/der.ts'
import { readBits, readOid, readUnsigned } from '../codec/derValues.ts'
import { type AlgorithmIdentifier, readAlgorithm } from './algorithmIdentifier.ts'
import { type Curve, curveOfOid, curves } from './curves.ts'
import { keyOids } from './writePublicKey.ts'

export type KeyKind =
  | 'rsa'
  /** An RSA key that may sign with RSASSA-PSS alone. */
  | 'rsa-pss'
  | 'ec'
  | 'dsa'
  | 'ed25519'
  | 'x25519'
  | 'ml-dsa-44'
  | 'ml-dsa-65'
  | 'ml-dsa-87'
  | 'ml-kem-512'
  | 'ml-kem-768'
  | 'ml-kem-1024'
  | 'unknown'

export interface PublicKey {
  readonly kind: KeyKind
  /** Of the modulus or the field; for the others, of the public key. */
  readonly bits: number
  /** `null` for other kinds, and for curves that are not known here. */
  readonly curve: Curve | null
  readonly algorithm: AlgorithmIdentifier
  /** What stands in the BIT STRING. */
  readonly key: Bytes
}

const kinds: ReadonlyMap<string, KeyKind> = new Map([
  [keyOids.rsa, 'rsa'],
  ['1.2.840.113549.1.1.10', 'rsa-pss'],
  [keyOids.ec, 'ec'],
  ['1.2.840.10040.4.1', 'dsa'],
  ['1.3.101.110', 'x25519'],
  [keyOids.ed25519, 'ed25519'],
  ['2.16.840.1.101.3.4.3.17', 'ml-dsa-44'],
  ['2.16.840.1.101.3.4.3.18', 'ml-dsa-65'],
  ['2.16.840.1.101.3.4.3.19', 'ml-dsa-87'],
  ['2.16.840.1.101.3.4.4.1', 'ml-kem-512'],
  ['2.16.840.1.101.3.4.4.2', 'ml-kem-768'],
  ['2.16.840.1.101.3.4.4.3', 'ml-kem-1024'],
])

/**
 * @param spki SubjectPublicKeyInfo, DER
 * @throws DerError
 */
export function readPublicKey(spki: Bytes): PublicKey {
  const fields = DerFields.whole(spki)
  const algorithm = readAlgorithm(fields.take(tags.sequence))
  const key = readBits(fields.take(tags.bitString))
  fields.end()
  const kind = kinds.get(algorithm.oid) ?? 'unknown'
  return { kind, algorithm, key, ...sizeOf(kind, algorithm, key) }
}

function sizeOf(
  kind: KeyKind,
  { parameters }: AlgorithmIdentifier,
  key: Bytes,
): { readonly bits: number; readonly curve: Curve | null } {
  if (kind === 'rsa' || kind === 'rsa-pss') return { bits: rsaBits(key), curve: null }
  if (kind === 'ec') return curveOf(parameters)
  return { bits: kind === 'dsa' ? dsaBits(parameters) : key.byteLength * 8, curve: null }
}

function curveOf(parameters: Bytes | null) {
  const isNamed = parameters?.[0] === tags.objectIdentifier
  const curve = isNamed ? curveOfOid(readOid(onlyElement(parameters))) : null
  return { bits: curve ? curves[curve].bits : 0, curve }
}

/** RFC 8017 appendix A.1.1. */
function rsaBits(key: Bytes): number {
  const fields = DerFields.whole(key)
  const modulus = readUnsigned(fields.take(tags.integer))
  readUnsigned(fields.take(tags.integer))
  fields.end()
  return bitsOf(modulus)
}

/** RFC 3279 section 2.3.2. Without parameters they are those of the issuer. */
const dsaBits = (parameters: Bytes | null): number =>
  parameters?.[0] === tags.sequence
    ? bitsOf(readUnsigned(DerFields.whole(parameters).take(tags.integer)))
    : 0

const bitsOf = (magnitude: Bytes): number =>
  magnitude.byteLength * 8 - Math.clz32(magnitude[0] ?? 0) + 24
