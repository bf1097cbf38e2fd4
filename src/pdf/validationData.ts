// pdf: PDF files read strictly, signed and compared; pure. This file: adds what long-term validation needs, the document
// security store (ISO 32000-2 section 12.8.4.3, ETSI EN 319 142-1 section 5.4.2).

import { type Bytes, concatBytes, equalBytes } from '../codec/bytes.ts'
import { encodeHex } from '../codec/text.ts'
import { fail, PdfError } from './errors.ts'
import type { PdfView } from './file.ts'
import { decodeStream, deflate } from './filters.ts'
import {
  array,
  dictionary,
  isKind,
  name,
  type PdfDictionary,
  type PdfObject,
  type PdfReference,
  type PdfStream,
  stream,
  withEntries,
} from './objects.ts'
import { openForUpdate } from './sign.ts'
import { IncrementalUpdate } from './update.ts'

/** All DER: certificates, OCSP responses (OCSPResponse), revocation lists. */
export interface ValidationData {
  readonly certificates: readonly Bytes[]
  readonly ocspResponses: readonly Bytes[]
  readonly revocationLists: readonly Bytes[]
}

export interface SignatureData extends ValidationData {
  /** The signature these are for, as `readSignatures` gives its `contents`: padding included. */
  readonly contents: Bytes
}

const stores = [
  ['Certs', 'Cert', 'certificates'],
  ['OCSPs', 'OCSP', 'ocspResponses'],
  ['CRLs', 'CRL', 'revocationLists'],
] as const

const mostItemBytes = 16 * 1024 * 1024

/** Of all that a store holds: more than signatures need, and no more than a page can hold. */
const mostItems = 512
const mostBytes = 64 * 1024 * 1024

/**
 * What the store of the file holds, for all signatures and for each (`/VRI`): whoever wrote to the file put it there, and
 * nothing of it is trusted for that. What cannot be read, or is too much, is left out.
 */
export function readValidationData(view: PdfView): ValidationData {
  const store = view.dictionary(view.catalog.entries.get('DSS'))
  if (!store) return { certificates: [], ocspResponses: [], revocationLists: [] }
  const perSignature = [...(view.dictionary(store.entries.get('VRI'))?.entries.values() ?? [])]
  const owners = perSignature.slice(0, mostItems).map((one) => view.dictionary(one))
  const seen = new Set<PdfObject>()
  let left = mostBytes
  const read = (key: string, inner: string): readonly Bytes[] => {
    const named = [store.entries.get(key), ...owners.map((one) => one?.entries.get(inner))]
    return named
      .flatMap((list) => view.items(list).slice(0, mostItems))
      .flatMap((item) => {
        const found = view.resolve(item)
        if (!isKind(found, 'stream') || seen.has(found) || seen.size >= mostItems) return []
        seen.add(found)
        const bytes = readableItem(view, found, Math.min(mostItemBytes, left))
        left -= bytes?.byteLength ?? 0
        return bytes ? [bytes] : []
      })
  }
  const [certificates, ocspResponses, revocationLists] = stores.map(([key, inner]) =>
    read(key, inner),
  )
  return {
    certificates: certificates ?? [],
    ocspResponses: ocspResponses ?? [],
    revocationLists: revocationLists ?? [],
  }
}

function readableItem(view: PdfView, item: PdfStream, most: number): Bytes | undefined {
  try {
    return decodeStream(item, most, (inner) => view.resolve(inner))
  } catch (error) {
    if (error instanceof PdfError) return undefined
    throw error
  }
}

/** The new file. What is in the store already stays, and is not added twice. Throws `PdfError`. */
export async function addValidationData(
  bytes: Bytes,
  data: ValidationData,
  perSignature: readonly SignatureData[] = [],
): Promise<Bytes> {
  const view = openForUpdate(bytes)
  const update = new IncrementalUpdate(view)
  const root = view.trailer.entries.get('Root')
  if (!isKind(root, 'reference')) return fail('malformed', 'Root')
  const old = view.dictionary(view.catalog.entries.get('DSS')) ?? dictionary({ Type: name('DSS') })
  const pool = new Pool(update, old)
  for (const [key, , list] of stores) pool.add(key, data[list])
  const vri = new Map(view.dictionary(old.entries.get('VRI'))?.entries)
  for (const item of perSignature) vri.set(await vriKey(item.contents), vriEntry(pool, item))
  const lists = pool.lists()
  const changed = withEntries(old, { ...lists, VRI: vri.size > 0 ? dictionary(vri) : undefined })
  update.put(root, withEntries(view.catalog, { DSS: update.add(changed) }))
  return concatBytes(bytes, update.finish().appended)
}

/** SHA-1 because the standard names it so: it is a name here, and protects nothing. */
async function vriKey(contents: Bytes): Promise<string> {
  return encodeHex(new Uint8Array(await crypto.subtle.digest('SHA-1', contents))).toUpperCase()
}

function vriEntry(pool: Pool, data: SignatureData): PdfDictionary {
  const entries: Record<string, PdfObject> = { Type: name('VRI') }
  for (const [key, inner, list] of stores) {
    const references = pool.add(key, data[list])
    if (references.length > 0) entries[inner] = array(...references)
  }
  return dictionary(entries)
}

interface Kept {
  readonly bytes: Bytes | undefined
  readonly object: PdfObject
}

/** The streams of the store, each of them once. */
class Pool {
  readonly #update: IncrementalUpdate
  readonly #kept = new Map<string, Kept[]>()

  constructor(update: IncrementalUpdate, old: PdfDictionary) {
    this.#update = update
    for (const [key] of stores) {
      const items = update.view.items(old.entries.get(key))
      this.#kept.set(
        key,
        items.map((object) => ({ object, bytes: readItem(update.view, object) })),
      )
    }
  }

  add(key: string, items: readonly Bytes[]): PdfObject[] {
    return items.map((bytes) => {
      const kept = this.#kept.get(key) ?? []
      const known = kept.find((item) => item.bytes && equalBytes(item.bytes, bytes))
      if (known) return known.object
      const filter = dictionary({ Filter: name('FlateDecode') })
      const object: PdfReference = this.#update.add(stream(filter, deflate(bytes)))
      kept.push({ bytes, object })
      return object
    })
  }

  lists(): Record<string, PdfObject> {
    const filled = [...this.#kept].filter(([, kept]) => kept.length > 0)
    return Object.fromEntries(
      filled.map(([key, kept]) => [key, array(...kept.map(({ object }) => object))]),
    )
  }
}

function readItem(view: PdfView, object: PdfObject): Bytes | undefined {
  const found = view.resolve(object)
  if (!isKind(found, 'stream')) return undefined
  return decodeStream(found, mostItemBytes, (inner) => view.resolve(inner))
}
