// codec: pure conversions between bytes and their written forms. This file: keys as PKCS #8 and as subject
// public key info, for the algorithms that WebCrypto does not write itself everywhere.
//
// RFC 5958 (PKCS #8), RFC 5915 (EC private keys), RFC 8410 (Ed25519), RFC 9881 (ML-DSA), RFC 9935
// (ML-KEM): of the last two, the form that holds the seed.

import { type Bytes, concatBytes, equalBytes } from './bytes.ts'
import { derElement, type Element, readDer, readDerMembers, tags } from './der.ts'
import { decodeHex } from './text.ts'

/** Algorithm identifiers, DER, by name. */
const algorithms = {
  secp256k1: '301006072a8648ce3d020106052b8104000a',
  Ed25519: '300506032b6570',
  'ML-DSA-44': '300b0609608648016503040311',
  'ML-DSA-65': '300b0609608648016503040312',
  'ML-DSA-87': '300b0609608648016503040313',
  'ML-KEM-512': '300b0609608648016503040401',
  'ML-KEM-768': '300b0609608648016503040402',
  'ML-KEM-1024': '300b0609608648016503040403',
} as const
export type KeyAlgorithmName = keyof typeof algorithms

const version = Uint8Array.of(0)
const one = Uint8Array.of(1)
const identifier = (name: KeyAlgorithmName) => decodeHex(algorithms[name])

/** @param publicKey the bytes that stand in the BIT STRING */
export const writeSpki = (name: KeyAlgorithmName, publicKey: Uint8Array): Bytes =>
  derElement(
    tags.sequence,
    identifier(name),
    derElement(tags.bitString, Uint8Array.of(0), publicKey),
  )

/** The bytes in the BIT STRING, or `null` where this is no public key of that algorithm. */
export function readSpki(name: KeyAlgorithmName, spki: Bytes): Bytes | null {
  const [algorithm, key] = readDerMembers(spki, tags.sequence) ?? []
  if (!algorithm || !key || key.tag !== tags.bitString || key.content[0] !== 0) return null
  return isAlgorithm(algorithm, name) ? key.content.slice(1) : null
}

const isAlgorithm = ({ tag, content }: Element, name: KeyAlgorithmName): boolean =>
  equalBytes(derElement(tag, content), identifier(name))

/** @param secret the scalar of secp256k1, or the seed */
export const writePkcs8 = (
  name: KeyAlgorithmName,
  secret: Uint8Array,
  publicKey: Uint8Array,
): Bytes =>
  derElement(
    tags.sequence,
    derElement(tags.integer, version),
    identifier(name),
    derElement(tags.octetString, privateKeyOf(name, secret, publicKey)),
  )

function privateKeyOf(name: KeyAlgorithmName, secret: Uint8Array, publicKey: Uint8Array): Bytes {
  if (name === 'Ed25519') return derElement(tags.octetString, secret)
  if (name !== 'secp256k1') return derElement(tags.implicit0, secret)
  const point = derElement(tags.bitString, Uint8Array.of(0), publicKey)
  return derElement(
    tags.sequence,
    derElement(tags.integer, one),
    derElement(tags.octetString, secret),
    derElement(tags.explicit1, point),
  )
}

/** The scalar or seed, or `null` where this is no private key of that algorithm in that form. */
export function readPkcs8(name: KeyAlgorithmName, pkcs8: Bytes): Bytes | null {
  const [first, algorithm, key] = readDerMembers(pkcs8, tags.sequence) ?? []
  if (!first || first.tag !== tags.integer || !algorithm || !key) return null
  if (key.tag !== tags.octetString || !isAlgorithm(algorithm, name)) return null
  if (name === 'secp256k1') return scalarOf(key.content)
  return name === 'Ed25519' ? only(key.content, tags.octetString) : seedOf(key.content)
}

function only(bytes: Bytes, tag: number): Bytes | null {
  const elements = readDer(bytes)
  const [element] = elements ?? []
  return elements?.length === 1 && element?.tag === tag ? element.content.slice() : null
}

/** RFC 5915: the scalar has the length of the order; a shorter one was written by old tools. */
function scalarOf(bytes: Bytes): Bytes | null {
  const [first, scalar] = readDerMembers(bytes, tags.sequence) ?? []
  if (!first || !equalBytes(first.content, one) || scalar?.tag !== tags.octetString) return null
  const missing = 32 - scalar.content.byteLength
  return missing < 0 ? null : concatBytes(new Uint8Array(missing), scalar.content)
}

/** RFC 9881 section 6 and RFC 9935 section 6: [0] seed, or a sequence of seed and expanded key. */
function seedOf(bytes: Bytes): Bytes | null {
  const both = readDerMembers(bytes, tags.sequence)
  const [seed] = both ?? []
  if (both?.length === 2 && seed?.tag === tags.octetString) return seed.content.slice()
  return only(bytes, tags.implicit0)
}
