// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: keyrings for multi-Region keys (framework/aws-kms/aws-kms-mrk-keyring.md,
// aws-kms-mrk-discovery-keyring.md, aws-kms-mrk-multi-keyrings.md): a replica opens what another made.

import { openDataKey } from './dataKeys.ts'
import { EncryptionSdkError } from './errors.ts'
import {
  assertKeyArn,
  assertKmsIdentifier,
  isMultiRegion,
  matchesForDecrypt,
  readKeyArn,
  writeKmsArn,
} from './kmsArns.ts'
import { type KmsAccess, type KmsClient, unwrapWithKms, wrapWithKms } from './kmsDataKeys.ts'
import { type DiscoveryFilter, filterOf } from './kmsKeyring.ts'
import type { Keyring } from './materials.ts'
import { multiKeyring } from './multiKeyring.ts'

export interface KmsMrkKeyringOptions extends KmsAccess {
  /** Where it decrypts this is a key ARN, of the replica in the client's own region. */
  readonly keyId: string
}

/** One key, strictly, or any replica of it. @throws EncryptionSdkError `invalid` */
export function kmsMrkKeyring(options: KmsMrkKeyringOptions): Keyring {
  const { keyId } = options
  assertKmsIdentifier(keyId)
  return {
    onEncrypt: (materials) => wrapWithKms(options, keyId, materials),
    onDecrypt: (materials, encryptedDataKeys) =>
      openDataKey(materials, encryptedDataKeys, (dataKey) => {
        const key = readKeyArn(dataKey)
        return key && matchesForDecrypt(keyId, key.arn)
          ? () => unwrapWithKms(options, keyId, dataKey, materials)
          : null
      }),
  }
}

export interface KmsMrkDiscoveryKeyringOptions extends KmsAccess {
  /** Of the client. */
  readonly region: string
  readonly discoveryFilter?: DiscoveryFilter
}

/** Whatever key of its region a message names, or has a replica in it. @throws EncryptionSdkError `invalid` */
export function kmsMrkDiscoveryKeyring(options: KmsMrkDiscoveryKeyringOptions): Keyring {
  const { region, discoveryFilter } = options
  if (region === '') throw new EncryptionSdkError('invalid', 'The region of the client is needed.')
  const allowed = discoveryFilter && filterOf(discoveryFilter)
  return {
    async onEncrypt() {
      throw new EncryptionSdkError('invalid', 'A discovery keyring cannot encrypt.')
    },
    onDecrypt: (materials, encryptedDataKeys) =>
      openDataKey(materials, encryptedDataKeys, (dataKey) => {
        const key = readKeyArn(dataKey)
        if (!key || (allowed && !allowed(key.arn))) return null
        if (!isMultiRegion(key.arn) && key.arn.region !== region) return null
        const here = writeKmsArn({ ...key.arn, region })
        return () => unwrapWithKms(options, here, dataKey, materials)
      }),
  }
}

interface ManyRegions {
  /** The KMS of a region. */
  readonly clientProvider: (region: string) => KmsClient
  readonly grantTokens?: readonly string[]
}

export interface KmsMrkMultiKeyringOptions extends ManyRegions {
  /** Key ARNs, each for the client of its region; of one multi-Region key not more than one. */
  readonly generatorKeyId?: string
  readonly keyIds?: readonly string[]
}

/** @throws EncryptionSdkError `invalid` */
export function kmsMrkMultiKeyring({
  generatorKeyId,
  keyIds = [],
  ...regions
}: KmsMrkMultiKeyringOptions): Keyring {
  assertUnique(generatorKeyId === undefined ? keyIds : [generatorKeyId, ...keyIds])
  const keyringOf = (keyId: string) =>
    kmsMrkKeyring({ ...accessTo(regions, assertKeyArn(keyId).region), keyId })
  return multiKeyring({
    ...(generatorKeyId === undefined ? {} : { generator: keyringOf(generatorKeyId) }),
    children: keyIds.map(keyringOf),
  })
}

export interface KmsMrkDiscoveryMultiKeyringOptions extends ManyRegions {
  readonly regions: readonly string[]
  readonly discoveryFilter?: DiscoveryFilter
}

/** @throws EncryptionSdkError `invalid` */
export function kmsMrkDiscoveryMultiKeyring({
  regions,
  discoveryFilter,
  ...clients
}: KmsMrkDiscoveryMultiKeyringOptions): Keyring {
  const filter = discoveryFilter ? { discoveryFilter } : {}
  const keyringOf = (region: string) =>
    kmsMrkDiscoveryKeyring({ ...accessTo(clients, region), region, ...filter })
  return multiKeyring({ children: regions.map(keyringOf) })
}

const accessTo = (
  { clientProvider, grantTokens = [] }: ManyRegions,
  region: string,
): KmsAccess => ({
  client: clientProvider(region),
  grantTokens,
})

/** aws-kms-mrk-are-unique.md: replicas of one key leave open which region to ask. */
function assertUnique(keyIds: readonly string[]): void {
  const multiRegion = keyIds.filter((keyId) => isMultiRegion(assertKeyArn(keyId)))
  const byResource = Map.groupBy(multiRegion, (keyId) => assertKeyArn(keyId).resourceId)
  const doubled = [...byResource.values()].filter(({ length }) => length > 1).flat()
  if (doubled.length === 0) return
  const what = `Replicas of one key, of which one is enough: ${doubled.join(', ')}`
  throw new EncryptionSdkError('invalid', what, { keyIds: doubled })
}
