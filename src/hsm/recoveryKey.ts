// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: the recovery
// key, 256 random bits written as 24 words (BIP 39, English list, 8 bits of checksum).

import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import type { Bytes } from '../codec/bytes.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { notExtractable } from './binding.ts'
import { deriveAesKey } from './derivedKeys.ts'

export const newRecoveryEntropy = (): Bytes => crypto.getRandomValues(new Uint8Array(32))

export const recoveryWords = (entropy: Bytes): string[] =>
  entropyToMnemonic(entropy, wordlist).split(' ')

/**
 * Words as a person types them (any case, any spacing, with or without their numbers) as entropy.
 * @throws KeyhearthError `recovery-words-malformed`
 */
export function recoveryEntropy(typed: string): Bytes {
  const words = typed
    .normalize('NFKD')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
  try {
    if (words.length !== 24) throw new RangeError('24 words')
    return new Uint8Array(mnemonicToEntropy(words.join(' '), wordlist))
  } catch {
    throw new KeyhearthError('recovery-words-malformed')
  }
}

/** The key a recovery slot is wrapped under: HKDF-SHA256 (RFC 5869), salted with the vault's id. */
export async function recoveryKey(entropy: Bytes, vaultId: string): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', entropy, 'HKDF', notExtractable, ['deriveKey'])
  return deriveAesKey(vaultId, base, 'recovery slot', ['wrapKey', 'unwrapKey'])
}
