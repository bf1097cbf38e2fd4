// interchange: files of other password managers, read and written; pure. This file: the key of a KeePass database, from
// password and key file (https://keepass.info/help/base/keys.html), stretched as its header says.

import { type Bytes, concatBytes, equalBytes, unshared } from '../codec/bytes.ts'
import { decodeBase64, decodeHex, decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import { argon2Key } from './argon2.ts'
import type { KeyDerivation } from './kdbxHeader.ts'
import { mostAesRounds } from './limits.ts'
import type { Secrets } from './readExport.ts'
import { RefusedExport, refuse } from './refusal.ts'
import { child, childText, parseXml, type XmlElement } from './xml.ts'

export const sha256 = async (...parts: readonly Bytes[]): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', concatBytes(...parts)))

/** The hash of what was given: an empty password beside a key file counts as none. */
export async function compositeKey({ password, keyFile }: Secrets): Promise<Bytes> {
  if (password === undefined && !keyFile) refuse('needs-password')
  const parts = [
    ...(password || !keyFile ? [await sha256(encodeUtf8(password ?? ''))] : []),
    ...(keyFile ? [await keyOfFile(unshared(keyFile))] : []),
  ]
  return sha256(...parts)
}

/** XML with a key in it, or 32 bytes, or 64 hexadecimal digits; any other file is hashed. */
async function keyOfFile(file: Bytes): Promise<Bytes> {
  if (file.byteLength === 32) return file
  const text = asText(file)
  if (text !== null && /^[0-9a-f]{64}$/i.test(text)) return decodeHex(text.toLowerCase())
  const xml = text === null ? null : asXml(text)
  return xml?.name === 'KeyFile' ? keyOfXml(xml) : sha256(file)
}

function asText(file: Bytes): string | null {
  try {
    return decodeUtf8(file)
  } catch {
    return null
  }
}

function asXml(text: string): XmlElement | null {
  try {
    return parseXml(text)
  } catch (error) {
    if (error instanceof RefusedExport) return null
    throw error
  }
}

async function keyOfXml(xml: XmlElement): Promise<Bytes> {
  const data = child(child(xml, 'Key'), 'Data')
  const written = data?.text.replace(/\s/g, '') ?? ''
  try {
    if (!childText(child(xml, 'Meta'), 'Version').startsWith('2')) return decodeBase64(written)
    const key = decodeHex(written.toLowerCase())
    const check = decodeHex((data?.attributes.get('Hash') ?? '').toLowerCase())
    return equalBytes((await sha256(key)).subarray(0, 4), check) ? key : refuse('bad-key-file')
  } catch {
    return refuse('bad-key-file')
  }
}

export async function stretch(
  key: Bytes,
  derivation: KeyDerivation,
  argon2: Secrets['argon2'],
): Promise<Bytes> {
  if (derivation.by === 'aes') return aesKdf(key, derivation.seed, derivation.rounds)
  const { by: type, ...parameters } = derivation
  return argon2Key(argon2, { type, password: key, ...parameters })
}

const blockBytes = 16
const roundsAtOnce = 65_536

async function aesKdf(key: Bytes, seed: Bytes, rounds: number): Promise<Bytes> {
  if (rounds > mostAesRounds) refuse('too-costly')
  if (seed.byteLength !== 32) refuse('damaged')
  const aes = await crypto.subtle.importKey('raw', seed, 'AES-CBC', false, ['encrypt'])
  const halves = [key.subarray(0, blockBytes), key.subarray(blockBytes)]
  return sha256(...(await Promise.all(halves.map((half) => encryptOften(aes, half, rounds)))))
}

/**
 * One block, encrypted with itself `rounds` times. WebCrypto has no ECB; in CBC over zeros each block is the
 * encryption of the one before, and the first that of the initialisation vector.
 */
async function encryptOften(aes: CryptoKey, start: Bytes, rounds: number): Promise<Bytes> {
  const zeros = new Uint8Array(Math.min(rounds, roundsAtOnce) * blockBytes)
  let block = start
  for (let left = rounds; left > 0; left -= roundsAtOnce) {
    const length = Math.min(left, roundsAtOnce) * blockBytes
    const all = await crypto.subtle.encrypt(
      { name: 'AES-CBC', iv: block },
      aes,
      zeros.subarray(0, length),
    )
    block = new Uint8Array(all).slice(length - blockBytes, length)
  }
  return block
}
