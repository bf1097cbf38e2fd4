// kms: keys, their states and what is done under them; one file per family of operations.
// This file: CreateBranchKey, VersionBranchKey and ListBranchKeys: what AWS's key store calls CreateKey and
// VersionKey (framework/branch-key-store.md).

import type { Context, Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { BranchKeyListEntry } from '../protocol/outputs.ts'
import { findKey } from './access.ts'
import { accountGroup } from './accounts.ts'
import {
  activeVersion,
  type BranchKeyRecord,
  type BranchKeyVersion,
  branchKeysOf,
  findBranchKey,
  putBranchKey,
  wrappingContext,
} from './branchKeyRecords.ts'
import { generateDataKeyWithoutPlaintext } from './dataKeys.ts'
import { arnOf } from './keys.ts'
import { messageKeyId, viaMessages } from './messageCallers.ts'
import { pageOf } from './paging.ts'

const branchKeyBytes = 32
/** Of one web origin; a page must not fill the person's disk. */
const mostOfPage = 10_000
/** They stand in one record. Each would be a rotation. */
const mostVersions = 1000

/** Makes a version under the KMS key, with the caller's own rights; its bytes are never seen here. */
async function newVersion(
  context: Context,
  branchKey: Omit<BranchKeyRecord, 'versions'>,
): Promise<BranchKeyVersion> {
  const made = { version: crypto.randomUUID(), createdAt: context.now }
  const acting = { ...context, via: viaMessages }
  const { CiphertextBlob } = await generateDataKeyWithoutPlaintext(acting, {
    KeyId: branchKey.kmsKeyArn,
    NumberOfBytes: branchKeyBytes,
    EncryptionContext: wrappingContext(branchKey, made),
  })
  return { ...made, ciphertext: CiphertextBlob }
}

async function assertRoom(context: Context): Promise<void> {
  if (context.principal.kind !== 'page') return
  const group = accountGroup(context, context.account)
  if ((await context.hsm.db.countGroup('branchKeys', group)) < mostOfPage) return
  throw new KeyhearthError('limit-exceeded', {
    what: `A website has at most ${mostOfPage} branch keys`,
  })
}

const answer = (record: BranchKeyRecord) => ({
  BranchKeyId: record.branchKeyId,
  BranchKeyVersion: activeVersion(record).version,
  KeyId: record.kmsKeyArn,
})

export const createBranchKey: Handler<'keyhearth:CreateBranchKey'> = async (context, input) => {
  await assertRoom(context)
  const { BranchKeyId: branchKeyId = crypto.randomUUID(), EncryptionContext = {} } = input
  if (await findBranchKey(context, branchKeyId)) {
    throw new KeyhearthError('branch-key-exists', { branchKeyId })
  }
  const key = await findKey(context, messageKeyId(context, input.KeyId))
  const bare = {
    branchKeyId,
    account: context.account,
    kmsKeyArn: arnOf(key),
    encryptionContext: Object.entries(EncryptionContext),
  }
  const record: BranchKeyRecord = { ...bare, versions: [await newVersion(context, bare)] }
  putBranchKey(context, record)
  return answer(record)
}

/** @throws KeyhearthError `branch-key-not-found` */
export async function branchKeyNamed(
  context: Context,
  branchKeyId: string,
): Promise<BranchKeyRecord> {
  const record = await findBranchKey(context, branchKeyId)
  if (record) return record
  throw new KeyhearthError('branch-key-not-found', { branchKeyId })
}

/** A new active version; what is under earlier ones goes on opening. */
export const versionBranchKey: Handler<'keyhearth:VersionBranchKey'> = async (context, input) => {
  const record = await branchKeyNamed(context, input.BranchKeyId)
  if (record.versions.length >= mostVersions) {
    throw new KeyhearthError('limit-exceeded', {
      what: `A branch key has at most ${mostVersions} versions`,
    })
  }
  const versions = [...record.versions, await newVersion(context, record)] as const
  const next: BranchKeyRecord = { ...record, versions }
  putBranchKey(context, next)
  return answer(next)
}

const entryOf = (record: BranchKeyRecord): BranchKeyListEntry => ({
  ...answer(record),
  EncryptionContext: Object.fromEntries(record.encryptionContext),
  CreationDate: record.versions[0].createdAt / 1000,
  VersionDate: activeVersion(record).createdAt / 1000,
  Versions: record.versions.length,
})

export const listBranchKeys: Handler<'keyhearth:ListBranchKeys'> = async (context, input) => {
  const records = await branchKeysOf(context)
  const { items, page } = pageOf(records, ({ branchKeyId }) => branchKeyId, input, 100)
  return { BranchKeys: items.map(entryOf), ...page }
}
