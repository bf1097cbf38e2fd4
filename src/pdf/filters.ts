// pdf: PDF files read strictly, signed and compared; pure. This file: unpacks streams (ISO 32000-2 section 7.4), as far
// as cross-references and object streams need it, and never more than was agreed.

import { Inflate, zlibSync } from 'fflate'
import { type Bytes, concatBytes, unshared } from '../codec/bytes.ts'
import { fail } from './errors.ts'
import {
  isInteger,
  isKind,
  nameOf,
  type PdfDictionary,
  type PdfObject,
  type PdfStream,
} from './objects.ts'

/** What is pushed at once: deflate makes at most about a thousand times as much of it. */
const pieceBytes = 16 * 1024

export const deflate = (bytes: Bytes): Bytes => unshared(zlibSync(bytes, { level: 6 }))

/** `resolve` follows references. Throws `unsupported` for other filters, `limit` above `mostBytes`. */
export function decodeStream(
  stream: PdfStream,
  mostBytes: number,
  resolve: (object: PdfObject | undefined) => PdfObject,
): Bytes {
  const filters = listOf(resolve(stream.dictionary.entries.get('Filter')), resolve)
  const parameters = listOf(resolve(stream.dictionary.entries.get('DecodeParms')), resolve)
  if (filters.length > 4) fail('limit', `${filters.length} filters`)
  let bytes = stream.raw
  filters.forEach((filter, at) => {
    const given = parameters[at]
    bytes = decode(bytes, nameOf(filter), isKind(given, 'dictionary') ? given : null, mostBytes)
  })
  if (bytes.byteLength > mostBytes) fail('limit', `a stream of ${bytes.byteLength} bytes`)
  return bytes
}

function listOf(
  object: PdfObject,
  resolve: (object: PdfObject | undefined) => PdfObject,
): readonly PdfObject[] {
  if (object === null) return []
  return isKind(object, 'array') ? object.items.map(resolve) : [object]
}

function decode(
  bytes: Bytes,
  filter: string | undefined,
  parameters: PdfDictionary | null,
  mostBytes: number,
): Bytes {
  switch (filter) {
    case 'FlateDecode':
    case 'Fl':
      return unpredict(inflate(bytes, mostBytes), parameters)
    case 'ASCIIHexDecode':
    case 'AHx':
      return decodeAsciiHex(bytes)
    default:
      return fail('unsupported', `filter ${filter ?? 'without a name'}`)
  }
}

/** zlib's two bytes of header and four of checksum (RFC 1950) are not looked at: many writers get the checksum wrong. */
function inflate(packed: Bytes, mostBytes: number): Bytes {
  const parts: Uint8Array[] = []
  let total = 0
  const inflater = new Inflate()
  inflater.ondata = (part) => {
    total += part.byteLength
    parts.push(part)
  }
  const body = packed.subarray(2)
  let at = 0
  do {
    const end = Math.min(at + pieceBytes, body.byteLength)
    try {
      inflater.push(body.subarray(at, end), end === body.byteLength)
    } catch {
      fail('malformed', 'a stream does not unpack')
    }
    if (total > mostBytes) fail('limit', `a stream unpacks to more than ${mostBytes} bytes`)
    at = end
  } while (at < body.byteLength)
  return concatBytes(...parts)
}

function decodeAsciiHex(bytes: Bytes): Bytes {
  const text = String.fromCharCode(...bytes.subarray(0, 0x10000)).replace(/\s/g, '')
  const [digits = ''] = text.split('>')
  if (bytes.byteLength > 0x10000 || /[^0-9a-f]/i.test(digits)) fail('malformed', 'ASCIIHexDecode')
  const padded = digits.length % 2 === 0 ? digits : `${digits}0`
  return Uint8Array.from(padded.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

/** Section 7.4.4.4. Of the TIFF predictor nobody makes use where we read. */
function unpredict(bytes: Bytes, parameters: PdfDictionary | null): Bytes {
  const number = (key: string, otherwise: number) => {
    const value = parameters?.entries.get(key) ?? otherwise
    return isInteger(value) && value > 0 && value < 0x10000 ? value : fail('malformed', key)
  }
  const predictor = number('Predictor', 1)
  if (predictor === 1) return bytes
  if (predictor < 10) fail('unsupported', `predictor ${predictor}`)
  const bits = number('Colors', 1) * number('BitsPerComponent', 8)
  const pixelBytes = Math.max(1, bits >> 3)
  const rowBytes = Math.ceil((number('Columns', 1) * bits) / 8)
  return unfilterPng(bytes, rowBytes, pixelBytes)
}

/** PNG's row filters (W3C PNG section 9). A last row that is cut off is left out. */
function unfilterPng(bytes: Bytes, rowBytes: number, pixelBytes: number): Bytes {
  const rows = Math.floor(bytes.byteLength / (rowBytes + 1))
  const out = new Uint8Array(rows * rowBytes)
  for (let row = 0; row < rows; row++) {
    const filter = bytes[row * (rowBytes + 1)] ?? 0
    if (filter > 4) fail('malformed', `PNG filter ${filter}`)
    const from = row * (rowBytes + 1) + 1
    const to = row * rowBytes
    for (let i = 0; i < rowBytes; i++) {
      const left = i >= pixelBytes ? (out[to + i - pixelBytes] ?? 0) : 0
      const up = row > 0 ? (out[to + i - rowBytes] ?? 0) : 0
      const upLeft = row > 0 && i >= pixelBytes ? (out[to + i - rowBytes - pixelBytes] ?? 0) : 0
      out[to + i] = (bytes[from + i] ?? 0) + predicted(filter, left, up, upLeft)
    }
  }
  return out
}

function predicted(filter: number, left: number, up: number, upLeft: number): number {
  if (filter === 0) return 0
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  const estimate = left + up - upLeft
  const byLeft = Math.abs(estimate - left)
  const byUp = Math.abs(estimate - up)
  const byUpLeft = Math.abs(estimate - upLeft)
  if (byLeft <= byUp && byLeft <= byUpLeft) return left
  return byUp <= byUpLeft ? up : upLeft
}
