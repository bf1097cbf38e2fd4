// Signers for tests of documents, besides those of certificates: RSA with SHA-512, and of some length.

import type { Signer } from '../../src/certificates/signer.ts'

export async function rsaSigner(
  algorithm: 'RSASSA_PKCS1_V1_5_SHA_512' | 'RSASSA_PKCS1_V1_5_SHA_256' | 'RSASSA_PSS_SHA_512',
  modulusLength = 2048,
): Promise<Signer> {
  const name = algorithm.startsWith('RSASSA_PSS') ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5'
  const hash = algorithm.endsWith('256') ? 'SHA-256' : 'SHA-512'
  const generation = { name, modulusLength, publicExponent: Uint8Array.of(1, 0, 1), hash }
  const extractable = false
  const pair = await crypto.subtle.generateKey(generation, extractable, ['sign', 'verify'])
  return {
    algorithm,
    publicKey: new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)),
    async sign(message) {
      const signing = { name, saltLength: 64 }
      return new Uint8Array(await crypto.subtle.sign(signing, pair.privateKey, message))
    },
  }
}
