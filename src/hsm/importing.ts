// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: how key material
// travels into the vault: under an RSA key made for this one import, by RSAES-OAEP directly, or by an AES
// key under it (RSA_AES_KEY_WRAP: PKCS #11, CKM_RSA_AES_KEY_WRAP; RFC 5649 inside).
//
// The import token is the state: parameters and wrapped private key, sealed for this vault. Nothing is
// kept here meanwhile, and a token of another vault, or a changed one, does not open.

import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../codec/text.ts'
import type { HashName } from './algorithms.ts'
import { extractableToWrap } from './binding.ts'
import { unwrapByRsa } from './keyWrapping.ts'
import type { WrappedMaterial } from './materials.ts'
import type { UnlockedVault } from './unlocked.ts'

export type ImportAlgorithm =
  | 'RSAES_OAEP_SHA_1'
  | 'RSAES_OAEP_SHA_256'
  | 'RSA_AES_KEY_WRAP_SHA_1'
  | 'RSA_AES_KEY_WRAP_SHA_256'
export type ImportSpec = 'RSA_2048' | 'RSA_3072' | 'RSA_4096'

interface Parameters {
  readonly keyId: string
  readonly algorithm: ImportAlgorithm
  readonly spec: ImportSpec
  /** Milliseconds since 1970. */
  readonly validTo: number
  readonly materialId: string
  readonly wrapped: string
}

const tokenPlace = ['import token'] as const
const publicExponent = Uint8Array.of(1, 0, 1)
const bitsOf = (spec: ImportSpec): number => Number(spec.slice('RSA_'.length))
const hashOf = (algorithm: ImportAlgorithm): HashName =>
  algorithm.endsWith('SHA_1') ? 'SHA-1' : 'SHA-256'

export interface ImportParameters {
  readonly token: Bytes
  /** Subject public key info. */
  readonly publicKey: Bytes
}

export async function makeImportParameters(
  vault: UnlockedVault,
  wanted: Pick<Parameters, 'keyId' | 'algorithm' | 'spec' | 'validTo'>,
): Promise<ImportParameters> {
  const { spec, algorithm } = wanted
  const rsa = {
    name: 'RSA-OAEP',
    hash: hashOf(algorithm),
    modulusLength: bitsOf(spec),
    publicExponent,
  }
  const usages = ['encrypt', 'decrypt'] as const
  const pair = await crypto.subtle.generateKey(rsa, extractableToWrap, usages)
  const place = { keyId: wanted.keyId, materialId: `import ${crypto.randomUUID()}`, spec }
  const { wrapped } = await vault.materials.wrapKey(place, pair.privateKey)
  const parameters: Parameters = {
    ...wanted,
    materialId: place.materialId,
    wrapped: encodeBase64(wrapped),
  }
  const token = await vault.seal(tokenPlace, encodeUtf8(JSON.stringify(parameters)))
  return { token, publicKey: new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)) }
}

export interface ImportToken extends Omit<Parameters, 'wrapped' | 'materialId'> {
  readonly material: WrappedMaterial
}

/** `null` where it is no token of this vault. */
export async function openImportToken(
  vault: UnlockedVault,
  token: Bytes,
): Promise<ImportToken | null> {
  try {
    const opened = decodeUtf8(await vault.open(tokenPlace, token))
    const { wrapped, materialId, ...rest } = JSON.parse(opened) as Parameters
    const { keyId, spec } = rest
    return { ...rest, material: { keyId, materialId, spec, wrapped: decodeBase64(wrapped) } }
  } catch {
    return null
  }
}

/** The key material that was encrypted for this token, or `null` where it does not open. */
export async function openImported(
  vault: UnlockedVault,
  token: ImportToken,
  encrypted: Bytes,
): Promise<Bytes | null> {
  const { algorithm, material } = token
  const wrapping = { hash: hashOf(algorithm), viaAes: algorithm.startsWith('RSA_AES') }
  return unwrapByRsa(vault, material, wrapping, encrypted).catch(() => null)
}
