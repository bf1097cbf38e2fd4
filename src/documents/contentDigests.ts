// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: digests of a document, whole or as a stream in constant memory. WebCrypto hashes only what is there as
// a whole; a page whose policy forbids WebAssembly gets JavaScript.

import { sha1 } from '@noble/hashes/legacy.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { createSHA1, createSHA256, createSHA384, createSHA512 } from 'hash-wasm'
import { digest } from '../certificates/algorithms.ts'
import { type Bytes, unshared } from '../codec/bytes.ts'

export type ContentDigestName = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'

/** Stands for the document wherever its digest is enough. */
export type ContentDigests = Readonly<Partial<Record<ContentDigestName, Bytes>>>

const inWebAssembly = {
  'SHA-1': createSHA1,
  'SHA-256': createSHA256,
  'SHA-384': createSHA384,
  'SHA-512': createSHA512,
} as const
const inJavaScript = { 'SHA-1': sha1, 'SHA-256': sha256, 'SHA-384': sha384, 'SHA-512': sha512 }

interface Running {
  update(bytes: Uint8Array): void
  end(): Bytes
}

async function start(name: ContentDigestName): Promise<Running> {
  try {
    const hash = await inWebAssembly[name]()
    return {
      update: (bytes) => void hash.update(bytes),
      end: () => unshared(hash.digest('binary')),
    }
  } catch {
    const hash = inJavaScript[name].create()
    return { update: (bytes) => void hash.update(bytes), end: () => unshared(hash.digest()) }
  }
}

/** Rejects where the stream fails. */
export async function digestStream(
  stream: ReadableStream<Uint8Array>,
  names: readonly ContentDigestName[],
): Promise<ContentDigests> {
  const running = await Promise.all(names.map(async (name) => ({ name, hash: await start(name) })))
  const reader = stream.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    for (const { hash } of running) hash.update(next.value)
  }
  return Object.fromEntries(running.map(({ name, hash }) => [name, hash.end()]))
}

/** `null`: this digest was not given. */
export const contentDigest = async (
  content: Bytes | ContentDigests,
  name: ContentDigestName,
): Promise<Bytes | null> =>
  content instanceof Uint8Array ? digest(name, content) : (content[name] ?? null)
