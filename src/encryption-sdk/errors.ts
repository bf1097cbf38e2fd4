// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: what can be wrong with a message or a request.

export type EncryptionSdkErrorCode =
  /** Not a message of this format, or fields that contradict each other. */
  | 'malformed'
  /** A message that ends before it is whole. */
  | 'truncated'
  /** A format, suite or content type that is known and not read here, or that the policy forbids. */
  | 'unsupported'
  /** Larger or more than the caller or the format allows. */
  | 'limit'
  /** The key commitment is another: the data key is not the one the message was made under. */
  | 'commitment'
  /** A tag does not hold: header, frame, or additional data were changed. */
  | 'authentication'
  /** The ECDSA signature over the message does not hold. */
  | 'signature'
  /** The context the caller demands is not the message's; `contextKey` says where. */
  | 'context'
  /** No keyring could open, or make, a data key. */
  | 'no-key'
  /** A request that cannot be carried out as it stands. */
  | 'invalid'

interface Particulars {
  readonly causes?: readonly unknown[]
  readonly keyIds?: readonly string[]
  readonly contextKey?: string
}

export class EncryptionSdkError extends Error {
  override readonly name = 'EncryptionSdkError'
  readonly code: EncryptionSdkErrorCode
  /** Why each encrypted data key could not be opened, for `no-key`. */
  readonly causes: readonly unknown[]
  /** ARNs of the KMS keys the message was made for, for `no-key` when decrypting. */
  readonly keyIds: readonly string[]
  /** The pair that is missing or has another value, for `context`. */
  readonly contextKey: string | null

  constructor(code: EncryptionSdkErrorCode, message: string, particulars: Particulars = {}) {
    super(message)
    this.code = code
    this.causes = particulars.causes ?? []
    this.keyIds = particulars.keyIds ?? []
    this.contextKey = particulars.contextKey ?? null
  }
}

/** Why one encrypted data key of a message could not be opened; among the `causes` of `no-key`. */
export class DataKeyError extends Error {
  override readonly name = 'DataKeyError'
  readonly code = 'no-key'
  /** Its provider: the namespace of a raw key, or one of AWS's names. */
  readonly keyNamespace: string
  /** `null` where the provider does not name its keys in text. */
  readonly keyName: string | null

  constructor(keyNamespace: string, keyName: string | null, cause: unknown) {
    const why = cause instanceof Error ? cause.message || cause.name : String(cause)
    super(`${keyNamespace}${keyName === null ? '' : ` ${keyName}`}: ${why}`, { cause })
    this.keyNamespace = keyNamespace
    this.keyName = keyName
  }
}
