// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: what of WebCrypto
// the TypeScript library does not name yet (W3C "Modern Algorithms in the Web Cryptography API"), and keys read by it
// for libraries.

import type { Bytes } from '../codec/bytes.ts'

export type Usage = KeyUsage | 'encapsulateBits' | 'decapsulateBits'

interface ModernSubtle {
  generateKey(
    algorithm: AlgorithmIdentifier,
    extractable: boolean,
    usages: readonly Usage[],
  ): Promise<CryptoKey | CryptoKeyPair>
  importKey(
    format: 'raw' | 'pkcs8' | 'spki',
    data: BufferSource,
    algorithm: AlgorithmIdentifier,
    extractable: boolean,
    usages: readonly Usage[],
  ): Promise<CryptoKey>
  unwrapKey(
    format: 'raw' | 'pkcs8',
    wrapped: BufferSource,
    by: CryptoKey,
    how: AlgorithmIdentifier,
    algorithm: AlgorithmIdentifier,
    extractable: boolean,
    usages: readonly Usage[],
  ): Promise<CryptoKey>
  encapsulateBits(
    algorithm: AlgorithmIdentifier,
    publicKey: CryptoKey,
  ): Promise<{ readonly sharedKey: ArrayBuffer; readonly ciphertext: ArrayBuffer }>
  decapsulateBits(
    algorithm: AlgorithmIdentifier,
    privateKey: CryptoKey,
    ciphertext: BufferSource,
  ): Promise<ArrayBuffer>
}

export const subtle = (): ModernSubtle => crypto.subtle as unknown as ModernSubtle

/** Whether this browser says it can; `null` where it says nothing (Firefox has no `supports`). */
export function browserSupports(operation: string, algorithm: AlgorithmIdentifier): boolean | null {
  const { supports } = globalThis.SubtleCrypto as unknown as {
    supports?: (operation: string, algorithm: AlgorithmIdentifier) => boolean
  }
  return supports ? supports.call(globalThis.SubtleCrypto, operation, algorithm) : null
}

/** For keys of RSA whatever they are for. */
export const rsaImport = { name: 'RSA-PSS', hash: 'SHA-256' } as const

/** The numbers of a key. Strings cannot be cleared: for what WebCrypto itself does not do. */
export async function asJwk(
  format: 'pkcs8' | 'spki',
  bytes: Bytes,
  algorithm: RsaHashedImportParams | EcKeyImportParams,
): Promise<JsonWebKey> {
  const usages: KeyUsage[] = [format === 'pkcs8' ? 'sign' : 'verify']
  const extractable = true
  const key = await crypto.subtle.importKey(format, bytes, algorithm, extractable, usages)
  return crypto.subtle.exportKey('jwk', key)
}
