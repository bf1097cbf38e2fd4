// kms: keys, their states and what is done under them; one file per family of operations.
// This file: why a message could not be made or opened, in the words of the protocol.

import { DataKeyError, EncryptionSdkError } from '../encryption-sdk/index.ts'
import { type Context, NeedsApproval, NeedsTurn } from '../hsm/context.ts'
import { type ErrorReason, KeyhearthError } from '../protocol/errors.ts'
import { messageError } from '../protocol/messageErrors.ts'

export function whyNotEncrypted(error: unknown): unknown {
  if (!(error instanceof EncryptionSdkError)) return error
  return new KeyhearthError('invalid-input', { what: error.message }, { cause: error })
}

export function readable<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof EncryptionSdkError ? messageError(error) : error
  }
}

const missing: ReadonlySet<ErrorReason> = new Set(['key-not-found', 'ciphertext-key-unknown'])

export function whyNotDecrypted(
  context: Context,
  error: unknown,
  keyArns: readonly string[],
): unknown {
  if (!(error instanceof EncryptionSdkError)) return error
  if (error.code !== 'no-key') return messageError(error)
  const options = { cause: error }
  const whyNot = error.causes.map((one) => (one instanceof DataKeyError ? one.cause : one))
  // No failure: the operation is run again, in its turn or once the person was asked.
  const again = whyNot.find((cause) => cause instanceof NeedsTurn || cause instanceof NeedsApproval)
  if (again) return again
  const withheld = whyNot.find(
    (cause) => cause instanceof KeyhearthError && cause.reason === 'plaintext-withheld',
  )
  if (withheld) return withheld
  // A page learns only that no key of its own opens this, not whether the vault has one that would.
  if (context.principal.kind === 'page') {
    const own = keyArns.some((arn) => arn.includes(`:${context.account}:`))
    return new KeyhearthError(own ? 'invalid-ciphertext' : 'message-key-foreign', {}, options)
  }
  const refusal = whyNot.find(
    (cause): cause is KeyhearthError =>
      cause instanceof KeyhearthError && !missing.has(cause.reason),
  )
  return (
    refusal ??
    new KeyhearthError(
      'message-key-missing',
      { keyId: keyArns.join(', ') || 'of another tool' },
      options,
    )
  )
}

/**
 * For bodies that are made or opened elsewhere, whose caller then sends the whole message instead: what the
 * person is to allow each time must be shown to them and is not here; some keys cannot be handed over.
 */
export function notInPieces(error: unknown, inWords: (error: unknown) => unknown): unknown {
  const whole = () => new KeyhearthError('whole-message-only', {}, { cause: error })
  if (error instanceof EncryptionSdkError && error.code === 'unsupported') return whole()
  const said = inWords(error)
  return said instanceof NeedsApproval ? whole() : said
}
