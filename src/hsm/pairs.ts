// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: key pairs that are
// made to be given away (GenerateDataKeyPair): they are no keys of the vault, so they leave as bytes.

import type { Bytes } from '../codec/bytes.ts'
import type { DataKeyPairSpec } from '../protocol/keySpecs.ts'
import { generationOf, implementationOf } from './algorithms.ts'
import { generateByLibrary } from './libraryKeys.ts'
import { subtle } from './webCrypto.ts'

export interface BarePair {
  /** PKCS #8, DER. */
  readonly privateKey: Bytes
  /** Subject public key info, DER. */
  readonly publicKey: Bytes
}

const toBeGivenAway = true

export async function generatePair(spec: DataKeyPairSpec): Promise<BarePair> {
  const usage = spec.startsWith('ML_KEM') ? 'ENCAPSULATE_DECAPSULATE' : 'SIGN_VERIFY'
  const generation = generationOf(spec, usage)
  if (!generation || implementationOf(spec, usage) === 'JavaScript') return byLibrary(spec)
  const { algorithm, usages } = generation
  const made = await subtle().generateKey(algorithm, toBeGivenAway, usages)
  if (!('privateKey' in made)) throw new TypeError(`${spec} makes no pair`)
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.exportKey('pkcs8', made.privateKey),
    crypto.subtle.exportKey('spki', made.publicKey),
  ])
  return { privateKey: new Uint8Array(privateKey), publicKey: new Uint8Array(publicKey) }
}

function byLibrary(spec: DataKeyPairSpec): BarePair {
  const { secret, publicKey } = generateByLibrary(spec)
  if (!publicKey) throw new TypeError(`${spec} makes no pair`)
  return { privateKey: secret, publicKey }
}
