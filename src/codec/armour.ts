// codec: pure conversions between bytes and their written forms. This file: messages as text.
//
//   -----BEGIN KEYHEARTH MESSAGE-----      or on one line:  keyhearth:<base64url>
//   base64 in 64 columns
//   -----END KEYHEARTH MESSAGE-----
//
// Writing is exact. Reading forgives what pages and mail do to text: quoting, `<br>`, odd spaces,
// zero-width characters, re-wrapping, dashes made smart or lost. What it forgives carries no meaning;
// the message inside is authenticated, so nothing that was changed can pass as the message.

import type { Bytes } from './bytes.ts'
import { decodeBase64Unpadded, decodeBase64Url, encodeBase64, encodeBase64Url } from './text.ts'

const columns = 64
const label = 'KEYHEARTH MESSAGE'
const scheme = 'keyhearth:'

export function armour(message: Uint8Array): string {
  const lines = encodeBase64(message).match(new RegExp(`.{1,${columns}}`, 'g')) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

export const armourOneLine = (message: Uint8Array): string => scheme + encodeBase64Url(message)

/** One message found in a text; `start` and `end` are its place there, in UTF-16 units. */
export type ArmouredBlock = { readonly start: number; readonly end: number } & (
  | { readonly bytes: Bytes }
  /** `truncated`: it has a beginning and no end. `damaged`: what is between is not base64. */
  | { readonly problem: 'truncated' | 'damaged' }
)

/** Longest text looked at: a message of 16 MiB and room for the quoting around it. */
export const longestText = 64 * 1024 * 1024

/**
 * Every message in a text, in order. Linear in the text's length whatever it holds.
 * @throws RangeError where the text is longer than `longestText`
 */
export function findArmoured(text: string): readonly ArmouredBlock[] {
  if (text.length > longestText) throw new RangeError(`at most ${longestText} characters`)
  const found: ArmouredBlock[] = []
  for (let from = 0; from < text.length; ) {
    const block = nextBlock(text, from)
    if (!block) break
    found.push(block)
    from = block.end
  }
  return found
}

// Each pattern is a run of one class, then a fixed word: no nesting, so no backtracking to speak of.
// Between the letters of a marker's words stand only the spaces and dashes a page may have put there.
const invisible = '[\\u00ad\\u200b-\\u200f\\u2028\\u2029\\u2060\\ufeff]'
const gap = `(?:[\\s\\u00a0>]|&nbsp;|${invisible}|<br ?/?>){1,16}`
const marker = (word: string) =>
  new RegExp(
    `[-\\u2010-\\u2015\\u2212]{0,10}${word}${gap}KEYHEARTH${gap}MESSAGE[-\\u2010-\\u2015\\u2212]{0,10}`,
    'g',
  )
const begin = marker('BEGIN')
const end = marker('END')
const oneLine = /keyhearth:([\w-]{20,})/g

const search = (pattern: RegExp, text: string, from: number): RegExpExecArray | null => {
  pattern.lastIndex = from
  return pattern.exec(text)
}

function nextBlock(text: string, from: number): ArmouredBlock | null {
  const block = search(begin, text, from)
  const line = search(oneLine, text, from)
  if (line && (!block || line.index < block.index)) return readOneLine(line)
  return block && readBlock(text, block)
}

function readOneLine(line: RegExpExecArray): ArmouredBlock {
  const place = { start: line.index, end: line.index + line[0].length }
  const bytes = attempt(() => decodeBase64Url(line[1] ?? ''))
  return bytes ? { ...place, bytes } : { ...place, problem: 'damaged' }
}

function readBlock(text: string, opening: RegExpExecArray): ArmouredBlock {
  const start = opening.index
  const contentStart = start + opening[0].length
  const closing = search(end, text, contentStart)
  const another = search(begin, text, contentStart)
  if (!closing || (another && another.index < closing.index)) {
    return { start, end: another ? another.index : text.length, problem: 'truncated' }
  }
  const place = { start, end: closing.index + closing[0].length }
  const bytes = readContent(text.slice(contentStart, closing.index))
  return bytes ? { ...place, bytes } : { ...place, problem: 'damaged' }
}

const markup = /<br ?\/?>|&nbsp;|&gt;|[\s\u00a0>]|[\u00ad\u200b-\u200f\u2028\u2029\u2060\ufeff]/gi

function readContent(content: string): Bytes | null {
  const base64 = content.replace(markup, '').replace(/={1,2}$/, '')
  return base64 === '' ? null : attempt(() => decodeBase64Unpadded(base64))
}

function attempt<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
