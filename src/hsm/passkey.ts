// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: what an authenticator
// says (WebAuthn Level 3), checked before its output is used: that it answers this very question, asked by this
// extension, and that the person was verified by it.
//
// Registration is without attestation (section 6.5): which make an authenticator is of decides nothing here.

import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, concatBytes, equalBytes } from '../codec/bytes.ts'
import { ecdsaFromDer } from '../codec/ecdsa.ts'
import { decodeUtf8, encodeBase64Url, encodeUtf8 } from '../codec/text.ts'

/** COSE algorithms (RFC 9053, RFC 8812) that passkeys are asked for, in the order of preference. */
export const passkeyAlgorithms = [-7, -8, -257] as const

const flags = { userPresent: 0x01, userVerified: 0x04 } as const
const leastAuthenticatorData = 37

interface ClientData {
  readonly type?: unknown
  readonly challenge?: unknown
  readonly origin?: unknown
  readonly crossOrigin?: unknown
}

/** Section 5.8.1: read as JSON, of which four members decide. */
function isClientData(json: Bytes, type: string, challenge: Bytes): boolean {
  try {
    const data = JSON.parse(decodeUtf8(json)) as ClientData
    return (
      data.type === type &&
      data.crossOrigin !== true &&
      data.origin === globalThis.location.origin &&
      typeof data.challenge === 'string' &&
      equalBytes(encodeUtf8(data.challenge), encodeUtf8(encodeBase64Url(challenge)))
    )
  } catch {
    return false
  }
}

/** Section 6.1: this extension's own relying party, the person present and verified. */
function isVerified(authenticatorData: Bytes): boolean {
  if (authenticatorData.byteLength < leastAuthenticatorData) return false
  const bits = authenticatorData[32] ?? 0
  return (
    isOwnParty(authenticatorData.subarray(0, 32)) &&
    (bits & flags.userPresent) !== 0 &&
    (bits & flags.userVerified) !== 0
  )
}

/** Chromium takes an extension's whole origin for the relying party's id, where of a website it is the domain. */
const isOwnParty = (hash: Bytes): boolean =>
  [globalThis.location.origin, globalThis.location.host].some((id) =>
    equalBytes(hash, sha256(encodeUtf8(id))),
  )

export interface Registration {
  readonly ClientDataJSON: Bytes
  readonly AuthenticatorData: Bytes
}

/** Section 7.1, steps that are not the attestation's. */
export const isRegistration = (
  { ClientDataJSON, AuthenticatorData }: Registration,
  challenge: Bytes,
): boolean =>
  isClientData(ClientDataJSON, 'webauthn.create', challenge) && isVerified(AuthenticatorData)

export interface Assertion extends Registration {
  readonly Signature: Bytes
}

/** Section 7.2. `key` as the slot keeps it. */
export async function isAssertion(
  { ClientDataJSON, AuthenticatorData, Signature }: Assertion,
  challenge: Bytes,
  key: { readonly publicKey: Bytes; readonly algorithm: number },
): Promise<boolean> {
  if (!isClientData(ClientDataJSON, 'webauthn.get', challenge)) return false
  if (!isVerified(AuthenticatorData)) return false
  const signed = concatBytes(AuthenticatorData, sha256(ClientDataJSON))
  return verify(key.algorithm, key.publicKey, Signature, signed).catch(() => false)
}

async function verify(
  algorithm: number,
  spki: Bytes,
  signature: Bytes,
  signed: Bytes,
): Promise<boolean> {
  const by = async (name: EcKeyImportParams | RsaHashedImportParams | Algorithm) =>
    crypto.subtle.importKey('spki', spki, name, false, ['verify'])
  switch (algorithm) {
    case -7: {
      const plain = ecdsaFromDer(signature, 32)
      const key = await by({ name: 'ECDSA', namedCurve: 'P-256' })
      const ecdsa = { name: 'ECDSA', hash: 'SHA-256' }
      return plain !== null && crypto.subtle.verify(ecdsa, key, plain, signed)
    }
    case -8:
      return crypto.subtle.verify('Ed25519', await by({ name: 'Ed25519' }), signature, signed)
    case -257: {
      const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
      return crypto.subtle.verify(rsa.name, await by(rsa), signature, signed)
    }
    default:
      return false
  }
}
