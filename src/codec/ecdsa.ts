// codec: pure conversions between bytes and their written forms. This file: ECDSA signatures and points.
// WebCrypto writes r and s side by side (IEEE P1363); messages and certificates want DER (RFC 3279
// section 2.2.3). A point may be written with one coordinate (SEC 1 section 2.3).

import { type Bytes, concatBytes } from './bytes.ts'
import { Reader } from './reader.ts'

const sequenceTag = 0x30
const integerTag = 0x02

function derInteger(magnitude: Uint8Array): Bytes {
  const first = magnitude.findIndex((byte) => byte !== 0)
  const digits = first < 0 ? Uint8Array.of(0) : magnitude.subarray(first)
  const padded = (digits[0] ?? 0) & 0x80 ? concatBytes(Uint8Array.of(0), digits) : digits
  return concatBytes(Uint8Array.of(integerTag, padded.byteLength), padded)
}

function derLength(length: number): Bytes {
  return length < 0x80 ? Uint8Array.of(length) : Uint8Array.of(0x81, length)
}

export function ecdsaToDer(p1363: Uint8Array): Bytes {
  const half = p1363.byteLength / 2
  const body = concatBytes(derInteger(p1363.subarray(0, half)), derInteger(p1363.subarray(half)))
  return concatBytes(Uint8Array.of(sequenceTag), derLength(body.byteLength), body)
}

/** Strict DER, or `null`: no other encoding of the same numbers is taken. */
export function ecdsaFromDer(der: Bytes, coordinateBytes: number): Bytes | null {
  try {
    const reader = new Reader(der)
    if (reader.uint8() !== sequenceTag) return null
    const length = readLength(reader)
    if (length !== reader.remaining) return null
    const r = readInteger(reader, coordinateBytes)
    const s = readInteger(reader, coordinateBytes)
    return r && s && reader.remaining === 0 ? concatBytes(r, s) : null
  } catch {
    return null
  }
}

/** Definite, minimal, at most one byte of length: enough for P-521. */
function readLength(reader: Reader): number {
  const first = reader.uint8()
  if (first < 0x80) return first
  const length = first === 0x81 ? reader.uint8() : 0
  return length >= 0x80 ? length : -1
}

function readInteger(reader: Reader, coordinateBytes: number): Bytes | null {
  if (reader.uint8() !== integerTag) return null
  const digits = reader.bytes(reader.uint8())
  const [first, second] = digits
  if (first === undefined || first & 0x80) return null
  const padded = first === 0
  if (padded && digits.byteLength > 1 && !((second ?? 0) & 0x80)) return null
  const magnitude = padded ? digits.subarray(1) : digits
  if (magnitude.byteLength > coordinateBytes) return null
  const out = new Uint8Array(coordinateBytes)
  out.set(magnitude, coordinateBytes - magnitude.byteLength)
  return out
}

/** y^2 = x^3 - 3x + b mod p (NIST SP 800-186 section 3.2.1); p = 3 mod 4, so a root is one power away. */
interface ShortCurve {
  readonly coordinateBytes: number
  readonly p: bigint
  readonly b: bigint
}

const curves = {
  'P-256': {
    coordinateBytes: 32,
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  'P-384': {
    coordinateBytes: 48,
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
} as const satisfies Record<string, ShortCurve>

const toBigInt = (bytes: Uint8Array): bigint =>
  bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)

function fromBigInt(value: bigint, length: number): Bytes {
  const out = new Uint8Array(length)
  for (let i = length - 1, rest = value; i >= 0; i--, rest >>= 8n) out[i] = Number(rest & 0xffn)
  return out
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

/** Uncompressed (SEC 1 section 2.3.3) to compressed. */
export function compressPoint(uncompressed: Uint8Array): Bytes {
  const half = (uncompressed.byteLength - 1) / 2
  const odd = (uncompressed.at(-1) ?? 0) & 1
  return concatBytes(Uint8Array.of(2 + odd), uncompressed.subarray(1, 1 + half))
}

/** Compressed (or already uncompressed) to uncompressed, or `null` for what is no point. Public data only. */
export function decompressPoint(point: Uint8Array, name: keyof typeof curves): Bytes | null {
  const { coordinateBytes, p, b }: ShortCurve = curves[name]
  const [form] = point
  if (form === 4 && point.byteLength === 1 + 2 * coordinateBytes) return new Uint8Array(point)
  if ((form !== 2 && form !== 3) || point.byteLength !== 1 + coordinateBytes) return null
  const x = toBigInt(point.subarray(1))
  if (x >= p) return null
  const square = ((((x * x - 3n) * x + b) % p) + p) % p
  const root = power(square, (p + 1n) / 4n, p)
  if ((root * root) % p !== square) return null
  const y = (root & 1n) === BigInt(form & 1) ? root : p - root
  return concatBytes(
    Uint8Array.of(4),
    fromBigInt(x, coordinateBytes),
    fromBigInt(y, coordinateBytes),
  )
}
