// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: private keys of OpenSSH (PROTOCOL.key of its sources): one key, plain or under a passphrase.

import { ctr } from '@noble/ciphers/aes.js'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { writePkcs8 } from '../codec/keyInfo.ts'
import { Reader } from '../codec/reader.ts'
import { decodeUtf8, encodeHex, encodeUtf8 } from '../codec/text.ts'
import { bcryptPbkdf } from './bcryptPbkdf.ts'
import { curveOfSshType, curves } from './curves.ts'
import { type KeyFileOptions, refuse } from './keyFileError.ts'
import { fromRsaNumbers, fromScalar } from './privateKeys.ts'

const magic = 'openssh-key-v1\0'

const field = (reader: Reader): Bytes => reader.bytes(reader.uint32())
const text = (reader: Reader): string => decodeUtf8(field(reader))

/**
 * May throw what the reading of broken bytes throws: the caller names it.
 * @throws KeyFileError
 */
export async function readOpensshKey(
  bytes: Bytes,
  password: string | undefined,
  options: KeyFileOptions,
): Promise<{ readonly pkcs8: Bytes; readonly name: string }> {
  const reader = new Reader(bytes)
  if (decodeUtf8(reader.bytes(magic.length)) !== magic) refuse('damaged')
  const [cipher, kdf] = [text(reader), text(reader)]
  const kdfOptions = new Reader(field(reader))
  if (reader.uint32() !== 1) refuse('damaged')
  field(reader)
  const secret = field(reader)
  if (cipher === 'none') return readSecret(secret, 'damaged')
  if (cipher !== 'aes256-ctr' || kdf !== 'bcrypt') return refuse('unknown-encryption')
  if (!password) return refuse('needs-password')
  const salt = field(kdfOptions)
  const key = await bcryptPbkdf(encodeUtf8(password), salt, kdfOptions.uint32(), 48, options)
  const plain = concatBytes(ctr(key.subarray(0, 32), key.subarray(32)).decrypt(secret))
  return readSecret(plain, 'wrong-password')
}

/** Two equal numbers by chance stand before the key: they show that the passphrase was right. */
function readSecret(bytes: Bytes, otherwise: 'damaged' | 'wrong-password') {
  const reader = new Reader(bytes)
  const [once, again] = [reader.uint32(), reader.uint32()]
  if (once !== again) refuse(otherwise)
  const pkcs8 = readKey(text(reader), reader)
  return { pkcs8, name: text(reader) }
}

function readKey(type: string, reader: Reader): Bytes {
  if (type === 'ssh-ed25519') {
    const publicKey = field(reader)
    return writePkcs8('Ed25519', field(reader).slice(0, 32), publicKey)
  }
  if (type === 'ssh-rsa') return readRsa(reader)
  const curve = curveOfSshType(type) ?? refuse('not-recognised')
  field(reader)
  const point = field(reader)
  return fromScalar(curve, fixed(field(reader), curves[curve].coordinateBytes), point)
}

/** An SSH mpint as a number of that many bytes. */
function fixed(number: Bytes, length: number): Bytes {
  const digits = number[0] === 0 ? number.subarray(1) : number
  if (digits.byteLength > length) refuse('damaged')
  return concatBytes(new Uint8Array(length - digits.byteLength), digits)
}

/** The file leaves out what follows from the rest: d modulo each prime less one. */
function readRsa(reader: Reader): Bytes {
  const [n, e, d, coefficient, p, q] = Array.from({ length: 6 }, () => field(reader))
  if (!n || !e || !d || !coefficient || !p || !q) return refuse('damaged')
  return fromRsaNumbers([n, e, d, p, q, lessOne(d, p), lessOne(d, q), coefficient])
}

function lessOne(exponent: Bytes, prime: Bytes): Bytes {
  const value = BigInt(`0x${encodeHex(exponent)}`) % (BigInt(`0x${encodeHex(prime)}`) - 1n)
  const hex = value.toString(16)
  return Uint8Array.from((hex.length % 2 ? `0${hex}` : hex).match(/../g) ?? [], (digits) =>
    Number.parseInt(digits, 16),
  )
}
