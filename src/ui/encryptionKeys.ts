// ui: what the person sees; speaks the protocol like any other client. This file: the person's keys that open what
// others encrypt to their certificates. What is encrypted to them goes to the key; the key stays where it is.

import type { KeyUsage } from '../certificates/index.ts'
import type { Bytes } from '../codec/bytes.ts'
import type { Decryptor, OaepHash } from '../documents/index.ts'
import { type ErrorReason, KeyhearthError } from '../protocol/errors.ts'
import type { KeySummary } from '../protocol/outputs.ts'
import { call } from './call.ts'
import type { KeptCertificate } from './certificateList.ts'
import type { KeyRow } from './keyList.ts'

/** Keys that decrypt cannot sign, not even for a certificate of their own. */
export const isEncryptionKey = ({
  KeySpec,
  KeyUsage,
}: Pick<KeySummary, 'KeySpec' | 'KeyUsage'>): boolean =>
  (KeyUsage === 'ENCRYPT_DECRYPT' && isRsa({ KeySpec })) || KeyUsage === 'KEY_AGREEMENT'

const isRsa = ({ KeySpec }: Pick<KeySummary, 'KeySpec'>): boolean => KeySpec.startsWith('RSA_')

/** What the certificate of such a key says of it. */
export const encryptionUsage = (key: Pick<KeySummary, 'KeySpec'>): KeyUsage =>
  isRsa(key) ? 'keyEncipherment' : 'keyAgreement'

/** Those that can be used now come first: of several that fit, one is asked. */
export const decryptorsOf = (
  own: readonly KeptCertificate[],
  keyOf: (kept: KeptCertificate) => KeyRow | null,
): readonly Decryptor[] =>
  own
    .flatMap((kept) => {
      const key = keyOf(kept)
      return key && isEncryptionKey(key) ? [{ key, certificate: kept.certificate.der }] : []
    })
    .sort((a, b) => Number(b.key.KeyState === 'Enabled') - Number(a.key.KeyState === 'Enabled'))
    .map(({ key, certificate }) =>
      isRsa(key) ? rsaDecryptor(key.Arn, certificate) : ecDecryptor(key.Arn, certificate),
    )

const rsaAlgorithms = {
  'SHA-1': 'RSAES_OAEP_SHA_1',
  'SHA-256': 'RSAES_OAEP_SHA_256',
} as const satisfies Record<OaepHash, string>

const rsaDecryptor = (KeyId: string, certificate: Bytes): Decryptor => ({
  kind: 'rsa',
  certificate,
  decryptKey: (CiphertextBlob, { hash }) => {
    const input = { KeyId, CiphertextBlob, EncryptionAlgorithm: rsaAlgorithms[hash] }
    return call('kms:Decrypt', input).then(
      ({ Plaintext }) => Plaintext,
      nullIf('invalid-ciphertext'),
    )
  },
  decryptKeyPkcs1: (Data, NumberOfBytes) => {
    const input = { KeyId, Mechanism: 'RSAES_PKCS1_V1_5', Data, NumberOfBytes } as const
    return call('keyhearth:HsmDecrypt', input).then(
      ({ Plaintext }) => Plaintext,
      nullIf('invalid-ciphertext'),
    )
  },
})

const ecDecryptor = (KeyId: string, certificate: Bytes): Decryptor => ({
  kind: 'ec',
  certificate,
  agree: (PublicKey) => {
    const input = { KeyId, PublicKey, KeyAgreementAlgorithm: 'ECDH' } as const
    return call('kms:DeriveSharedSecret', input).then(
      ({ SharedSecret }) => SharedSecret,
      nullIf('invalid-input'),
    )
  },
})

const nullIf =
  (reason: ErrorReason) =>
  (error: unknown): null => {
    if (error instanceof KeyhearthError && error.reason === reason) return null
    throw error
  }
