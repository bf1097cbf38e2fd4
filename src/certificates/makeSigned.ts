// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: what X.509 signs is a sequence of three: the content, the algorithm, the signature.

import type { Bytes } from '../codec/bytes.ts'
import { derBits, derSequence } from '../codec/derValues.ts'
import { algorithmIdentifierOf } from './algorithms.ts'
import { verifySignature } from './signatures.ts'
import type { Signer } from './signer.ts'

const causes = {
  'no-algorithm': 'X.509 has no signature by this algorithm.',
  'bad-signature': 'What signed is not the key it says it is.',
  'not-the-issuer': 'This key is not that of the issuing certificate, or may issue nothing.',
  'no-proof-of-possession': 'The request is not signed by the key it holds.',
} as const

/** Why nothing was made. */
export class MakingError extends Error {
  override readonly name = 'MakingError'
  readonly code: keyof typeof causes

  constructor(code: keyof typeof causes) {
    super(causes[code])
    this.code = code
  }
}

/** @throws MakingError `no-algorithm` */
export function signerAlgorithm({ algorithm, publicKey }: Signer): Bytes {
  const identifier = algorithmIdentifierOf(algorithm, publicKey)
  if (!identifier) throw new MakingError('no-algorithm')
  return identifier
}

/**
 * The signature is verified before it leaves: a certificate that nobody accepts is noticed here.
 * @param content DER, naming the signer's algorithm where it names one
 * @throws MakingError
 */
export async function makeSigned(content: Bytes, signer: Signer): Promise<Bytes> {
  const algorithm = signerAlgorithm(signer)
  const signature = await signer.sign(content)
  const { publicKey } = signer
  if (!(await verifySignature({ publicKey, algorithm, message: content, signature }))) {
    throw new MakingError('bad-signature')
  }
  return derSequence(content, algorithm, derBits(signature))
}
