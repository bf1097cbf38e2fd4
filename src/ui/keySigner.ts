// ui: what the person sees; speaks the protocol like any other client. This file: a KMS key as what signs documents and
// certificates: everything goes through `kms:Sign`, and the private key stays where it is.

import type { Signer } from '../certificates/index.ts'
import type { Bytes } from '../codec/bytes.ts'
import type { SigningAlgorithm } from '../protocol/keySpecs.ts'
import { call } from './call.ts'

/** What `kms:Sign` takes whole (API reference, Sign, Message). */
const mostRawBytes = 4096

/** @throws KeyhearthError as `kms:GetPublicKey` */
export async function keySigner(KeyId: string, wanted?: SigningAlgorithm): Promise<Signer> {
  const { PublicKey, SigningAlgorithms = [] } = await call('kms:GetPublicKey', { KeyId })
  const SigningAlgorithm = wanted ?? bestOf(SigningAlgorithms)
  return {
    algorithm: SigningAlgorithm,
    publicKey: PublicKey,
    sign: async (message) => {
      const input = { KeyId, SigningAlgorithm, ...(await asMessage(SigningAlgorithm, message)) }
      return (await call('kms:Sign', input)).Signature
    },
  }
}

/** RSA: PKCS #1 v1.5, since some readers of PDF know no other. */
const bestOf = ([first = 'ECDSA_SHA_256']: readonly SigningAlgorithm[]): SigningAlgorithm => first

/** Long messages go as their digest, which signs the same; Ed25519 and ML-DSA have no such form here. */
async function asMessage(algorithm: SigningAlgorithm, message: Bytes) {
  const size = /^(?:RSASSA|ECDSA).*SHA_(256|384|512)$/.exec(algorithm)?.[1]
  if (message.byteLength <= mostRawBytes || size === undefined) return { Message: message }
  const digest = await crypto.subtle.digest(`SHA-${size}`, message)
  return { Message: new Uint8Array(digest), MessageType: 'DIGEST' as const }
}
