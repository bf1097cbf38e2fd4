// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: key derivation in counter mode with HMAC (NIST SP 800-108r1 section 4.1), as the ECDH and
// hierarchical keyrings use it.

import { type Bytes, concatBytes, uint32 } from '../codec/bytes.ts'

/** A key for `deriveInCounterMode` that cannot be read again. */
export function importPrfKey(bytes: Bytes, hash: 'SHA-256' | 'SHA-384'): Promise<CryptoKey> {
  const extractable = false
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash }, extractable, ['sign'])
}

/** @param key HMAC, for sign */
export async function deriveInCounterMode(
  key: CryptoKey,
  label: Bytes,
  context: Bytes,
  lengthBytes: number,
): Promise<Bytes> {
  const fixed = concatBytes(label, Uint8Array.of(0), context, uint32(lengthBytes * 8))
  let derived: Bytes = new Uint8Array(0)
  for (let counter = 1; derived.byteLength < lengthBytes; counter++) {
    const block = await crypto.subtle.sign('HMAC', key, concatBytes(uint32(counter), fixed))
    derived = concatBytes(derived, new Uint8Array(block))
  }
  return derived.slice(0, lengthBytes)
}
