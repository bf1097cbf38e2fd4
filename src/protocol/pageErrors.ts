// protocol: the contract every context speaks. This file: what can go wrong between a page and the gate. These
// are rows of the one table (errors.ts) and stand apart because the scripts in pages carry them: whatever else
// goes wrong, its sentence comes with the reply.

import type { ErrorDetails, ErrorReply } from './errors.ts'

export const pageErrors = {
  'unknown-operation': ['UnknownOperationException', 'There is no operation of that name.'],
  'invalid-input': ['ValidationException', 'The request is not valid: {what}.'],
  'malformed-request': ['SerializationException', 'The request cannot be read: {what}.'],
  'too-large': ['ValidationException', 'That is too large: at most {limit} bytes.'],
  refused: ['AccessDeniedException', 'The person refused this request.'],
  disconnected: [
    'AccessDeniedException',
    'This page is not connected to Keyhearth. Ask again with keyhearth:request.',
  ],
  'reload-page': [
    'KMSInvalidStateException',
    'Keyhearth was updated or restarted. Reload this page and try again.',
  ],
  'invalid-ciphertext': [
    'InvalidCiphertextException',
    'This could not be decrypted: it was changed, or the encryption context differs.',
  ],
  'message-malformed': [
    'InvalidCiphertextException',
    'This is not a whole Keyhearth message: it was cut or changed. Copy it again, from the first to the last line.',
  ],
  'message-foreign-format': [
    'InvalidCiphertextException',
    'This is {format}, which Keyhearth does not open.',
  ],
  'message-none': ['InvalidCiphertextException', 'There is no Keyhearth message in this text.'],
  'message-context-mismatch': [
    'InvalidCiphertextException',
    'This message was made with another encryption context ({key}).',
  ],
  internal: ['KMSInternalException', 'Something went wrong inside Keyhearth. Try again.'],
} as const satisfies Record<string, readonly [code: string, message: string]>

export type PageReason = keyof typeof pageErrors

export const fill = (template: string, details: ErrorDetails): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => details[name] ?? '')

export function pageFailure(reason: PageReason, details: ErrorDetails = {}): ErrorReply {
  const [code, template] = pageErrors[reason]
  return { code, reason, message: fill(template, details), details }
}

/** What a page catches: an Error with AWS's exception name, as AWS's clients throw it. */
export class PageError extends Error {
  readonly code: ErrorReply['code']
  readonly reason: ErrorReply['reason']

  constructor({ code, reason, message }: ErrorReply) {
    super(message)
    this.name = code
    this.code = code
    this.reason = reason
  }
}

/** Any thrown value as a reply: what is not known becomes one opaque `internal`. */
export function pageReply(thrown: unknown): ErrorReply {
  if (!(thrown instanceof PageError)) return pageFailure('internal')
  const { code, reason, message } = thrown
  return { code, reason, message, details: {} }
}

export const pageError = (reason: PageReason, details?: ErrorDetails): PageError =>
  new PageError(pageFailure(reason, details))
