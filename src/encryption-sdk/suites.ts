// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the one table of algorithm suites (specification: framework/algorithm-suites.md).

import { EncryptionSdkError } from './errors.ts'

/** The same in every suite of the format: AES-GCM with these. */
export const ivBytes = 12
export const tagBytes = 16

export interface Signature {
  readonly curve: 'P-256' | 'P-384'
  readonly hash: 'SHA-256' | 'SHA-384'
  readonly coordinateBytes: 32 | 48
}

export interface Suite {
  readonly id: number
  readonly name: string
  readonly messageFormat: 1 | 2
  readonly messageIdBytes: 16 | 32
  readonly dataKeyBytes: 16 | 24 | 32
  /** Hash of the HKDF between data key and message key; `null` where they are the same key. */
  readonly kdfHash: 'SHA-256' | 'SHA-384' | 'SHA-512' | null
  /** 0 where the message does not commit to its key. */
  readonly commitmentBytes: 0 | 32
  readonly signature: Signature | null
}

const ecdsaP256 = { curve: 'P-256', hash: 'SHA-256', coordinateBytes: 32 } as const
const ecdsaP384 = { curve: 'P-384', hash: 'SHA-384', coordinateBytes: 48 } as const

const format1 = { messageFormat: 1, messageIdBytes: 16, commitmentBytes: 0 } as const
const plain = { ...format1, kdfHash: null, signature: null } as const
const derived = { ...format1, kdfHash: 'SHA-256', signature: null } as const
const derivedP256 = { ...format1, kdfHash: 'SHA-256', signature: ecdsaP256 } as const
const derivedP384 = { ...format1, kdfHash: 'SHA-384', signature: ecdsaP384 } as const
const committing = {
  messageFormat: 2,
  messageIdBytes: 32,
  commitmentBytes: 32,
  dataKeyBytes: 32,
  kdfHash: 'SHA-512',
} as const

/** By id, which JavaScript writes in decimal: 0x0478 is 1144, 0x0578 is 1400. */
export const suites = {
  20: {
    ...plain,
    id: 0x0014,
    name: 'ALG_AES_128_GCM_IV12_TAG16_NO_KDF',
    dataKeyBytes: 16,
  },
  70: {
    ...plain,
    id: 0x0046,
    name: 'ALG_AES_192_GCM_IV12_TAG16_NO_KDF',
    dataKeyBytes: 24,
  },
  120: {
    ...plain,
    id: 0x0078,
    name: 'ALG_AES_256_GCM_IV12_TAG16_NO_KDF',
    dataKeyBytes: 32,
  },
  276: {
    ...derived,
    id: 0x0114,
    name: 'ALG_AES_128_GCM_IV12_TAG16_HKDF_SHA256',
    dataKeyBytes: 16,
  },
  326: {
    ...derived,
    id: 0x0146,
    name: 'ALG_AES_192_GCM_IV12_TAG16_HKDF_SHA256',
    dataKeyBytes: 24,
  },
  376: {
    ...derived,
    id: 0x0178,
    name: 'ALG_AES_256_GCM_IV12_TAG16_HKDF_SHA256',
    dataKeyBytes: 32,
  },
  532: {
    ...derivedP256,
    id: 0x0214,
    name: 'ALG_AES_128_GCM_IV12_TAG16_HKDF_SHA256_ECDSA_P256',
    dataKeyBytes: 16,
  },
  838: {
    ...derivedP384,
    id: 0x0346,
    name: 'ALG_AES_192_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384',
    dataKeyBytes: 24,
  },
  888: {
    ...derivedP384,
    id: 0x0378,
    name: 'ALG_AES_256_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384',
    dataKeyBytes: 32,
  },
  1144: {
    ...committing,
    id: 0x0478,
    name: 'ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY',
    signature: null,
  },
  1400: {
    ...committing,
    id: 0x0578,
    name: 'ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384',
    signature: ecdsaP384,
  },
} as const satisfies Record<number, Suite>

export type SuiteId = keyof typeof suites

const byId: ReadonlyMap<number, Suite> = new Map(
  Object.values(suites).map((suite) => [suite.id, suite]),
)

export const suiteHex = (id: number): string => id.toString(16).padStart(4, '0')

export const commits = ({ commitmentBytes }: Suite): boolean => commitmentBytes > 0

/** @throws EncryptionSdkError `unsupported` */
export function suiteOf(id: number): Suite {
  const suite = byId.get(id)
  if (suite) return suite
  throw new EncryptionSdkError('unsupported', `Algorithm suite ${suiteHex(id)} is not known.`)
}
