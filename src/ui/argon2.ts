// ui: what the person sees; speaks the protocol like any other client. This file: Argon2 for files of other programs
// (interchange/argon2.ts), loaded when the first of them asks for it.

import type { Argon2 } from '../interchange/argon2.ts'

export const argon2: Argon2 = async ({
  type,
  password,
  salt,
  memoryKiB,
  iterations,
  parallelism,
}) => {
  const { argon2d, argon2id } = await import('hash-wasm')
  const derive = type === 'argon2d' ? argon2d : argon2id
  return derive({
    password,
    salt,
    memorySize: memoryKiB,
    iterations,
    parallelism,
    hashLength: 32,
    outputType: 'binary',
  })
}
