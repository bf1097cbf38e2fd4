// documents: signed documents of every form, made and verified; pure: runs in plain Node. This file: why a signature
// in text (SSHSIG, minisign, JWS) was not made, as a closed set of codes.

const sentences = {
  'key-does-not-fit': 'This form has no signature by such a key and algorithm.',
  'bad-namespace':
    'A namespace is 1 to 255 characters on one line, and says what the signature is for.',
  'bad-comment': 'A comment is one line, without control characters, and not that long.',
  'bad-digest': 'This is not a digest of that kind.',
  'bad-header': 'This header cannot be signed.',
  'bad-payload': 'This payload cannot stand in this form.',
  'bad-signers': 'This form takes one signature, the others at least one.',
  'bad-principal':
    'A signer in this list is named in one word, or several with commas between them.',
  'not-a-signature': 'There is no signature of this form that could get another one beside it.',
  'bad-signature': 'What signed is not the key it says it is.',
} as const

export type TextSignatureErrorCode = keyof typeof sentences

/** Nothing was made. `message` says why in a sentence. */
export class TextSignatureError extends Error {
  override readonly name = 'TextSignatureError'
  readonly code: TextSignatureErrorCode

  constructor(code: TextSignatureErrorCode) {
    super(sentences[code])
    this.code = code
  }
}

export function refuse(code: TextSignatureErrorCode): never {
  throw new TextSignatureError(code)
}
