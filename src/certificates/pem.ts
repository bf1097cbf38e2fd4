// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: PEM (RFC 7468, and RFC 1421's headers of old keys), whose blocks stand among any other text.

import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64, decodeUtf8, encodeBase64 } from '../codec/text.ts'

export interface PemBlock {
  readonly label: string
  /** Of old encrypted keys; elsewhere empty. */
  readonly headers: ReadonlyMap<string, string>
  readonly bytes: Bytes
}

const beginning = /^-----BEGIN ([A-Z0-9 #]{1,64})-----\s*$/

/** In order; what is not PEM is read over. `null` where a block breaks off or is no base64. Linear. */
export function readPem(bytes: Bytes): readonly PemBlock[] | null {
  let lines: readonly string[]
  try {
    lines = decodeUtf8(bytes).split(/\r\n|\n|\r/)
  } catch {
    return []
  }
  const blocks: PemBlock[] = []
  for (let at = 0; at < lines.length; at++) {
    const label = beginning.exec(lines[at] ?? '')?.[1]
    if (label === undefined) continue
    const mark = `-----END ${label}-----`
    let end = at + 1
    while (end < lines.length && lines[end]?.trimEnd() !== mark) end++
    const block = end < lines.length ? readBlock(label, lines.slice(at + 1, end)) : null
    if (!block) return null
    blocks.push(block)
    at = end
  }
  return blocks
}

function readBlock(label: string, lines: readonly string[]): PemBlock | null {
  const headers = new Map<string, string>()
  const isHeader = (line: string) => /^[A-Za-z-]+: /.test(line)
  const body = lines.filter((line) => !isHeader(line))
  for (const line of lines.filter(isHeader)) {
    const colon = line.indexOf(': ')
    headers.set(line.slice(0, colon), line.slice(colon + 2).trim())
  }
  try {
    return { label, headers, bytes: decodeBase64(body.join('').replaceAll(/\s/g, '')) }
  } catch {
    return null
  }
}

/** Lines of 64 characters (RFC 7468 section 2). */
export function writePem(label: string, bytes: Uint8Array): string {
  const lines = encodeBase64(bytes).match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
