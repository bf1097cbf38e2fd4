// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: bare numbers and points made into SubjectPublicKeyInfo, DER (RFC 5280 section 4.1.2.7).

import type { Bytes } from '../codec/bytes.ts'
import { derBits, derNull, derOid, derSequence, derUnsigned } from '../codec/derValues.ts'
import { type Curve, curves } from './curves.ts'

export const keyOids = {
  rsa: '1.2.840.113549.1.1.1',
  ec: '1.2.840.10045.2.1',
  ed25519: '1.3.101.112',
} as const

/** @param key RSAPublicKey, DER (RFC 8017 appendix A.1.1) */
export const rsaPublicKey = (key: Bytes): Bytes =>
  derSequence(derSequence(derOid(keyOids.rsa), derNull()), derBits(key))

export const rsaPublicKeyOf = (modulus: Uint8Array, exponent: Uint8Array): Bytes =>
  rsaPublicKey(derSequence(derUnsigned(modulus), derUnsigned(exponent)))

/** @param point as SEC 1 section 2.3.3 writes it */
export const ecPublicKey = (curve: Curve, point: Uint8Array): Bytes =>
  derSequence(derSequence(derOid(keyOids.ec), derOid(curves[curve].oid)), derBits(point))

/** @param key 32 bytes (RFC 8410 section 4) */
export const ed25519PublicKey = (key: Bytes): Bytes =>
  derSequence(derSequence(derOid(keyOids.ed25519)), derBits(key))
