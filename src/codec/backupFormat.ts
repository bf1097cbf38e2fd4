// codec: pure conversions between bytes and their written forms. This file: what a backup holds (docs/backup-format.md),
// as it comes, piece by piece: rows, each a head in JSON and a body as it is.
//
//   head's length (4 bytes, big-endian) | head (UTF-8) | body's length (4) | body

import { type Bytes, concatBytes, release } from './bytes.ts'
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from './text.ts'

export const backupFormat = 1
/** As the message names its key. */
export const backupKeyName = { keyNamespace: 'keyhearth', keyName: 'backup' } as const

/** Longest of each that is taken. An attachment's row has a MiB, the top of a manifest a few. */
const mostHeadBytes = 1 << 20
const mostBodyBytes = 64 << 20

export interface BackupRow {
  /** Which store it lies in; `backup` and `end`: what stands first and last. */
  readonly store: string
  readonly row: Readonly<Record<string, unknown>>
  readonly body: Bytes
}

export class BackupFormatError extends Error {}

const bytesMark = '$bytes'

/** What JSON has no form for is marked, at any depth. Nearly all rows have nothing of it: those cost a look. */
function marked(member: unknown): unknown {
  if (typeof member !== 'object' || member === null) return member
  if (member instanceof Uint8Array) return { [bytesMark]: encodeBase64(member) }
  return Array.isArray(member) ? member.map(marked) : eachMember(member, marked)
}

function unmarked(member: unknown): unknown {
  if (typeof member !== 'object' || member === null) return member
  if (Array.isArray(member)) return member.map(unmarked)
  if (bytesMark in member)
    return decodeBase64(String((member as Record<string, unknown>)[bytesMark]))
  return eachMember(member, unmarked)
}

function eachMember(of: object, change: (member: unknown) => unknown): object {
  const isPlain = Object.values(of).every((member) => typeof member !== 'object')
  if (isPlain) return of
  return Object.fromEntries(Object.entries(of).map(([name, member]) => [name, change(member)]))
}

/** Rows one after the other, in one piece: made one by one, they cost several times what sealing them does. */
export function writeBackupRows(rows: readonly BackupRow[]): Bytes {
  const parts = rows.map(({ store, row, body }) => ({
    head: encodeUtf8(JSON.stringify([store, marked(row)])),
    body,
  }))
  const length = parts.reduce(
    (sum, part) => sum + 8 + part.head.byteLength + part.body.byteLength,
    0,
  )
  const whole = new Uint8Array(length)
  const view = new DataView(whole.buffer)
  let end = 0
  for (const bytes of parts.flatMap(({ head, body }) => [head, body])) {
    view.setUint32(end, bytes.byteLength)
    whole.set(bytes, end + 4)
    end += 4 + bytes.byteLength
  }
  return whole
}

/** Takes what comes in any pieces, gives whole rows. @throws BackupFormatError */
export class BackupRows {
  /** What came last, behind what was left before it: rows lie in it. */
  #come: Bytes = new Uint8Array(0)
  /** How much of it were whole rows. */
  #read = 0

  /** Everything has come. @throws BackupFormatError where it ends within a row */
  end(): void {
    if (this.#read < this.#come.byteLength) throw new BackupFormatError('It ends within a row.')
  }

  /** Bodies are good until the next piece: whoever keeps one copies it. */
  *push(piece: Uint8Array): Generator<BackupRow> {
    const before = this.#come
    this.#come = concatBytes(before.subarray(this.#read), piece)
    release(before)
    this.#read = 0
    for (let next = this.#rowAt(0); next; next = this.#rowAt(next.end)) {
      this.#read = next.end
      yield next.row
    }
  }

  #rowAt(at: number): { readonly row: BackupRow; readonly end: number } | null {
    const head = this.#part(at, mostHeadBytes)
    const body = head && this.#part(head.end, mostBodyBytes)
    return head && body && { row: { ...readHead(head.bytes), body: body.bytes }, end: body.end }
  }

  #part(at: number, most: number): { readonly bytes: Bytes; readonly end: number } | null {
    const come = this.#come
    if (come.byteLength < at + 4) return null
    const size = new DataView(come.buffer, come.byteOffset + at, 4).getUint32(0)
    if (size > most) throw new BackupFormatError('A part is too long.')
    const end = at + 4 + size
    return come.byteLength < end ? null : { bytes: come.subarray(at + 4, end), end }
  }
}

function readHead(bytes: Bytes): Pick<BackupRow, 'store' | 'row'> {
  try {
    const head: unknown = unmarked(JSON.parse(decodeUtf8(bytes)))
    if (Array.isArray(head) && head.length === 2) {
      const [store, row] = head as [unknown, unknown]
      if (typeof store === 'string' && typeof row === 'object' && row !== null) {
        return { store, row: row as BackupRow['row'] }
      }
    }
  } catch {
    // No JSON, or bytes that are none.
  }
  throw new BackupFormatError('A row has no head that can be read.')
}
