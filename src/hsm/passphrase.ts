// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: from a
// passphrase to a key (Argon2id, RFC 9106).

import { argon2id } from 'hash-wasm'
import type { Bytes } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import type { Argon2Parameters } from '../store/schema.ts'
import { aesGcm, notExtractable } from './binding.ts'

/** RFC 9106 section 4, second recommended option (64 MiB, t=3), at one lane: a worker has one thread. */
export const argon2Now: Argon2Parameters = { memoryKib: 65536, iterations: 3, parallelism: 1 }

/** What a slot may ask for: a damaged or planted row must not hang the worker or weaken the key. */
const plausible = ({ memoryKib, iterations, parallelism }: Argon2Parameters): boolean =>
  memoryKib >= 8192 &&
  memoryKib <= 1 << 21 &&
  iterations >= 1 &&
  iterations <= 32 &&
  parallelism >= 1 &&
  parallelism <= 16

/**
 * The AES-256 key of a passphrase, or `null` where the parameters are not plausible.
 * Text is compared as typed on any keyboard: NFKC. Its bytes pass through JavaScript once, here.
 */
export async function passphraseKey(
  passphrase: string,
  salt: Bytes,
  argon2: Argon2Parameters,
): Promise<CryptoKey | null> {
  if (!plausible(argon2)) return null
  const hash = new Uint8Array(
    await argon2id({
      password: encodeUtf8(passphrase.normalize('NFKC')),
      salt,
      memorySize: argon2.memoryKib,
      iterations: argon2.iterations,
      parallelism: argon2.parallelism,
      hashLength: 32,
      outputType: 'binary',
    }),
  )
  try {
    return await crypto.subtle.importKey('raw', hash, aesGcm, notExtractable, [
      'wrapKey',
      'unwrapKey',
    ])
  } finally {
    hash.fill(0)
  }
}
