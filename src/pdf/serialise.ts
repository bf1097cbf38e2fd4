// pdf: PDF files read strictly, signed and compared; pure. This file: writes objects as bytes.

import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { encodeHex } from '../codec/text.ts'
import type { PdfObject } from './objects.ts'

/** One byte per character; the text has none above U+00FF. */
export function latin1(text: string): Bytes {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}

export function serialise(object: PdfObject): Bytes {
  if (object !== null && typeof object === 'object' && object.kind === 'stream') {
    const head = latin1(`${write(object.dictionary)}\nstream\n`)
    return concatBytes(head, object.raw, latin1('\nendstream'))
  }
  return latin1(write(object))
}

/** Everything but streams, which are never inside another object (ISO 32000-2 section 7.3.8). */
export function write(object: PdfObject): string {
  if (object === null || typeof object === 'boolean') return String(object)
  if (typeof object === 'number') return writeNumber(object)
  switch (object.kind) {
    case 'name':
      return writeName(object.name)
    case 'string':
      return `<${encodeHex(object.bytes)}>`
    case 'array':
      return `[${object.items.map(write).join(' ')}]`
    case 'dictionary':
      return `<<${[...object.entries].map(([key, value]) => `${writeName(key)} ${write(value)}`).join(' ')}>>`
    case 'reference':
      return `${object.number} ${object.generation} R`
    case 'stream':
      return 'null'
  }
}

/** Without an exponent, which PDF does not know (section 7.3.3). */
const writeNumber = (value: number): string =>
  Number.isInteger(value) ? value.toFixed(0) : value.toFixed(10).replace(/0+$/, '')

/** What is not a plain character stands as `#xx` (section 7.3.5). */
const writeName = (text: string): string =>
  `/${text.replace(/[^!-~]|[#()<>[\]{}/%]/g, (char) => `#${char.charCodeAt(0).toString(16).padStart(2, '0')}`)}`
