// protocol: the contract every context speaks. This file: the one table of key specs and of what each
// can do (KMS developer guide, "Key spec reference"; API reference, CreateKey and DescribeKey).

interface KeySpecRow {
  readonly usages: readonly KeyUsageType[]
  readonly encryption?: readonly EncryptionAlgorithm[]
  readonly signing?: readonly SigningAlgorithm[]
  readonly mac?: MacAlgorithm
}

export const keyUsages = [
  'ENCRYPT_DECRYPT',
  'SIGN_VERIFY',
  'GENERATE_VERIFY_MAC',
  'KEY_AGREEMENT',
  'ENCAPSULATE_DECAPSULATE',
] as const
export type KeyUsageType = (typeof keyUsages)[number]

export const encryptionAlgorithms = [
  'SYMMETRIC_DEFAULT',
  'RSAES_OAEP_SHA_1',
  'RSAES_OAEP_SHA_256',
] as const
export type EncryptionAlgorithm = (typeof encryptionAlgorithms)[number]

export const signingAlgorithms = [
  'RSASSA_PSS_SHA_256',
  'RSASSA_PSS_SHA_384',
  'RSASSA_PSS_SHA_512',
  'RSASSA_PKCS1_V1_5_SHA_256',
  'RSASSA_PKCS1_V1_5_SHA_384',
  'RSASSA_PKCS1_V1_5_SHA_512',
  'ECDSA_SHA_256',
  'ECDSA_SHA_384',
  'ECDSA_SHA_512',
  'ED25519_SHA_512',
  'ED25519_PH_SHA_512',
  'ML_DSA_SHAKE_256',
] as const
export type SigningAlgorithm = (typeof signingAlgorithms)[number]

export const macAlgorithms = [
  'HMAC_SHA_224',
  'HMAC_SHA_256',
  'HMAC_SHA_384',
  'HMAC_SHA_512',
] as const
export type MacAlgorithm = (typeof macAlgorithms)[number]

const rsa = {
  usages: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY'],
  encryption: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'],
  signing: [
    'RSASSA_PKCS1_V1_5_SHA_256',
    'RSASSA_PKCS1_V1_5_SHA_384',
    'RSASSA_PKCS1_V1_5_SHA_512',
    'RSASSA_PSS_SHA_256',
    'RSASSA_PSS_SHA_384',
    'RSASSA_PSS_SHA_512',
  ],
} as const
const nist = { usages: ['SIGN_VERIFY', 'KEY_AGREEMENT'] } as const
const hmac = { usages: ['GENERATE_VERIFY_MAC'] } as const
const mlDsa = { usages: ['SIGN_VERIFY'], signing: ['ML_DSA_SHAKE_256'] } as const
const mlKem = { usages: ['ENCAPSULATE_DECAPSULATE'] } as const

const keySpecs = {
  SYMMETRIC_DEFAULT: { usages: ['ENCRYPT_DECRYPT'], encryption: ['SYMMETRIC_DEFAULT'] },
  RSA_2048: rsa,
  RSA_3072: rsa,
  RSA_4096: rsa,
  ECC_NIST_P256: { ...nist, signing: ['ECDSA_SHA_256'] },
  ECC_NIST_P384: { ...nist, signing: ['ECDSA_SHA_384'] },
  ECC_NIST_P521: { ...nist, signing: ['ECDSA_SHA_512'] },
  ECC_SECG_P256K1: { usages: ['SIGN_VERIFY'], signing: ['ECDSA_SHA_256'] },
  ECC_NIST_EDWARDS25519: {
    usages: ['SIGN_VERIFY'],
    signing: ['ED25519_SHA_512', 'ED25519_PH_SHA_512'],
  },
  HMAC_224: { ...hmac, mac: 'HMAC_SHA_224' },
  HMAC_256: { ...hmac, mac: 'HMAC_SHA_256' },
  HMAC_384: { ...hmac, mac: 'HMAC_SHA_384' },
  HMAC_512: { ...hmac, mac: 'HMAC_SHA_512' },
  ML_DSA_44: mlDsa,
  ML_DSA_65: mlDsa,
  ML_DSA_87: mlDsa,
  ML_KEM_512: mlKem,
  ML_KEM_768: mlKem,
  ML_KEM_1024: mlKem,
} as const satisfies Record<string, KeySpecRow>

export type KeySpec = keyof typeof keySpecs
export const keySpecNames = Object.keys(keySpecs) as readonly KeySpec[]

/** The row of a spec, as the union of what any spec can have. */
export const specRow = (spec: KeySpec): KeySpecRow => keySpecs[spec]

/** GenerateDataKeyPair makes a pair of any of these. */
export const dataKeyPairSpecs = [
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'ECC_NIST_P256',
  'ECC_NIST_P384',
  'ECC_NIST_P521',
  'ECC_SECG_P256K1',
  'ECC_NIST_EDWARDS25519',
  'ML_KEM_512',
  'ML_KEM_768',
  'ML_KEM_1024',
] as const satisfies readonly KeySpec[]
export type DataKeyPairSpec = (typeof dataKeyPairSpecs)[number]

/** What AWS names and Keyhearth refuses (UnsupportedOperationException), not knows nothing of. */
export const unsupportedSpec = 'SM2'
