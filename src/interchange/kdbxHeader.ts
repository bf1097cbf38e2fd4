// interchange: files of other password managers, read and written; pure. This file: the outer header of a KeePass
// database, versions 3.1 and 4 (https://keepass.info/help/kb/kdbx.html). Nothing of it is to be trusted before its HMAC
// (4) or its hash in the XML (3.1) has been checked; so what it asks for is bounded first.

import type { Bytes } from '../codec/bytes.ts'
import { encodeHex } from '../codec/text.ts'
import { LittleReader } from './littleReader.ts'
import { refuse } from './refusal.ts'

export type KeyDerivation =
  | { readonly by: 'aes'; readonly seed: Bytes; readonly rounds: number }
  | {
      readonly by: 'argon2d' | 'argon2id'
      readonly salt: Bytes
      readonly memoryKiB: number
      readonly iterations: number
      readonly parallelism: number
    }

interface InnerStream {
  readonly id: number
  readonly key: Bytes
}

export interface KdbxHeader {
  readonly version: 3 | 4
  /** The header's own bytes, which hash and HMAC are over. */
  readonly bytes: Bytes
  readonly cipher: 'aes' | 'chacha20'
  readonly isCompressed: boolean
  readonly masterSeed: Bytes
  readonly iv: Bytes
  readonly derivation: KeyDerivation
  /** Version 3.1 only: what the plaintext begins with, and the inner stream, which 4 keeps inside. */
  readonly startBytes: Bytes | undefined
  readonly innerStream: InnerStream | undefined
}

const ciphers: ReadonlyMap<string, KdbxHeader['cipher']> = new Map([
  ['31c1f2e6bf714350be5805216afc5aff', 'aes'],
  ['d6038a2b8b6f4cb5a524339a31dbb59a', 'chacha20'],
])
const derivations: ReadonlyMap<string, KeyDerivation['by']> = new Map([
  ['c9d9f39a628a4460bf740d08c18a4fea', 'aes'],
  ['7c02bb8279a74ac0927d114a00648238', 'aes'],
  ['ef636ddf8c29444b91f7a9a403e30a0c', 'argon2d'],
  ['9e298b1956db4773b23dfc3ec6f0a1e6', 'argon2id'],
])

const kdbxSignature = 0xb54bfb67

export function readKdbxHeader(file: Bytes): KdbxHeader {
  const reader = new LittleReader(file)
  reader.uint32()
  if (reader.uint32() !== kdbxSignature) refuse('old-keepass')
  reader.uint16()
  const version = reader.uint16()
  if (version < 3) refuse('old-keepass')
  if (version !== 3 && version !== 4) refuse('unknown-encryption')
  const fields = readFields(reader, version)
  const seed = fields.get(4)
  if (seed?.byteLength !== 32) refuse('damaged')
  return {
    version,
    bytes: file.subarray(0, reader.offset),
    cipher: ciphers.get(encodeHex(needed(fields, 2))) ?? refuse('unknown-encryption'),
    isCompressed: compression(needed(fields, 3)),
    masterSeed: needed(fields, 4),
    iv: needed(fields, 7),
    derivation: version === 4 ? readDerivation(needed(fields, 11)) : aesDerivation(fields),
    startBytes: version === 3 ? needed(fields, 9) : undefined,
    innerStream:
      version === 3
        ? { key: needed(fields, 8), id: new LittleReader(needed(fields, 10)).uint32() }
        : undefined,
  }
}

type Fields = ReadonlyMap<number, Bytes>

function readFields(reader: LittleReader, version: 3 | 4): Fields {
  const fields = new Map<number, Bytes>()
  for (;;) {
    const id = reader.uint8()
    const value = reader.bytes(version === 4 ? reader.uint32() : reader.uint16())
    if (id === 0) return fields
    fields.set(id, value)
  }
}

const needed = (fields: Fields, id: number): Bytes => fields.get(id) ?? refuse('damaged')

function compression(field: Bytes): boolean {
  const id = new LittleReader(field).uint32()
  return id > 1 ? refuse('unknown-encryption') : id === 1
}

const aesDerivation = (fields: Fields): KeyDerivation => ({
  by: 'aes',
  seed: needed(fields, 5),
  rounds: new LittleReader(needed(fields, 6)).uint64(),
})

function readDerivation(field: Bytes): KeyDerivation {
  const values = readDictionary(field)
  const bytes = (name: string): Bytes => values.get(name) ?? refuse('damaged')
  const number = (name: string): number => new LittleReader(bytes(name)).anyUint()
  const by = derivations.get(encodeHex(bytes('$UUID'))) ?? refuse('unknown-encryption')
  if (by === 'aes') return { by, seed: bytes('S'), rounds: number('R') }
  // Version 0x13 is the one of RFC 9106. A secret key (K) or additional data (A): no program writes them.
  if (number('V') !== 0x13 || values.has('K') || values.has('A')) refuse('unknown-encryption')
  return {
    by,
    salt: bytes('S'),
    memoryKiB: Math.floor(number('M') / 1024),
    iterations: number('I'),
    parallelism: number('P'),
  }
}

/** A VariantDictionary: a type, a name and a value each, until a type of 0. */
function readDictionary(field: Bytes): ReadonlyMap<string, Bytes> {
  const reader = new LittleReader(field)
  const values = new Map<string, Bytes>()
  if (reader.uint16() >> 8 !== 1) refuse('unknown-encryption')
  for (;;) {
    if (reader.uint8() === 0) return values
    const name = new TextDecoder().decode(reader.bytes(reader.uint32()))
    values.set(name, reader.bytes(reader.uint32()))
  }
}
