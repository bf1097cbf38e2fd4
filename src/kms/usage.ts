// kms: keys, their states and what is done under them; one file per family of operations.
// This file: when and for what a key was last used, and GetKeyLastUsage. Counted in the same commit as the
// operation's event; counters are lost with nothing but themselves, so they are in no list of revisions.

import type { Context, Handler } from '../hsm/context.ts'
import { recordKind } from '../hsm/records.ts'
import type { KeyLastUse } from '../protocol/outputs.ts'
import { siteName } from '../protocol/sites.ts'
import { keyFor } from './access.ts'
import { arnOf, type KeyRecord } from './keys.ts'

export type UsedOperation =
  | 'Decapsulate'
  | 'Decrypt'
  | 'DeriveSharedSecret'
  | 'Encapsulate'
  | 'Encrypt'
  | 'ExportKey'
  | 'GenerateDataKey'
  | 'GenerateDataKeyPair'
  | 'GenerateDataKeyPairWithoutPlaintext'
  | 'GenerateDataKeyWithoutPlaintext'
  | 'GenerateMac'
  | 'ReEncrypt'
  | 'HsmDecrypt'
  | 'HsmDerive'
  | 'HsmEncrypt'
  | 'HsmUnwrapKey'
  | 'HsmWrapKey'
  | 'Sign'
  | 'Verify'
  | 'VerifyMac'

interface UsageRecord {
  readonly keyId: string
  readonly uses: number
  readonly operation: UsedOperation
  /** Milliseconds since 1970. */
  readonly at: number
  readonly eventId: string
  readonly requestId: string
  /** Sites that used it, the latest last. */
  readonly origins: readonly string[]
}

const usage = recordKind<UsageRecord>('usage')
const mostOrigins = 20

const rowOf = (context: Context, keyId: string): string => context.vault.label('key usage', keyId)

const groupOf = (context: Context): string => context.vault.label('key usages', '')

const usageOf = (context: Context, { keyId }: KeyRecord): Promise<UsageRecord | null> =>
  context.records.getIfWhole(usage, rowOf(context, keyId))

/** To be called once a cryptographic operation has succeeded. */
export async function noteUse(
  context: Context,
  key: KeyRecord,
  operation: UsedOperation,
): Promise<void> {
  const before = await usageOf(context, key)
  const { now, eventId, requestId, principal } = context
  const origins = before?.origins ?? []
  const site = principal.kind === 'page' ? siteName(principal) : null
  const seen = site === null || origins.includes(site)
  const record: UsageRecord = {
    keyId: key.keyId,
    uses: (before?.uses ?? 0) + 1,
    operation,
    at: now,
    eventId,
    requestId,
    origins: seen ? origins : [...origins, site].slice(-mostOrigins),
  }
  context.staged.put(usage, rowOf(context, key.keyId), groupOf(context), record)
}

export function removeUsage(context: Context, { keyId }: KeyRecord): void {
  context.staged.remove(usage, rowOf(context, keyId))
}

/** When each key was last used, by its id; milliseconds since 1970. */
export async function lastUses(context: Context): Promise<ReadonlyMap<string, number>> {
  const all = await context.records.listWhole(usage, groupOf(context))
  return new Map(all.map(({ keyId, at }) => [keyId, at]))
}

/** How a key was used, for the person to see what would miss it. */
export async function describeUse(context: Context, key: KeyRecord): Promise<KeyLastUse> {
  const record = await usageOf(context, key)
  return {
    Uses: record?.uses ?? 0,
    LastUsedAt: record ? record.at / 1000 : null,
    Origins: record?.origins ?? [],
  }
}

export const getKeyLastUsage: Handler<'kms:GetKeyLastUsage'> = async (context, { KeyId }) => {
  const key = await keyFor(context, KeyId, { action: 'kms:GetKeyLastUsage' })
  const record = await usageOf(context, key)
  return {
    KeyId: arnOf(key),
    KeyLastUsage: record
      ? {
          Operation: record.operation,
          Timestamp: record.at / 1000,
          CloudTrailEventId: record.eventId,
          KmsRequestId: record.requestId,
        }
      : {},
    TrackingStartDate: key.createdAt / 1000,
    KeyCreationDate: key.createdAt / 1000,
  }
}
