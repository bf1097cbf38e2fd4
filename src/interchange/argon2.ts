// interchange: files of other password managers, read and written; pure. This file: Argon2 (RFC 9106), which the caller
// brings: WebAssembly is not this room's. What a file asks of it is bounded before it runs.

import type { Bytes } from '../codec/bytes.ts'
import { mostArgon2KiB, mostArgon2Work } from './limits.ts'
import { RefusedExport, refuse } from './refusal.ts'

export interface Argon2Request {
  readonly type: 'argon2d' | 'argon2id'
  readonly password: Bytes
  readonly salt: Bytes
  readonly memoryKiB: number
  readonly iterations: number
  readonly parallelism: number
}

/** Gives 32 bytes, by version 0x13 of Argon2. */
export type Argon2 = (request: Argon2Request) => Promise<Uint8Array>

export async function argon2Key(
  argon2: Argon2 | undefined,
  request: Argon2Request,
): Promise<Bytes> {
  const { memoryKiB, iterations, parallelism } = request
  if (memoryKiB > mostArgon2KiB || memoryKiB * iterations > mostArgon2Work) refuse('too-costly')
  // RFC 9106 section 3.1: at least 8 KiB for each lane.
  if (iterations < 1 || parallelism < 1 || memoryKiB < 8 * parallelism) refuse('damaged')
  if (!argon2) refuse('needs-argon2')
  try {
    return new Uint8Array(await argon2(request))
  } catch (error) {
    if (error instanceof RefusedExport) throw error
    return refuse('too-costly')
  }
}
