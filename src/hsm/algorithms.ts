// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: the one table of
// how each key spec and algorithm is computed. Resolved here once; the code below takes the row.

import type { KeyAlgorithmName } from '../codec/keyInfo.ts'
import type {
  EncryptionAlgorithm,
  KeySpec,
  KeyUsageType,
  MacAlgorithm,
  SigningAlgorithm,
  secretSpecs,
} from '../protocol/keySpecs.ts'
import type { Implementation } from '../protocol/kmsOutputs.ts'
import { browserSupports, type Usage } from './webCrypto.ts'

export type HashName = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'

interface Algorithm extends AlgorithmIdentifierObject {
  readonly hash?: HashName
  readonly namedCurve?: string
  readonly modulusLength?: number
  readonly publicExponent?: Uint8Array
  readonly length?: number
}
interface AlgorithmIdentifierObject {
  readonly name: string
}

/** `family` decides which code computes; `pkcs8` and `raw` are how the material is written. */
export type SpecAlgorithm =
  | { readonly family: 'symmetric' }
  | { readonly family: 'hmac'; readonly bytes: number; readonly hash: HashName | 'SHA-224' }
  | { readonly family: 'aes'; readonly bytes: 16 | 24 | 32 }
  /** For HKDF; of any length where it was brought in. */
  | { readonly family: 'secret'; readonly bytes: number }
  | { readonly family: 'triple-des'; readonly bytes: 24 }
  | { readonly family: 'rsa'; readonly bits: number }
  | { readonly family: 'ec'; readonly curve: 'P-256' | 'P-384' | 'P-521'; readonly bytes: number }
  | { readonly family: 'secp256k1'; readonly name: KeyAlgorithmName }
  | { readonly family: 'ed25519'; readonly name: KeyAlgorithmName }
  | { readonly family: 'ml-dsa'; readonly name: KeyAlgorithmName }
  | { readonly family: 'ml-kem'; readonly name: KeyAlgorithmName; readonly ciphertextBytes: number }

const specAlgorithms = {
  SYMMETRIC_DEFAULT: { family: 'symmetric' },
  HMAC_224: { family: 'hmac', bytes: 28, hash: 'SHA-224' },
  HMAC_256: { family: 'hmac', bytes: 32, hash: 'SHA-256' },
  HMAC_384: { family: 'hmac', bytes: 48, hash: 'SHA-384' },
  HMAC_512: { family: 'hmac', bytes: 64, hash: 'SHA-512' },
  RSA_2048: { family: 'rsa', bits: 2048 },
  RSA_3072: { family: 'rsa', bits: 3072 },
  RSA_4096: { family: 'rsa', bits: 4096 },
  ECC_NIST_P256: { family: 'ec', curve: 'P-256', bytes: 32 },
  ECC_NIST_P384: { family: 'ec', curve: 'P-384', bytes: 48 },
  ECC_NIST_P521: { family: 'ec', curve: 'P-521', bytes: 66 },
  ECC_SECG_P256K1: { family: 'secp256k1', name: 'secp256k1' },
  ECC_NIST_EDWARDS25519: { family: 'ed25519', name: 'Ed25519' },
  ML_DSA_44: { family: 'ml-dsa', name: 'ML-DSA-44' },
  ML_DSA_65: { family: 'ml-dsa', name: 'ML-DSA-65' },
  ML_DSA_87: { family: 'ml-dsa', name: 'ML-DSA-87' },
  ML_KEM_512: { family: 'ml-kem', name: 'ML-KEM-512', ciphertextBytes: 768 },
  ML_KEM_768: { family: 'ml-kem', name: 'ML-KEM-768', ciphertextBytes: 1088 },
  ML_KEM_1024: { family: 'ml-kem', name: 'ML-KEM-1024', ciphertextBytes: 1568 },
  AES_128: { family: 'aes', bytes: 16 },
  AES_192: { family: 'aes', bytes: 24 },
  AES_256: { family: 'aes', bytes: 32 },
  GENERIC_SECRET: { family: 'secret', bytes: 32 },
  TRIPLE_DES: { family: 'triple-des', bytes: 24 },
} as const satisfies Record<KeySpec, SpecAlgorithm>

export const algorithmOf = (spec: KeySpec): SpecAlgorithm => specAlgorithms[spec]

/** How the spec's private or secret material is written before it is wrapped. */
export const materialFormat = (spec: KeySpec): 'raw' | 'pkcs8' =>
  rawFamilies.has(algorithmOf(spec).family) ? 'raw' : 'pkcs8'

/** How long a fresh key of the spec is, where it is bare bytes. */
export function secretBytesOf(spec: (typeof secretSpecs)[number]): number {
  const row = specAlgorithms[spec]
  return row.family === 'symmetric' ? 32 : row.bytes
}

const rawFamilies: ReadonlySet<SpecAlgorithm['family']> = new Set([
  'symmetric',
  'hmac',
  'aes',
  'secret',
  'triple-des',
])

const publicExponent = Uint8Array.of(1, 0, 1)

/** What to give `generateKey`, and what the private key may then do. */
export interface Generation {
  readonly algorithm: Algorithm
  readonly usages: readonly Usage[]
}

