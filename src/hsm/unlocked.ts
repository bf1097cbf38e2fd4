// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: the vault while
// it is open. Everything that needs one of its keys is a method here; the keys themselves never leave.

import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, joinUnambiguously } from '../codec/bytes.ts'
import { encodeBase64Url, encodeHex, encodeUtf8 } from '../codec/text.ts'
import {
  aesGcm,
  bindTo,
  damaged,
  extractableToWrap,
  notExtractable,
  open,
  seal,
  unwrap,
  wrap,
} from './binding.ts'

const purposes = ['records', 'wrap'] as const
type Purpose = (typeof purposes)[number]

const hkdf = (vaultId: string, purpose: string) => ({
  name: 'HKDF',
  hash: 'SHA-256',
  salt: encodeUtf8(vaultId),
  info: encodeUtf8(`keyhearth/1 ${purpose}`),
})

const deriveAes = (vaultId: string, vaultKey: CryptoKey, purpose: Purpose) =>
  crypto.subtle.deriveKey(
    hkdf(vaultId, purpose),
    vaultKey,
    aesGcm,
    notExtractable,
    purpose === 'wrap' ? ['wrapKey', 'unwrapKey'] : ['encrypt', 'decrypt'],
  )

/** One version of a KMS key's backing key, wrapped. */
export interface WrappedMaterial {
  readonly keyId: string
  /** 64 hex digits, as AWS's KeyMaterialId. */
  readonly materialId: string
  readonly spec: 'SYMMETRIC_DEFAULT'
  readonly wrapped: Bytes
}

/** A message under a backing key. `salt` makes each its own AES key, as AWS KMS does. */
export interface Sealed {
  readonly salt: Bytes
  readonly ciphertext: Bytes
}

export class UnlockedVault {
  readonly vaultId: string
  readonly #records: CryptoKey
  readonly #wrap: CryptoKey
  /** Index labels must be made synchronously and often; the key opens nothing. */
  readonly #labelKey: Bytes
  readonly #materials = new Map<string, Promise<CryptoKey>>()

  private constructor(vaultId: string, records: CryptoKey, wrapKey: CryptoKey, labelKey: Bytes) {
    this.vaultId = vaultId
    this.#records = records
    this.#wrap = wrapKey
    this.#labelKey = labelKey
  }

  static async from(vaultId: string, vaultKey: CryptoKey): Promise<UnlockedVault> {
    const labelSource = crypto.subtle
      .deriveKey(
        hkdf(vaultId, 'labels'),
        vaultKey,
        { name: 'HMAC', hash: 'SHA-256', length: 256 },
        notExtractable,
        ['sign'],
      )
      .then((key) => crypto.subtle.sign('HMAC', key, encodeUtf8('label key')))
    const [records, wrapKey, label] = await Promise.all([
      deriveAes(vaultId, vaultKey, 'records'),
      deriveAes(vaultId, vaultKey, 'wrap'),
      labelSource,
    ])
    return new UnlockedVault(vaultId, records, wrapKey, new Uint8Array(label))
  }

  /** A keyed, one-way label by which a name can be found again but not read. */
  label(kind: string, name: string): string {
    const mac = hmac(sha256, this.#labelKey, joinUnambiguously(kind, name))
    return encodeBase64Url(mac.slice(0, 16))
  }

  seal(place: readonly string[], plaintext: Bytes): Promise<Bytes> {
    return seal(this.#records, bindTo('record', this.vaultId, ...place), plaintext)
  }

  /** @throws KeyhearthError `record-damaged` naming the kind of record, never its content. */
  async open(place: readonly string[], sealed: Bytes): Promise<Bytes> {
    const plaintext = await open(this.#records, bindTo('record', this.vaultId, ...place), sealed)
    if (!plaintext) throw damaged(place[0] ?? 'record')
    return plaintext
  }

  /** A fresh AES-256 backing key: generated and wrapped by the browser, never seen by JavaScript. */
  async generateMaterial(keyId: string): Promise<WrappedMaterial> {
    const materialId = encodeHex(crypto.getRandomValues(new Uint8Array(32)))
    const spec = 'SYMMETRIC_DEFAULT'
    const key = await crypto.subtle.generateKey(aesGcm, extractableToWrap, ['encrypt'])
    const binding = this.#materialPlace({ keyId, materialId, spec })
    return { keyId, materialId, spec, wrapped: await wrap(this.#wrap, binding, key) }
  }

  async encryptUnder(material: WrappedMaterial, aad: Bytes, plaintext: Bytes): Promise<Sealed> {
    const salt = crypto.getRandomValues(new Uint8Array(16))
    const key = await this.#messageKey(material, salt)
    return { salt, ciphertext: await seal(key, aad, plaintext) }
  }

  /** The plaintext, or `null` where key, additional data or ciphertext do not belong together. */
  async decryptUnder(material: WrappedMaterial, aad: Bytes, sealed: Sealed): Promise<Bytes | null> {
    return open(await this.#messageKey(material, sealed.salt), aad, sealed.ciphertext)
  }

  async #messageKey(material: WrappedMaterial, salt: Bytes): Promise<CryptoKey> {
    const info = encodeUtf8('keyhearth/1 kms message')
    return crypto.subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt, info },
      await this.#backingKey(material),
      aesGcm,
      notExtractable,
      ['encrypt', 'decrypt'],
    )
  }

  /** Unwrapped once, then kept until the vault locks and this object goes. */
  #backingKey(material: WrappedMaterial): Promise<CryptoKey> {
    const known = this.#materials.get(material.materialId)
    if (known) return known
    const opening = unwrap(this.#wrap, this.#materialPlace(material), material.wrapped, {
      algorithm: 'HKDF',
      extractable: notExtractable,
      usages: ['deriveKey'],
    }).then((key) => {
      if (!key) throw damaged('key material')
      return key
    })
    this.#materials.set(material.materialId, opening)
    opening.catch(() => this.#materials.delete(material.materialId))
    return opening
  }

  #materialPlace({ keyId, materialId, spec }: Omit<WrappedMaterial, 'wrapped'>): Bytes {
    return bindTo('material', this.vaultId, keyId, materialId, spec)
  }
}
