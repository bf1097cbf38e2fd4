// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: keys of the
// algorithms that a browser lacks, made and read by @noble/curves and @noble/post-quantum. Their bytes
// are visible to JavaScript here; KeyMetadata.Implementation says so.

import { secp256k1 } from '@noble/curves/secp256k1.js'
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js'
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { type KeyAlgorithmName, readPkcs8, writePkcs8, writeSpki } from '../codec/keyInfo.ts'
import type { KeySpec } from '../protocol/keySpecs.ts'
import { algorithmOf } from './algorithms.ts'

const own = (bytes: Uint8Array): Bytes => concatBytes(bytes)

const mlDsaByName = {
  'ML-DSA-44': ml_dsa44,
  'ML-DSA-65': ml_dsa65,
  'ML-DSA-87': ml_dsa87,
} as const
const mlKemByName = {
  'ML-KEM-512': ml_kem512,
  'ML-KEM-768': ml_kem768,
  'ML-KEM-1024': ml_kem1024,
} as const

type MlDsaName = keyof typeof mlDsaByName
type MlKemName = keyof typeof mlKemByName
const isMlDsa = (name: KeyAlgorithmName): name is MlDsaName => Object.hasOwn(mlDsaByName, name)
const isMlKem = (name: KeyAlgorithmName): name is MlKemName => Object.hasOwn(mlKemByName, name)

export const mlDsa = (name: KeyAlgorithmName) => {
  if (!isMlDsa(name)) throw new TypeError(`${name} is not ML-DSA`)
  return mlDsaByName[name]
}
export const mlKem = (name: KeyAlgorithmName) => {
  if (!isMlKem(name)) throw new TypeError(`${name} is not ML-KEM`)
  return mlKemByName[name]
}

interface LibraryKey {
  /** As material is written: raw for HMAC, PKCS #8 for the rest. */
  readonly secret: Bytes
  readonly publicKey: Bytes | null
}

/** The public key, as its bytes stand in a BIT STRING, of a scalar or seed; `null` where that is none. */
function publicOf(name: KeyAlgorithmName, secret: Bytes): Uint8Array | null {
  if (name === 'secp256k1') {
    return secp256k1.utils.isValidSecretKey(secret) ? secp256k1.getPublicKey(secret, false) : null
  }
  if (isMlDsa(name))
    return secret.byteLength === 32 ? mlDsaByName[name].keygen(secret).publicKey : null
  if (isMlKem(name))
    return secret.byteLength === 64 ? mlKemByName[name].keygen(secret).publicKey : null
  return null
}

function written(name: KeyAlgorithmName, secret: Bytes): LibraryKey | null {
  const publicKey = publicOf(name, secret)
  if (!publicKey) return null
  return {
    secret: writePkcs8(name, secret, publicKey),
    publicKey: writeSpki(name, publicKey),
  }
}

const secretBytes = (name: KeyAlgorithmName): Bytes => {
  if (name === 'secp256k1') return own(secp256k1.utils.randomSecretKey())
  return crypto.getRandomValues(new Uint8Array(isMlKem(name) ? 64 : 32))
}

export function generateByLibrary(spec: KeySpec): LibraryKey {
  const row = algorithmOf(spec)
  if (row.family === 'hmac' || row.family === 'aes') {
    return { secret: crypto.getRandomValues(new Uint8Array(row.bytes)), publicKey: null }
  }
  if (!('name' in row)) throw new TypeError(`${spec} is WebCrypto's`)
  const secret = secretBytes(row.name)
  const key = written(row.name, secret)
  secret.fill(0)
  if (!key) throw new TypeError(`${spec} was not made`)
  return key
}

/** A private key somebody made elsewhere, checked and written anew; `null` where it is not that kind. */
export function readByLibrary(name: KeyAlgorithmName, pkcs8: Bytes): LibraryKey | null {
  const secret = readPkcs8(name, pkcs8)
  const key = secret && written(name, secret)
  secret?.fill(0)
  return key
}
