// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: how a raw key is named in messages (framework/keyring-interface.md, "key namespace", "key name").

import { EncryptionSdkError } from './errors.ts'

export interface RawKeyNames {
  /** Becomes the provider id; none that begins with `aws-kms`, which belongs to KMS keys. */
  readonly keyNamespace: string
  readonly keyName: string
}

/** @throws EncryptionSdkError `invalid` */
export function assertRawKeyNames({ keyNamespace, keyName }: RawKeyNames): void {
  if (!keyNamespace.isWellFormed() || !keyName.isWellFormed()) {
    throw new EncryptionSdkError('invalid', 'A key name holds half a character.')
  }
  if (keyNamespace.startsWith('aws-kms')) {
    throw new EncryptionSdkError(
      'invalid',
      'Namespaces that begin with aws-kms belong to KMS keys.',
    )
  }
}
