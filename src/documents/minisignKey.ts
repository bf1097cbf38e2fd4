// documents: signed documents of every form, made and verified; pure: runs in plain Node. This file: public keys of
// minisign, and the lines that its files are made of (https://jedisct1.github.io/minisign/, "Signature format").

import { readPublicKey } from '../certificates/publicKeys.ts'
import { ed25519PublicKey } from '../certificates/writePublicKey.ts'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { decodeBase64, encodeBase64, encodeHex, encodeUtf8 } from '../codec/text.ts'
import { refuse } from './textSignatureError.ts'

export interface MinisignKey {
  /** SubjectPublicKeyInfo, DER: Ed25519. */
  readonly spki: Bytes
  /** 8 bytes: a label, by which a signature says what key it wants. It proves nothing. */
  readonly keyId: Bytes
}

export const untrustedLabel = 'untrusted comment: '
export const keyIdBytes = 8

/** As minisign prints it: a number whose first byte is its least. Always 16 digits, where old versions drop zeros. */
export const keyIdText = (keyId: Bytes): string => encodeHex(keyId.toReversed()).toUpperCase()

/** A tab is no danger: minisign itself writes it into comments. */
export const isComment = (text: string): boolean =>
  text.isWellFormed() &&
  !/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(text.replaceAll('\t', ''))

/** minisign reads whole lines of at most 1,024 and 8,192 bytes, with their line breaks and an end mark. */
export const mostCommentBytes = { untrusted: 1003, trusted: 8173 } as const

export function checkComment(text: string, mostBytes: number): void {
  if (!isComment(text) || encodeUtf8(text).byteLength > mostBytes) refuse('bad-comment')
}

/** @throws TextSignatureError `key-does-not-fit` */
export function ed25519KeyOf(spki: Bytes): Bytes {
  const { kind, key } = readPublicKey(spki)
  return kind === 'ed25519' ? key : refuse('key-does-not-fit')
}

/**
 * The key with the id that it has here. minisign draws ids by chance and keeps them beside the secret key; a key of
 * ours has nothing beside it, so its id is made of the key alone: the first 8 bytes of SHA-256 of its 32 bytes.
 * @param spki SubjectPublicKeyInfo, DER
 * @throws TextSignatureError `key-does-not-fit`: not Ed25519; DerError
 */
export async function minisignKeyOf(spki: Bytes): Promise<MinisignKey> {
  const hash = await crypto.subtle.digest('SHA-256', ed25519KeyOf(spki))
  return { spki, keyId: new Uint8Array(hash, 0, keyIdBytes).slice() }
}

const keyAlgorithm = 'Ed'

/**
 * A file as minisign's `.pub`. Its second line alone is what `minisign -P` takes.
 * @throws TextSignatureError `key-does-not-fit`, `bad-comment`
 */
export function writeMinisignKey({ spki, keyId }: MinisignKey, comment?: string): string {
  const said = comment ?? `minisign public key ${keyIdText(keyId)}`
  checkComment(said, mostCommentBytes.untrusted)
  const key = concatBytes(encodeUtf8(keyAlgorithm), keyId, ed25519KeyOf(spki))
  return `${untrustedLabel}${said}\n${encodeBase64(key)}\n`
}

/** Of a whole file, or of the line that `minisign -P` takes; `null` where it is neither. */
export function readMinisignKey(text: string): MinisignKey | null {
  const lines = linesOf(text.slice(0, 4096))
  if (lines[0]?.startsWith('untrusted comment:')) lines.shift()
  const [line, ...more] = lines
  const bytes = line === undefined || more.length > 0 ? null : decodeLine(line, 42)
  if (!bytes || algorithmOf(bytes) !== keyAlgorithm) return null
  return { keyId: bytes.slice(2, 10), spki: ed25519PublicKey(bytes.slice(10)) }
}

/** Without a byte order mark, the ends of lines and empty lines at the end. */
export const linesOf = (text: string): string[] =>
  text
    .replace(/^\u{feff}/u, '')
    .replace(/[\r\n]{1,64}$/, '')
    .split(/\r?\n/)

/** The two letters that each of these begins with. */
export const algorithmOf = (bytes: Bytes): string => String.fromCharCode(...bytes.subarray(0, 2))

export function decodeLine(line: string, length: number): Bytes | null {
  try {
    const bytes = decodeBase64(line.trimEnd())
    return bytes.byteLength === length ? bytes : null
  } catch {
    return null
  }
}
