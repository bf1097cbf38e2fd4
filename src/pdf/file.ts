// pdf: PDF files read strictly, signed and compared; pure. This file: a whole file, its revisions kept apart, and what
// it says as of each of them. Objects are read when they are asked for, in place.

import type { Bytes } from '../codec/bytes.ts'
import {
  type Entry,
  noLength,
  type Problem,
  type ProblemCode,
  type Revision,
} from './crossReference.ts'
import { fail, PdfError } from './errors.ts'
import { decodeStream } from './filters.ts'
import { type IndirectObject, Lexer } from './lexer.ts'
import { isInteger, isKind, type PdfDictionary, type PdfObject, type PdfStream } from './objects.ts'

/** Deviations that every program reads alike, so that a signature means the same to all. */
const harmless: ReadonlySet<ProblemCode> = new Set([
  'xref-space',
  'xref-line',
  'xref-zero',
  'xref-size-small',
])

const mostObjectStreamBytes = 64 * 1024 * 1024
/** Objects do not overlap in honest files: four times over is more than any wants. */
const readingsOfAByte = 4
const leastWork = 1024 * 1024
/** Of all object streams together. */
const mostUnpackedBytes = 256 * 1024 * 1024
const mostPackedObjects = 200_000

interface Packed {
  readonly lexer: Lexer
  /** Number and offset, in their order. */
  readonly objects: readonly (readonly [number, number])[]
}

interface Stated {
  readonly revision: number
  readonly entry: Entry
}

/** So many are quicker looked through one by one than put together first. */
const fewRevisions = 4

/** By object number, what each revision says of it, the oldest first. */
function historyOf(revisions: readonly Revision[]): ReadonlyMap<number, readonly Stated[]> {
  const history = new Map<number, Stated[]>()
  for (const { number: revision, entries } of revisions) {
    for (const [number, entry] of entries) {
      const stated = history.get(number)
      if (stated) stated.push({ revision, entry })
      else history.set(number, [{ revision, entry }])
    }
  }
  return history
}

export class PdfFile {
  readonly bytes: Bytes
  readonly revisions: readonly Revision[]
  readonly problems: Problem[] = []
  #workLeft: number
  #unpackedLeft = mostUnpackedBytes
  #history: ReadonlyMap<number, readonly Stated[]> | null = null
  readonly #atOffset = new Map<number, IndirectObject | null>()
  readonly #packed = new Map<PdfStream, Packed | null>()
  readonly #inPack = new Map<Packed, Map<number, PdfObject>>()

  constructor(bytes: Bytes, revisions: readonly Revision[], problems: readonly Problem[]) {
    this.bytes = bytes
    this.#workLeft = readingsOfAByte * bytes.byteLength + leastWork
    this.revisions = revisions
    for (const problem of problems) this.report(problem.code, problem.detail)
  }

  /** Of all problems, also those that are too many to be kept. */
  problemCount = 0

  report(code: ProblemCode, detail: string): void {
    this.problemCount++
    if (this.problems.length < 100) this.problems.push({ code, detail })
  }

  /** Whether it was read to the letter, small things apart that all programs read alike. */
  get isSound(): boolean {
    return this.problems.every(({ code }) => harmless.has(code))
  }

  get latest(): PdfView {
    return this.view(this.revisions.length)
  }

  /** The file as it was with that revision (from 1). */
  view(revision: number): PdfView {
    return new PdfView(this, revision)
  }

  /** What the tables say of that object up to a revision. */
  entry(number: number, revision: number): Entry | undefined {
    if (this.revisions.length > fewRevisions) return this.#stated(number, revision)
    for (let at = revision - 1; at >= 0; at--) {
      const entry = this.revisions[at]?.entries.get(number)
      if (entry) return entry
    }
    return undefined
  }

