// Parts behind their lengths, as docs say it and with nothing of the product: what its own joining is held against.

/** Each part behind its length, a 32-bit number, big-endian. */
export function joined(...parts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part as string)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.byteLength)
      return [length, bytes]
    }),
  )
}
