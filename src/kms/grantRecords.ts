// kms: keys, their states and what is done under them; one file per family of operations.
// This file: grants as records, and whether one of them allows a request.

import type { Context } from '../hsm/context.ts'
import { recordKind } from '../hsm/records.ts'
import type { GrantOperation } from '../protocol/kmsInputs.ts'
import type { GrantConstraints } from '../protocol/kmsOutputs.ts'

export interface GrantRecord {
  /** 64 hex digits. */
  readonly grantId: string
  readonly keyId: string
  /** The key's account. */
  readonly account: string
  readonly issuingAccount: string
  readonly name: string | null
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** As principals are compared (policyDocument.principalName). */
  readonly grantee: string
  readonly retiring: string | null
  readonly operations: readonly GrantOperation[]
  readonly constraints: GrantConstraints | null
  /** Keyhearth's own: how often still, until when, and whether to ask each time. */
  readonly usesLeft: number | null
  /** Milliseconds since 1970. */
  readonly expiresAt: number | null
  readonly asks: boolean
  /** The grantee gets nothing that is decrypted. Absent in grants that give it, and in earlier ones. */
  readonly hidesPlaintext?: true
  /** Hashes are signed without asking, where the grant asks for nothing else. Absent in earlier grants. */
  readonly signsHashes?: true
}

/**
 * What is left of a grant that was taken back: later than the grant, so that merging a backup from before does not revive
 * it (cluster/merging). In no group: whoever lists grants does not meet it.
 */
interface RevokedGrant extends Pick<GrantRecord, 'grantId' | 'keyId' | 'grantee'> {
  /** Milliseconds since 1970. */
  readonly revokedAt: number
}

const grants = recordKind<GrantRecord | RevokedGrant>('grants')
/** Of those that are in a group. */
const standing = recordKind<GrantRecord>('grants')

const groupOf = (context: Context, keyId: string): string => context.vault.label('grants', keyId)

export function putGrant(context: Context, grant: GrantRecord): void {
  context.staged.put(grants, grant.grantId, groupOf(context, grant.keyId), grant)
}

/** Revoked or retired. */
export function takeBackGrant(context: Context, { grantId, keyId, grantee }: GrantRecord): void {
  context.staged.put(grants, grantId, null, { grantId, keyId, grantee, revokedAt: context.now })
}

export async function readGrant(context: Context, grantId: string): Promise<GrantRecord | null> {
  const found = await context.records.get(grants, grantId)
  return found && !('revokedAt' in found) ? found : null
}

/** All grants of a key, also those that are used up or over. */
export const grantsOf = (context: Context, keyId: string): Promise<GrantRecord[]> =>
  context.records.list(standing, groupOf(context, keyId))

/** The grants of every key. */
export async function allGrants(context: Context): Promise<GrantRecord[]> {
  const rows = await context.hsm.db.getAll('grants')
  const groups = new Set(rows.flatMap(({ group }) => group ?? []))
  const lists = [...groups].map((group) => context.records.list(standing, group))
  return (await Promise.all(lists)).flat()
}

/** Grants of a key that goes away for good: should it come back from a backup, so do they. */
export async function removeGrants(context: Context, keyId: string): Promise<void> {
  for (const { grantId } of await grantsOf(context, keyId)) context.staged.remove(grants, grantId)
}

/** Grants to a site that the person revokes. */
export async function removeGrantsTo(context: Context, names: readonly string[]): Promise<void> {
  for (const grant of await allGrants(context)) {
    if (names.includes(grant.grantee)) takeBackGrant(context, grant)
  }
}

export const isOver = ({ usesLeft, expiresAt }: GrantRecord, now: number): boolean =>
  usesLeft === 0 || (expiresAt !== null && expiresAt <= now)

/** Operations that carry an encryption context: constraints speak of no others (developer guide, "Grants"). */
const withContext: ReadonlySet<GrantOperation> = new Set([
  'Decrypt',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
  'ReEncryptFrom',
  'ReEncryptTo',
] as const)

type EncryptionContext = Readonly<Record<string, string>>

function meets(constraints: GrantConstraints, context: EncryptionContext): boolean {
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset } = constraints
  const has = (wanted: EncryptionContext) =>
    Object.entries(wanted).every(
      ([key, value]) => Object.hasOwn(context, key) && context[key] === value,
    )
  if (subset && !has(subset)) return false
  return !equals || (has(equals) && Object.keys(equals).length === Object.keys(context).length)
}

/** Whether the grant, taken alone, allows this operation to these names now. Pure. */
export function grantAllows(
  grant: GrantRecord,
  names: readonly string[],
  operation: string,
  encryptionContext: EncryptionContext,
  now: number,
): boolean {
  const wanted = grant.operations.find((one) => one === operation)
  if (wanted === undefined || !names.includes(grant.grantee) || isOver(grant, now)) return false
  return (
    grant.constraints === null ||
    !withContext.has(wanted) ||
    meets(grant.constraints, encryptionContext)
  )
}
