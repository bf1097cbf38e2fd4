// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: hashes (FIPS 180-4, FIPS
// 202), by library: they hold no secret, and no browser's WebCrypto has all of them.

import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { sha3_224, sha3_256, sha3_384, sha3_512 } from '@noble/hashes/sha3.js'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import type { DigestAlgorithm } from '../protocol/keySpecs.ts'

const hashes = {
  SHA_224: sha224,
  SHA_256: sha256,
  SHA_384: sha384,
  SHA_512: sha512,
  SHA3_224: sha3_224,
  SHA3_256: sha3_256,
  SHA3_384: sha3_384,
  SHA3_512: sha3_512,
} as const satisfies Record<DigestAlgorithm, unknown>

export const digestOf = (algorithm: DigestAlgorithm, data: Bytes): Bytes =>
  concatBytes(hashes[algorithm](data))
