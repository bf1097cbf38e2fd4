// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the footer's signature (data-format/message-footer.md), ECDSA in DER over header and body.

import type { Bytes } from '../codec/bytes.ts'
import { compressPoint, decompressPoint, ecdsaFromDer, ecdsaToDer } from '../codec/ecdsa.ts'
import type { Signature } from './suites.ts'

const algorithm = ({ curve }: Signature) => ({ name: 'ECDSA', namedCurve: curve })
const signing = ({ hash }: Signature) => ({ name: 'ECDSA', hash })

/** In DER: two integers, each with a byte of sign, under a sequence. */
export const longestSignature = ({ coordinateBytes }: Signature): number =>
  3 + 2 * (2 + 1 + coordinateBytes)

interface SigningPair {
  readonly privateKey: CryptoKey
  readonly publicKey: Bytes
}

/** Pairs made before there is a message, one a curve; `null` where that failed. */
const spares = new Map<Signature['curve'], Promise<SigningPair | null>>()

/** Makes the pair of the next message now, while nobody waits for it: half of what a signature costs. */
export function prepareSigningKey(signature: Signature): void {
  const { curve } = signature
  if (!spares.has(curve))
    spares.set(
      curve,
      generatePair(signature).catch(() => null),
    )
}

/** For one message: the pair that is ready, which no other message gets, or else a new one. */
export async function generateSigningKey(signature: Signature): Promise<SigningPair> {
  const { curve } = signature
  const spare = spares.get(curve)
  spares.delete(curve)
  return (await spare) ?? generatePair(signature)
}

/** It can be read again: a stream's signature is made over a digest, which WebCrypto does not do. */
async function generatePair(signature: Signature): Promise<SigningPair> {
  const pair = await crypto.subtle.generateKey(algorithm(signature), true, ['sign', 'verify'])
  const point = await crypto.subtle.exportKey('raw', pair.publicKey)
  return { privateKey: pair.privateKey, publicKey: compressPoint(new Uint8Array(point)) }
}

/** `null` where the bytes are no point of the curve. */
export async function importVerificationKey(
  signature: Signature,
  point: Bytes,
): Promise<CryptoKey | null> {
  const uncompressed = decompressPoint(point, signature.curve)
  if (!uncompressed) return null
  try {
    return await crypto.subtle.importKey('raw', uncompressed, algorithm(signature), true, [
      'verify',
    ])
  } catch {
    return null
  }
}

export async function signMessage(
  signature: Signature,
  key: CryptoKey,
  signed: Bytes,
): Promise<Bytes> {
  return ecdsaToDer(new Uint8Array(await crypto.subtle.sign(signing(signature), key, signed)))
}

export async function verifyMessage(
  signature: Signature,
  key: CryptoKey,
  signed: Bytes,
  der: Bytes,
): Promise<boolean> {
  const p1363 = ecdsaFromDer(der, signature.coordinateBytes)
  return p1363 !== null && crypto.subtle.verify(signing(signature), key, p1363, signed)
}
