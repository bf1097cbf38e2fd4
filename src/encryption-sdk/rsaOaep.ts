// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: RSA-OAEP (RFC 8017 section 7.1) with WebCrypto, whose mask generation always uses the hash
// that the message is hashed with: as the specification wants it.

import type { Bytes } from '../codec/bytes.ts'
import { EncryptionSdkError } from './errors.ts'
import { once } from './once.ts'
import { decodePem } from './pem.ts'

export type OaepHash = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'

const leastBits = 2048
const formats = { encrypt: 'spki', decrypt: 'pkcs8' } as const
type Direction = keyof typeof formats

/**
 * A CryptoKey is checked now; PEM is imported at first use, into a key that cannot be read again.
 * @throws EncryptionSdkError `invalid`, and so does the function that is returned
 */
export function oaepKey(
  key: CryptoKey | string,
  hash: OaepHash,
  direction: Direction,
): () => Promise<CryptoKey> {
  if (typeof key !== 'string') {
    assertOaepKey(key, hash, direction)
    return async () => key
  }
  const format = formats[direction]
  const der = decodePem(format, key)
  return once(() => importOaepKey(format, der, hash, direction))
}

async function importOaepKey(
  format: 'spki' | 'pkcs8',
  der: Bytes,
  hash: OaepHash,
  direction: Direction,
): Promise<CryptoKey> {
  const extractable = false
  const algorithm = { name: 'RSA-OAEP', hash }
  const key = await crypto.subtle
    .importKey(format, der, algorithm, extractable, [direction])
    .catch(() => {
      throw new EncryptionSdkError('invalid', 'The PEM holds no RSA key.')
    })
  assertOaepKey(key, hash, direction)
  return key
}

/** @throws EncryptionSdkError `invalid` */
function assertOaepKey(
  { algorithm, usages }: CryptoKey,
  hash: OaepHash,
  direction: Direction,
): void {
  const { name, modulusLength, hash: own } = algorithm as RsaHashedKeyAlgorithm
  if (name !== 'RSA-OAEP' || own.name !== hash || !usages.includes(direction)) {
    throw new EncryptionSdkError(
      'invalid',
      `The key is not for RSA-OAEP with ${hash}, ${direction}.`,
    )
  }
  if (modulusLength < leastBits) {
    throw new EncryptionSdkError('invalid', `RSA keys have ${leastBits} bits or more.`)
  }
}

export const oaepEncrypt = async (publicKey: CryptoKey, plaintext: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.encrypt({ name: 'RSA-OAEP' }, publicKey, plaintext))

/** @throws EncryptionSdkError `no-key`, always the same */
export async function oaepDecrypt(privateKey: CryptoKey, ciphertext: Bytes): Promise<Bytes> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'RSA-OAEP' }, privateKey, ciphertext))
  } catch {
    throw new EncryptionSdkError('no-key', 'Not under this private key with this padding.')
  }
}
