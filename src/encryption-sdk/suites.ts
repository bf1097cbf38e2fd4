// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the one table of algorithm suites (specification: framework/algorithm-suites.md).

import { EncryptionSdkError } from './errors.ts'

/** The same in every suite of the format: AES-GCM with these. */
export const ivBytes = 12
export const tagBytes = 16

export interface Signature {
  readonly curve: 'P-384'
  readonly hash: 'SHA-384'
  readonly coordinateBytes: 48
}

export interface Suite {
  readonly id: number
  readonly name: string
  readonly messageFormat: 2
  readonly dataKeyBytes: 32
  readonly kdfHash: 'SHA-512'
  readonly commitmentBytes: 32
  readonly signature: Signature | null
}

const committing = {
  messageFormat: 2,
  dataKeyBytes: 32,
  kdfHash: 'SHA-512',
  commitmentBytes: 32,
} as const

/** By id: 0x0478 is 1144, 0x0578 is 1400. */
export const suites = {
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
    signature: { curve: 'P-384', hash: 'SHA-384', coordinateBytes: 48 },
  },
} as const satisfies Record<number, Suite>

export type SuiteId = keyof typeof suites
export const defaultSuiteId: SuiteId = 0x0578

/** Suites of the format that commit to no key; a policy that requires commitment reads none of them. */
const withoutCommitment: ReadonlySet<number> = new Set([
  0x0014, 0x0046, 0x0078, 0x0114, 0x0146, 0x0178, 0x0214, 0x0346, 0x0378,
])

const byId: ReadonlyMap<number, Suite> = new Map(
  Object.values(suites).map((suite) => [suite.id, suite]),
)

export const suiteHex = (id: number): string => id.toString(16).padStart(4, '0')

export const commitsNothing = (id: number): boolean => withoutCommitment.has(id)

/** @throws EncryptionSdkError `unsupported` */
export function suiteOf(id: number): Suite {
  const suite = byId.get(id)
  if (suite) return suite
  const why = commitsNothing(id) ? 'does not commit to its key' : 'is not known'
  throw new EncryptionSdkError('unsupported', `Algorithm suite ${suiteHex(id)} ${why}.`)
}
