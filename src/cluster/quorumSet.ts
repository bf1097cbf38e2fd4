// cluster: what goes beyond this device: backup, restoring, and approval by several people. This file: the people who
// approve: their set is made, looked at and removed. Of the secret that their shares make, the vault keeps a keyed
// hash: enough to know it again, of no use to whoever reads the vault.

import type { Context, Handler } from '../hsm/context.ts'
import { byRecovery } from '../hsm/opening.ts'
import { confirmPerson } from '../hsm/operations.ts'
import { type Records, recordKind } from '../hsm/records.ts'
import { newRecoveryEntropy } from '../hsm/recoveryKey.ts'
import { combineShares, readShare, splitIntoShares } from '../hsm/recoveryShares.ts'
import { vaultKeyToUse } from '../hsm/slots.ts'
import type { UnlockedVault } from '../hsm/unlocked.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { QuorumGroup } from '../protocol/outputs.ts'
import type { Database } from '../store/database.ts'

interface QuorumRecord {
  readonly setId: string
  readonly threshold: number
  /** Names, in the order of the shares' numbers. */
  readonly holders: readonly string[]
  readonly groups: readonly QuorumGroup[]
  readonly expiryMinutes: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Keyed hash of the secret. */
  readonly verifier: string
}

/**
 * What is left of a set that was ended: later than the set, so that merging a backup from before does not bring it back
 * (cluster/merging).
 */
interface EndedQuorum {
  /** Milliseconds since 1970. */
  readonly endedAt: number
}

const quorums = recordKind<QuorumRecord | EndedQuorum>('quorums')
/** A vault has one: with several, whoever sits at the screen would make one of their own that approves. */
const theOne = 'quorum'

export async function quorumOf({
  records,
}: Pick<Context, 'records'>): Promise<QuorumRecord | null> {
  const record = await records.get(quorums, theOne)
  return record && !('endedAt' in record) ? record : null
}

/** `unreadable`: its record is damaged or was taken away; what it guards stays shut. */
export async function quorumHere(
  records: Records,
  db: Database,
): Promise<'none' | 'set' | 'unreadable'> {
  try {
    return (await quorumOf({ records })) ? 'set' : 'none'
  } catch {
    const listed = await records.revisionOf('quorums', theOne).catch(() => null)
    const isThere = listed === null ? (await db.count('quorums')) > 0 : listed > 0
    return isThere ? 'unreadable' : 'none'
  }
}

const verifierOf = (vault: UnlockedVault, setId: string, secret: Uint8Array): string =>
  vault.materialIdOf(`quorum/${setId}`, secret)

export const getQuorum: Handler<'keyhearth:GetQuorum'> = async (context) => {
  const record = await quorumOf(context)
  if (!record) return { Quorum: null }
  const { setId, threshold, holders, groups, expiryMinutes, createdAt } = record
  return {
    Quorum: {
      SetId: setId,
      Threshold: threshold,
      Holders: holders,
      Groups: groups,
      ExpiryMinutes: expiryMinutes,
      CreatedAt: createdAt / 1000,
    },
  }
}

export const createQuorum: Handler<'keyhearth:CreateQuorum'> = async (context, input) => {
  const { vault, staged, now } = context
  const { Holders, Threshold, Groups, ExpiryMinutes, Proof } = input
  if (await quorumOf(context)) throw new KeyhearthError('quorum-exists')
  if (Threshold > Holders.length) {
    throw new KeyhearthError('invalid-input', { what: 'Threshold: more than there are holders' })
  }
  await confirmPerson(context, Proof)
  const secret = newRecoveryEntropy()
  const size = { threshold: Threshold, count: Holders.length }
  const { setId, shares } = await splitIntoShares(secret, 'quorum', size)
  const record: QuorumRecord = {
    setId,
    threshold: Threshold,
    holders: Holders,
    groups: Groups,
    expiryMinutes: ExpiryMinutes,
    createdAt: now,
    verifier: verifierOf(vault, setId, secret),
  }
  secret.fill(0)
  staged.put(quorums, theOne, null, record)
  return { SetId: setId, Shares: shares }
}

/** What needs them, and how long it waits. Who they are, their sheets say. */
export const updateQuorum: Handler<'keyhearth:UpdateQuorum'> = async (
  context,
  { Groups, ExpiryMinutes, Proof },
) => {
  const record = await quorumOf(context)
  if (!record) throw new KeyhearthError('quorum-not-found')
  await confirmPerson(context, Proof)
  const changed = { ...record, groups: Groups, expiryMinutes: ExpiryMinutes }
  context.staged.put(quorums, theOne, null, changed)
  return {}
}

/**
 * Approved by its own people, which the gate has seen to, or by what recovers the vault, for the day they are lost. That
 * also ends one whose record is damaged.
 */
export const removeQuorum: Handler<'keyhearth:RemoveQuorum'> = async (
  context,
  { RecoveryProof },
) => {
  if (RecoveryProof) await byRecovery(context, RecoveryProof, vaultKeyToUse)
  const isThere = await quorumOf(context).catch((error: unknown) => {
    if (RecoveryProof) return true
    throw error
  })
  if (!isThere) throw new KeyhearthError('quorum-not-found')
  context.staged.put(quorums, theOne, null, { endedAt: context.now })
  return { By: RecoveryProof ? 'recovery' : 'approval' }
}

/**
 * The number of a share of this very set.
 * @throws KeyhearthError `share-malformed`, `share-of-other-kind`, `quorum-other-set`
 */
export function holderOf({ setId, threshold, holders }: QuorumRecord, typed: string): number {
  const share = readShare(typed)
  if (share.purpose !== 'quorum') throw new KeyhearthError('share-of-other-kind')
  const isOfSet =
    share.setId === setId && share.threshold === threshold && share.count === holders.length
  if (!isOfSet) throw new KeyhearthError('quorum-other-set', { set: setId })
  return share.number
}

/** Whether these, which are enough, make the secret of the set. */
export async function provesQuorum(
  vault: UnlockedVault,
  { setId, verifier }: QuorumRecord,
  typed: readonly string[],
): Promise<boolean> {
  const { secret } = await combineShares(typed, 'quorum')
  const made = verifierOf(vault, setId, secret)
  secret.fill(0)
  return made === verifier
}
