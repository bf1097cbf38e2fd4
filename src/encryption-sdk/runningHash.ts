// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: a hash over bytes that come in pieces, for the signature of a stream. WebCrypto hashes only
// what is there as a whole. Measured in Chromium on 16 MiB with SHA-384: WebCrypto 29 ms, WebAssembly
// 37 ms, JavaScript 131 ms. A page whose policy forbids WebAssembly gets the last.

import { sha256, sha384 } from '@noble/hashes/sha2.js'
import { createSHA256, createSHA384 } from 'hash-wasm'
import { type Bytes, unshared } from '../codec/bytes.ts'
import type { Signature } from './suites.ts'

export interface RunningHash {
  update(bytes: Bytes): void
  /** The hash of all of them; nothing comes after. */
  digest(): Bytes
}

const inWebAssembly = { 'SHA-256': createSHA256, 'SHA-384': createSHA384 } as const
const inJavaScript = { 'SHA-256': sha256, 'SHA-384': sha384 } as const

export async function startHash(name: Signature['hash']): Promise<RunningHash> {
  try {
    const hash = await inWebAssembly[name]()
    return {
      update: (bytes) => void hash.update(bytes),
      digest: () => unshared(hash.digest('binary')),
    }
  } catch {
    return hashInJavaScript(name)
  }
}

export function hashInJavaScript(name: Signature['hash']): RunningHash {
  const hash = inJavaScript[name].create()
  return { update: (bytes) => void hash.update(bytes), digest: () => unshared(hash.digest()) }
}
