// provider: what a web page holds. This file: the bodies of AWS's requests and answers as AWS JSON 1.1
// writes them: blobs as base64 (RFC 4648 section 4), times as seconds since 1970, members that are null as
// if they were not there.

import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../codec/text.ts'
import { pageError } from '../protocol/pageErrors.ts'

/** Deeper than any request of AWS's. */
const deepest = 16

const malformed = (what: string) => pageError('malformed-request', { what })

/**
 * @param blobs paths of the members that are bytes
 * @throws PageError `malformed-request`
 */
export function readJson(body: Bytes, blobs: ReadonlySet<string>): object {
  const value = parse(body)
  if (!isObject(value)) throw malformed('its body is not a JSON object')
  return readMembers(value, blobs, '', deepest)
}

function parse(body: Bytes): unknown {
  try {
    return JSON.parse(decodeUtf8(body))
  } catch {
    throw malformed('its body is not JSON')
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A member called `__proto__` stays one member among others: `fromEntries` defines, it does not assign. */
function readMembers(value: object, blobs: ReadonlySet<string>, path: string, depth: number) {
  const members = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(
    members.map(([name, member]) => [name, read(member, blobs, path + name, depth - 1)]),
  )
}

function read(value: unknown, blobs: ReadonlySet<string>, path: string, depth: number): unknown {
  if (depth === 0) throw malformed('its body is nested too deep')
  if (blobs.has(path)) return readBlob(value, path)
  if (Array.isArray(value)) return value.map((one) => read(one, blobs, `${path}[]`, depth - 1))
  return isObject(value) ? readMembers(value, blobs, `${path}.`, depth) : value
}

function readBlob(value: unknown, path: string): Bytes {
  try {
    if (typeof value === 'string') return decodeBase64(value)
  } catch {
    // Not base64: as wrong as not being a text.
  }
  throw malformed(`${path} is not base64`)
}

export const writeJson = (answer: object): Bytes =>
  encodeUtf8(
    JSON.stringify(answer, (_name, value: unknown) =>
      value instanceof Uint8Array ? encodeBase64(value) : value,
    ),
  )
