// pdf: PDF files read strictly, signed and compared; pure. This file: an incremental update (ISO 32000-2 section 7.5.6):
// objects behind the file as it is, with a cross-reference of the same form as its last one.

import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { type NewEntry, writeRows, writeTable } from './crossReference.ts'
import { fail } from './errors.ts'
import type { PdfView } from './file.ts'
import { deflate } from './filters.ts'
import {
  array,
  dictionary,
  isKind,
  name,
  type PdfObject,
  type PdfReference,
  reference,
  stream,
  string,
  withEntries,
} from './objects.ts'
import { latin1, serialise } from './serialise.ts'

/** What a new trailer takes over from the last. */
const keptKeys = ['Root', 'Info']

export class IncrementalUpdate {
  readonly view: PdfView
  readonly #objects = new Map<number, { generation: number; body: Bytes }>()
  #next: number

  constructor(view: PdfView) {
    this.view = view
    this.#next = view.nextNumber
  }

  /** A number for an object that comes later. */
  reserve(): PdfReference {
    return reference(this.#next++)
  }

  add(object: PdfObject): PdfReference {
    const target = this.reserve()
    this.put(target, object)
    return target
  }

  /** A new object, or the same one with a new value. */
  put(target: PdfReference, object: PdfObject): void {
    this.putBody(target, serialise(object))
  }

  putBody(target: PdfReference, body: Bytes): void {
    this.#objects.set(target.number, { generation: target.generation, body })
  }

  /** What comes behind the file, and where in it each body begins. */
  finish(): { appended: Bytes; bodyAt: ReadonlyMap<number, number> } {
    const { bytes } = this.view.file
    const last = bytes.at(-1)
    const parts: Bytes[] = last === 10 || last === 13 ? [] : [latin1('\n')]
    let length = parts.length
    const entries: NewEntry[] = []
    const bodyAt = new Map<number, number>()
    for (const [number, { generation, body }] of this.#objects) {
      const head = latin1(`${number} ${generation} obj\n`)
      entries.push({ number, generation, offset: bytes.byteLength + length })
      bodyAt.set(number, length + head.byteLength)
      parts.push(head, body, latin1('\nendobj\n'))
      length += head.byteLength + body.byteLength + '\nendobj\n'.length
    }
    parts.push(this.#ending(entries, bytes.byteLength + length))
    return { appended: concatBytes(...parts), bodyAt }
  }

  /** A hybrid file gets a table: every program reads that, and the objects of an update hide nothing. */
  #ending(entries: readonly NewEntry[], at: number): Bytes {
    const head = this.view.file.revisions.at(-1)?.sections[0] ?? fail('broken-xref')
    const trailer = this.#trailer(head.offset)
    if (head.kind !== 'stream') {
      const size = withEntries(trailer, { Size: this.#next })
      const table = latin1(`${writeTable(entries)}trailer\n`)
      return concatBytes(table, serialise(size), latin1(`\nstartxref\n${at}\n%%EOF\n`))
    }
    const own = this.reserve()
    const { rows, index } = writeRows([...entries, { ...own, offset: at }])
    const parameters = withEntries(trailer, {
      Type: name('XRef'),
      Size: this.#next,
      W: array(1, 5, 2),
      Index: array(...index),
      Filter: name('FlateDecode'),
    })
    return concatBytes(
      latin1(`${own.number} 0 obj\n`),
      serialise(stream(parameters, deflate(rows))),
      latin1(`\nendobj\nstartxref\n${at}\n%%EOF\n`),
    )
  }

  #trailer(previous: number) {
    const { trailer } = this.view
    const kept = Object.fromEntries(keptKeys.map((key) => [key, trailer.entries.get(key)]))
    const [first] = this.view.items(trailer.entries.get('ID'))
    // The first half stays for ever, the second is of this version (section 14.4).
    const second = string(crypto.getRandomValues(new Uint8Array(16)))
    const id = isKind(first, 'string') ? array(first, second) : undefined
    return dictionary({ ...kept, ID: id, Prev: previous })
  }
}
