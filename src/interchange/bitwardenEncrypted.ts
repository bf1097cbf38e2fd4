// interchange: files of other password managers, read and written; pure. This file: opens Bitwarden's JSON that is
// encrypted with a password. https://bitwarden.com/help/encrypted-export/ and its whitepaper: a key from the
// password (PBKDF2-SHA256 or Argon2id), of which HKDF-Expand (RFC 5869 section 2.3) makes one for AES-256-CBC and one
// for HMAC-SHA256; a text is `2.iv|ciphertext|mac`, each in base64.

import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { decodeBase64, decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import { type Argon2, argon2Key } from './argon2.ts'
import { type JsonObject, member, parseJson, text } from './json.ts'
import { mostPbkdf2Iterations } from './limits.ts'
import { refuse } from './refusal.ts'

interface Keys {
  readonly encryption: CryptoKey
  readonly mac: CryptoKey
}

export async function openBitwarden(
  file: JsonObject,
  password: string | undefined,
  argon2: Argon2 | undefined,
): Promise<unknown> {
  if (member(file, 'passwordProtected') !== true) refuse('account-encrypted')
  if (password === undefined || password === '') refuse('needs-password')
  const validation = parseEncrypted(text(file, 'encKeyValidation_DO_NOT_EDIT'))
  const data = parseEncrypted(text(file, 'data'))
  const keys = await keysOf(await passwordKey(file, password, argon2))
  // Tells a wrong password from a damaged file.
  if (!(await isAuthentic(validation, keys))) refuse('wrong-password')
  if (!(await isAuthentic(data, keys))) refuse('damaged')
  return parseJson(await decrypt(data, keys))
}

async function passwordKey(
  file: JsonObject,
  password: string,
  argon2: Argon2 | undefined,
): Promise<Bytes> {
  const salt = encodeUtf8(text(file, 'salt'))
  const iterations = wholeNumber(file, 'kdfIterations')
  switch (member(file, 'kdfType')) {
    case 0:
      return pbkdf2(password, salt, iterations)
    case 1:
      return argon2Key(argon2, {
        type: 'argon2id',
        password: encodeUtf8(password),
        // Bitwarden hashes the salt first, since Argon2 wants at least 8 bytes.
        salt: new Uint8Array(await crypto.subtle.digest('SHA-256', salt)),
        memoryKiB: wholeNumber(file, 'kdfMemory') * 1024,
        iterations,
        parallelism: wholeNumber(file, 'kdfParallelism'),
      })
    default:
      return refuse('unknown-encryption')
  }
}

function wholeNumber(file: JsonObject, name: string): number {
  const value = member(file, name)
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
    ? value
    : refuse('damaged')
}

async function pbkdf2(password: string, salt: Bytes, iterations: number): Promise<Bytes> {
  if (iterations > mostPbkdf2Iterations) refuse('too-costly')
  const key = await crypto.subtle.importKey('raw', encodeUtf8(password), 'PBKDF2', false, [
    'deriveBits',
  ])
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, key, 256),
  )
}

const hmac = { name: 'HMAC', hash: 'SHA-256' }

async function keysOf(key: Bytes): Promise<Keys> {
  const expand = await crypto.subtle.importKey('raw', key, hmac, false, ['sign'])
  // HKDF-Expand of one block: T(1) = HMAC(PRK, info | 0x01). WebCrypto's HKDF would extract first.
  const block = (info: string) =>
    crypto.subtle.sign('HMAC', expand, concatBytes(encodeUtf8(info), Uint8Array.of(1)))
  return {
    encryption: await crypto.subtle.importKey('raw', await block('enc'), 'AES-CBC', false, [
      'decrypt',
    ]),
    mac: await crypto.subtle.importKey('raw', await block('mac'), hmac, false, ['verify']),
  }
}

interface Encrypted {
  readonly iv: Bytes
  readonly ciphertext: Bytes
  readonly mac: Bytes
}

function parseEncrypted(written: string): Encrypted {
  // The parts are split, not matched: a pattern over the whole of a large file overflows in some engines.
  const [head = '', ciphertext = '', mac = '', ...more] = written.split('|')
  if (!head.startsWith('2.') || more.length > 0) refuse('damaged')
  try {
    const iv = decodeBase64(head.slice(2))
    if (iv.byteLength !== 16) refuse('damaged')
    return { iv, ciphertext: decodeBase64(ciphertext), mac: decodeBase64(mac) }
  } catch {
    return refuse('damaged')
  }
}

const isAuthentic = ({ iv, ciphertext, mac }: Encrypted, keys: Keys): Promise<boolean> =>
  crypto.subtle.verify('HMAC', keys.mac, mac, concatBytes(iv, ciphertext))

async function decrypt({ iv, ciphertext }: Encrypted, keys: Keys): Promise<string> {
  try {
    const plain = await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, keys.encryption, ciphertext)
    return decodeUtf8(new Uint8Array(plain))
  } catch {
    return refuse('damaged')
  }
}
