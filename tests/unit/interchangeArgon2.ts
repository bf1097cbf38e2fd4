// Argon2 for the readers' tests, as an extension page brings it: hash-wasm.

import { argon2d, argon2id } from 'hash-wasm'
import type { Argon2 } from '../../src/interchange/argon2.ts'

export const argon2: Argon2 = ({ type, memoryKiB, ...rest }) =>
  (type === 'argon2d' ? argon2d : argon2id)({
    ...rest,
    memorySize: memoryKiB,
    hashLength: 32,
    outputType: 'binary',
  })
