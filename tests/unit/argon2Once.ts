// Argon2id costs what it shall, and most tests open the same vault with the same passphrase: the real function answers
// once in a file for the same input, whatever asks. Salts are random, so what is made anew is stretched anew.

import { vi } from 'vitest'

type Argon2id = typeof import('hash-wasm').argon2id

vi.mock('hash-wasm', async (importOriginal) => {
  const real = await importOriginal<typeof import('hash-wasm')>()
  const known = new Map<string, Promise<string | Uint8Array>>()
  const once = (options: Parameters<Argon2id>[0]) => {
    const list = (value: unknown) => (value instanceof Uint8Array ? [...value] : value)
    const input = JSON.stringify(options, (_, value) => list(value))
    const answer = known.get(input) ?? real.argon2id(options)
    known.set(input, answer)
    // A copy: whoever asks wipes what it gets.
    return answer.then((hash) => structuredClone(hash))
  }
  return { ...real, argon2id: once }
})
