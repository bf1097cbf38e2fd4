// ui: what the person sees; speaks the protocol like any other client. This file: keys as PEM (RFC 7468
// sections 2, 10 and 13). Pure.

import { decodeBase64, encodeBase64 } from '../codec/text.ts'

export function toPem(label: string, der: Uint8Array): string {
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

/** The first block of that label, or `null` where the text has none that is whole. */
export function fromPem(label: string, text: string): Uint8Array<ArrayBuffer> | null {
  const block = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`)
  const [, body] = block.exec(text) ?? []
  if (body === undefined) return null
  try {
    return decodeBase64(body.replace(/\s+/g, ''))
  } catch {
    return null
  }
}
