// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: RSAES-PKCS1-v1_5 (RFC 8017 section 7.2.1), encryption alone: what many mail programs know no other than.
// WebCrypto has none. Its danger is with who decrypts, and tells others what went wrong.

import type { PublicKey } from '../certificates/publicKeys.ts'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { DerFields, tags } from '../codec/der.ts'
import { readUnsigned } from '../codec/derValues.ts'
import { decodeHex, encodeHex } from '../codec/text.ts'

const toNumber = (bytes: Bytes): bigint => BigInt(`0x${encodeHex(bytes)}`)

/** @param message much shorter than the key @throws DerError where the key is none of RSA */
export function encryptPkcs1({ key }: PublicKey, message: Bytes): Bytes {
  const fields = DerFields.whole(key)
  const modulus = readUnsigned(fields.take(tags.integer))
  const exponent = toNumber(readUnsigned(fields.take(tags.integer)))
  const length = modulus.byteLength
  const padding = nonZero(length - message.byteLength - 3)
  const block = concatBytes(Uint8Array.of(0, 2), padding, Uint8Array.of(0), message)
  const encrypted = power(toNumber(block), exponent, toNumber(modulus))
  return decodeHex(encrypted.toString(16).padStart(2 * length, '0'))
}

function nonZero(count: number): Bytes {
  const bytes = crypto.getRandomValues(new Uint8Array(count))
  while (bytes.includes(0)) {
    const at = bytes.indexOf(0)
    bytes.set(crypto.getRandomValues(new Uint8Array(1)), at)
  }
  return bytes
}

/** The exponent is public, and the number is used once. */
function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = base
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}
