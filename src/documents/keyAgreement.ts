// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: what a shared secret of ECDH makes into the key of a message (RFC 5753 sections 3.1 and 7.2): a key
// derivation (SEC 1 section 3.6.1), whose key wraps that of the message (RFC 3394; RFC 3217 section 3 for Triple DES).

import { aeskw } from '@noble/ciphers/aes.js'
import { type AlgorithmIdentifier, readAlgorithm } from '../certificates/algorithmIdentifier.ts'
import { digest } from '../certificates/algorithms.ts'
import type { SshCurve } from '../certificates/curves.ts'
import { type Bytes, concatBytes, equalBytes, uint32 } from '../codec/bytes.ts'
import { derElement, onlyElement, tags } from '../codec/der.ts'
import { derOctets, derOid, derSequence } from '../codec/derValues.ts'
import { decodeHex } from '../codec/text.ts'
import { tripleDesCbcDecrypt } from '../codec/tripleDes.ts'

type KdfHash = Parameters<typeof digest>[0]

/** With the cofactor or without: it is 1 on these curves (RFC 5753 section 7.1.4). */
const schemes: ReadonlyMap<string, KdfHash> = new Map([
  ['1.3.133.16.840.63.0.2', 'SHA-1'],
  ['1.3.132.1.11.1', 'SHA-256'],
  ['1.3.132.1.11.2', 'SHA-384'],
  ['1.3.132.1.11.3', 'SHA-512'],
  ['1.3.133.16.840.63.0.3', 'SHA-1'],
  ['1.3.132.1.14.1', 'SHA-256'],
  ['1.3.132.1.14.2', 'SHA-384'],
  ['1.3.132.1.14.3', 'SHA-512'],
])

const aes256WrapOid = '2.16.840.1.101.3.4.1.45'

const wraps: ReadonlyMap<string, { readonly cipher: 'aes' | '3des'; readonly keyBytes: number }> =
  new Map([
    ['2.16.840.1.101.3.4.1.5', { cipher: 'aes', keyBytes: 16 }],
    ['2.16.840.1.101.3.4.1.25', { cipher: 'aes', keyBytes: 24 }],
    [aes256WrapOid, { cipher: 'aes', keyBytes: 32 }],
    ['1.2.840.113549.1.9.16.3.6', { cipher: '3des', keyBytes: 24 }],
  ])

interface KeyAgreement {
  /** The key of the message. @throws where it does not fit, in whatever way */
  unwrap(sharedSecret: Bytes, wrapped: Bytes): Promise<Bytes>
}

/**
 * @param ukm what the sender added for itself (section 7.2, entityUInfo)
 * @returns `null`: not known here. @throws DerError
 */
export function keyAgreementOf(
  { oid, parameters }: AlgorithmIdentifier,
  ukm: Bytes | null,
): KeyAgreement | null {
  const hash = schemes.get(oid)
  if (!hash || !parameters) return null
  const wrap = readAlgorithm(onlyElement(parameters))
  const row = wraps.get(wrap.oid)
  if (!row) return null
  const unwrap = row.cipher === 'aes' ? openAesWrap : openTripleDesWrap
  return {
    unwrap: async (secret, wrapped) => {
      const key = await derive(hash, secret, sharedInfo(wrap.der, row.keyBytes, ukm), row.keyBytes)
      return unwrap(key, wrapped)
    },
  }
}

/** ECC-CMS-SharedInfo: the identifier as it stands in the message. */
const sharedInfo = (wrap: Bytes, keyBytes: number, ukm: Bytes | null): Bytes =>
  derSequence(
    wrap,
    ...(ukm ? [derElement(tags.explicit0, derOctets(ukm))] : []),
    derElement(tags.explicit2, derOctets(uint32(8 * keyBytes))),
  )

async function derive(hash: KdfHash, secret: Bytes, info: Bytes, keyBytes: number): Promise<Bytes> {
  let key = new Uint8Array(0)
  for (let counter = 1; key.byteLength < keyBytes; counter++) {
    key = concatBytes(key, await digest(hash, concatBytes(secret, uint32(counter), info)))
  }
  return key.subarray(0, keyBytes)
}

const openAesWrap = (key: Bytes, wrapped: Bytes): Bytes => concatBytes(aeskw(key).decrypt(wrapped))

const tripleDesWrapIv = decodeHex('4adda22c79e82105')

/** RFC 3217 section 3.2; DES looks at no parity. */
async function openTripleDesWrap(key: Bytes, wrapped: Bytes): Promise<Bytes> {
  if (wrapped.byteLength !== 40) throw new RangeError('no wrapped key')
  const inner = tripleDesCbcDecrypt(key, tripleDesWrapIv, wrapped).reverse()
  const found = tripleDesCbcDecrypt(key, inner.subarray(0, 8), inner.subarray(8))
  const unwrapped = found.subarray(0, 24)
  const checksum = (await digest('SHA-1', unwrapped)).subarray(0, 8)
  if (!equalBytes(checksum, found.subarray(24))) throw new RangeError('a wrong checksum')
  return unwrapped
}

/** The hash as strong as the curve (RFC 5753 section 8). */
const schemeOfCurve = {
  'P-256': { oid: '1.3.132.1.11.1', hash: 'SHA-256' },
  'P-384': { oid: '1.3.132.1.11.2', hash: 'SHA-384' },
  'P-521': { oid: '1.3.132.1.11.3', hash: 'SHA-512' },
} as const satisfies Record<SshCurve, { oid: string; hash: KdfHash }>

interface WrappedKey {
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Bytes
  readonly encryptedKey: Bytes
}

/** Under AES-256, as the content is. */
export async function wrapKey(
  curve: SshCurve,
  sharedSecret: Bytes,
  key: Bytes,
): Promise<WrappedKey> {
  const { oid, hash } = schemeOfCurve[curve]
  const wrap = derSequence(derOid(aes256WrapOid))
  const wrapping = await derive(hash, sharedSecret, sharedInfo(wrap, 32, null), 32)
  return {
    algorithm: derSequence(derOid(oid), wrap),
    encryptedKey: concatBytes(aeskw(wrapping).encrypt(key)),
  }
}
