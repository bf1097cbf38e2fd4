// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: encryption under a password: PBES2 (RFC 8018 section 6.2) and PKCS #12's old schemes (RFC 7292
// appendix C), decryption alone.

import { cbc } from '@noble/ciphers/aes.js'
import { scrypt } from 'hash-wasm'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { DerFields, tags } from '../codec/der.ts'
import { readNumber, readOctets } from '../codec/derValues.ts'
import { withoutPadding } from '../codec/padding.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { tripleDesCbcDecrypt } from '../codec/tripleDes.ts'
import { type AlgorithmIdentifier, readAlgorithm } from './algorithmIdentifier.ts'
import { type KeyFileOptions, orCancelled, refuse } from './keyFileError.ts'
import { mostIterations, pkcs12Key } from './pkcs12Kdf.ts'
import { rc2CbcDecrypt } from './rc2.ts'

/** One password as each of the schemes wants its bytes. */
export interface PasswordBytes {
  readonly utf8: Bytes
  /** UTF-16, big-endian, with two zeros at its end (RFC 7292 appendix B.1), or nothing at all. */
  readonly bmp: Bytes
}

function bmpOf(password: string): Bytes {
  const out = new Uint8Array(2 * password.length + 2)
  for (let at = 0; at < password.length; at++) {
    new DataView(out.buffer).setUint16(2 * at, password.charCodeAt(at))
  }
  return out
}

/** What programs make of a password: an empty one may be two zeros or nothing; some write UTF-16 for PBES2. */
export function passwordForms(password: string): readonly PasswordBytes[] {
  const [utf8, bmp] = [encodeUtf8(password), bmpOf(password)]
  const forms = [
    { utf8, bmp },
    { utf8: bmp, bmp },
  ]
  return password === '' ? [...forms, { utf8, bmp: new Uint8Array(0) }] : forms
}

type Decrypt = (encrypted: Bytes) => Bytes

/** @throws KeyFileError; `wrong-password` where the padding does not fit */
export async function decryptUnderPassword(
  algorithm: AlgorithmIdentifier,
  encrypted: Bytes,
  password: PasswordBytes,
  options: KeyFileOptions,
): Promise<Bytes> {
  if (!algorithm.parameters) return refuse('damaged')
  const decrypt =
    algorithm.oid === '1.2.840.113549.1.5.13'
      ? await pbes2(algorithm.parameters, password.utf8, options)
      : await pkcs12Scheme(algorithm.oid, algorithm.parameters, password.bmp, options)
  return decrypt(encrypted)
}

const unpadded = (bytes: Bytes): Bytes => withoutPadding(bytes, 8) ?? refuse('wrong-password')

function inBlocks(decrypt: Decrypt, blockBytes: number): Decrypt {
  return (encrypted) => {
    const { byteLength } = encrypted
    return byteLength === 0 || byteLength % blockBytes !== 0
      ? refuse('damaged')
      : decrypt(encrypted)
  }
}

const tripleDes = (key: Bytes, iv: Bytes): Decrypt =>
  inBlocks((encrypted) => unpadded(tripleDesCbcDecrypt(key, iv, encrypted)), 8)

const rc2 = (key: Bytes, bits: number, iv: Bytes): Decrypt =>
  inBlocks((encrypted) => unpadded(rc2CbcDecrypt(key, bits, iv, encrypted)), 8)

const aes = (key: Bytes, iv: Bytes): Decrypt =>
  inBlocks((encrypted) => {
    try {
      return concatBytes(cbc(key, iv).decrypt(encrypted))
    } catch {
      return refuse('wrong-password')
    }
  }, 16)

const pkcs12Schemes = new Map([
  ['1.2.840.113549.1.12.1.3', { cipher: '3des', keyBytes: 24 }],
  ['1.2.840.113549.1.12.1.4', { cipher: '3des', keyBytes: 16 }],
  ['1.2.840.113549.1.12.1.5', { cipher: 'rc2', keyBytes: 16 }],
  ['1.2.840.113549.1.12.1.6', { cipher: 'rc2', keyBytes: 5 }],
] as const)

