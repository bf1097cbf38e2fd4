// codec: pure conversions between bytes and their written forms. This file: UTF-8, hex, base64.

import type { Bytes } from './bytes.ts'

const encoder = new TextEncoder()
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const encodeUtf8 = (text: string): Bytes => encoder.encode(text)

/** Strict: throws a TypeError where the bytes are not UTF-8. */
export const decodeUtf8 = (bytes: Uint8Array): string => strictDecoder.decode(bytes)

/** RFC 4648 section 4, padded. Decoding is strict and throws on anything else. */
export const encodeBase64 = (bytes: Uint8Array): string => encode(bytes, 'base64')
export const decodeBase64 = (text: string): Bytes => decode(text, 'base64')
export const decodeBase64Unpadded = (text: string): Bytes => decode(padded(text), 'base64')

/** RFC 4648 section 5, without padding. */
export const encodeBase64Url = (bytes: Uint8Array): string =>
  encode(bytes, 'base64url').replace(/=+$/, '')
export const decodeBase64Url = (text: string): Bytes => decode(padded(text), 'base64url')

type Alphabet = 'base64' | 'base64url'

/** Every browser has these that Keyhearth runs in; Node has not before 25, and `npx keyhearth` runs there. */
const isBuiltIn = 'fromBase64' in Uint8Array

const malformed = () => new TypeError('That is not base64.')

function padded(text: string): string {
  if (text.includes('=')) throw malformed()
  return text + '='.repeat(-text.length & 3)
}

const encode = (bytes: Uint8Array, alphabet: Alphabet): string =>
  isBuiltIn ? bytes.toBase64({ alphabet }) : encodeByHand(bytes, alphabet)

function decode(text: string, alphabet: Alphabet): Bytes {
  // The built-in passes over it.
  if (/\s/.test(text)) throw malformed()
  return isBuiltIn
    ? Uint8Array.fromBase64(text, { alphabet, lastChunkHandling: 'strict' })
    : decodeByHand(text, alphabet)
}

/** As many arguments as a call surely takes. */
const chunkBytes = 0x2000

function encodeByHand(bytes: Uint8Array, alphabet: Alphabet): string {
  let units = ''
  for (let at = 0; at < bytes.byteLength; at += chunkBytes) {
    units += String.fromCharCode(...bytes.subarray(at, at + chunkBytes))
  }
  const text = btoa(units)
  return alphabet === 'base64' ? text : text.replaceAll('+', '-').replaceAll('/', '_')
}

function decodeByHand(given: string, alphabet: Alphabet): Bytes {
  const isUrl = alphabet === 'base64url'
  if (isUrl && /[+/]/.test(given)) throw malformed()
  const text = isUrl ? given.replaceAll('-', '+').replaceAll('_', '/') : given
  const units = atob(text)
  // `atob` forgives padding that is missing, and bits left over in the last character.
  if (text.length % 4 !== 0 || btoa(atob(text.slice(-4))) !== text.slice(-4)) throw malformed()
  const bytes = new Uint8Array(units.length)
  for (let at = 0; at < bytes.byteLength; at++) bytes[at] = units.charCodeAt(at)
  return bytes
}

export const encodeHex = (bytes: Uint8Array): string =>
  isBuiltIn
    ? bytes.toHex()
    : Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** In either case. Throws on anything else. */
export function decodeHex(text: string): Bytes {
  if (isBuiltIn) return Uint8Array.fromHex(text)
  if (text.length % 2 !== 0 || /[^0-9a-f]/i.test(text)) throw new TypeError('That is not hex.')
  const byteAt = (_: unknown, at: number) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16)
  return Uint8Array.from({ length: text.length / 2 }, byteAt)
}
