// codec: pure conversions between bytes and their written forms. This file: bytes themselves.

export type Bytes = Uint8Array<ArrayBuffer>

/**
 * The same bytes for WebCrypto, which takes no shared memory (and shared memory could change while it is
 * read): copied only where they are shared.
 */
export const unshared = (bytes: Uint8Array): Bytes =>
  bytes.buffer instanceof ArrayBuffer ? (bytes as Bytes) : new Uint8Array(bytes)

/** All parts, one after the other, in a fresh array. */
export function concatBytes(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.byteLength
  }
  return whole
}

/**
 * Gives memory back at once: garbage that lies outside of the heap is collected late, and large work makes much of it.
 * Whoever still holds these bytes has none left. A part of a larger buffer stays.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  const isWhole = byteLength > 0 && byteLength === buffer.byteLength
  // Node has it from 21 on.
  if (isWhole && buffer instanceof ArrayBuffer && 'transfer' in buffer) buffer.transfer(0)
}

/** Equality whose time depends on the lengths alone, for tags, commitments and secrets. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.byteLength !== right.byteLength) return false
  let difference = 0
  for (let i = 0; i < left.byteLength; i++) difference |= (left[i] ?? 0) ^ (right[i] ?? 0)
  return difference === 0
}

export function uint16(value: number): Bytes {
  const out = new Uint8Array(2)
  new DataView(out.buffer).setUint16(0, value)
  return out
}

export function uint32(value: number): Bytes {
  const out = new Uint8Array(4)
  new DataView(out.buffer).setUint32(0, value)
  return out
}

export function uint64(value: number | bigint): Bytes {
  const out = new Uint8Array(8)
  new DataView(out.buffer).setBigUint64(0, BigInt(value))
  return out
}

const encoder = new TextEncoder()

/** Names are short and nearly always ASCII, for which a call of the encoder costs more than the work. */
const isAscii = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false
  return true
}

/** ASCII as it is, and anything else in UTF-8. */
const asWritten = (part: string | Uint8Array): string | Uint8Array =>
  typeof part === 'string' && !isAscii(part) ? encoder.encode(part) : part

const lengthOf = (part: string | Uint8Array): number =>
  typeof part === 'string' ? part.length : part.byteLength

/**
 * Parts behind their lengths (u32), so that no two lists of parts give the same bytes.
 * What additional data and hashes are made of: each row of the store has one, so it is made in one piece.
 */
export function joinUnambiguously(...parts: readonly (string | Uint8Array)[]): Bytes {
  const written = parts.map(asWritten)
  const whole = new Uint8Array(written.reduce<number>((sum, part) => sum + 4 + lengthOf(part), 0))
  const view = new DataView(whole.buffer)
  let at = 0
  for (const part of written) {
    const length = lengthOf(part)
    view.setUint32(at, length)
    at += 4
    if (typeof part !== 'string') whole.set(part, at)
    else for (let i = 0; i < length; i++) whole[at + i] = part.charCodeAt(i)
    at += length
  }
  return whole
}
