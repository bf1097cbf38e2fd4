// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: private keys under a password, as OpenSSL and most programs open them: PKCS #8 by PBES2 (RFC 8018
// section 6.2), PBKDF2 with HMAC-SHA-256 and AES-256 in CBC mode.

import type { Bytes } from '../codec/bytes.ts'
import { derNull, derNumber, derOctets, derOid, derSequence } from '../codec/derValues.ts'
import { encodeUtf8 } from '../codec/text.ts'

/** As OWASP asks for of PBKDF2 with HMAC-SHA-256. */
const iterations = 600_000
const oids = {
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  hmacSha256: '1.2.840.113549.2.9',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
} as const

async function keyOf(password: string, salt: Bytes): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', encodeUtf8(password), 'PBKDF2', false, [
    'deriveKey',
  ])
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations }
  return crypto.subtle.deriveKey(how, base, { name: 'AES-CBC', length: 256 }, false, ['encrypt'])
}

function algorithmOf(salt: Bytes, iv: Bytes): Bytes {
  const prf = derSequence(derOid(oids.hmacSha256), derNull())
  const kdf = derSequence(derOctets(salt), derNumber(iterations), prf)
  return derSequence(
    derOid(oids.pbes2),
    derSequence(
      derSequence(derOid(oids.pbkdf2), kdf),
      derSequence(derOid(oids.aes256Cbc), derOctets(iv)),
    ),
  )
}

/** @returns EncryptedPrivateKeyInfo, DER (RFC 5958 section 3) */
export async function encryptPkcs8(pkcs8: Bytes, password: string): Promise<Bytes> {
  const [salt, iv] = [new Uint8Array(16), new Uint8Array(16)].map((bytes) =>
    crypto.getRandomValues(bytes),
  ) as [Bytes, Bytes]
  const key = await keyOf(password, salt)
  const sealed = await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, key, pkcs8)
  return derSequence(algorithmOf(salt, iv), derOctets(new Uint8Array(sealed)))
}
