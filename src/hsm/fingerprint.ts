// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: public keys as words that
// two people can read to each other (BIP 39's list, which has no two words that begin alike).

import { sha256 } from '@noble/hashes/sha2.js'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { joinUnambiguously } from '../codec/bytes.ts'

const words = 12
const bitsOfWord = 11

/** 12 words: 132 bits of SHA-256 over the keys, as many as nobody finds another pair of keys for. */
export function fingerprintOf(...publicKeys: readonly Uint8Array[]): string[] {
  const digest = sha256(joinUnambiguously('keyhearth identity', ...publicKeys))
  const bits = [...digest].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return Array.from({ length: words }, (_, at) => {
    const index = Number.parseInt(bits.slice(at * bitsOfWord, (at + 1) * bitsOfWord), 2)
    return wordlist[index] ?? ''
  })
}
