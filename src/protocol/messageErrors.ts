// protocol: the contract every context speaks. This file: why a message could not be opened, from the words
// of the message format's library into those that every operation has, wherever the message was opened.

import { type ErrorDetails, KeyhearthError } from './errors.ts'
import type { PageReason } from './pageErrors.ts'

/** As the library throws it (encryption-sdk/errors). */
interface MessageFailure extends Error {
  readonly code: string
  /** The pair that is missing or has another value, for `context`. */
  readonly contextKey: string | null
}

const reasons: ReadonlyMap<string, PageReason> = new Map([
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

/** The row of it and what fills its sentence: all that the script in a page needs. */
export function messageFailure(failure: MessageFailure): readonly [PageReason, ErrorDetails] {
  const { code, message, contextKey } = failure
  const details = { key: contextKey ?? '', format: `${foreign} (${message})` }
  return [reasons.get(code) ?? 'internal', details]
}

export const messageError = (failure: MessageFailure): KeyhearthError =>
  new KeyhearthError(...messageFailure(failure), { cause: failure })
