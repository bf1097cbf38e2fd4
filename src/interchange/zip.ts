// interchange: files of other password managers, read and written; pure. This file: reads ZIP (PKWARE's APPNOTE.TXT). Its
// directory says how large each file will be; that is added up before, held to while unpacking, and checked after.

import type { Bytes } from '../codec/bytes.ts'
import { unpack } from './inflate.ts'
import { mostEntries, mostUnpackedBytes } from './limits.ts'
import { LittleReader } from './littleReader.ts'
import { refuse } from './refusal.ts'

export interface Zip {
  readonly names: readonly string[]
  /** `null`: no such file. */
  read(name: string): Bytes | null
}

interface Entry {
  readonly name: string
  readonly flags: number
  readonly method: number
  readonly crc: number
  readonly packedBytes: number
  readonly bytes: number
  readonly offset: number
}

export function openZip(file: Bytes): Zip {
  const entries = readDirectory(file)
  const byName = new Map(entries.map((entry) => [entry.name, entry]))
  let left = mostUnpackedBytes
  return {
    names: [...byName.keys()],
    read(name) {
      const entry = byName.get(name)
      if (!entry) return null
      left -= entry.bytes
      if (left < 0) refuse('too-large')
      return readEntry(file, entry)
    },
  }
}

const endLength = 22
const longestComment = 0xffff
const endSignature = 0x06054b50
const entrySignature = 0x02014b50
const fileSignature = 0x04034b50
/** Where a field says that its value stands in ZIP64's own: files of 4 GiB and more. */
const elsewhere = 0xffff_ffff

function readDirectory(file: Bytes): readonly Entry[] {
  const end = new LittleReader(file, findEnd(file) + 10)
  const count = end.uint16()
  end.uint32()
  const start = end.uint32()
  if (start === elsewhere) refuse('too-large')
  if (count > mostEntries) refuse('too-many')
  if (start > file.byteLength) refuse('damaged')
  const reader = new LittleReader(file, start)
  return Array.from({ length: count }, () => readDirectoryEntry(reader))
}

function findEnd(file: Bytes): number {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const first = Math.max(0, file.byteLength - endLength - longestComment)
  for (let at = file.byteLength - endLength; at >= first; at--) {
    if (view.getUint32(at, true) === endSignature) return at
  }
  return refuse('truncated')
}

function readDirectoryEntry(reader: LittleReader): Entry {
  if (reader.uint32() !== entrySignature) refuse('damaged')
  reader.bytes(4)
  const flags = reader.uint16()
  const method = reader.uint16()
  reader.bytes(4)
  const crc = reader.uint32()
  const packedBytes = reader.uint32()
  const bytes = reader.uint32()
  const lengths = [reader.uint16(), reader.uint16(), reader.uint16()] as const
  reader.bytes(8)
  const offset = reader.uint32()
  const name = new TextDecoder().decode(reader.bytes(lengths[0]))
  reader.bytes(lengths[1] + lengths[2])
  if ([packedBytes, bytes, offset].includes(elsewhere)) refuse('too-large')
  return { name, flags, method, crc, packedBytes, bytes, offset }
}

const encrypted = 1

function readEntry(file: Bytes, entry: Entry): Bytes {
  if (entry.flags & encrypted) refuse('encrypted-zip')
  if (entry.offset > file.byteLength) refuse('damaged')
  const reader = new LittleReader(file, entry.offset)
  if (reader.uint32() !== fileSignature) refuse('damaged')
  reader.bytes(22)
  const lengths = [reader.uint16(), reader.uint16()] as const
  reader.bytes(lengths[0] + lengths[1])
  const packed = reader.bytes(entry.packedBytes)
  const bytes = unpackEntry(packed, entry)
  if (bytes.byteLength !== entry.bytes || crc32(bytes) !== entry.crc) refuse('damaged')
  return bytes
}

function unpackEntry(packed: Bytes, { method, bytes }: Entry): Bytes {
  if (method === 0) return packed.slice()
  return method === 8 ? unpack(packed, 'deflate', bytes) : refuse('damaged')
}

/** RFC 1952 section 8. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1
  return crc
})

function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  return (crc ^ 0xffff_ffff) >>> 0
}
