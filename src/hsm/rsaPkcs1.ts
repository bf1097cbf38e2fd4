// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: RSAES-PKCS1-v1_5 (RFC 8017
// section 7.2.2), decryption alone: mail programs and OpenSSL encrypt the key of a message so, and WebCrypto has none.
// The private key's bytes are visible to JavaScript for the call.
//
// Whoever learns of chosen ciphertexts whether their padding is right opens any other by asking often enough
// (Bleichenbacher 1998; by times alone: CVE-2022-4304). So no answer tells. The caller says how long the plaintext is;
// where padding or length are wrong, other bytes of that length come instead, derived from the key and the ciphertext:
// the same each time, and to whoever has not the key no different from another plaintext (implicit rejection, as
// OpenSSL since 3.2; draft-irtf-cfrg-rsa-guidance-10 sections 7.1 and 7.2, with the length known). Both are computed
// always, and chosen between without a branch.

import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, concatBytes, uint16 } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { algorithmOf } from './algorithms.ts'
import type { WrappedMaterial } from './materials.ts'
import { memberOf, privatePower, publicPart, toBytes, toNumber } from './rsaPrimitives.ts'
import type { UnlockedVault } from './unlocked.ts'
import { asJwk, rsaImport } from './webCrypto.ts'

/** 0, 2, eight bytes of padding at least, 0. */
const leastAround = 11

/** How long a plaintext can be under a key. */
export function mostPkcs1Bytes({ spec }: WrappedMaterial): number {
  const row = algorithmOf(spec)
  return row.family === 'rsa' ? row.bits / 8 - leastAround : 0
}

/**
 * @param bytes how long the plaintext is, at most `mostPkcs1Bytes`
 * @returns `null` where the ciphertext is none of this key's length or size, as everybody can see
 */
export function decryptPkcs1(
  { materials }: UnlockedVault,
  material: WrappedMaterial,
  ciphertext: Bytes,
  bytes: number,
): Promise<Bytes | null> {
  return materials.withRevealedBytes(material, async (secret) => {
    const jwk = await asJwk('pkcs8', secret, rsaImport)
    const { n, bits } = publicPart(jwk)
    const number = toNumber(ciphertext)
    if (ciphertext.byteLength !== bits / 8 || number >= n) return null
    const block = toBytes(privatePower(jwk, number), ciphertext.byteLength)
    return plaintextOr(rejectionOf(jwk, ciphertext, bytes), block)
  })
}

/** What is said instead of a plaintext. */
function rejectionOf(jwk: JsonWebKey, ciphertext: Bytes, bytes: number): Bytes {
  const length = ciphertext.byteLength
  const secret = sha256(toBytes(memberOf(jwk, 'd'), length))
  const key = hmac(sha256, secret, ciphertext)
  // As long as the block, of which a message is the end.
  return stretched(key, 'message', length).slice(length - bytes)
}

/** Section 7.1 of the draft: HMAC-SHA-256 of a counter, the label and the length in bits. */
function stretched(key: Uint8Array, label: string, bytes: number): Bytes {
  const blocks = Array.from({ length: Math.ceil(bytes / sha256.outputLen) }, (_, at) =>
    hmac(sha256, key, concatBytes(uint16(at), encodeUtf8(label), uint16(8 * bytes))),
  )
  return concatBytes(...blocks).slice(0, bytes)
}

/** 1 for 0, and 0 for every other byte. */
const isZero = (byte: number): number => (byte - 1) >>> 31

/** The end of the block, where what stands before is 0, 2, no zeros, 0; else `other`. Steps depend on lengths alone. */
function plaintextOr(other: Bytes, block: Bytes): Bytes {
  const start = block.byteLength - other.byteLength
  const at = (index: number): number => block[index] ?? 0
  let wrong = at(0) | (at(1) ^ 2) | at(start - 1)
  for (let index = 2; index < start - 1; index++) wrong |= isZero(at(index))
  // All bits where nothing is wrong.
  const whole = -isZero(wrong)
  return other.map((byte, index) => (at(start + index) & whole) | (byte & ~whole))
}
