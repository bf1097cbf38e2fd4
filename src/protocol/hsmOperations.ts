// protocol: the contract every context speaks. This file: the operations of a security module that AWS KMS has not:
// other modes of encryption, keys under keys, derivation, hashes. Each asks for what its relative of KMS asks for
// (`as`), in policies and grants; docs/primitives.md is made from it.

import type { kmsOperations } from './kmsOperations.ts'
import { type OperationRow, reads } from './operationRow.ts'

export interface HsmOperationRow extends OperationRow {
  /** What policies and grants must allow; absent where no key is used. */
  readonly as?: keyof typeof kmsOperations
}

const anyone = { callers: ['extension', 'page'], right: 'keys' } as const

export const hsmOperations = {
  'keyhearth:HsmEncrypt': {
    ...anyone,
    ...reads,
    as: 'kms:Encrypt',
    record: ['KeyId', 'Mechanism'],
  },
  'keyhearth:HsmDecrypt': {
    ...anyone,
    ...reads,
    as: 'kms:Decrypt',
    reveals: true,
    record: ['KeyId', 'Mechanism'],
  },
  'keyhearth:HsmWrapKey': {
    ...anyone,
    ...reads,
    as: 'kms:Encrypt',
    record: ['KeyId', 'Mechanism'],
  },
  'keyhearth:HsmUnwrapKey': {
    ...anyone,
    ...reads,
    as: 'kms:Decrypt',
    reveals: true,
    record: ['KeyId', 'Mechanism', 'NewKey'],
    respond: ['NewKeyId'],
  },
  'keyhearth:HsmDerive': {
    ...anyone,
    ...reads,
    as: 'kms:DeriveSharedSecret',
    reveals: true,
    record: ['KeyId', 'Mechanism', 'NumberOfBytes', 'NewKey'],
    respond: ['NewKeyId'],
  },
  'keyhearth:HsmDigest': { ...anyone, ...reads, record: ['DigestAlgorithm'] },
} as const satisfies Record<`keyhearth:Hsm${string}`, HsmOperationRow>
