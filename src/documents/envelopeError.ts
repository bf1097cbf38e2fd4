// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: why something is not encrypted to certificates, or not decrypted.

const sentences = {
  'not-enveloped': 'These bytes are no message encrypted to certificates.',
  'too-large': 'The encrypted message is larger than can be looked at.',
  'too-many': 'The encrypted message has more recipients than can be looked at.',
  'not-a-recipient': 'The message is not encrypted to any of these keys.',
  unsupported: 'The message is encrypted in a way that Keyhearth does not know.',
  // One for wrong padding, wrong keys and altered content: telling them apart opens messages (RFC 3218 section 2.3).
  'not-opened': 'The message does not open: it was altered, or it is for another key.',
  'no-recipients': 'A message is encrypted to one certificate or more.',
  'unfit-certificate': 'Nothing can be encrypted to this certificate.',
} as const

export type EnvelopeErrorCode = keyof typeof sentences

export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError'
  readonly code: EnvelopeErrorCode

  constructor(code: EnvelopeErrorCode, detail?: string) {
    super(detail ? `${sentences[code]} (${detail})` : sentences[code])
    this.code = code
  }
}

export function refuseEnvelope(code: EnvelopeErrorCode, detail?: string): never {
  throw new EnvelopeError(code, detail)
}
