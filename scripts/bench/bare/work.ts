// The bare extension of the bench: an extension page that does our cryptography and the browser's own on
// the same bytes, in turns.

import { argon2id } from 'hash-wasm'
import { decrypt, encrypt, rawAesKeyring, type SuiteId } from '../../../src/encryption-sdk/index.ts'
import { argon2Now } from '../../../src/hsm/passphrase.ts'

/** Milliseconds of one operation, by round; each round measures both, one right after the other. */
export interface Pairs {
  readonly ours: readonly number[]
  readonly bare: readonly number[]
}

export interface CryptoCase {
  readonly work: 'encrypt' | 'decrypt'
  readonly bytes: number
  readonly suiteId: SuiteId
  readonly rounds: number
}

type Work = () => Promise<unknown>

async function time(work: Work, batch: number): Promise<number> {
  const start = performance.now()
  for (let i = 0; i < batch; i++) await work()
  return (performance.now() - start) / batch
}

/** The clock of a page steps by 0.1 ms; a measurement takes many steps. */
const leastMeasurementMs = 20

/** How many operations make one measurement; warms the work up as it finds out. */
async function batchOf(work: Work): Promise<number> {
  for (let batch = 1; ; batch *= 2) {
    if ((await time(work, batch)) * batch >= leastMeasurementMs) return batch
  }
}

async function inTurns(ours: Work, bare: Work, rounds: number): Promise<Pairs> {
  const [oursBatch, bareBatch] = [await batchOf(ours), await batchOf(bare)]
  const pairs = { ours: [] as number[], bare: [] as number[] }
  const sides = [
    async () => pairs.ours.push(await time(ours, oursBatch)),
    async () => pairs.bare.push(await time(bare, bareBatch)),
  ]
  for (let round = 0; round < rounds; round++) {
    // Who goes second pays for the first one's garbage: they change places.
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side()
  }
  return pairs
}

async function aesKey(): Promise<CryptoKey> {
  const extractable = false
  const algorithm = { name: 'AES-GCM', length: 256 }
  return crypto.subtle.generateKey(algorithm, extractable, ['encrypt', 'decrypt'])
}

function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  // getRandomValues gives 64 KiB at a time.
  for (let at = 0; at < length; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536))
  return bytes
}

async function cryptography({ work, bytes, suiteId, rounds }: CryptoCase): Promise<Pairs> {
  const wrappingKey = await aesKey()
  const keyring = rawAesKeyring({ keyNamespace: 'bench', keyName: 'bench', wrappingKey })
  const key = await aesKey()
  const plaintext = randomBytes(bytes)
  if (work === 'encrypt') {
    const bare = () =>
      crypto.subtle.encrypt({ name: 'AES-GCM', iv: randomBytes(12) }, key, plaintext)
    return inTurns(() => encrypt(keyring, plaintext, { suiteId }), bare, rounds)
  }
  const { result } = await encrypt(keyring, plaintext, { suiteId })
  const algorithm = { name: 'AES-GCM', iv: randomBytes(12) }
  const sealed = await crypto.subtle.encrypt(algorithm, key, plaintext)
  const bare = () => crypto.subtle.decrypt(algorithm, key, sealed)
  return inTurns(() => decrypt(keyring, result), bare, rounds)
}

/** The passphrase's stretching alone, as the vault does it. */
async function stretching(): Promise<number> {
  const start = performance.now()
  await argon2id({
    password: 'correct horse battery staple',
    salt: randomBytes(16),
    memorySize: argon2Now.memoryKib,
    iterations: argon2Now.iterations,
    parallelism: argon2Now.parallelism,
    hashLength: 32,
  })
  return performance.now() - start
}

const measures = { cryptography, stretching }
export type Measures = typeof measures

Object.assign(globalThis, { measures })
