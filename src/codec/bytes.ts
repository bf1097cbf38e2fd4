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

const asBytes = (part: string | Uint8Array): Uint8Array =>
  typeof part === 'string' ? new TextEncoder().encode(part) : part

/**
 * Parts behind their lengths (u32), so that no two lists of parts give the same bytes.
 * What additional data and hashes are made of.
 */
export function joinUnambiguously(...parts: readonly (string | Uint8Array)[]): Bytes {
  return concatBytes(
    ...parts.flatMap((part) => {
      const bytes = asBytes(part)
      return [uint32(bytes.byteLength), bytes]
    }),
  )
}
