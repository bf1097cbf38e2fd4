// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: the material of
// KMS keys: made or imported, wrapped at once, unwrapped to be used.
//
// Wrapped bytes are AES-256-GCM over the raw key or its PKCS #8, bound to vault, key, material and spec.
// Whether the browser or a library computes with them is decided where they are used, so a vault can move
// between browsers.

import type { Bytes } from '../codec/bytes.ts'
import { encodeHex } from '../codec/text.ts'
import type { KeySpec, KeyUsageType } from '../protocol/keySpecs.ts'
import type { Implementation } from '../protocol/kmsOutputs.ts'
import { generationOf, implementationOf, materialFormat } from './algorithms.ts'
import { bindTo, damaged, extractableToWrap, notExtractable, unwrap, wrap } from './binding.ts'
import { generateByLibrary } from './libraryKeys.ts'
import { subtle, type Usage } from './webCrypto.ts'

/** One version of a KMS key's material, wrapped. */
export interface WrappedMaterial {
  readonly keyId: string
  /** 64 hex digits, as AWS's KeyMaterialId. */
  readonly materialId: string
  readonly spec: KeySpec
  readonly wrapped: Bytes
}

export interface NewMaterial {
  readonly material: WrappedMaterial
  /** Subject public key info; `null` for symmetric keys. */
  readonly publicKey: Bytes | null
  readonly implementation: Implementation
}

/** What an unwrapped key is to be, for WebCrypto. */
export interface Use {
  readonly algorithm: AlgorithmIdentifier
  readonly usages: readonly Usage[]
}

type Place = Omit<WrappedMaterial, 'wrapped'>

/** Bytes of any length, as a key that can be wrapped and unwrapped. */
const anyBytes = { name: 'HMAC', hash: 'SHA-256' } as const

export class Materials {
  readonly #vaultId: string
  readonly #wrap: CryptoKey
  readonly #keys = new Map<string, Promise<CryptoKey>>()

  constructor(vaultId: string, wrapKey: CryptoKey) {
    this.#vaultId = vaultId
    this.#wrap = wrapKey
  }

  /** Fresh material. Where WebCrypto has the algorithm, its bytes are never in JavaScript. */
  async generate(keyId: string, spec: KeySpec, usage: KeyUsageType): Promise<NewMaterial> {
    const materialId = encodeHex(crypto.getRandomValues(new Uint8Array(32)))
    const place = { keyId, materialId, spec }
    const implementation = implementationOf(spec, usage)
    const generation = generationOf(spec, usage)
    if (implementation === 'JavaScript' || !generation) {
      const { secret, publicKey } = generateByLibrary(spec)
      return { material: await this.wrapBytes(place, secret), publicKey, implementation }
    }
    const made = await subtle().generateKey(
      generation.algorithm,
      extractableToWrap,
      generation.usages,
    )
    const [secret, shared] = 'privateKey' in made ? [made.privateKey, made.publicKey] : [made, null]
    const material = await this.wrapKey(place, secret)
    const publicKey = shared && new Uint8Array(await crypto.subtle.exportKey('spki', shared))
    return { material, publicKey, implementation }
  }

  /** Wraps material that is bytes already, and clears them. */
  async wrapBytes(place: Place, secret: Bytes): Promise<WrappedMaterial> {
    const key = await crypto.subtle.importKey('raw', secret, anyBytes, extractableToWrap, ['sign'])
    secret.fill(0)
    return { ...place, wrapped: await wrap(this.#wrap, this.#binding(place), key) }
  }

  /** Wraps a private key of the browser's that is no key of the vault itself. */
  async wrapKey(place: Place, key: CryptoKey): Promise<WrappedMaterial> {
    const format = materialFormat(place.spec)
    return { ...place, wrapped: await wrap(this.#wrap, this.#binding(place), key, format) }
  }

  /** Unwrapped once for each use, then kept until the vault locks and this object goes. */
  key(material: WrappedMaterial, use: Use): Promise<CryptoKey> {
    const name = `${material.materialId} ${JSON.stringify(use)}`
    const known = this.#keys.get(name)
    if (known) return known
    const opening = this.#unwrap(material, use)
    this.#keys.set(name, opening)
    opening.catch(() => this.#keys.delete(name))
    return opening
  }

  async #unwrap(material: WrappedMaterial, { algorithm, usages }: Use): Promise<CryptoKey> {
    const format = materialFormat(material.spec)
    const as = { format, algorithm, extractable: notExtractable, usages }
    const key = await unwrap(this.#wrap, this.#binding(material), material.wrapped, as)
    if (!key) throw damaged('key material')
    return key
  }

  /**
   * Calls `work` with the material's bytes and clears them after: for what only a library can do. Copies
   * that the library or the engine makes are beyond reach.
   */
  async withRevealedBytes<T>(
    material: WrappedMaterial,
    work: (secret: Bytes) => T | Promise<T>,
  ): Promise<T> {
    const as = { format: 'raw', algorithm: anyBytes, extractable: true, usages: ['sign'] } as const
    const key = await unwrap(this.#wrap, this.#binding(material), material.wrapped, as)
    if (!key) throw damaged('key material')
    const secret = new Uint8Array(await crypto.subtle.exportKey('raw', key))
    try {
      return await work(secret)
    } finally {
      secret.fill(0)
    }
  }

  #binding({ keyId, materialId, spec }: Place): Bytes {
    return bindTo('material', this.#vaultId, keyId, materialId, spec)
  }
}
