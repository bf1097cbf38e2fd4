// ui: what the person sees; speaks the protocol like any other client. This file: hashes and check codes of files of any
// size, piece by piece. They need no key of the vault, so the background has no part in them.

import {
  createHMAC,
  createSHA3,
  createSHA256,
  createSHA384,
  createSHA512,
  type IHasher,
} from 'hash-wasm'
import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64, decodeHex } from '../codec/text.ts'

const hashers = {
  'SHA-256': () => createSHA256(),
  'SHA-384': () => createSHA384(),
  'SHA-512': () => createSHA512(),
  'SHA3-256': () => createSHA3(256),
  'SHA3-512': () => createSHA3(512),
} as const

export type FileHash = keyof typeof hashers
export const fileHashes = Object.keys(hashers) as readonly FileHash[]

export interface HashingOptions {
  /** For a check code (HMAC, RFC 2104); absent for a hash. */
  readonly key?: Bytes
  readonly signal?: AbortSignal
  /** From 0 to 1. */
  readonly onProgress?: (done: number) => void
}

async function hasherOf(hash: FileHash, key: Bytes | undefined): Promise<IHasher> {
  return key ? createHMAC(hashers[hash](), key) : hashers[hash]()
}

/** @throws DOMException AbortError; and where the file cannot be read */
export async function hashOfFile(
  file: Blob,
  hash: FileHash,
  { key, signal, onProgress }: HashingOptions = {},
): Promise<Bytes> {
  const hasher = await hasherOf(hash, key)
  hasher.init()
  let done = 0
  const take = new WritableStream<Uint8Array>({
    write(piece) {
      hasher.update(piece)
      done += piece.byteLength
      onProgress?.(file.size === 0 ? 1 : done / file.size)
    },
  })
  await file.stream().pipeTo(take, signal ? { signal } : {})
  return new Uint8Array(hasher.digest('binary'))
}

/** A hash as people copy it: hexadecimal of either case, with blanks or colons, a file's name after it; or base64. */
export function readHash(text: string): Bytes | null {
  const [first = ''] = text.trim().split(/\s+\*?(?=\S*[^\s0-9a-fA-F:])/)
  const hex = first.replace(/[\s:]/g, '')
  if (hex.length > 0 && hex.length % 2 === 0 && /^[0-9a-fA-F]+$/.test(hex)) {
    return decodeHex(hex.toLowerCase())
  }
  try {
    const bytes = decodeBase64(first)
    return bytes.byteLength > 0 ? bytes : null
  } catch {
    return null
  }
}
