// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: keys of one message on their way to whoever makes or opens its body, who gets them
// non-extractable. They travel wrapped, as bytes, so that it works where CryptoKeys do not cross messages
// (Firefox), and so that no CryptoKey ever has to:
//
//   giver's point (65) | message key, wrapped | signing key in PKCS #8, wrapped (signed messages)
//
// Both sides make a P-256 pair for one handover; HKDF-SHA-256 over the agreed secret and both points
// gives the AES-256-GCM key that wraps. It wraps twice at most, under the IVs 0 and 1.

import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { EncryptionSdkError } from './errors.ts'
import { ivBytes, type Suite, tagBytes } from './suites.ts'

const agreement = { name: 'ECDH', namedCurve: 'P-256' } as const
const pointBytes = 65
const label = encodeUtf8('keyhearth/1 key handover')
const notExtractable = false

const wrapping = (number: 0 | 1) => {
  const iv = new Uint8Array(ivBytes)
  iv[ivBytes - 1] = number
  return { name: 'AES-GCM', iv, tagLength: tagBytes * 8 }
}

const newPair = (): Promise<CryptoKeyPair> =>
  crypto.subtle.generateKey(agreement, notExtractable, ['deriveBits'])

async function pointOf(key: CryptoKey): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.exportKey('raw', key))
}

async function wrappingKey(
  own: CryptoKey,
  other: Bytes,
  giver: Bytes,
  taker: Bytes,
  usage: 'wrapKey' | 'unwrapKey',
): Promise<CryptoKey> {
  const theirs = await crypto.subtle.importKey('raw', other, agreement, notExtractable, [])
  const secret = await crypto.subtle.deriveBits({ ...agreement, public: theirs }, own, 256)
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', notExtractable, ['deriveKey'])
  const info = concatBytes(label, giver, taker)
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info }
  const algorithm = { name: 'AES-GCM', length: 256 }
  return crypto.subtle.deriveKey(hkdf, base, algorithm, notExtractable, [usage])
}

/**
 * @param taker their public point, of 65 bytes
 * @param messageKey extractable, as the signing key must be
 * @throws EncryptionSdkError `invalid` where that is no point of P-256
 */
export async function wrapFor(
  taker: Bytes,
  messageKey: CryptoKey,
  signingKey: CryptoKey | null,
): Promise<Bytes> {
  const own = await newPair()
  const giver = await pointOf(own.publicKey)
  const by = await wrappingKey(own.privateKey, taker, giver, taker, 'wrapKey').catch(() => {
    throw new EncryptionSdkError('invalid', 'The recipient is no point of P-256.')
  })
  const wrapped = await crypto.subtle.wrapKey('raw', messageKey, by, wrapping(0))
  const signing = signingKey
    ? await crypto.subtle.wrapKey('pkcs8', signingKey, by, wrapping(1))
    : new ArrayBuffer(0)
  return concatBytes(giver, new Uint8Array(wrapped), new Uint8Array(signing))
}

interface HandedKeys {
  readonly messageKey: CryptoKey
  readonly signingKey: CryptoKey | null
}

/** Takes one handover. */
export interface KeyTaker {
  readonly publicKey: Bytes
  /** @throws EncryptionSdkError `malformed` for anything but what was wrapped for this very recipient */
  take(handover: Bytes, suite: Suite, usage: 'encrypt' | 'decrypt'): Promise<HandedKeys>
}

export async function newKeyTaker(): Promise<KeyTaker> {
  const own = await newPair()
  const publicKey = await pointOf(own.publicKey)
  return {
    publicKey,
    async take(handover, suite, usage) {
      try {
        const giver = handover.slice(0, pointBytes)
        const by = await wrappingKey(own.privateKey, giver, giver, publicKey, 'unwrapKey')
        return await unwrapAll(by, handover.slice(pointBytes), suite, usage)
      } catch {
        throw new EncryptionSdkError('malformed', 'The key was wrapped for somebody else.')
      }
    },
  }
}

async function unwrapAll(
  by: CryptoKey,
  wrapped: Bytes,
  { dataKeyBytes, signature }: Suite,
  usage: 'encrypt' | 'decrypt',
): Promise<HandedKeys> {
  const end = dataKeyBytes + tagBytes
  const aes = { name: 'AES-GCM', length: dataKeyBytes * 8 }
  const unwrap = crypto.subtle.unwrapKey.bind(crypto.subtle)
  const first = wrapped.slice(0, end)
  const messageKey = await unwrap('raw', first, by, wrapping(0), aes, notExtractable, [usage])
  if (usage === 'decrypt' || !signature) return { messageKey, signingKey: null }
  const ecdsa = { name: 'ECDSA', namedCurve: signature.curve }
  const rest = wrapped.slice(end)
  const signingKey = await unwrap('pkcs8', rest, by, wrapping(1), ecdsa, notExtractable, ['sign'])
  return { messageKey, signingKey }
}