/** `null` for what not every browser's WebCrypto has (AES-192 is not in Chromium's, AES-KW with padding in none). */
export function generationOf(spec: KeySpec, usage: KeyUsageType): Generation | null {
  const row = algorithmOf(spec)
  switch (row.family) {
    case 'symmetric':
      return { algorithm: { name: 'AES-GCM', length: 256 }, usages: ['encrypt'] }
    case 'hmac':
      if (row.hash === 'SHA-224') return null
      return {
        algorithm: { name: 'HMAC', hash: row.hash, length: row.bytes * 8 },
        usages: ['sign'],
      }
    case 'aes':
      if (usage === 'WRAP_UNWRAP' || row.bytes === 24) return null
      return { algorithm: { name: 'AES-GCM', length: row.bytes * 8 }, usages: ['encrypt'] }
    case 'secret':
      return {
        algorithm: { name: 'HMAC', hash: 'SHA-256', length: row.bytes * 8 },
        usages: ['sign'],
      }
    case 'triple-des':
      return null
    case 'rsa': {
      const name = usage === 'SIGN_VERIFY' ? 'RSA-PSS' : 'RSA-OAEP'
      const usages: readonly Usage[] =
        usage === 'SIGN_VERIFY' ? ['sign', 'verify'] : ['encrypt', 'decrypt']
      const algorithm = { name, modulusLength: row.bits, publicExponent, hash: 'SHA-256' } as const
      return { algorithm, usages }
    }
    case 'ec': {
      const agrees = usage === 'KEY_AGREEMENT'
      const algorithm = { name: agrees ? 'ECDH' : 'ECDSA', namedCurve: row.curve }
      return { algorithm, usages: agrees ? ['deriveBits'] : ['sign', 'verify'] }
    }
    case 'secp256k1':
      return null
    case 'ed25519':
    case 'ml-dsa':
      return { algorithm: { name: row.name }, usages: ['sign', 'verify'] }
    case 'ml-kem':
      return { algorithm: { name: row.name }, usages: ['encapsulateBits', 'decapsulateBits'] }
  }
}

const modern: ReadonlySet<SpecAlgorithm['family']> = new Set(['ml-dsa', 'ml-kem'])

/** Who computes with a key of this spec in this browser. */
export function implementationOf(spec: KeySpec, usage: KeyUsageType): Implementation {
  const generation = generationOf(spec, usage)
  if (!generation) return 'JavaScript'
  const { family } = algorithmOf(spec)
  // Everything but the post-quantum algorithms is in both browsers (and in Node, for tests).
  if (!modern.has(family)) return 'WebCrypto'
  return browserSupports('generateKey', generation.algorithm) ? 'WebCrypto' : 'JavaScript'
}

interface SigningRow {
  /** For WebCrypto's `sign` and `verify`. */
  readonly webCrypto: Algorithm & { readonly saltLength?: number }
  /** What the digest of `MessageType` DIGEST must be; absent where there is no such type. */
  readonly digest?: { readonly hash: HashName; readonly bytes: number }
}

const sha256 = { hash: 'SHA-256', bytes: 32 } as const
const sha384 = { hash: 'SHA-384', bytes: 48 } as const
const sha512 = { hash: 'SHA-512', bytes: 64 } as const
type Digest = typeof sha256 | typeof sha384 | typeof sha512

/** The salt is as long as the hash (KMS developer guide, "RSA key specs"). */
const pss = (digest: Digest): SigningRow => ({
  webCrypto: { name: 'RSA-PSS', hash: digest.hash, saltLength: digest.bytes },
  digest,
})
const pkcs1 = (digest: Digest): SigningRow => ({
  webCrypto: { name: 'RSASSA-PKCS1-v1_5', hash: digest.hash },
  digest,
})
const ecdsa = (digest: Digest): SigningRow => ({
  webCrypto: { name: 'ECDSA', hash: digest.hash },
  digest,
})

const signingRows = {
  RSASSA_PSS_SHA_256: pss(sha256),
  RSASSA_PSS_SHA_384: pss(sha384),
  RSASSA_PSS_SHA_512: pss(sha512),
  RSASSA_PKCS1_V1_5_SHA_256: pkcs1(sha256),
  RSASSA_PKCS1_V1_5_SHA_384: pkcs1(sha384),
  RSASSA_PKCS1_V1_5_SHA_512: pkcs1(sha512),
  ECDSA_SHA_256: ecdsa(sha256),
  ECDSA_SHA_384: ecdsa(sha384),
  ECDSA_SHA_512: ecdsa(sha512),
  ED25519_SHA_512: { webCrypto: { name: 'Ed25519' } },
  ED25519_PH_SHA_512: { webCrypto: { name: 'Ed25519' }, digest: sha512 },
  ML_DSA_SHAKE_256: { webCrypto: { name: 'ML-DSA' } },
} as const satisfies Record<SigningAlgorithm, SigningRow>

export const signingRow = (algorithm: SigningAlgorithm): SigningRow => signingRows[algorithm]

const oaepHashes = {
  RSAES_OAEP_SHA_1: 'SHA-1',
  RSAES_OAEP_SHA_256: 'SHA-256',
} as const satisfies Record<Exclude<EncryptionAlgorithm, 'SYMMETRIC_DEFAULT'>, HashName>

export type OaepAlgorithm = keyof typeof oaepHashes
export const oaepHash = (algorithm: OaepAlgorithm): HashName => oaepHashes[algorithm]

export const macHashes = {
  HMAC_SHA_224: 'SHA-224',
  HMAC_SHA_256: 'SHA-256',
  HMAC_SHA_384: 'SHA-384',
  HMAC_SHA_512: 'SHA-512',
} as const satisfies Record<MacAlgorithm, HashName | 'SHA-224'>
