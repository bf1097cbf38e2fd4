// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: working keys, each for
// one purpose, from a key that is for nothing else (HKDF-SHA-256, RFC 5869).

import { encodeUtf8 } from '../codec/text.ts'
import { aesGcm, notExtractable } from './binding.ts'

/** Bound to this vault, so that the same words or material in another give other keys. */
export const derivationFor = (vaultId: string, purpose: string): HkdfParams => ({
  name: 'HKDF',
  hash: 'SHA-256',
  salt: encodeUtf8(vaultId),
  info: encodeUtf8(`keyhearth/1 ${purpose}`),
})

/** @param base for HKDF, with the usage deriveKey */
export const deriveAesKey = (
  vaultId: string,
  base: CryptoKey,
  purpose: string,
  usages: KeyUsage[],
): Promise<CryptoKey> =>
  crypto.subtle.deriveKey(derivationFor(vaultId, purpose), base, aesGcm, notExtractable, usages)