async function pkcs12Scheme(
  oid: string,
  parameters: Bytes,
  password: Bytes,
  options: KeyFileOptions,
): Promise<Decrypt> {
  const scheme = [...pkcs12Schemes].find(([known]) => known === oid)?.[1]
  if (!scheme) return refuse('unknown-encryption')
  const fields = DerFields.whole(parameters)
  const salt = readOctets(fields.any())
  const iterations = readNumber(fields.any())
  fields.end()
  const base = { hash: 'SHA-1', password, salt, iterations } as const
  const key = await pkcs12Key({ ...base, id: 1, bytes: scheme.keyBytes }, options)
  const iv = await pkcs12Key({ ...base, id: 2, bytes: 8 }, options)
  if (scheme.cipher === 'rc2') return rc2(key, 8 * scheme.keyBytes, iv)
  return tripleDes(scheme.keyBytes === 16 ? concatBytes(key, key.subarray(0, 8)) : key, iv)
}

const ciphers = new Map<
  string,
  { readonly cipher: 'aes' | '3des' | 'rc2'; readonly keyBytes: number }
>([
  ['2.16.840.1.101.3.4.1.2', { cipher: 'aes', keyBytes: 16 }],
  ['2.16.840.1.101.3.4.1.22', { cipher: 'aes', keyBytes: 24 }],
  ['2.16.840.1.101.3.4.1.42', { cipher: 'aes', keyBytes: 32 }],
  ['1.2.840.113549.3.7', { cipher: '3des', keyBytes: 24 }],
])

async function pbes2(
  parameters: Bytes,
  password: Bytes,
  options: KeyFileOptions,
): Promise<Decrypt> {
  const fields = DerFields.whole(parameters)
  const derivation = readAlgorithm(fields.any())
  const encryption = readAlgorithm(fields.any())
  fields.end()
  const scheme = ciphers.get(encryption.oid)
  if (!scheme || encryption.parameters?.[0] !== tags.octetString)
    return refuse('unknown-encryption')
  const iv = encryption.parameters.subarray(2)
  if (iv.byteLength !== (scheme.cipher === 'aes' ? 16 : 8)) refuse('damaged')
  const key = await derivedKey(derivation, password, scheme.keyBytes, options)
  return scheme.cipher === 'aes' ? aes(key, iv) : tripleDes(key, iv)
}

/** By PBKDF2 (RFC 8018 section 5.2) or scrypt (RFC 7914 section 7). */
export function derivedKey(
  { oid, parameters }: AlgorithmIdentifier,
  password: Bytes,
  keyBytes: number,
  options: KeyFileOptions,
): Promise<Bytes> {
  if (!parameters) return refuse('damaged')
  const fields = DerFields.whole(parameters)
  if (oid === '1.2.840.113549.1.5.12')
    return orCancelled(pbkdf2(fields, password, keyBytes), options)
  if (oid === '1.3.6.1.4.1.11591.4.11')
    return orCancelled(byScrypt(fields, password, keyBytes), options)
  return refuse('unknown-encryption')
}

const hmacs = new Map<string, 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'>([
  ['1.2.840.113549.2.7', 'SHA-1'],
  ['1.2.840.113549.2.9', 'SHA-256'],
  ['1.2.840.113549.2.10', 'SHA-384'],
  ['1.2.840.113549.2.11', 'SHA-512'],
])
export const hmacHash = (oid: string) => hmacs.get(oid) ?? refuse('unknown-encryption')

async function pbkdf2(fields: DerFields, password: Bytes, keyBytes: number): Promise<Bytes> {
  const salt = readOctets(fields.any())
  const iterations = readNumber(fields.any())
  const length = fields.optional(tags.integer)
  if (length && readNumber(length) !== keyBytes) refuse('damaged')
  const prf = fields.optional(tags.sequence)
  fields.end()
  if (iterations > mostIterations) refuse('too-costly')
  const hash = prf ? hmacHash(readAlgorithm(prf).oid) : 'SHA-1'
  const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits'])
  const algorithm = { name: 'PBKDF2', salt, iterations, hash }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 8 * keyBytes))
}

const mostScryptBytes = 256 * 1024 * 1024

async function byScrypt(fields: DerFields, password: Bytes, keyBytes: number): Promise<Bytes> {
  const salt = readOctets(fields.any())
  const costFactor = readNumber(fields.any())
  const blockSize = readNumber(fields.any())
  const parallelism = readNumber(fields.any())
  if (128 * costFactor * blockSize * parallelism > mostScryptBytes) refuse('too-costly')
  const input = { password, salt, costFactor, blockSize, parallelism, hashLength: keyBytes }
  try {
    return concatBytes(await scrypt({ ...input, outputType: 'binary' }))
  } catch {
    return refuse('damaged')
  }
}
