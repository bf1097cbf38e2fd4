// Signers for tests: keys of WebCrypto that cannot be extracted.

import type { Signer } from '../../src/certificates/signer.ts'
import { ecdsaToDer } from '../../src/codec/ecdsa.ts'

const pss = {
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
  hash: 'SHA-256',
} as const

const kinds = {
  ECDSA_SHA_256: [
    { name: 'ECDSA', namedCurve: 'P-256' },
    { name: 'ECDSA', hash: 'SHA-256' },
  ],
  ECDSA_SHA_384: [
    { name: 'ECDSA', namedCurve: 'P-384' },
    { name: 'ECDSA', hash: 'SHA-384' },
  ],
  ECDSA_SHA_512: [
    { name: 'ECDSA', namedCurve: 'P-521' },
    { name: 'ECDSA', hash: 'SHA-512' },
  ],
  ED25519_SHA_512: [{ name: 'Ed25519' }, { name: 'Ed25519' }],
  RSASSA_PSS_SHA_256: [
    { ...pss, name: 'RSA-PSS' },
    { name: 'RSA-PSS', saltLength: 32 },
  ],
  RSASSA_PKCS1_V1_5_SHA_256: [{ ...pss, name: 'RSASSA-PKCS1-v1_5' }, { name: 'RSASSA-PKCS1-v1_5' }],
} as const

export type TestAlgorithm = keyof typeof kinds
export const testAlgorithms = Object.keys(kinds) as readonly TestAlgorithm[]

export async function testSigner(algorithm: TestAlgorithm): Promise<Signer> {
  const [generation, signing] = kinds[algorithm]
  const extractable = false
  const pair = (await crypto.subtle.generateKey(generation, extractable, [
    'sign',
    'verify',
  ])) as CryptoKeyPair
  return {
    algorithm,
    publicKey: new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)),
    async sign(message) {
      const signed = new Uint8Array(await crypto.subtle.sign(signing, pair.privateKey, message))
      return algorithm.startsWith('ECDSA') ? ecdsaToDer(signed) : signed
    },
  }
}

/** Node has ML-DSA; its types have not. */
export async function mlDsaSigner(name: 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87'): Promise<Signer> {
  const extractable = false
  const pair = (await crypto.subtle.generateKey({ name }, extractable, [
    'sign',
    'verify',
  ])) as CryptoKeyPair
  return {
    algorithm: 'ML_DSA_SHAKE_256',
    publicKey: new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)),
    sign: async (bytes) =>
      new Uint8Array(await crypto.subtle.sign({ name }, pair.privateKey, bytes)),
  }
}
