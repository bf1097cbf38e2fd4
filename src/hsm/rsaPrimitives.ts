// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: RSA on numbers, for what
// WebCrypto does not do: the primitives of RFC 8017 section 5 and the conversions of its section 4.
//
// JavaScript's big integers are not of constant time. So what the private key computes on is blinded by a fresh random
// factor, and its exponents by fresh multiples of the group's order: a time says nothing that a caller could steer, or
// average over calls. The result is checked with the public key before it is unblinded, so a computing fault cannot
// give a factor away.

import { invert, mod, pow } from '@noble/curves/abstract/modular.js'
import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64Url, decodeHex, encodeHex } from '../codec/text.ts'

export interface RsaPublic {
  readonly n: bigint
  readonly e: bigint
  /** Length of the modulus. */
  readonly bits: number
}

export const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${encodeHex(bytes) || '0'}`)

/**
 * Section 4.1. With a bit above all others every number is as long as the next: zeros in front, which tell of the
 * padding of what was decrypted, do not show in the time.
 * @param number less than 256 to the power of `length`
 */
export function toBytes(number: bigint, length: number): Bytes {
  const marked = number + (1n << BigInt(8 * length))
  return decodeHex(marked.toString(16).slice(1))
}

export function memberOf(
  jwk: JsonWebKey,
  name: 'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi',
): bigint {
  const text = jwk[name]
  if (text === undefined) throw new TypeError(`RSA key without ${name}`)
  return toNumber(decodeBase64Url(text))
}

export function publicPart(jwk: JsonWebKey): RsaPublic {
  const n = memberOf(jwk, 'n')
  return { n, e: memberOf(jwk, 'e'), bits: n.toString(2).length }
}

/** RSAEP and RSAVP1 (sections 5.1.1 and 5.2.2). */
export const publicPower = ({ n, e }: RsaPublic, number: bigint): bigint => pow(number, e, n)

/**
 * RSADP and RSASP1 (sections 5.1.2 and 5.2.1).
 * @param jwk the private key, with its primes
 * @param number less than the modulus
 */
export function privatePower(jwk: JsonWebKey, number: bigint): bigint {
  const rsa = publicPart(jwk)
  const { n } = rsa
  const blind = randomUnit(n)
  const blinded = mod(number * publicPower(rsa, blind), n)
  const raised = raiseByPrimes(jwk, blinded)
  if (publicPower(rsa, raised) !== blinded) throw new Error('RSA: the result does not verify')
  return mod(raised * invert(blind, n), n)
}

/** By the Chinese remainder theorem. */
function raiseByPrimes(jwk: JsonWebKey, number: bigint): bigint {
  const [p, q, qi] = [memberOf(jwk, 'p'), memberOf(jwk, 'q'), memberOf(jwk, 'qi')]
  const first = pow(mod(number, p), blindExponent(memberOf(jwk, 'dp'), p), p)
  const second = pow(mod(number, q), blindExponent(memberOf(jwk, 'dq'), q), q)
  return second + q * mod((first - second) * qi, p)
}

const exponentBlindBytes = 8

const blindExponent = (exponent: bigint, prime: bigint): bigint =>
  exponent + randomNumber(exponentBlindBytes) * (prime - 1n)

const randomNumber = (bytes: number): bigint =>
  toNumber(crypto.getRandomValues(new Uint8Array(bytes)))

/** Of n's residues a random one shares a factor with n with a chance below 2^-1000. */
const randomUnit = (n: bigint): bigint =>
  mod(randomNumber(Math.ceil(n.toString(16).length / 2) + 8), n - 2n) + 2n
