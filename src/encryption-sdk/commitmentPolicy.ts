// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: commitment policies (framework/commitment-policy.md). A message that does not commit to its
// key can be made to open to different plaintexts under different keys.

import { EncryptionSdkError } from './errors.ts'
import { commits, type Suite, type SuiteId, suiteHex } from './suites.ts'

/** AWS's own names. */
export const CommitmentPolicy = {
  FORBID_ENCRYPT_ALLOW_DECRYPT: 'FORBID_ENCRYPT_ALLOW_DECRYPT',
  REQUIRE_ENCRYPT_ALLOW_DECRYPT: 'REQUIRE_ENCRYPT_ALLOW_DECRYPT',
  /** The default. */
  REQUIRE_ENCRYPT_REQUIRE_DECRYPT: 'REQUIRE_ENCRYPT_REQUIRE_DECRYPT',
} as const
export type CommitmentPolicy = (typeof CommitmentPolicy)[keyof typeof CommitmentPolicy]

/** What a client holds all its messages to. */
export interface ClientRules {
  readonly commitmentPolicy: CommitmentPolicy
  readonly maxEncryptedDataKeys: number
}

export const isCommitmentPolicy = (value: string): value is CommitmentPolicy =>
  Object.hasOwn(CommitmentPolicy, value)

/** What is written unless the caller names a suite: always signed ("Default Algorithm Suite"). */
export const defaultSuiteId = (policy: CommitmentPolicy): SuiteId =>
  policy === 'FORBID_ENCRYPT_ALLOW_DECRYPT' ? 0x0378 : 0x0578

/** @throws EncryptionSdkError `unsupported` */
export function assertMayEncrypt(policy: CommitmentPolicy, suite: Suite): void {
  const forbidden = policy === 'FORBID_ENCRYPT_ALLOW_DECRYPT'
  if (commits(suite) === forbidden) throw refusal(suite, policy)
}

/** @throws EncryptionSdkError `unsupported` */
export function assertMayDecrypt(policy: CommitmentPolicy, suite: Suite): void {
  if (policy === 'REQUIRE_ENCRYPT_REQUIRE_DECRYPT' && !commits(suite)) throw refusal(suite, policy)
}

function refusal(suite: Suite, policy: CommitmentPolicy): EncryptionSdkError {
  const does = commits(suite) ? 'commits to its key' : 'does not commit to its key'
  const what = `Algorithm suite ${suiteHex(suite.id)} ${does}, which ${policy} refuses.`
  return new EncryptionSdkError('unsupported', what)
}
