// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: AES in the modes that
// other systems use, and Triple DES for what they left behind (NIST SP 800-38A, 800-38D).
//
// Whoever encrypts gets a fresh initial vector and cannot choose one: a second use of one would give the plaintext
// away in GCM and CTR. Keys of 128 and 256 bits are WebCrypto's; Chromium has none of 192 bits, so their bytes
// are visible to JavaScript for the call.

import { cbc, ctr, gcm } from '@noble/ciphers/aes.js'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { withoutPadding } from '../codec/padding.ts'
import { tripleDesCbcDecrypt } from '../codec/tripleDes.ts'
import type { CipherMechanism, EncryptionMechanism } from '../protocol/keySpecs.ts'
import { algorithmOf } from './algorithms.ts'
import type { WrappedMaterial } from './materials.ts'
import type { UnlockedVault } from './unlocked.ts'

const blockBytes = 16
const desBlockBytes = 8
const tagBytes = 16

const modes = {
  AES_GCM: { webCrypto: 'AES-GCM', ivBytes: 12 },
  AES_CBC: { webCrypto: 'AES-CBC', ivBytes: blockBytes },
  AES_CBC_PAD: { webCrypto: 'AES-CBC', ivBytes: blockBytes },
  AES_CTR: { webCrypto: 'AES-CTR', ivBytes: blockBytes },
  DES3_CBC: { webCrypto: null, ivBytes: desBlockBytes },
  DES3_CBC_PAD: { webCrypto: null, ivBytes: desBlockBytes },
} as const satisfies Record<CipherMechanism, object>

/** How long the initial vector of a mechanism is. */
export const ivBytesOf = (mechanism: CipherMechanism): number => modes[mechanism].ivBytes

/** What whole data must be a multiple of, where the mechanism does not pad; else 1. */
export const wholeBytesOf = (mechanism: CipherMechanism): number =>
  mechanism === 'AES_CBC' ? blockBytes : mechanism === 'DES3_CBC' ? desBlockBytes : 1

interface Parameters {
  readonly mechanism: CipherMechanism
  readonly iv: Bytes
  /** Of GCM alone. */
  readonly additionalData: Bytes
}

interface Cipher {
  encrypt(plaintext: Bytes): Promise<Bytes>
  /** Fails, in whatever way, where key, data or tag do not fit. */
  decrypt(ciphertext: Bytes): Promise<Bytes>
}

function webCryptoParameters({
  mechanism,
  iv,
  additionalData,
}: Parameters): AesCtrParams & AesGcmParams {
  const name = modes[mechanism].webCrypto ?? ''
  return { name, iv, additionalData, tagLength: tagBytes * 8, counter: iv, length: blockBytes * 8 }
}

function byWebCrypto(key: CryptoKey, parameters: Parameters): Cipher {
  const how = webCryptoParameters(parameters)
  const encrypt = async (plaintext: Bytes) =>
    new Uint8Array(await crypto.subtle.encrypt(how, key, plaintext))
  const decrypt = async (ciphertext: Bytes) =>
    new Uint8Array(await crypto.subtle.decrypt(how, key, ciphertext))
  if (parameters.mechanism !== 'AES_CBC') return { encrypt, decrypt }
  return {
    encrypt: async (plaintext) => (await encrypt(plaintext)).slice(0, plaintext.byteLength),
    // WebCrypto's CBC always has padding. A whole block of it goes after the last block: that is what an empty
    // plaintext becomes with that block as its vector.
    async decrypt(ciphertext) {
      const last = ciphertext.slice(-blockBytes)
      const padding = await crypto.subtle.encrypt(
        { name: 'AES-CBC', iv: last },
        key,
        new Uint8Array(),
      )
      return decrypt(concatBytes(ciphertext, new Uint8Array(padding)))
    },
  }
}

function byLibrary(secret: Bytes, { mechanism, iv, additionalData }: Parameters): Cipher {
  const cipher = {
    AES_GCM: () => gcm(secret, iv, additionalData),
    AES_CBC: () => cbc(secret, iv, { disablePadding: true }),
    AES_CBC_PAD: () => cbc(secret, iv),
    AES_CTR: () => ctr(secret, iv),
    DES3_CBC: () => tripleDes(secret, iv, false),
    DES3_CBC_PAD: () => tripleDes(secret, iv, true),
  }[mechanism]()
  return {
    encrypt: async (plaintext) => concatBytes(cipher.encrypt(plaintext)),
    decrypt: async (ciphertext) => concatBytes(cipher.decrypt(ciphertext)),
  }
}

const tripleDes = (secret: Bytes, iv: Bytes, padded: boolean) => ({
  encrypt(): never {
    throw new TypeError('nothing new is made with Triple DES')
  },
  decrypt(ciphertext: Uint8Array): Uint8Array {
    const plaintext = tripleDesCbcDecrypt(secret, iv, concatBytes(ciphertext))
    const found = padded ? withoutPadding(plaintext, desBlockBytes) : plaintext
    if (!found) throw new RangeError('no padding')
    return found
  },
})

async function withCipher<T>(
  { materials }: UnlockedVault,
  material: WrappedMaterial,
  parameters: Parameters,
  work: (cipher: Cipher) => Promise<T>,
): Promise<T> {
  const row = algorithmOf(material.spec)
  const name = modes[parameters.mechanism].webCrypto
  if (row.family !== 'aes' || row.bytes === 24 || !name) {
    return materials.withRevealedBytes(material, (secret) => work(byLibrary(secret, parameters)))
  }
  const key = await materials.key(material, {
    algorithm: { name },
    usages: ['encrypt', 'decrypt'],
  })
  return work(byWebCrypto(key, parameters))
}

export interface EncryptedData {
  readonly iv: Bytes
  /** Of GCM, with the tag of 16 bytes at its end. */
  readonly ciphertext: Bytes
}

export async function encryptData(
  vault: UnlockedVault,
  material: WrappedMaterial,
  mechanism: EncryptionMechanism,
  { plaintext, additionalData }: { readonly plaintext: Bytes; readonly additionalData: Bytes },
): Promise<EncryptedData> {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytesOf(mechanism)))
  const parameters = { mechanism, iv, additionalData }
  const ciphertext = await withCipher(vault, material, parameters, (cipher) =>
    cipher.encrypt(plaintext),
  )
  return { iv, ciphertext }
}

/** The plaintext, or `null` where key, vector, additional data and ciphertext do not belong together. */
export function decryptData(
  vault: UnlockedVault,
  material: WrappedMaterial,
  parameters: Parameters,
  ciphertext: Bytes,
): Promise<Bytes | null> {
  return withCipher(vault, material, parameters, (cipher) =>
    cipher.decrypt(ciphertext).catch(() => null),
  )
}
