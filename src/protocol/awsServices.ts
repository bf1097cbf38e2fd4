// protocol: the contract every context speaks. This file: AWS's services as their clients name them on the
// wire (AWS JSON 1.1, header `X-Amz-Target`), and where their requests carry bytes, written as base64.

interface AwsService {
  /** Of the names of our operations. */
  readonly prefix: 'kms' | 'secretsmanager'
  /** Members that are blobs, by their path. A map's keys are no members: they are whatever the caller likes. */
  readonly blobs: ReadonlySet<string>
}

export const awsServices: ReadonlyMap<string, AwsService> = new Map([
  [
    'TrentService',
    {
      prefix: 'kms',
      blobs: new Set([
        'CiphertextBlob',
        'EncryptedKeyMaterial',
        'ImportToken',
        'Mac',
        'Message',
        'Plaintext',
        'PublicKey',
        'Recipient.AttestationDocument',
        'SharedSecretCiphertextBlob',
        'Signature',
      ]),
    },
  ],
  ['secretsmanager', { prefix: 'secretsmanager', blobs: new Set(['SecretBinary']) }],
])
