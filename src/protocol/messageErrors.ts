// protocol: the contract every context speaks. This file: why a message could not be opened, from the words
// of the message format's library into those that every operation has, wherever the message was opened.

import { type ErrorReason, KeyhearthError } from './errors.ts'

/** As the library throws it (encryption-sdk/errors). */
interface MessageFailure extends Error {
  readonly code: string
  /** The pair that is missing or has another value, for `context`. */
  readonly contextKey: string | null
}

const reasons: ReadonlyMap<string, ErrorReason> = new Map([
  ['malformed', 'message-malformed'],
  ['truncated', 'message-malformed'],
  ['limit', 'message-malformed'],
  ['authentication', 'invalid-ciphertext'],
  ['commitment', 'invalid-ciphertext'],
  ['signature', 'invalid-ciphertext'],
  ['context', 'message-context-mismatch'],
  ['unsupported', 'message-foreign-format'],
] as const)

const foreign = 'an Encryption SDK message of a kind that Keyhearth cannot read'

export function messageError(failure: MessageFailure): KeyhearthError {
  const { code, message, contextKey } = failure
  const details = { key: contextKey ?? '', format: `${foreign} (${message})` }
  return new KeyhearthError(reasons.get(code) ?? 'internal', details, { cause: failure })
}
