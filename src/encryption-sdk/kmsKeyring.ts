// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the KMS keyring, strict or discovering (framework/aws-kms/aws-kms-keyring.md,
// aws-kms-discovery-keyring.md, aws-kms-multi-keyrings.md): several keys of one KMS.

import { openDataKey } from './dataKeys.ts'
import { EncryptionSdkError } from './errors.ts'
import { assertKmsIdentifier, type KmsArn, readKeyArn } from './kmsArns.ts'
import { type KmsAccess, unwrapWithKms, wrapWithKms } from './kmsDataKeys.ts'
import type { Keyring } from './materials.ts'

/** Which keys a message may name to be opened with; AWS's own names. */
export interface DiscoveryFilter {
  readonly partition: string
  readonly accountIDs: readonly string[]
}

export interface KmsKeyringOptions extends KmsAccess {
  /** Makes the data key. */
  readonly generatorKeyId?: string
  /** Wrap the data key too, so that any of them opens the message. */
  readonly keyIds?: readonly string[]
  /** Decrypt with whatever key a message names; makes no messages. */
  readonly discovery?: boolean
  /** For discovery: whose keys may be asked. */
  readonly discoveryFilter?: DiscoveryFilter
}

/**
 * Without `discovery` it decrypts with the keys given as key ARNs only: an alias or a key id says nothing
 * about the ARN in a message. What `client` throws while encrypting passes through as it is.
 */
export function kmsKeyring(options: KmsKeyringOptions): Keyring {
  const { generatorKeyId, keyIds = [], discovery = false, discoveryFilter } = options
  const configured = generatorKeyId === undefined ? [...keyIds] : [generatorKeyId, ...keyIds]
  if (discovery === configured.length > 0 || (discoveryFilter && !discovery)) {
    throw new EncryptionSdkError('invalid', 'A KMS keyring has keys, or else discovers them.')
  }
  configured.forEach(assertKmsIdentifier)
  const allowed = discoveryFilter && filterOf(discoveryFilter)
  return {
    async onEncrypt(materials) {
      if (discovery) throw new EncryptionSdkError('invalid', 'A discovery keyring cannot encrypt.')
      if (!materials.plaintextDataKey && generatorKeyId === undefined) {
        throw new EncryptionSdkError('no-key', 'This keyring has no generator key.')
      }
      let result = materials
      for (const keyId of configured) result = await wrapWithKms(options, keyId, result)
      return result
    },
    onDecrypt: (materials, encryptedDataKeys) =>
      openDataKey(materials, encryptedDataKeys, (dataKey) => {
        const key = readKeyArn(dataKey)
        if (!key || (allowed && !allowed(key.arn))) return null
        if (!discovery && !configured.includes(key.text)) return null
        return () => unwrapWithKms(options, key.text, dataKey, materials)
      }),
  }
}

/** aws-kms-discovery-keyring.md, "OnDecrypt". @throws EncryptionSdkError `invalid` */
export function filterOf({ partition, accountIDs }: DiscoveryFilter): (arn: KmsArn) => boolean {
  const accounts = new Set(accountIDs)
  if (partition === '' || accounts.size === 0 || accounts.has('')) {
    throw new EncryptionSdkError(
      'invalid',
      'A discovery filter names a partition and its accounts.',
    )
  }
  return (arn) => arn.partition === partition && accounts.has(arn.account)
}
