// documents: signed documents of every form, made and verified; pure: runs in plain Node. This file: public keys as
// JSON (RFC 7517; RFC 7518 section 6, RFC 8037 section 2, RFC 8812 section 3.1), and their thumbprints (RFC 7638).

import { type Curve, curves, isCurve } from '../certificates/curves.ts'
import { type PublicKey, readPublicKey } from '../certificates/publicKeys.ts'
import { ecPublicKey, ed25519PublicKey, rsaPublicKeyOf } from '../certificates/writePublicKey.ts'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { canonicalJson } from '../codec/canonicalJson.ts'
import { DerFields, tags } from '../codec/der.ts'
import { readUnsigned } from '../codec/derValues.ts'
import { decodeBase64Url, encodeBase64Url, encodeUtf8 } from '../codec/text.ts'
import { type Json, memberOf } from './strictJson.ts'

/** The members that a key of its kind must have, and no other. Numbers and coordinates are base64url. */
export type Jwk =
  | { readonly kty: 'EC'; readonly crv: Curve; readonly x: string; readonly y: string }
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string }
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }

/**
 * @param spki SubjectPublicKeyInfo, DER
 * @returns `null` for keys of another kind, and for points that are written with one coordinate
 * @throws DerError
 */
export function toJwk(spki: Bytes): Jwk | null {
  const key = readPublicKey(spki)
  if (key.kind === 'rsa' || key.kind === 'rsa-pss') return rsaJwk(key)
  if (key.kind === 'ed25519') return { kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(key.key) }
  if (key.kind !== 'ec' || !key.curve || key.key[0] !== 4) return null
  const bytes = curves[key.curve].coordinateBytes
  if (key.key.byteLength !== 1 + 2 * bytes) return null
  const [x, y] = [key.key.subarray(1, 1 + bytes), key.key.subarray(1 + bytes)]
  return { kty: 'EC', crv: key.curve, x: encodeBase64Url(x), y: encodeBase64Url(y) }
}

function rsaJwk({ key }: PublicKey): Jwk {
  const fields = DerFields.whole(key)
  const n = encodeBase64Url(readUnsigned(fields.take(tags.integer)))
  return { kty: 'RSA', n, e: encodeBase64Url(readUnsigned(fields.take(tags.integer))) }
}

/** SHA-256, base64url (RFC 7638 section 3): over the required members alone, in the order of their names. */
export async function jwkThumbprint(jwk: Jwk): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', encodeUtf8(canonicalJson(jwk)))
  return encodeBase64Url(new Uint8Array(hash))
}

/**
 * SubjectPublicKeyInfo, DER, of a public key in the JSON of a stranger. `null` for keys of another kind, private keys,
 * and what is spelled in another way than the RFCs want. Whether a point is on its curve shows when it verifies.
 */
export function fromJwk(jwk: Json): Bytes | null {
  if (memberOf(jwk, 'd') !== undefined || memberOf(jwk, 'k') !== undefined) return null
  const kty = memberOf(jwk, 'kty')
  if (kty === 'RSA') return fromRsaJwk(jwk)
  const crv = memberOf(jwk, 'crv')
  if (kty === 'OKP' && crv === 'Ed25519') {
    const x = bytesOf(jwk, 'x')
    return x?.byteLength === 32 ? ed25519PublicKey(x) : null
  }
  if (kty !== 'EC' || !isCurve(crv)) return null
  const { coordinateBytes } = curves[crv]
  const [x, y] = [bytesOf(jwk, 'x'), bytesOf(jwk, 'y')]
  if (x?.byteLength !== coordinateBytes || y?.byteLength !== coordinateBytes) return null
  return ecPublicKey(crv, concatBytes(Uint8Array.of(4), x, y))
}

function fromRsaJwk(jwk: Json): Bytes | null {
  const [n, e] = [bytesOf(jwk, 'n'), bytesOf(jwk, 'e')]
  // RFC 7518 section 6.3.1.1: no zero before the number.
  if (!n?.[0] || !e?.[0]) return null
  return rsaPublicKeyOf(n, e)
}

function bytesOf(jwk: Json, name: string): Bytes | null {
  const value = memberOf(jwk, name)
  try {
    return typeof value === 'string' ? decodeBase64Url(value) : null
  } catch {
    return null
  }
}
