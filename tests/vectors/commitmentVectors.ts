// aws-encryption-sdk-python's key-commitment vectors: messages of the C, Python, Java and JavaScript
// libraries with their data keys in clear, framed and in one block, and five that must fail.

import { readVectorJson } from './folder.ts'

export interface CommitmentVector {
  readonly ciphertext: string
  readonly commitment: string
  readonly 'decrypted-dek': string
  readonly 'encryption-context': Record<string, string>
  readonly 'message-id': string
  readonly 'plaintext-frames': string[]
  readonly status: boolean
  readonly comment: string
}

export const commitmentFile = 'encryption-sdk/commitment.json'

export function readCommitmentVectors() {
  const { tests } = readVectorJson<{ tests: CommitmentVector[] }>(commitmentFile)
  return {
    good: tests.filter(({ status }) => status),
    bad: tests.filter(({ status }) => !status),
  }
}
