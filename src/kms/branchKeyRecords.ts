// kms: keys, their states and what is done under them; one file per family of operations.
// This file: branch keys as records (AWS Encryption SDK specification, framework/branch-key-store.md). Each
// version is a data key of a KMS key; what lies here is that key's ciphertext of it, sealed once more.

import type { Bytes } from '../codec/bytes.ts'
import type { Context } from '../hsm/context.ts'
import { recordKind } from '../hsm/records.ts'
import { accountGroup, allGroups } from './accounts.ts'

export interface BranchKeyVersion {
  /** A UUID in lower case. */
  readonly version: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly ciphertext: Bytes
}

export interface BranchKeyRecord {
  readonly branchKeyId: string
  readonly account: string
  readonly kmsKeyArn: string
  /** The caller's own: names and values. */
  readonly encryptionContext: readonly (readonly [name: string, value: string])[]
  /** Oldest first; the last one is active. */
  readonly versions: readonly [BranchKeyVersion, ...BranchKeyVersion[]]
}

const branchKeys = recordKind<BranchKeyRecord>('branchKeys')

/** Ids may be names of people's own: at rest they are not readable. */
const rowOf = (context: Context, account: string, branchKeyId: string): string =>
  context.vault.label('branch key', `${account}:${branchKeyId}`)

/** Of the caller's account. */
export const findBranchKey = (
  context: Context,
  branchKeyId: string,
): Promise<BranchKeyRecord | null> =>
  context.records.get(branchKeys, rowOf(context, context.account, branchKeyId))

export function putBranchKey(context: Context, record: BranchKeyRecord): void {
  const { account, branchKeyId } = record
  const group = accountGroup(context, account)
  context.staged.put(branchKeys, rowOf(context, account, branchKeyId), group, record)
}

export const branchKeysOf = (context: Context): Promise<BranchKeyRecord[]> =>
  context.records.list(branchKeys, accountGroup(context, context.account))

/** The branch keys of every account, for the person alone. */
export async function allBranchKeys(context: Context): Promise<BranchKeyRecord[]> {
  const groups = await allGroups(context, 'branchKeys')
  return (await Promise.all(groups.map((group) => context.records.list(branchKeys, group)))).flat()
}

export const activeVersion = ({ versions: [first, ...later] }: BranchKeyRecord): BranchKeyVersion =>
  later.at(-1) ?? first

/** What the KMS key binds a version to ("Encryption Context" of a branch key store). */
export function wrappingContext(
  { branchKeyId, kmsKeyArn, encryptionContext }: Omit<BranchKeyRecord, 'versions'>,
  { version, createdAt }: Omit<BranchKeyVersion, 'ciphertext'>,
): Readonly<Record<string, string>> {
  const own = encryptionContext.map(([name, value]) => [`aws-crypto-ec:${name}`, value] as const)
  return {
    'branch-key-id': branchKeyId,
    type: `branch:version:${version}`,
    'create-time': new Date(createdAt).toISOString(),
    tablename: logicalKeyStoreName,
    'kms-arn': kmsKeyArn,
    'hierarchy-version': '1',
    ...Object.fromEntries(own),
  }
}

export const logicalKeyStoreName = 'keyhearth'
