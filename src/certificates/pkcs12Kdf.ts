// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: PKCS #12's own key derivation (RFC 7292 appendix B.2), in pieces, so that it can be cancelled.

import { createSHA1, createSHA224, createSHA256, createSHA384, createSHA512 } from 'hash-wasm'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import type { DigestName } from './algorithms.ts'
import { type KeyFileOptions, pause, refuse } from './keyFileError.ts'

const hashers = {
  'SHA-1': createSHA1,
  'SHA-224': createSHA224,
  'SHA-256': createSHA256,
  'SHA-384': createSHA384,
  'SHA-512': createSHA512,
} as const

export interface Pkcs12Derivation {
  readonly hash: DigestName
  /** What the bytes are for (appendix B.3). */
  readonly id: 1 | 2 | 3
  /** As BMPString with its end mark, or nothing at all. */
  readonly password: Bytes
  readonly salt: Bytes
  readonly iterations: number
  readonly bytes: number
}

/** Some ten seconds. */
export const mostIterations = 10_000_000
const iterationsAtOnce = 50_000

function repeated(bytes: Uint8Array, block: number): Uint8Array {
  const length = block * Math.ceil(bytes.byteLength / block)
  return Uint8Array.from({ length }, (_, at) => bytes[at % bytes.byteLength] ?? 0)
}

/** @throws KeyFileError `too-costly`, `unknown-encryption`, `cancelled` */
export async function pkcs12Key(
  derivation: Pkcs12Derivation,
  options: KeyFileOptions,
): Promise<Bytes> {
  const { hash, id, password, salt, iterations, bytes } = derivation
  if (iterations > mostIterations) refuse('too-costly')
  if (hash === 'MD5' || iterations < 1) return refuse('unknown-encryption')
  const hasher = await hashers[hash]()
  const block = hasher.blockSize
  const diversifier = new Uint8Array(block).fill(id)
  const input = concatBytes(repeated(salt, block), repeated(password, block))
  const parts: Uint8Array[] = []
  for (let have = 0; have < bytes; have += hasher.digestSize) {
    let a = hasher.init().update(diversifier).update(input).digest('binary')
    for (let i = 1; i < iterations; i++) {
      a = hasher.init().update(a).digest('binary')
      if (i % iterationsAtOnce === 0) await pause(options, i / iterations)
    }
    parts.push(a)
    addTo(input, repeated(a, block).subarray(0, block), block)
  }
  return concatBytes(...parts).slice(0, bytes)
}

/** Step 6 C: each block of the input plus B plus 1, as numbers of that many bytes. */
function addTo(input: Bytes, addend: Uint8Array, block: number): void {
  for (let start = 0; start < input.byteLength; start += block) {
    let carry = 1
    for (let i = block - 1; i >= 0; i--) {
      const sum = (input[start + i] ?? 0) + (addend[i] ?? 0) + carry
      input[start + i] = sum & 0xff
      carry = sum >> 8
    }
  }
}
