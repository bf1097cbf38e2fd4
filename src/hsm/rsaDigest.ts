// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: RSA signatures
// over a digest the caller made (MessageType DIGEST). WebCrypto always hashes by itself, so they are encoded
// here, after RFC 8017: sections 9.1 (EMSA-PSS) and 9.2 (EMSA-PKCS1-v1_5).

import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { type Bytes, concatBytes, equalBytes, uint32 } from '../codec/bytes.ts'
import { decodeHex } from '../codec/text.ts'
import type { HashName } from './algorithms.ts'
import { privatePower, publicPart, publicPower, toBytes, toNumber } from './rsaPrimitives.ts'

const hashes = { 'SHA-256': sha256, 'SHA-384': sha384, 'SHA-512': sha512 } as const
type DigestName = keyof typeof hashes

/** DigestInfo before the digest (RFC 8017 section 9.2, note 1). */
const digestInfo = {
  'SHA-256': '3031300d060960864801650304020105000420',
  'SHA-384': '3041300d060960864801650304020205000430',
  'SHA-512': '3051300d060960864801650304020305000440',
} as const satisfies Record<DigestName, string>

const digestName = (hash: HashName): DigestName => {
  if (hash === 'SHA-1') throw new TypeError('no signature here uses SHA-1')
  return hash
}

export type Padding = 'pss' | 'pkcs1'

/** @param jwk the private key, with its primes */
export function signDigest(
  jwk: JsonWebKey,
  padding: Padding,
  hash: HashName,
  digest: Bytes,
): Bytes {
  const { bits } = publicPart(jwk)
  const bytes = Math.ceil(bits / 8)
  const name = digestName(hash)
  const encoded =
    padding === 'pkcs1' ? encodePkcs1(name, digest, bytes) : encodePss(name, digest, bits - 1)
  return toBytes(privatePower(jwk, toNumber(encoded)), bytes)
}

function encodePkcs1(hash: DigestName, digest: Bytes, length: number): Bytes {
  const info = concatBytes(decodeHex(digestInfo[hash]), digest)
  const filler = new Uint8Array(length - info.byteLength - 3).fill(0xff)
  return concatBytes(Uint8Array.of(0, 1), filler, Uint8Array.of(0), info)
}

function encodePss(hash: DigestName, digest: Bytes, bits: number): Bytes {
  const salt = crypto.getRandomValues(new Uint8Array(digest.byteLength))
  return pssBlock(hash, digest, salt, bits)
}

/** EM = maskedDB || H || bc (section 9.1.1, steps 5 to 12). */
function pssBlock(hash: DigestName, digest: Bytes, salt: Uint8Array, bits: number): Bytes {
  const length = Math.ceil(bits / 8)
  const h = hashes[hash](concatBytes(new Uint8Array(8), digest, salt))
  const zeros = new Uint8Array(length - salt.byteLength - h.byteLength - 2)
  const db = concatBytes(zeros, Uint8Array.of(1), salt)
  const masked = clearTop(xor(db, mgf1(hash, h, db.byteLength)), 8 * length - bits)
  return concatBytes(masked, h, Uint8Array.of(0xbc))
}

/** Appendix B.2.1. */
function mgf1(hash: DigestName, seed: Uint8Array, length: number): Bytes {
  const blocks: Uint8Array[] = []
  for (let i = 0, have = 0; have < length; i++) {
    const block = hashes[hash](concatBytes(seed, uint32(i)))
    blocks.push(block)
    have += block.byteLength
  }
  return concatBytes(...blocks).slice(0, length)
}

const xor = (left: Bytes, right: Uint8Array): Bytes => left.map((byte, i) => byte ^ (right[i] ?? 0))

function clearTop(bytes: Bytes, bits: number): Bytes {
  const out = bytes.slice()
  out[0] = (out[0] ?? 0) & (0xff >> bits)
  return out
}

/** @param jwk the public key */
export function verifyDigest(
  jwk: JsonWebKey,
  padding: Padding,
  hash: HashName,
  digest: Bytes,
  signature: Bytes,
): boolean {
  const rsa = publicPart(jwk)
  const bytes = Math.ceil(rsa.bits / 8)
  const s = toNumber(signature)
  if (signature.byteLength !== bytes || s >= rsa.n) return false
  const name = digestName(hash)
  const message = publicPower(rsa, s)
  if (padding === 'pkcs1') {
    return equalBytes(toBytes(message, bytes), encodePkcs1(name, digest, bytes))
  }
  return fitsPss(name, digest, message, rsa.bits - 1)
}

/** Section 9.1.2: unmask the salt, then make the block anew from it. */
function fitsPss(hash: DigestName, digest: Bytes, message: bigint, bits: number): boolean {
  const length = Math.ceil(bits / 8)
  if (message.toString(2).length > bits) return false
  const block = toBytes(message, length)
  const hBytes = digest.byteLength
  const h = block.subarray(length - hBytes - 1, length - 1)
  const masked = block.slice(0, length - hBytes - 1)
  const db = clearTop(xor(masked, mgf1(hash, h, masked.byteLength)), 8 * length - bits)
  return equalBytes(block, pssBlock(hash, digest, db.slice(-hBytes), bits))
}