  /** The last that was stated by then. */
  #stated(number: number, revision: number): Entry | undefined {
    this.#history ??= historyOf(this.revisions)
    const all = this.#history.get(number) ?? []
    let [low, high] = [0, all.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((all[middle]?.revision ?? 0) <= revision) low = middle + 1
      else high = middle
    }
    return all[low - 1]?.entry
  }

  /** What stands at that offset, or `null`. It is read once. */
  indirectAt(offset: number, view: PdfView): IndirectObject | null {
    const known = this.#atOffset.get(offset)
    if (known !== undefined) return known
    // While it is being read it is not there: a stream whose length is itself ends here.
    this.#atOffset.set(offset, null)
    const read = this.#readAt(offset, view)
    this.#atOffset.set(offset, read)
    return read
  }

  #readAt(offset: number, view: PdfView): IndirectObject | null {
    if (offset >= this.bytes.byteLength) return null
    const lengthOf = (length: PdfObject | undefined) => noLength(view.resolve(length))
    const lexer = new Lexer(this.bytes, offset)
    try {
      return lexer.indirect(lengthOf)
    } catch (error) {
      if (!(error instanceof PdfError) || error.code === 'limit') throw error
      this.report('xref-entry', error.detail)
      return null
    } finally {
      this.#spend(lexer.at - offset)
    }
  }

  /** Honest objects do not overlap, so that reading all of them takes the file's length once. */
  #spend(bytes: number): void {
    this.#workLeft -= bytes
    if (this.#workLeft < 0) fail('limit', 'objects overlap without end')
  }

  /** The objects of an object stream (section 7.5.7), or `null` where it is none. */
  packed(stream: PdfStream, view: PdfView): Packed | null {
    const known = this.#packed.get(stream)
    if (known !== undefined) return known
    this.#packed.set(stream, null)
    const read = this.#readPacked(stream, view)
    if (read === null) this.report('object-stream', 'an object stream is not readable')
    this.#packed.set(stream, read)
    return read
  }

  #readPacked(stream: PdfStream, view: PdfView): Packed | null {
    const count = view.resolve(stream.dictionary.entries.get('N'))
    const first = view.resolve(stream.dictionary.entries.get('First'))
    if (!isInteger(count) || !isInteger(first) || count < 0 || first < 0) return null
    if (count > mostPackedObjects) fail('limit', `${count} objects in a stream`)
    try {
      const resolve = (object: PdfObject | undefined) => view.resolve(object)
      const lexer = new Lexer(decodeStream(stream, mostObjectStreamBytes, resolve))
      this.#unpackedLeft -= lexer.bytes.byteLength
      this.#workLeft += readingsOfAByte * lexer.bytes.byteLength
      if (this.#unpackedLeft < 0) fail('limit', 'object streams')
      return { lexer, objects: readPackHeader(lexer, count, first) }
    } catch (error) {
      if (error instanceof PdfError && error.code !== 'limit') return null
      throw error
    }
  }

  packedObject(pack: Packed, number: number, index: number): PdfObject {
    const known = this.#inPack.get(pack)?.get(index)
    if (known !== undefined) return known
    const [found, offset] = pack.objects[index] ?? []
    if (found !== number || offset === undefined) {
      this.report('object-stream', `object ${number} is not in its stream`)
      return null
    }
    const object = this.#readPackedObject(pack, offset)
    const objects = this.#inPack.get(pack) ?? new Map<number, PdfObject>()
    this.#inPack.set(pack, objects.set(index, object))
    return object
  }

  #readPackedObject(pack: Packed, offset: number): PdfObject {
    pack.lexer.at = offset
    try {
      return pack.lexer.object()
    } catch (error) {
      if (!(error instanceof PdfError) || error.code === 'limit') throw error
      this.report('object-stream', error.detail)
      return null
    } finally {
      this.#spend(pack.lexer.at - offset)
    }
  }
}

function readPackHeader(lexer: Lexer, count: number, first: number): [number, number][] {
  const objects: [number, number][] = []
  for (let i = 0; i < count; i++) {
    lexer.skipBlank()
    const number = lexer.unsigned()
    lexer.skipBlank()
    const offset = lexer.unsigned()
    if (number === undefined || offset === undefined || lexer.at > first) {
      fail('malformed', 'the head of an object stream')
    }
    objects.push([number, first + offset])
  }
  return objects
}

