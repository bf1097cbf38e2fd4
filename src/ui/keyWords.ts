// ui: what the person sees; speaks the protocol like any other client. This file: keys in words: their
// states, kinds, uses and whose they are.

import type { KeySpec, KeyUsageType } from '../protocol/keySpecs.ts'
import type { KeyState } from '../protocol/kmsOutputs.ts'
import type { KeyRow, SortColumn } from './keyList.ts'
import { hostWords } from './siteWords.ts'
import { dayWords, t } from './words.ts'

export const stateWords = {
  Enabled: t('key_state_enabled'),
  Disabled: t('key_state_disabled'),
  PendingDeletion: t('key_state_deletion'),
  PendingImport: t('key_state_import'),
} as const satisfies Record<KeyState, string>

export const usageWords = {
  ENCRYPT_DECRYPT: t('key_usage_encrypt'),
  SIGN_VERIFY: t('key_usage_sign'),
  GENERATE_VERIFY_MAC: t('key_usage_mac'),
  KEY_AGREEMENT: t('key_usage_agree'),
  ENCAPSULATE_DECAPSULATE: t('key_usage_encapsulate'),
  WRAP_UNWRAP: t('key_usage_wrap'),
  DERIVE_KEYS: t('key_usage_derive'),
} as const satisfies Record<KeyUsageType, string>

/** The names by which the kinds are known. */
export const specNames = {
  SYMMETRIC_DEFAULT: 'AES-256',
  AES_128: 'AES-128, bare',
  AES_192: 'AES-192, bare',
  AES_256: 'AES-256, bare',
  GENERIC_SECRET: 'HKDF secret',
  TRIPLE_DES: 'Triple DES',
  RSA_2048: 'RSA 2048',
  RSA_3072: 'RSA 3072',
  RSA_4096: 'RSA 4096',
  ECC_NIST_P256: 'ECC P-256',
  ECC_NIST_P384: 'ECC P-384',
  ECC_NIST_P521: 'ECC P-521',
  ECC_SECG_P256K1: 'secp256k1',
  ECC_NIST_EDWARDS25519: 'Ed25519',
  HMAC_224: 'HMAC SHA-224',
  HMAC_256: 'HMAC SHA-256',
  HMAC_384: 'HMAC SHA-384',
  HMAC_512: 'HMAC SHA-512',
  ML_DSA_44: 'ML-DSA-44',
  ML_DSA_65: 'ML-DSA-65',
  ML_DSA_87: 'ML-DSA-87',
  ML_KEM_512: 'ML-KEM-512',
  ML_KEM_768: 'ML-KEM-768',
  ML_KEM_1024: 'ML-KEM-1024',
} as const satisfies Record<KeySpec, string>

export function ownerWords({ owner }: Pick<KeyRow, 'owner'>): string {
  switch (owner.kind) {
    case 'you':
      return t('key_owner_you')
    case 'site':
      return hostWords(owner.origin)
    case 'gone':
      return t('key_owner_gone')
  }
}

/** What stands in a column of the list. */
export function columnWords(key: KeyRow, column: SortColumn): string {
  switch (column) {
    case 'name':
      return key.name
    case 'state':
      return stateWords[key.KeyState]
    case 'kind':
      return `${usageWords[key.KeyUsage]} ${specNames[key.KeySpec]}`
    case 'owner':
      return ownerWords(key)
    case 'used':
      return key.LastUsedAt === null ? t('key_never_used') : dayWords(key.LastUsedAt)
  }
}
