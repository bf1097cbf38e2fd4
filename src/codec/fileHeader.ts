// codec: pure conversions between bytes and their written forms. This file: what stands before a file's
// content inside its message, so that name and type are encrypted and authenticated with it:
//
//   "KHF1" | length of the JSON (u32, big-endian) | JSON in UTF-8 | content
//
// The message says that it holds one by the pair `keyhearth:content` = `file/1` of its encryption context.

import { type Bytes, concatBytes, uint32 } from './bytes.ts'
import { decodeUtf8, encodeUtf8 } from './text.ts'

export class FileHeaderError extends Error {
  override readonly name = 'FileHeaderError'
  readonly code: 'malformed' | 'truncated' | 'limit'

  constructor(code: FileHeaderError['code'], message: string) {
    super(message)
    this.code = code
  }
}

export const fileContentPair = { 'keyhearth:content': 'file/1' } as const

/** Nothing in it is fit for a file system: a name is whatever somebody gave their file. */
export interface FileHeader {
  readonly name: string
  /** Media type, or empty. */
  readonly type: string
  /** Last change, in milliseconds since 1970. */
  readonly modified?: number
  /** Folders the file lay in, the outermost first. */
  readonly folders?: readonly string[]
}

const magic = encodeUtf8('KHF1')
const fixedBytes = magic.byteLength + 4
const mostJsonBytes = 64 * 1024
const mostFolders = 100

/** @throws FileHeaderError `limit` where names are longer than the header may be */
export function writeFileHeader({ name, type, modified, folders }: FileHeader): Bytes {
  const json = encodeUtf8(JSON.stringify({ name, type, modified, folders }))
  if (json.byteLength > mostJsonBytes) {
    throw new FileHeaderError('limit', 'The name of the file is too long.')
  }
  return concatBytes(magic, uint32(json.byteLength), json)
}

/** A header, and how many bytes of the plaintext it took. */
export interface ReadFileHeader {
  readonly header: FileHeader
  readonly bytes: number
}

/**
 * @param start of the plaintext, as much as is there
 * @returns `null` while the header is not all there
 * @throws FileHeaderError `malformed` where it is none
 */
export function readFileHeader(start: Bytes): ReadFileHeader | null {
  if (magic.some((byte, at) => at < start.byteLength && start[at] !== byte)) throw notOne()
  if (start.byteLength < fixedBytes) return null
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength)
  const jsonBytes = view.getUint32(magic.byteLength)
  if (jsonBytes > mostJsonBytes) throw notOne()
  const bytes = fixedBytes + jsonBytes
  if (start.byteLength < bytes) return null
  return { header: parse(start.subarray(fixedBytes, bytes)), bytes }
}

const notOne = () =>
  new FileHeaderError('malformed', 'The message says it holds a file, and does not.')

function parse(json: Bytes): FileHeader {
  const value = parseJson(json)
  if (typeof value !== 'object' || value === null) throw notOne()
  const { name, type, modified, folders } = value as Partial<Record<keyof FileHeader, unknown>>
  if (typeof name !== 'string' || typeof type !== 'string') throw notOne()
  if (modified !== undefined && !isTime(modified)) throw notOne()
  if (folders !== undefined && !isFolders(folders)) throw notOne()
  return {
    name,
    type,
    ...(modified === undefined ? {} : { modified }),
    ...(folders === undefined ? {} : { folders }),
  }
}

function parseJson(json: Bytes): unknown {
  try {
    return JSON.parse(decodeUtf8(json))
  } catch {
    throw notOne()
  }
}

const isTime = (value: unknown): value is number => Number.isSafeInteger(value)

const isFolders = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length <= mostFolders &&
  value.every((folder) => typeof folder === 'string')
