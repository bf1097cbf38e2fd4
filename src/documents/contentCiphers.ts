// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: what the content of a message is encrypted with: AES-GCM (RFC 5084 section 3.2), and in messages without
// authenticity AES-CBC (RFC 3565 section 2) and Triple DES (RFC 3370 section 5.1).

import { cbc, gcm } from '@noble/ciphers/aes.js'
import type { AlgorithmIdentifier } from '../certificates/algorithmIdentifier.ts'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { DerFields, onlyElement, tags } from '../codec/der.ts'
import {
  derNumber,
  derOctets,
  derOid,
  derSequence,
  readNumber,
  readOctets,
} from '../codec/derValues.ts'
import { withoutPadding } from '../codec/padding.ts'
import { tripleDesCbcDecrypt } from '../codec/tripleDes.ts'

/** Of one message. Opening fails, in whatever way, where key, content or tag do not fit. */
export interface ContentCipher {
  /** For people. */
  readonly name: string
  readonly keyBytes: number
  readonly isAuthenticated: boolean
  /** Of the tag that stands beside the content; 0 where there is none. */
  readonly tagBytes: number
  open(key: Bytes, sealed: Sealed): Promise<Bytes>
}

interface Sealed {
  readonly ciphertext: Bytes
  readonly tag: Bytes
  /** Authenticated with it, not encrypted. */
  readonly additionalData: Bytes
}

interface Row {
  readonly name: string
  readonly mode: 'gcm' | 'cbc' | '3des'
  readonly keyBytes: 16 | 24 | 32
}

const aes256GcmOid = '2.16.840.1.101.3.4.1.46'
const aes256CbcOid = '2.16.840.1.101.3.4.1.42'

const rows: ReadonlyMap<string, Row> = new Map([
  ['2.16.840.1.101.3.4.1.6', { name: 'AES-128-GCM', mode: 'gcm', keyBytes: 16 }],
  ['2.16.840.1.101.3.4.1.26', { name: 'AES-192-GCM', mode: 'gcm', keyBytes: 24 }],
  [aes256GcmOid, { name: 'AES-256-GCM', mode: 'gcm', keyBytes: 32 }],
  ['2.16.840.1.101.3.4.1.2', { name: 'AES-128-CBC', mode: 'cbc', keyBytes: 16 }],
  ['2.16.840.1.101.3.4.1.22', { name: 'AES-192-CBC', mode: 'cbc', keyBytes: 24 }],
  [aes256CbcOid, { name: 'AES-256-CBC', mode: 'cbc', keyBytes: 32 }],
  ['1.2.840.113549.3.7', { name: 'Triple DES', mode: '3des', keyBytes: 24 }],
])

/** `null`: not known here. @throws DerError where the parameters are not those of the algorithm */
export function contentCipherOf({ oid, parameters }: AlgorithmIdentifier): ContentCipher | null {
  const row = rows.get(oid)
  if (!row || !parameters) return null
  if (row.mode === 'gcm') return gcmCipher(row, parameters)
  const iv = readOctets(onlyElement(parameters))
  if (iv.byteLength !== (row.mode === 'cbc' ? 16 : 8)) return null
  const { name, keyBytes } = row
  const base = { name, keyBytes, isAuthenticated: false, tagBytes: 0 }
  const open = row.mode === 'cbc' ? openAesCbc : openTripleDes
  return { ...base, open: async (key, { ciphertext }) => open(key, iv, ciphertext) }
}

/** GCMParameters: a tag of twelve bytes unless said otherwise (RFC 5084 section 3.2). */
function gcmCipher({ name, keyBytes }: Row, parameters: Bytes): ContentCipher | null {
  const fields = DerFields.whole(parameters)
  const nonce = readOctets(fields.any())
  const length = fields.optional(tags.integer)
  const tagBytes = length ? readNumber(length) : 12
  fields.end()
  const isRight =
    tagBytes >= 12 && tagBytes <= 16 && nonce.byteLength >= 8 && nonce.byteLength <= 64
  // The library, which opens AES-192, has whole tags alone.
  if (!isRight || (keyBytes === 24 && tagBytes !== 16)) return null
  return {
    name,
    keyBytes,
    isAuthenticated: true,
    tagBytes,
    open: async (key, { ciphertext, tag, additionalData }) => {
      const sealed = concatBytes(ciphertext, tag)
      if (keyBytes === 24) return concatBytes(gcm(key, nonce, additionalData).decrypt(sealed))
      const how = { name: 'AES-GCM', iv: nonce, additionalData, tagLength: 8 * tagBytes }
      return decryptBy(how, key, sealed)
    },
  }
}

async function decryptBy(
  how: AesGcmParams | AesCbcParams,
  keyBytes: Bytes,
  ciphertext: Bytes,
): Promise<Bytes> {
  const extractable = false
  const key = await crypto.subtle.importKey('raw', keyBytes, how.name, extractable, ['decrypt'])
  return new Uint8Array(await crypto.subtle.decrypt(how, key, ciphertext))
}

/** Chromium's WebCrypto has no AES-192: a library does that. */
const openAesCbc = async (key: Bytes, iv: Bytes, ciphertext: Bytes): Promise<Bytes> =>
  key.byteLength === 24
    ? concatBytes(cbc(key, iv).decrypt(ciphertext))
    : decryptBy({ name: 'AES-CBC', iv }, key, ciphertext)

function openTripleDes(key: Bytes, iv: Bytes, ciphertext: Bytes): Bytes {
  if (ciphertext.byteLength % 8 !== 0) throw new RangeError('not in whole blocks')
  const content = withoutPadding(tripleDesCbcDecrypt(key, iv, ciphertext), 8)
  if (!content) throw new RangeError('wrong padding')
  return content
}

/** What content can be encrypted with here. The second has no authenticity; many mail programs know no other. */
export type SealingCipher = 'AES-256-GCM' | 'AES-256-CBC'

interface SealedContent {
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Bytes
  readonly ciphertext: Bytes
  /** `null`: nothing tells whether it was changed. */
  readonly tag: Bytes | null
}

const nonceBytes = 12
const tagBytes = 16

/** The key is for this content alone. */
export const sealContent = (
  cipher: SealingCipher,
  keyBytes: Bytes,
  content: Bytes,
): Promise<SealedContent> =>
  cipher === 'AES-256-GCM' ? sealGcm(keyBytes, content) : sealCbc(keyBytes, content)

const sealingKey = (keyBytes: Bytes, name: 'AES-GCM' | 'AES-CBC'): Promise<CryptoKey> => {
  const extractable = false
  return crypto.subtle.importKey('raw', keyBytes, name, extractable, ['encrypt'])
}

async function sealGcm(keyBytes: Bytes, content: Bytes): Promise<SealedContent> {
  const key = await sealingKey(keyBytes, 'AES-GCM')
  const iv = crypto.getRandomValues(new Uint8Array(nonceBytes))
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, content))
  return {
    algorithm: derSequence(derOid(aes256GcmOid), derSequence(derOctets(iv), derNumber(tagBytes))),
    ciphertext: sealed.subarray(0, content.byteLength),
    tag: sealed.subarray(content.byteLength),
  }
}

async function sealCbc(keyBytes: Bytes, content: Bytes): Promise<SealedContent> {
  const key = await sealingKey(keyBytes, 'AES-CBC')
  const iv = crypto.getRandomValues(new Uint8Array(16))
  const sealed = await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, key, content)
  const algorithm = derSequence(derOid(aes256CbcOid), derOctets(iv))
  return { algorithm, ciphertext: new Uint8Array(sealed), tag: null }
}
