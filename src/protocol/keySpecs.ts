// protocol: the contract every context speaks. This file: the one table of key specs and of what each
// can do (KMS developer guide, "Key spec reference"; API reference, CreateKey and DescribeKey).

interface KeySpecRow {
  readonly usages: readonly KeyUsageType[]
  readonly encryption?: readonly EncryptionAlgorithm[]
  readonly signing?: readonly SigningAlgorithm[]
  readonly mac?: MacAlgorithm
  /** Keyhearth's own; by usage, the usual one first. */
  readonly mechanisms?: Readonly<Partial<Record<KeyUsageType, readonly Mechanism[]>>>
}

export const keyUsages = [
  'ENCRYPT_DECRYPT',
  'SIGN_VERIFY',
  'GENERATE_VERIFY_MAC',
  'KEY_AGREEMENT',
  'ENCAPSULATE_DECAPSULATE',
  // Keyhearth's own. Who may decrypt with a key must not be able to open keys that are wrapped under it, so
  // wrapping is a usage of its own.
  'WRAP_UNWRAP',
  'DERIVE_KEYS',
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

/** Keyhearth's own, named after PKCS #11: what a security module does with a key and AWS KMS does not. */
export const encryptionMechanisms = ['AES_GCM', 'AES_CBC', 'AES_CBC_PAD', 'AES_CTR'] as const
/** Of old data alone: nothing new is made with these. */
const oldCiphers = ['DES3_CBC', 'DES3_CBC_PAD'] as const
const oldTransport = ['RSAES_PKCS1_V1_5'] as const
export const decryptionMechanisms = [
  ...encryptionMechanisms,
  ...oldCiphers,
  ...oldTransport,
] as const
export const wrappingMechanisms = [
  'AES_KEY_WRAP',
  'AES_KEY_WRAP_PAD',
  'RSAES_OAEP_SHA_256',
  'RSA_AES_KEY_WRAP_SHA_256',
] as const
export const derivationMechanisms = ['HKDF_SHA_256', 'HKDF_SHA_384', 'HKDF_SHA_512'] as const
export const digestAlgorithms = [
  'SHA_224',
  'SHA_256',
  'SHA_384',
  'SHA_512',
  'SHA3_224',
  'SHA3_256',
  'SHA3_384',
  'SHA3_512',
] as const

export type EncryptionMechanism = (typeof encryptionMechanisms)[number]
export type DecryptionMechanism = (typeof decryptionMechanisms)[number]
export type CipherMechanism = EncryptionMechanism | (typeof oldCiphers)[number]
export type WrappingMechanism = (typeof wrappingMechanisms)[number]
export type DerivationMechanism = (typeof derivationMechanisms)[number]
export type DigestAlgorithm = (typeof digestAlgorithms)[number]
export type Mechanism = DecryptionMechanism | WrappingMechanism | DerivationMechanism

const rsa = {
  usages: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'WRAP_UNWRAP'],
  encryption: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'],
  signing: [
    'RSASSA_PKCS1_V1_5_SHA_256',
    'RSASSA_PKCS1_V1_5_SHA_384',
    'RSASSA_PKCS1_V1_5_SHA_512',
    'RSASSA_PSS_SHA_256',
    'RSASSA_PSS_SHA_384',
    'RSASSA_PSS_SHA_512',
  ],
  mechanisms: {
    ENCRYPT_DECRYPT: oldTransport,
    WRAP_UNWRAP: ['RSAES_OAEP_SHA_256', 'RSA_AES_KEY_WRAP_SHA_256'],
  },
} as const
const nist = {
  usages: ['SIGN_VERIFY', 'KEY_AGREEMENT'],
  mechanisms: { KEY_AGREEMENT: derivationMechanisms },
} as const
const aes = {
  usages: ['ENCRYPT_DECRYPT', 'WRAP_UNWRAP'],
  mechanisms: {
    ENCRYPT_DECRYPT: encryptionMechanisms,
    WRAP_UNWRAP: ['AES_KEY_WRAP_PAD', 'AES_KEY_WRAP'],
  },
} as const
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
  // Keyhearth's own. A SYMMETRIC_DEFAULT key is what message keys are derived from, and for nothing else.
  AES_128: aes,
  AES_192: aes,
  AES_256: aes,
  GENERIC_SECRET: {
    usages: ['DERIVE_KEYS'],
    mechanisms: { DERIVE_KEYS: derivationMechanisms },
  },
  TRIPLE_DES: {
    usages: ['ENCRYPT_DECRYPT'],
    mechanisms: { ENCRYPT_DECRYPT: oldCiphers },
  },
} as const satisfies Record<string, KeySpecRow>

export type KeySpec = keyof typeof keySpecs
export const keySpecNames = Object.keys(keySpecs) as readonly KeySpec[]

/** The row of a spec, as the union of what any spec can have. */
export const specRow = (spec: KeySpec): KeySpecRow => keySpecs[spec]

/** Keys that are bare bytes, as they can come out of a derivation. */
export const secretSpecs = [
  'SYMMETRIC_DEFAULT',
  'HMAC_224',
  'HMAC_256',
  'HMAC_384',
  'HMAC_512',
  'AES_128',
  'AES_192',
  'AES_256',
  'GENERIC_SECRET',
] as const satisfies readonly KeySpec[]

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
