// ui: what the person sees; speaks the protocol like any other client. This file: what helps to judge a signature:
// certificates, revocation lists and answers, and public keys of signers, out of files.

import {
  type Certificate,
  type Crl,
  readCertificates,
  readCrl,
  readOcspResponse,
  readPem,
} from '../certificates/index.ts'
import type { Bytes } from '../codec/bytes.ts'
import { decodeUtf8 } from '../codec/text.ts'
import { type KnownKey, readCms, readKnownKey, recognise } from '../documents/index.ts'

type OcspResponse = Exclude<ReturnType<typeof readOcspResponse>, string>

export type Evidence = { readonly id: string; readonly name: string } & (
  | { readonly is: 'certificates'; readonly certificates: readonly Certificate[] }
  | { readonly is: 'crl'; readonly crl: Crl }
  | { readonly is: 'ocsp'; readonly ocsp: OcspResponse }
  /** Proves nothing until the person says that it is the signer's. */
  | { readonly is: 'key'; readonly text: string; readonly key: KnownKey }
)
type Found = Evidence extends infer One
  ? One extends Evidence
    ? Omit<One, 'id' | 'name'>
    : never
  : never

/** Lists of large authorities have some. */
const mostBytes = 64 * 1024 * 1024
const mostKeyCharacters = 16 * 1024

/** `null`: it is no evidence. Rejects where the file cannot be read. */
export async function readEvidence(name: string, blob: Blob): Promise<Evidence | null> {
  if (blob.size > mostBytes) return null
  const bytes = new Uint8Array(await blob.arrayBuffer())
  const found = readSoundly(() => find(bytes, name))
  return found && ({ ...found, id: crypto.randomUUID(), name } as Evidence)
}

function find(bytes: Bytes, name: string): Found | null {
  switch (recognise(bytes, bytes.byteLength, name)) {
    case 'certificate':
      return { is: 'certificates', certificates: readCertificates(bytes) }
    case 'cms-der':
      // PKCS #7 with certificates alone, as authorities give them out.
      return readCms(bytes).signers.length === 0
        ? { is: 'certificates', certificates: readCertificates(bytes) }
        : null
    case 'certificate-list':
      return { is: 'crl', crl: readCrl(derOf(bytes)) }
    case 'key-file':
    case 'unknown':
      return findKey(bytes) ?? findOcsp(bytes)
    default:
      return null
  }
}

const derOf = (bytes: Bytes): Bytes =>
  readPem(bytes)?.find(({ label }) => label === 'X509 CRL')?.bytes ?? bytes

function findKey(bytes: Bytes): Found | null {
  if (bytes.byteLength > mostKeyCharacters) return null
  const text = readSoundly(() => decodeUtf8(bytes).trim())
  const key = text === null ? null : readKnownKey(text, '')
  return text !== null && key ? { is: 'key', text, key } : null
}

function findOcsp(bytes: Bytes): Found | null {
  const ocsp = readOcspResponse(bytes)
  return typeof ocsp === 'string' ? null : { is: 'ocsp', ocsp }
}

/** Whatever a reader of strangers' bytes throws: then it is none. */
function readSoundly<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
