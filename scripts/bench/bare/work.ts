// The bare extension of the bench: an extension page that does our cryptography and the browser's own on
// the same bytes, in turns.

import { argon2id } from 'hash-wasm'
import { decrypt, encrypt, rawAesKeyring, type SuiteId } from '../../../src/encryption-sdk/index.ts'
import { argon2Now } from '../../../src/hsm/passphrase.ts'
import { kms } from './kms.ts'
import { inTurns, type Pairs } from './turns.ts'

export interface CryptoCase {
  readonly work: 'encrypt' | 'decrypt'
  readonly bytes: number
  readonly suiteId: SuiteId
  readonly rounds: number
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

const measures = { cryptography, stretching, ...kms }
export type Measures = typeof measures

Object.assign(globalThis, { measures })
