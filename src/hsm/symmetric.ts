// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: encrypting under
// symmetric KMS keys. Messages are under AES-256 keys derived by HKDF-SHA-256 (RFC 5869) from the material
// and a random salt that stands in the message, so random IVs never wear the material itself out.
//
// One salt serves many messages of one unlocking: at most 2^20, where NIST SP 800-38D section 8.3 allows
// 2^32 for one key with random IVs. Deriving costs more than encrypting a small message.

import type { Bytes } from '../codec/bytes.ts'
import type { Sealed } from '../codec/ciphertextBlob.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { aesGcm, notExtractable, open, seal } from './binding.ts'
import type { Materials, Use, WrappedMaterial } from './materials.ts'
import type { UnlockedVault } from './unlocked.ts'

const derive: Use = { algorithm: 'HKDF', usages: ['deriveKey'] }
const saltBytes = 16
const mostMessages = 2 ** 20
/** Keys kept for decrypting; the least lately used goes first. */
const mostKept = 256

const messageKeyInfo = encodeUtf8('keyhearth/1 kms message')

/** @param material of a KMS key, for HKDF */
export const deriveMessageKey = (material: CryptoKey, salt: Bytes): Promise<CryptoKey> =>
  crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt, info: messageKeyInfo },
    material,
    aesGcm,
    notExtractable,
    ['encrypt', 'decrypt'],
  )

const deriveKey = async (
  materials: Materials,
  material: WrappedMaterial,
  salt: Bytes,
): Promise<CryptoKey> => deriveMessageKey(await materials.key(material, derive), salt)

interface Writing {
  readonly salt: Bytes
  readonly key: Promise<CryptoKey>
  messages: number
}

/** The message keys of one unlocking; dropped with it. */
export class MessageKeys {
  readonly #writing = new Map<string, Writing>()
  readonly #reading = new Map<string, Promise<CryptoKey>>()

  forWriting(materials: Materials, material: WrappedMaterial): Writing {
    const present = this.#writing.get(material.materialId)
    if (present && present.messages < mostMessages) {
      present.messages++
      return present
    }
    const salt = crypto.getRandomValues(new Uint8Array(saltBytes))
    const fresh = { salt, key: deriveKey(materials, material, salt), messages: 1 }
    this.#writing.set(material.materialId, fresh)
    fresh.key.catch(() => this.#writing.delete(material.materialId))
    return fresh
  }

  forReading(materials: Materials, material: WrappedMaterial, salt: Bytes): Promise<CryptoKey> {
    const name = `${material.materialId} ${salt.join()}`
    const known = this.#reading.get(name)
    const key = known ?? deriveKey(materials, material, salt)
    if (known) this.#reading.delete(name)
    this.#reading.set(name, key)
    if (this.#reading.size > mostKept) this.#forgetOldest()
    if (!known) key.catch(() => this.#reading.delete(name))
    return key
  }

  #forgetOldest(): void {
    const [oldest] = this.#reading.keys()
    if (oldest !== undefined) this.#reading.delete(oldest)
  }
}

export async function encryptUnder(
  { materials, messageKeys }: UnlockedVault,
  material: WrappedMaterial,
  aad: Bytes,
  plaintext: Bytes,
): Promise<Sealed> {
  const { salt, key } = messageKeys.forWriting(materials, material)
  return { salt, ciphertext: await seal(await key, aad, plaintext) }
}

/** The plaintext, or `null` where key, additional data or ciphertext do not belong together. */
export async function decryptUnder(
  { materials, messageKeys }: UnlockedVault,
  material: WrappedMaterial,
  aad: Bytes,
  { salt, ciphertext }: Sealed,
): Promise<Bytes | null> {
  return open(await messageKeys.forReading(materials, material, salt), aad, ciphertext)
}
