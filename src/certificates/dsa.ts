// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: DSA (FIPS 186-4 section 4.7), which old certificates have and WebCrypto has not. Public data only.

import type { Bytes } from '../codec/bytes.ts'
import { DerFields, onlyElement, tags } from '../codec/der.ts'
import { readUnsigned } from '../codec/derValues.ts'
import { encodeHex } from '../codec/text.ts'
import type { PublicKey } from './publicKeys.ts'

const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${encodeHex(bytes) || '0'}`)

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (let square = base % modulus, rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

function integers(der: Bytes): readonly bigint[] {
  const fields = DerFields.whole(der)
  return fields.rest().map((element) => toNumber(readUnsigned(element)))
}

/** FIPS 186-4 knows no larger ones. */
const mostBits = 3072

export function verifyDsa({ algorithm, key, bits }: PublicKey, hash: Bytes, der: Bytes): boolean {
  if (!algorithm.parameters || bits > mostBits) return false
  const [p, q, g] = integers(algorithm.parameters)
  const [r, s, more] = integers(der)
  if (!p || !q || !g || !r || !s || more !== undefined || r >= q || s >= q || q >= p) return false
  const y = toNumber(readUnsigned(onlyElement(key, tags.integer)))
  const digits = Math.ceil(q.toString(16).length / 2)
  const z = toNumber(hash.subarray(0, digits))
  // q is prime, or this is no key, and what is computed fits nothing.
  const w = power(s, q - 2n, q)
  const v = (power(g, (z * w) % q, p) * power(y, (r * w) % q, p)) % p
  return v % q === r
}
