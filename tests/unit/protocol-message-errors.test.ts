// What the message format's library says of a message, in the words every operation has.

import { expect, test } from 'vitest'
import { EncryptionSdkError, type EncryptionSdkErrorCode } from '../../src/encryption-sdk/index.ts'
import { messageError } from '../../src/protocol/messageErrors.ts'

const expected: Readonly<Record<EncryptionSdkErrorCode, string>> = {
  malformed: 'message-malformed',
  truncated: 'message-malformed',
  limit: 'message-malformed',
  unsupported: 'message-foreign-format',
  authentication: 'invalid-ciphertext',
  commitment: 'invalid-ciphertext',
  signature: 'invalid-ciphertext',
  context: 'message-context-mismatch',
  // Neither is about the message: who met them has better words.
  'no-key': 'internal',
  invalid: 'internal',
}

test.each(Object.entries(expected))('%s is %s', (code, reason) => {
  const failure = new EncryptionSdkError(code as EncryptionSdkErrorCode, 'suite 9999', {
    contextKey: 'tenant',
  })
  const error = messageError(failure)
  expect(error).toMatchObject({ reason, cause: failure })
  expect(error.message.includes('suite 9999')).toBe(code === 'unsupported')
  expect(error.message.includes('tenant')).toBe(code === 'context')
})
