// pdf: PDF files read strictly, signed and compared; pure. This file: finds the objects of a file whose cross-reference
// is broken, as other programs do, so that it can be told what is in it. Never good enough to sign.

import type { Bytes } from '../codec/bytes.ts'
import type { Entry, Revision } from './crossReference.ts'
import { fail, PdfError } from './errors.ts'
import { PdfFile, type PdfView } from './file.ts'
import { isDigit, isWhitespace, Lexer } from './lexer.ts'
import { dictionary, isKind, nameOf, type PdfDictionary, reference } from './objects.ts'

const mostObjects = 500_000

interface Found {
  readonly entries: Map<number, Entry>
  readonly trailers: PdfDictionary[]
}

/** One revision with the last definition of every object. Throws `broken-xref` where there is no catalog. */
export function rebuild(bytes: Bytes): PdfFile {
  const found = findObjects(bytes)
  const search = {
    number: 1,
    sections: [],
    start: 0,
    end: bytes.byteLength,
    trailer: dictionary({}),
  }
  const view = new PdfFile(bytes, [{ ...search, entries: found.entries }], []).latest
  unpackStreams(view, found)
  const trailer = chooseTrailer(view, found)
  const revision: Revision = {
    number: 1,
    sections: [],
    entries: found.entries,
    trailer,
    start: 0,
    end: bytes.byteLength,
  }
  const problem = { code: 'rebuilt', detail: `${found.entries.size} objects found` } as const
  return new PdfFile(bytes, [revision], [problem])
}

/** Every `12 0 obj` and every `trailer`, in the order of the file: what comes later counts. */
function findObjects(bytes: Bytes): Found {
  const found: Found = { entries: new Map(), trailers: [] }
  for (let at = bytes.indexOf(0x62); at >= 0; at = bytes.indexOf(0x62, at + 1)) {
    // The b of obj.
    if (bytes[at - 1] !== 0x6f || bytes[at + 1] !== 0x6a) continue
    const start = headerStart(bytes, at - 1)
    const header = start === undefined ? undefined : new Lexer(bytes, start).objectHeader()
    if (start === undefined || !header) continue
    if (found.entries.size >= mostObjects) fail('limit', `more than ${mostObjects} objects`)
    found.entries.set(header.number, {
      type: 'offset',
      offset: start,
      generation: header.generation,
    })
  }
  let work = 0
  for (let at = bytes.indexOf(0x74); at >= 0; at = bytes.indexOf(0x74, at + 1)) {
    if (bytes[at + 1] !== 0x72) continue
    const lexer = new Lexer(bytes, at)
    if (!lexer.take('trailer')) continue
    addTrailer(lexer, found)
    work += lexer.at - at
    if (work > 4 * bytes.byteLength) fail('limit', 'trailers overlap without end')
  }
  return found
}

function addTrailer(lexer: Lexer, found: Found): void {
  try {
    const trailer = lexer.object()
    if (isKind(trailer, 'dictionary')) found.trailers.push(trailer)
  } catch (error) {
    if (!(error instanceof PdfError)) throw error
  }
}

/** Where `12 0 ` begins that ends here. */
function headerStart(bytes: Bytes, end: number): number | undefined {
  let at = end
  for (let part = 0; part < 2; part++) {
    while (isWhitespace(bytes[at - 1]) && end - at < 40) at--
    const behind = at
    while (isDigit(bytes[at - 1]) && end - at < 40) at--
    if (at === behind) return undefined
  }
  return at
}

/** Objects in object streams, where none of that number stands by itself; and trailers in cross-reference streams. */
function unpackStreams(view: PdfView, found: Found): void {
  for (const number of [...found.entries.keys()]) {
    const object = view.indirect(number)?.object
    if (!isKind(object, 'stream')) continue
    const type = nameOf(object.dictionary.entries.get('Type'))
    if (type === 'XRef') found.trailers.push(object.dictionary)
    if (type !== 'ObjStm') continue
    view.file.packed(object, view)?.objects.forEach(([packed], index) => {
      if (found.entries.has(packed)) return
      found.entries.set(packed, { type: 'packed', stream: number, index })
    })
  }
}

function chooseTrailer(view: PdfView, found: Found): PdfDictionary {
  const encrypted = found.trailers.find((trailer) => trailer.entries.has('Encrypt'))
  if (encrypted) return encrypted
  const last = found.trailers.findLast((trailer) => trailer.entries.has('Root'))
  if (last) return last
  for (const [number, entry] of found.entries) {
    const generation = entry.type === 'offset' ? entry.generation : 0
    const isCatalog = nameOf(view.get(view.object(number, generation), 'Type')) === 'Catalog'
    if (isCatalog) return dictionary({ Root: reference(number, generation) })
  }
  return fail('broken-xref', 'no catalog found')
}
