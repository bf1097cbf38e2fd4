// The bare extension of the bench: an extension page that does our cryptography and the browser's own on
// the same bytes, in turns.

import { argon2id } from 'hash-wasm'
import {
  decrypt,
  decryptStream,
  encrypt,
  encryptStream,
  rawAesKeyring,
  type SuiteId,
} from '../../../src/encryption-sdk/index.ts'
import { argon2Now } from '../../../src/hsm/passphrase.ts'
import { kms } from './kms.ts'
import { randomBytes } from './randomBytes.ts'
import { inTurns, type Pairs } from './turns.ts'

export interface CryptoCase {
  readonly work: 'encrypt' | 'decrypt'
  readonly bytes: number
  readonly suiteId: SuiteId
  /** As one array, or as a stream. */
  readonly as: 'array' | 'stream'
  readonly rounds: number
}

async function aesKey(): Promise<CryptoKey> {
  const extractable = false
  const algorithm = { name: 'AES-GCM', length: 256 }
  return crypto.subtle.generateKey(algorithm, extractable, ['encrypt', 'decrypt'])
}

/** As files are read: a piece when the last one has been taken. */
function stream(bytes: Uint8Array): ReadableStream<Uint8Array> {
  const pieceBytes = 512 * 1024
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.byteLength) return controller.close()
      controller.enqueue(bytes.subarray(at, at + pieceBytes))
      at += pieceBytes
    },
  })
}

async function drain(readable: ReadableStream<Uint8Array>): Promise<void> {
  const reader = readable.getReader()
  while (!(await reader.read()).done);
}

async function cryptography({ work, bytes, suiteId, as, rounds }: CryptoCase): Promise<Pairs> {
  const wrappingKey = await aesKey()
  const keyring = rawAesKeyring({ keyNamespace: 'bench', keyName: 'bench', wrappingKey })
  const key = await aesKey()
  const plaintext = randomBytes(bytes)
  const algorithm = { name: 'AES-GCM', iv: randomBytes(12) }
  if (work === 'encrypt') {
    const ours = {
      array: () => encrypt(keyring, plaintext, { suiteId }),
      stream: () => drain(stream(plaintext).pipeThrough(encryptStream(keyring, { suiteId }))),
    }
    const bare = () => crypto.subtle.encrypt(algorithm, key, plaintext)
    return inTurns(ours[as], bare, rounds)
  }
  const { result } = await encrypt(keyring, plaintext, { suiteId })
  const sealed = await crypto.subtle.encrypt(algorithm, key, plaintext)
  const ours = {
    array: () => decrypt(keyring, result),
    stream: () => drain(stream(result).pipeThrough(decryptStream(keyring))),
  }
  return inTurns(ours[as], () => crypto.subtle.decrypt(algorithm, key, sealed), rounds)
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

const measures = { cryptography, stretching, ...kms }
export type Measures = typeof measures

Object.assign(globalThis, { measures })
