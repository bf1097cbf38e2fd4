// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: key material made
// elsewhere: is it a key of that spec, and how is it written here. Its bytes were JavaScript's already
// when they came, so they may be for this moment.

import { type Bytes, concatBytes } from '../codec/bytes.ts'
import type { KeySpec } from '../protocol/keySpecs.ts'
import { algorithmOf, type SpecAlgorithm } from './algorithms.ts'
import { readByLibrary } from './libraryKeys.ts'

export interface ImportedKey {
  /** As material is written: raw, or PKCS #8 without attributes. */
  readonly secret: Bytes
  /** Subject public key info; `null` for symmetric keys. */
  readonly publicKey: Bytes | null
}

/** `null` where the bytes are not a key of that spec. */
export async function readImportedKey(spec: KeySpec, bytes: Bytes): Promise<ImportedKey | null> {
  const row: SpecAlgorithm = algorithmOf(spec)
  switch (row.family) {
    case 'symmetric':
      return ofLength(bytes, 32)
    case 'hmac':
    case 'aes':
    case 'triple-des':
      return ofLength(bytes, row.bytes)
    case 'secret':
      return bytes.byteLength >= leastSecretBytes && bytes.byteLength <= mostSecretBytes
        ? ofLength(bytes, bytes.byteLength)
        : null
    case 'rsa':
      return readRsa(bytes, row.bits)
    case 'ec':
      return readPair(bytes, { name: 'ECDSA', namedCurve: row.curve })
    case 'ed25519':
      return readPair(bytes, { name: 'Ed25519' })
    case 'secp256k1':
    case 'ml-dsa':
    case 'ml-kem':
      return readByLibrary(row.name, bytes)
  }
}

/** Less is guessed; more than a block of the hash is no better. */
const leastSecretBytes = 16
const mostSecretBytes = 512

const ofLength = (bytes: Bytes, length: number): ImportedKey | null =>
  bytes.byteLength === length ? { secret: concatBytes(bytes), publicKey: null } : null

async function readRsa(bytes: Bytes, bits: number): Promise<ImportedKey | null> {
  const pair = await readPair(bytes, { name: 'RSA-PSS', hash: 'SHA-256' })
  if (!pair?.publicKey) return null
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('spki', pair.publicKey, algorithm, true, ['verify'])
  return (key.algorithm as RsaKeyAlgorithm).modulusLength === bits ? pair : null
}

type PairAlgorithm = AlgorithmIdentifier | RsaHashedImportParams | EcKeyImportParams

/** The browser reads the private key, which checks it, and writes it and its public key anew. */
async function readPair(bytes: Bytes, algorithm: PairAlgorithm): Promise<ImportedKey | null> {
  try {
    const { subtle } = crypto
    const secret = await subtle.importKey('pkcs8', bytes, algorithm, true, ['sign'])
    const shared = publicMembers(await subtle.exportKey('jwk', secret))
    const publicKey = await subtle.importKey('jwk', shared, algorithm, true, ['verify'])
    return {
      secret: new Uint8Array(await subtle.exportKey('pkcs8', secret)),
      publicKey: new Uint8Array(await subtle.exportKey('spki', publicKey)),
    }
  } catch {
    return null
  }
}

const publicNames = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const

/** RFC 7518 section 6 and RFC 8037 section 2: the members that tell nothing secret. */
const publicMembers = (jwk: JsonWebKey): JsonWebKey =>
  Object.fromEntries(publicNames.flatMap((name) => (jwk[name] ? [[name, jwk[name]]] : [])))
