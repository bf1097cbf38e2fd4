// pdf: PDF files read strictly, signed and compared; pure. This file: text strings and dates (ISO 32000-2 sections 7.9.2.2
// and 7.9.4).

import { concatBytes } from '../codec/bytes.ts'
import { isKind, type PdfObject, type PdfString, string } from './objects.ts'
import { latin1 } from './serialise.ts'

/** Where PDFDocEncoding is not Latin-1 (annex D.2). */
const special = '˘ˇˆ˙˝˛˚˜'
const upper = '•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\uFFFD€'

function documentCharacter(code: number): string {
  if (code >= 0x18 && code < 0x20) return special[code - 0x18] ?? ''
  if (code >= 0x80 && code <= 0xa0) return upper[code - 0x80] ?? ''
  return String.fromCharCode(code)
}

/** The text of a string, or `undefined` where the object is none. Never throws. */
export function textOf(object: PdfObject | undefined): string | undefined {
  if (!isKind(object, 'string')) return undefined
  const { bytes } = object
  const [first, second, third] = bytes
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  if (first === 0xef && second === 0xbb && third === 0xbf) return new TextDecoder().decode(bytes)
  return Array.from(bytes, documentCharacter).join('')
}

export function textString(text: string): PdfString {
  if (/^[\n\r\t -~¡-ÿ]*$/.test(text)) return string(latin1(text))
  const units = new Uint8Array(text.length * 2)
  for (let at = 0; at < text.length; at++) {
    units[2 * at] = text.charCodeAt(at) >> 8
    units[2 * at + 1] = text.charCodeAt(at) & 0xff
  }
  return string(concatBytes(Uint8Array.of(0xfe, 0xff), units))
}

const two = (value: number) => String(value).padStart(2, '0')

/** `D:YYYYMMDDHHmmSS+HH'mm'` at that offset from UTC. */
export function pdfDate(time: Date, offsetMinutes: number): PdfString {
  const local = new Date(time.getTime() + offsetMinutes * 60_000).toISOString()
  const sign = offsetMinutes < 0 ? '-' : '+'
  const minutes = Math.abs(offsetMinutes)
  const offset = `${sign}${two(Math.floor(minutes / 60))}'${two(minutes % 60)}'`
  return string(latin1(`D:${local.slice(0, 19).replace(/\D/g, '')}${offset}`))
}

const datePattern =
  /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z(?:00'?00'?)?|([+-])(\d\d)'?(\d\d)?'?)?$/

/** The instant, or `undefined` where the string is no date. */
export function dateOf(object: PdfObject | undefined): Date | undefined {
  const found = datePattern.exec(textOf(object) ?? '')
  if (!found) return undefined
  const part = (at: number, otherwise: number) => Number(found[at] ?? otherwise)
  const utc = Date.UTC(part(1, 0), part(2, 1) - 1, part(3, 1), part(4, 0), part(5, 0), part(6, 0))
  const offset = (part(8, 0) * 60 + part(9, 0)) * (found[7] === '-' ? -1 : 1)
  return new Date(utc - offset * 60_000)
}
