// gate: who asks, may they, dispatch, record. This file: which calls several people must approve, what these are told
// of a call, and what of it their approval holds for. One row for each operation.

import { quorumOf } from '../cluster/quorumSet.ts'
import { askedToMerge, backupWaiting, needsPeople } from '../cluster/restoring.ts'
import type { Context } from '../hsm/context.ts'
import { factsOfSlots } from '../hsm/slotFacts.ts'
import { aliasesOfKey } from '../kms/aliasRecords.ts'
import { resolveKey } from '../kms/keys.ts'
import type { OperationName } from '../protocol/operations.ts'
import type { QuorumGroup, QuorumRequest } from '../protocol/outputs.ts'
import type { Input } from '../protocol/schemas.ts'
import { loadSettings } from './settings.ts'

/** `always`: wherever there is a quorum at all, or one person could undo it. */
type Asked = QuorumGroup | 'always' | null
type About = QuorumRequest['About']

export interface Rule<Given = never> {
  readonly asks: (context: Context, input: Given) => Asked | Promise<Asked>
  readonly about: (context: Context, input: Given) => About | Promise<About>
  /** Members that the approval holds for. What proves the person is another each time, and no part of it. */
  readonly binds: (input: Given, context: Context) => unknown
}

type Rules = { readonly [Name in OperationName]?: Rule<Input<Name>> }

const nothing = () => ({})
const all = (input: unknown) => input

async function aboutKey(context: Context, { KeyId }: { readonly KeyId: string }): Promise<About> {
  const { key } = await resolveKey(context, KeyId)
  if (!key) return { KeyId }
  const [first] = await aliasesOfKey(context, key)
  return { KeyId: key.keyId, KeyName: first?.alias.replace(/^alias\//, '') ?? key.description }
}

/** A key that never had its material: nothing is lost with it, as where its import failed. */
async function deletesKey(context: Context, { KeyId }: { readonly KeyId: string }): Promise<Asked> {
  const { key } = await resolveKey(context, KeyId)
  return key?.materials.length === 0 ? null : 'delete-key'
}

/** Less that needs them, or longer for shares to be had. */
async function lowersQuorum(
  context: Context,
  { Groups, ExpiryMinutes }: Input<'keyhearth:UpdateQuorum'>,
): Promise<Asked> {
  const now = await quorumOf(context)
  if (!now) return null
  const isLess = now.groups.some((group) => !Groups.includes(group))
  return isLess || ExpiryMinutes > now.expiryMinutes ? 'always' : null
}

async function lowersLock(
  { hsm }: Context,
  { AutoLockMinutes, LockOnScreenLock }: Input<'keyhearth:PutSettings'>,
): Promise<Asked> {
  const now = await loadSettings(hsm)
  const lowers =
    AutoLockMinutes > now.AutoLockMinutes || (now.LockOnScreenLock && !LockOnScreenLock)
  return lowers ? 'lower-lock' : null
}

type NewSlot = Input<'keyhearth:AddKeySlot'>

/** What recovers the vault removes the quorum as well, and opens a backup, whose inside no quorum guards. */
const asksForSlot = (_context: Context, { Slot: { Kind } }: NewSlot): Asked =>
  Kind === 'recovery' || Kind === 'shares' || Kind === 'backup' ? 'always' : 'lower-lock'

/** An authenticator answers otherwise each time; its kind and name are what the people can see. */
const bindsOfSlot = ({ Name, Slot }: NewSlot): unknown =>
  Slot.Kind === 'passkey' ? { Name, Kind: Slot.Kind } : { Name, Slot }

async function aboutSlot(
  { hsm }: Context,
  { SlotId }: Input<'keyhearth:RemoveKeySlot'>,
): Promise<About> {
  const slot = (await hsm.slots()).find(({ id }) => id === SlotId)
  const { name = '' } = (await factsOfSlots(hsm))[SlotId] ?? {}
  return { Kind: slot?.kind ?? '', Name: name }
}

type OfBackup = Input<'keyhearth:RestoreBackup' | 'keyhearth:MergeBackup'>

const aboutBackup = async (context: Context, { RestoreId }: Pick<OfBackup, 'RestoreId'>) => ({
  CreatedAt: String((await backupWaiting(context, RestoreId)).createdAt / 1000),
})

/** The very content: a file that is read once more is the same. A new passphrase is the person's own affair. */
const bindsOfBackup = async ({ RestoreId }: Pick<OfBackup, 'RestoreId'>, context: Context) =>
  (await backupWaiting(context, RestoreId)).content

const rules: Rules = {
  'kms:ScheduleKeyDeletion': {
    asks: deletesKey,
    about: async (context, input) => ({
      ...(await aboutKey(context, input)),
      Days: String(input.PendingWindowInDays ?? 30),
    }),
    binds: all,
  },
  'kms:DeleteImportedKeyMaterial': { asks: () => 'delete-key', about: aboutKey, binds: all },
  'keyhearth:ExportKeys': { asks: () => 'export-key', about: nothing, binds: nothing },
  'keyhearth:ExportKey': {
    asks: () => 'export-key',
    about: aboutKey,
    // A window that makes the file itself has another key to receive with each time; anybody else is who was approved.
    binds: ({ KeyId, Form, Receiver }) =>
      Form === 'wrapped' ? { KeyId, Form, Receiver } : { KeyId, Form },
  },
  'keyhearth:ExportItems': {
    // The pages that follow go by a token of the first.
    asks: (_context, { NextToken }) => (NextToken === undefined ? 'export-secrets' : null),
    about: nothing,
    binds: nothing,
  },
  'keyhearth:PutSettings': {
    asks: lowersLock,
    about: (_context, { AutoLockMinutes, LockOnScreenLock }) => ({
      Minutes: String(AutoLockMinutes),
      OnScreenLock: String(LockOnScreenLock),
    }),
    binds: all,
  },
  'keyhearth:AddKeySlot': {
    asks: asksForSlot,
    about: (_context, { Name, Slot }) => ({ Kind: Slot.Kind, Name }),
    binds: bindsOfSlot,
  },
  'keyhearth:RemoveKeySlot': {
    asks: () => 'lower-lock',
    about: aboutSlot,
    binds: ({ SlotId }) => ({ SlotId }),
  },
  'keyhearth:ReplaceRecoveryKey': { asks: () => 'always', about: nothing, binds: nothing },
  'keyhearth:UpdateQuorum': {
    asks: lowersQuorum,
    about: (_context, { Groups, ExpiryMinutes }) => ({
      Groups: Groups.join(' '),
      Minutes: String(ExpiryMinutes),
    }),
    binds: ({ Groups, ExpiryMinutes }) => ({ Groups: [...Groups].sort(), ExpiryMinutes }),
  },
  'keyhearth:RestoreBackup': {
    asks: async (context, { RestoreId }) =>
      (await needsPeople(context, RestoreId)) ? 'always' : null,
    about: aboutBackup,
    binds: bindsOfBackup,
  },
  'keyhearth:MergeBackup': {
    asks: (context, { RestoreId }) => askedToMerge(context, RestoreId),
    about: aboutBackup,
    binds: bindsOfBackup,
  },
  'keyhearth:RemoveQuorum': {
    asks: (_context, { RecoveryProof }) => (RecoveryProof ? null : 'always'),
    about: nothing,
    binds: nothing,
  },
}

/** The row of an operation, or `null` where none of its calls ever needs several people. */
export const ruleOf = (name: OperationName): Rule | null =>
  (rules[name] as Rule | undefined) ?? null
