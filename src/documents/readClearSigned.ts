// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: multipart/signed (RFC 1847 section 2.1, RFC 8551 section 3.5.3) is taken apart: the bytes that are signed, and
// the signature. Mail programs and pages change ends of lines, quote, and wrap; what they did is undone as far as one
// reading of it can be the signed one.

import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64, encodeUtf8 } from '../codec/text.ts'
import { mailLines, splitMail, splitPart } from './mailParts.ts'

export interface ClearSigned {
  /** Detached CMS. */
  readonly cms: Bytes
  /** What may have been signed, the likeliest first: as it stands, then without what quoting and wrapping added. */
  readonly candidates: readonly Bytes[]
}

const mostCharacters = 128 * 1024 * 1024

/** `null` where there are not exactly two parts, the second of them a signature. */
export function readClearSigned(text: string): ClearSigned | null {
  if (text.length > mostCharacters) return null
  const lines = mailLines(text)
  const boundary = boundaryOf(lines)
  const parts = boundary === null ? null : partsOf(lines, boundary)
  const cms = parts?.[1] && signatureOf(parts[1])
  const [body] = parts ?? []
  if (!cms || !body) return null
  // RFC 8551 section 3.1.1: what is signed has CR LF, whatever stands here now. Blanks at the ends of lines get lost on
  // the way, or appear; those who sign well have none there.
  const wholes = [body, body.map((line) => line.replace(/[ \t]+$/, ''))]
  const found = wholes.flatMap((one) => [one.join('\r\n'), one.join('\n')])
  return { cms, candidates: [...new Set(found)].map(encodeUtf8) }
}

function boundaryOf(lines: readonly string[]): string | null {
  const type = /^content-type:\s*multipart\/signed\s*;(.*)$/im.exec(splitMail(lines).header)?.[1]
  if (type === undefined) return null
  const found = /;?\s*boundary\s*=\s*(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(type)
  return found?.[1] ?? found?.[2] ?? null
}

/** RFC 2046 section 5.1.1: the line break before a delimiter belongs to it. What stands before and behind is passed over. */
function partsOf(
  lines: readonly string[],
  boundary: string,
): readonly [readonly string[], readonly string[]] | null {
  const places: number[] = []
  let end = lines.length
  for (const [at, line] of lines.entries()) {
    const bare = line.trimEnd()
    if (bare === `--${boundary}--` && places.length > 0) {
      end = at
      break
    }
    if (bare === `--${boundary}`) places.push(at)
  }
  const [first, second, ...more] = places
  if (first === undefined || second === undefined || more.length > 0) return null
  return [lines.slice(first + 1, second), lines.slice(second + 1, end)]
}

function signatureOf(part: readonly string[]): Bytes | null {
  const { header, body } = splitPart(part)
  if (!/^content-type:\s*application\/(x-)?pkcs7-signature/im.test(header)) return null
  try {
    return decodeBase64(body.join('').replaceAll(/\s/g, ''))
  } catch {
    return null
  }
}

/** What a reader sees of a part that was signed: behind its fields, which are signed with it. */
export function bodyOfPart(part: Bytes): Bytes {
  const [cr, lf] = [0x0d, 0x0a]
  for (let at = 0; at + 1 < part.byteLength; at++) {
    if (part[at] !== lf) continue
    if (part[at + 1] === lf) return part.subarray(at + 2)
    if (part[at + 1] === cr && part[at + 2] === lf) return part.subarray(at + 3)
  }
  return part
}
