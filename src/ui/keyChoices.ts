// ui: what the person sees; speaks the protocol like any other client. This file: what a new key can be,
// grouped by what it is for, each kind with one sentence on when to choose it. The first of a group is the
// sensible one.

import { Cpu, FileSignature, Handshake, LockKeyhole, Orbit, ScanLine } from 'lucide'
import type { KeySpec, KeyUsageType } from '../protocol/keySpecs.ts'
import { t } from './words.ts'

export interface KeyChoice {
  readonly spec: KeySpec
  readonly usage: KeyUsageType
  readonly hint: string
}

const choice = (spec: KeySpec, usage: KeyUsageType, hint: string): KeyChoice => ({
  spec,
  usage,
  hint,
})

export const keyPurposes = [
  {
    id: 'encrypt',
    icon: LockKeyhole,
    label: t('purpose_encrypt'),
    hint: t('purpose_encrypt_hint'),
    choices: [
      choice('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', t('spec_symmetric')),
      choice('RSA_2048', 'ENCRYPT_DECRYPT', t('spec_rsa_2048_encrypt')),
      choice('RSA_3072', 'ENCRYPT_DECRYPT', t('spec_rsa_3072_encrypt')),
      choice('RSA_4096', 'ENCRYPT_DECRYPT', t('spec_rsa_4096_encrypt')),
    ],
  },
  {
    id: 'sign',
    icon: FileSignature,
    label: t('purpose_sign'),
    hint: t('purpose_sign_hint'),
    choices: [
      choice('ECC_NIST_P256', 'SIGN_VERIFY', t('spec_p256_sign')),
      choice('ECC_NIST_EDWARDS25519', 'SIGN_VERIFY', t('spec_ed25519')),
      choice('ECC_NIST_P384', 'SIGN_VERIFY', t('spec_p384_sign')),
      choice('ECC_NIST_P521', 'SIGN_VERIFY', t('spec_p521_sign')),
      choice('ECC_SECG_P256K1', 'SIGN_VERIFY', t('spec_secp256k1')),
      choice('RSA_2048', 'SIGN_VERIFY', t('spec_rsa_2048_sign')),
      choice('RSA_3072', 'SIGN_VERIFY', t('spec_rsa_3072_sign')),
      choice('RSA_4096', 'SIGN_VERIFY', t('spec_rsa_4096_sign')),
    ],
  },
  {
    id: 'mac',
    icon: ScanLine,
    label: t('purpose_mac'),
    hint: t('purpose_mac_hint'),
    choices: [
      choice('HMAC_256', 'GENERATE_VERIFY_MAC', t('spec_hmac_256')),
      choice('HMAC_384', 'GENERATE_VERIFY_MAC', t('spec_hmac_384')),
      choice('HMAC_512', 'GENERATE_VERIFY_MAC', t('spec_hmac_512')),
      choice('HMAC_224', 'GENERATE_VERIFY_MAC', t('spec_hmac_224')),
    ],
  },
  {
    id: 'agree',
    icon: Handshake,
    label: t('purpose_agree'),
    hint: t('purpose_agree_hint'),
    choices: [
      choice('ECC_NIST_P256', 'KEY_AGREEMENT', t('spec_p256_agree')),
      choice('ECC_NIST_P384', 'KEY_AGREEMENT', t('spec_p384_agree')),
      choice('ECC_NIST_P521', 'KEY_AGREEMENT', t('spec_p521_agree')),
    ],
  },
  {
    id: 'quantum',
    icon: Orbit,
    label: t('purpose_quantum'),
    hint: t('purpose_quantum_hint'),
    choices: [
      choice('ML_DSA_65', 'SIGN_VERIFY', t('spec_ml_dsa_65')),
      choice('ML_DSA_44', 'SIGN_VERIFY', t('spec_ml_dsa_44')),
      choice('ML_DSA_87', 'SIGN_VERIFY', t('spec_ml_dsa_87')),
      choice('ML_KEM_768', 'ENCAPSULATE_DECAPSULATE', t('spec_ml_kem_768')),
      choice('ML_KEM_512', 'ENCAPSULATE_DECAPSULATE', t('spec_ml_kem_512')),
      choice('ML_KEM_1024', 'ENCAPSULATE_DECAPSULATE', t('spec_ml_kem_1024')),
    ],
  },
  {
    id: 'module',
    icon: Cpu,
    label: t('purpose_module'),
    hint: t('purpose_module_hint'),
    choices: [
      choice('AES_256', 'ENCRYPT_DECRYPT', t('spec_aes_256')),
      choice('AES_128', 'ENCRYPT_DECRYPT', t('spec_aes_128')),
      choice('AES_192', 'ENCRYPT_DECRYPT', t('spec_aes_192')),
      choice('AES_256', 'WRAP_UNWRAP', t('spec_aes_256_wrap')),
      choice('RSA_4096', 'WRAP_UNWRAP', t('spec_rsa_4096_wrap')),
      choice('GENERIC_SECRET', 'DERIVE_KEYS', t('spec_generic_secret')),
    ],
  },
] as const satisfies readonly {
  readonly id: string
  readonly icon: unknown
  readonly label: string
  readonly hint: string
  readonly choices: readonly KeyChoice[]
}[]

export type Purpose = (typeof keyPurposes)[number]
