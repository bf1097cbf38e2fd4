// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: Blowfish (Schneier, 1993) with bcrypt's expensive key setup: OpenSSH's key files are under it.
// Its tables are the first digits of pi, and are computed as such.

const subkeys = 18
const boxWords = 1024

/** Words of 32 bits of the fraction of pi, by Machin: pi = 16 arctan(1/5) - 4 arctan(1/239). */
function piWords(count: number): Uint32Array {
  const guardBits = 64n
  const bits = BigInt(count * 32) + guardBits
  const arctan = (inverse: bigint): bigint => {
    let term = (1n << bits) / inverse
    let sum = term
    const square = inverse * inverse
    for (let k = 3n, sign = -1n; term > 0n; k += 2n, sign = -sign) {
      term /= square
      sum += (sign * term) / k
    }
    return sum
  }
  const pi = 16n * arctan(5n) - 4n * arctan(239n)
  const hex = ((pi >> guardBits) & ((1n << BigInt(count * 32)) - 1n)).toString(16)
  const digits = hex.padStart(count * 8, '0')
  return Uint32Array.from({ length: count }, (_, i) =>
    Number.parseInt(digits.slice(8 * i, 8 * i + 8), 16),
  )
}

let initial: Uint32Array | undefined

export class Blowfish {
  /** Subkeys, then the four boxes. */
  readonly #words: Uint32Array
  readonly #halves = new Uint32Array(2)

  constructor() {
    initial ??= piWords(subkeys + boxWords)
    this.#words = initial.slice()
  }

  /** Encrypts two words in place. */
  encrypt(words: Uint32Array, at: number): void {
    const w = this.#words
    let left = words[at] ?? 0
    let right = words[at + 1] ?? 0
    for (let round = 0; round < 16; round += 2) {
      left ^= w[round] ?? 0
      right ^= this.#mix(left)
      right ^= w[round + 1] ?? 0
      left ^= this.#mix(right)
    }
    words[at] = right ^ (w[17] ?? 0)
    words[at + 1] = left ^ (w[16] ?? 0)
  }

  #mix(x: number): number {
    const w = this.#words
    const a = w[subkeys + (x >>> 24)] ?? 0
    const b = w[subkeys + 256 + ((x >>> 16) & 0xff)] ?? 0
    const c = w[subkeys + 512 + ((x >>> 8) & 0xff)] ?? 0
    const d = w[subkeys + 768 + (x & 0xff)] ?? 0
    return (((a + b) ^ c) + d) | 0
  }

  /** bcrypt's key setup; without salt, Blowfish's own. Both are words of 32 bits, big-endian. */
  expand(key: Uint32Array, salt?: Uint32Array): void {
    const w = this.#words
    for (let i = 0; i < subkeys; i++) w[i] = (w[i] ?? 0) ^ (key[i % key.length] ?? 0)
    const halves = this.#halves.fill(0)
    let next = 0
    for (let i = 0; i < w.length; i += 2) {
      if (salt) {
        halves[0] = (halves[0] ?? 0) ^ (salt[next++ % salt.length] ?? 0)
        halves[1] = (halves[1] ?? 0) ^ (salt[next++ % salt.length] ?? 0)
      }
      this.encrypt(halves, 0)
      w.set(halves, i)
    }
  }
}