/** The file as of one revision. */
export class PdfView {
  readonly file: PdfFile
  readonly revision: number

  constructor(file: PdfFile, revision: number) {
    this.file = file
    this.revision = revision
  }

  get trailer(): PdfDictionary {
    return this.file.revisions[this.revision - 1]?.trailer ?? fail('invalid', 'no such revision')
  }

  entry(number: number): Entry | undefined {
    return this.file.entry(number, this.revision)
  }

  /** One more than the highest object number in use. */
  get nextNumber(): number {
    let next = 1
    const size = this.trailer.entries.get('Size')
    if (isInteger(size)) next = Math.max(next, size)
    for (const { entries } of this.file.revisions.slice(0, this.revision)) {
      for (const number of entries.keys()) if (number >= next) next = number + 1
    }
    return next
  }

  /** Where an object stands, or `null` where it is free, absent, packed, or not what the table says. */
  indirect(number: number): IndirectObject | null {
    const entry = this.entry(number)
    if (entry?.type !== 'offset') return null
    const found = this.file.indirectAt(entry.offset, this)
    if (found === null) return null
    if (found.number === number && found.generation === entry.generation) return found
    this.file.report('xref-entry', `object ${number} is not at ${entry.offset}`)
    return null
  }

  /** The object of that number. What is not there is null (section 7.3.10). */
  object(number: number, generation = 0): PdfObject {
    const entry = this.entry(number)
    if (entry === undefined || entry.type === 'free') return null
    if (entry.type === 'offset') {
      return entry.generation === generation ? (this.indirect(number)?.object ?? null) : null
    }
    const container = this.indirect(entry.stream)?.object
    if (generation !== 0 || !isKind(container, 'stream')) return null
    const pack = this.file.packed(container, this)
    return pack ? this.file.packedObject(pack, number, entry.index) : null
  }

  /** Follows references to what is none; a chain of them ends in null. */
  resolve(object: PdfObject | undefined): PdfObject {
    let found = object ?? null
    for (let steps = 0; isKind(found, 'reference'); steps++) {
      if (steps === 8) return null
      found = this.object(found.number, found.generation)
    }
    return found
  }

  get(of: PdfObject | undefined, key: string): PdfObject {
    return this.resolve(this.dictionary(of)?.entries.get(key))
  }

  /** A dictionary, also that of a stream, behind references; or `undefined`. */
  dictionary(object: PdfObject | undefined): PdfDictionary | undefined {
    const found = this.resolve(object)
    if (isKind(found, 'dictionary')) return found
    return isKind(found, 'stream') ? found.dictionary : undefined
  }

  /** The items of an array behind references; none where it is no array. */
  items(object: PdfObject | undefined): readonly PdfObject[] {
    const found = this.resolve(object)
    return isKind(found, 'array') ? found.items : []
  }

  get catalog(): PdfDictionary {
    return this.dictionary(this.trailer.entries.get('Root')) ?? fail('malformed', 'no catalog')
  }

  /** Reads every object of the table once, so that `problems` of the file tells all. */
  readAll(): void {
    for (let at = 0; at < this.revision; at++) {
      for (const [number, entry] of this.file.revisions[at]?.entries ?? []) {
        if (this.entry(number) !== entry) continue
        if (entry.type === 'offset') this.#check(number, entry.offset, entry.generation)
        else if (entry.type === 'packed') this.object(number)
      }
    }
  }

  /** The head alone: reading all of a large file would keep all its objects. */
  #check(number: number, offset: number, generation: number): void {
    const lexer = new Lexer(this.file.bytes, offset)
    lexer.skipWhitespace()
    const header = lexer.objectHeader()
    if (header?.number !== number || header.generation !== generation) {
      this.file.report('xref-entry', `object ${number} is not at ${offset}`)
    }
  }
}
