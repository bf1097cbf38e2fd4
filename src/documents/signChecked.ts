// documents: signed documents of every form, made and verified; pure: runs in plain Node. This file: a signature is
// verified before it leaves, so that one that nobody accepts is noticed here.

import { algorithmIdentifierOf } from '../certificates/algorithms.ts'
import { verifySignature } from '../certificates/signatures.ts'
import type { Signer } from '../certificates/signer.ts'
import type { Bytes } from '../codec/bytes.ts'
import { refuse } from './textSignatureError.ts'

/**
 * @returns ECDSA as DER, RSA and Ed25519 as they are
 * @throws TextSignatureError `key-does-not-fit`, `bad-signature`; and what the signer throws
 */
export async function signChecked(signer: Signer, message: Bytes): Promise<Bytes> {
  const { publicKey } = signer
  const algorithm = algorithmIdentifierOf(signer.algorithm, publicKey) ?? refuse('key-does-not-fit')
  const signature = await signer.sign(message)
  if (await verifySignature({ publicKey, algorithm, message, signature })) return signature
  return refuse('bad-signature')
}
