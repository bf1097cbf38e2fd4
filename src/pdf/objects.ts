// pdf: PDF files read strictly, signed and compared; pure. This file: the objects of ISO 32000-2 section 7.3. Null,
// booleans and numbers are JavaScript's own.

import type { Bytes } from '../codec/bytes.ts'

export interface PdfName {
  readonly kind: 'name'
  /** Without the solidus, `#xx` undone, one character per byte. */
  readonly name: string
}

export interface PdfString {
  readonly kind: 'string'
  readonly bytes: Bytes
  readonly isHex: boolean
  /** Where it stands in what it was read from, its `(`…`)` or `<`…`>` included; 0 and 0 where made here. */
  readonly start: number
  readonly end: number
}

export interface PdfArray {
  readonly kind: 'array'
  readonly items: readonly PdfObject[]
}

export interface PdfDictionary {
  readonly kind: 'dictionary'
  readonly entries: ReadonlyMap<string, PdfObject>
  /** Keys that stand there twice: readers differ in which one they take. */
  readonly duplicates: readonly string[]
}

export interface PdfStream {
  readonly kind: 'stream'
  readonly dictionary: PdfDictionary
  /** As it stands in the file, still packed; in place, not a copy. */
  readonly raw: Bytes
}

export interface PdfReference {
  readonly kind: 'reference'
  readonly number: number
  readonly generation: number
}

export type PdfObject =
  | null
  | boolean
  | number
  | PdfName
  | PdfString
  | PdfArray
  | PdfDictionary
  | PdfStream
  | PdfReference

export const name = (text: string): PdfName => ({ kind: 'name', name: text })
export const array = (...items: readonly PdfObject[]): PdfArray => ({ kind: 'array', items })
export const reference = (number: number, generation = 0): PdfReference => ({
  kind: 'reference',
  number,
  generation,
})
export const string = (bytes: Bytes, isHex = false): PdfString => ({
  kind: 'string',
  bytes,
  isHex,
  start: 0,
  end: 0,
})

/** Entries whose value is `undefined` are left out. */
export function dictionary(
  entries: Readonly<Record<string, PdfObject | undefined>> | ReadonlyMap<string, PdfObject>,
): PdfDictionary {
  if (entries instanceof Map) return { kind: 'dictionary', entries, duplicates: [] }
  const map = new Map<string, PdfObject>()
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) map.set(key, value)
  return { kind: 'dictionary', entries: map, duplicates: [] }
}

export const stream = (entries: PdfDictionary, raw: Bytes): PdfStream => ({
  kind: 'stream',
  dictionary: withEntries(entries, { Length: raw.byteLength }),
  raw,
})

/** The same dictionary with some entries replaced or added. */
export function withEntries(
  base: PdfDictionary,
  changes: Readonly<Record<string, PdfObject | undefined>>,
): PdfDictionary {
  const entries = new Map(base.entries)
  for (const [key, value] of Object.entries(changes))
    if (value !== undefined) entries.set(key, value)
  return { kind: 'dictionary', entries, duplicates: [] }
}

type Kind = 'name' | 'string' | 'array' | 'dictionary' | 'stream' | 'reference'

export const isKind = <K extends Kind>(
  object: PdfObject | undefined,
  kind: K,
): object is Extract<PdfObject, { kind: K }> =>
  typeof object === 'object' && object !== null && object.kind === kind

export const isInteger = (object: PdfObject | undefined): object is number =>
  typeof object === 'number' && Number.isSafeInteger(object)

/** The text of a name, or `undefined` where it is none. */
export const nameOf = (object: PdfObject | undefined): string | undefined =>
  isKind(object, 'name') ? object.name : undefined
