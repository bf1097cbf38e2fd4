// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: names of KMS keys (framework/aws-kms/aws-kms-key-arn.md, aws-kms-mrk-match-for-decrypt.md).

import type { Bytes } from '../codec/bytes.ts'
import { decodeUtf8 } from '../codec/text.ts'
import { EncryptionSdkError } from './errors.ts'
import type { EncryptedDataKey } from './header.ts'

export const kmsProviderId = 'aws-kms'

export interface KmsArn {
  readonly partition: string
  readonly region: string
  readonly account: string
  readonly resourceType: 'key' | 'alias'
  readonly resourceId: string
}

/** As long as KMS lets one be. */
const longest = 2048
const arnForm =
  /^arn:(?<partition>[^:\s]+):kms:(?<region>[^:\s]+):(?<account>[^:\s]+):(?<type>key|alias)\/(?<id>\S+)$/

/** "A valid AWS KMS ARN", or `null`. */
function parseKmsArn(text: string): KmsArn | null {
  const { partition, region, account, type, id } =
    (text.length <= longest ? arnForm.exec(text)?.groups : undefined) ?? {}
  if (!partition || !region || !account || !type || !id) return null
  const resourceType = type === 'key' ? 'key' : 'alias'
  return { partition, region, account, resourceType, resourceId: id }
}

export const parseKeyArn = (text: string): KmsArn | null => {
  const arn = parseKmsArn(text)
  return arn?.resourceType === 'key' ? arn : null
}

export const writeKmsArn = ({ partition, region, account, resourceType, resourceId }: KmsArn) =>
  `arn:${partition}:kms:${region}:${account}:${resourceType}/${resourceId}`

/** "A valid AWS KMS identifier": an ARN, an alias, a key id. @throws EncryptionSdkError `invalid` */
export function assertKmsIdentifier(identifier: string): void {
  const named = identifier.startsWith('alias/')
    ? identifier.length > 'alias/'.length
    : identifier.length > 0 && !/[\s:/]/.test(identifier)
  const fits = identifier.length <= longest && named && !/[\s:]/.test(identifier)
  if (!fits && !parseKmsArn(identifier)) throw notA('KMS key identifier', identifier)
}

/** @throws EncryptionSdkError `invalid` */
export function assertKeyArn(identifier: string): KmsArn {
  const arn = parseKeyArn(identifier)
  if (!arn) throw notA('KMS key ARN', identifier)
  return arn
}

const notA = (what: string, text: string) =>
  new EncryptionSdkError('invalid', `${JSON.stringify(text.slice(0, 100))} is no ${what}.`)

/** "Identifying an AWS KMS multi-Region ARN". An alias may begin the same, and is none. */
export const isMultiRegion = ({ resourceType, resourceId }: KmsArn): boolean =>
  resourceType === 'key' && resourceId.startsWith('mrk-')

/** Whether it may be one key: replicas of a multi-Region key differ in their region alone. */
export function matchesForDecrypt(configured: string, arn: KmsArn): boolean {
  if (configured === writeKmsArn(arn)) return true
  const own = parseKmsArn(configured)
  if (!own || !isMultiRegion(own) || !isMultiRegion(arn)) return false
  return writeKmsArn({ ...own, region: arn.region }) === writeKmsArn(arn)
}

/**
 * The key ARN that a data key of that provider names, or `null` where another provider made it.
 * @throws EncryptionSdkError `malformed` where KMS should have made it, and names no key
 */
export function readKeyArn(
  { providerId, providerInfo }: EncryptedDataKey,
  expectedId = kmsProviderId,
): { readonly text: string; readonly arn: KmsArn } | null {
  if (providerId !== expectedId) return null
  const text = readText(providerInfo)
  const arn = text === null ? null : parseKeyArn(text)
  if (text !== null && arn) return { text, arn }
  throw new EncryptionSdkError('malformed', 'The message names a KMS key that is none.')
}

function readText(bytes: Bytes): string | null {
  try {
    return decodeUtf8(bytes)
  } catch {
    return null
  }
}

/** The ARNs of all KMS keys a message was made for; what is no ARN is left out. */
export const keyArnsOf = (encryptedDataKeys: readonly EncryptedDataKey[]): readonly string[] =>
  encryptedDataKeys
    .filter(({ providerId }) => providerId === kmsProviderId)
    .map(({ providerInfo }) => readText(providerInfo))
    .filter((text): text is string => text !== null && parseKeyArn(text) !== null)
