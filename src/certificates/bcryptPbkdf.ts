// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: bcrypt_pbkdf, OpenBSD's key derivation for OpenSSH key files: PBKDF2 with bcrypt over SHA-512 as its
// function, and its output dealt out like cards.

import { sha512 } from '@noble/hashes/sha2.js'
import { type Bytes, concatBytes, uint32 } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { Blowfish } from './blowfish.ts'
import { type KeyFileOptions, pause, refuse } from './keyFileError.ts'

const hashBytes = 32
const cipherText = encodeUtf8('OxychromaticBlowfishSwatDynamite')
/** OpenSSH writes 16 or 24; a thousand take half a minute. */
const mostRounds = 1_000

function toWords(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Uint32Array.from({ length: bytes.byteLength / 4 }, (_, i) => view.getUint32(4 * i))
}

function bcryptHash(password: Uint8Array, salt: Uint8Array): Uint8Array {
  const [key, saltWords] = [toWords(password), toWords(salt)]
  const cipher = new Blowfish()
  cipher.expand(key, saltWords)
  for (let i = 0; i < 64; i++) {
    cipher.expand(saltWords)
    cipher.expand(key)
  }
  const words = toWords(cipherText)
  for (let i = 0; i < 64; i++) {
    for (let at = 0; at < words.length; at += 2) cipher.encrypt(words, at)
  }
  const out = new Uint8Array(hashBytes)
  const view = new DataView(out.buffer)
  for (const [i, word] of words.entries()) view.setUint32(4 * i, word, true)
  return out
}

/** @throws KeyFileError `too-costly`, `damaged`, `cancelled` */
export async function bcryptPbkdf(
  password: Bytes,
  salt: Bytes,
  rounds: number,
  bytes: number,
  options: KeyFileOptions,
): Promise<Bytes> {
  if (rounds > mostRounds) refuse('too-costly')
  if (rounds < 1 || bytes < 1 || bytes > 256) refuse('damaged')
  const secret = sha512(password)
  const stride = Math.ceil(bytes / hashBytes)
  const out = new Uint8Array(bytes)
  for (let block = 0; block < stride; block++) {
    let last = bcryptHash(secret, sha512(concatBytes(salt, uint32(block + 1))))
    const sum = last.slice()
    for (let round = 1; round < rounds; round++) {
      last = bcryptHash(secret, sha512(last))
      for (let i = 0; i < hashBytes; i++) sum[i] = (sum[i] ?? 0) ^ (last[i] ?? 0)
      await pause(options, (block * rounds + round) / (stride * rounds))
    }
    for (let i = 0; i < hashBytes && i * stride + block < bytes; i++) {
      out[i * stride + block] = sum[i] ?? 0
    }
  }
  return out
}
