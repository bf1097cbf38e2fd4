// documents: signed documents of every form, made and verified; pure: runs in plain Node. This file: BLAKE2b-512
// (RFC 7693) over content of any size, which WebCrypto does not have.

import { blake2b } from '@noble/hashes/blake2.js'
import { createBLAKE2b } from 'hash-wasm'
import { type Bytes, unshared } from '../codec/bytes.ts'

export interface RunningBlake2b {
  update(bytes: Bytes): void
  /** 64 bytes, of all that came; nothing comes after. */
  digest(): Bytes
}

/** In WebAssembly, or where a page forbids that, in JavaScript, which is some times slower. */
export async function runningBlake2b(): Promise<RunningBlake2b> {
  try {
    const hash = (await createBLAKE2b(512)).init()
    return {
      update: (bytes) => void hash.update(bytes),
      digest: () => unshared(hash.digest('binary')),
    }
  } catch {
    const hash = blake2b.create({ dkLen: 64 })
    return {
      update: (bytes) => void hash.update(bytes),
      digest: () => unshared(hash.digest()),
    }
  }
}
