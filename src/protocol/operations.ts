// protocol: the contract every context speaks. This file: the one table of operations.

import { hsmOperations } from './hsmOperations.ts'
import { kmsOperations } from './kmsOperations.ts'
import { changes, type OperationRow, type Right, reads } from './operationRow.ts'
import { itemOperations, secretsOperations } from './secretsOperations.ts'

/** Rights a page can be granted. */
export const offeredRights = [
  'messages',
  'keys',
  'secrets',
  'sign',
] as const satisfies readonly Right[]

const person = { callers: ['extension'] } as const
const quiet = { unlocked: false, mutates: false, record: null } as const

export const operations = {
  // The vault itself
  'keyhearth:GetStatus': { ...person, ...quiet },
  'keyhearth:CreateVault': { ...person, unlocked: false, mutates: true, record: [] },
  'keyhearth:Unlock': { ...person, unlocked: false, mutates: true, record: [] },
  'keyhearth:Lock': { ...person, unlocked: false, mutates: true, record: [] },
  'keyhearth:ChangePassphrase': { ...person, ...changes, record: [] },
  'keyhearth:GetPendingRecoveryKey': { ...person, ...quiet, unlocked: true },
  'keyhearth:ConfirmRecoveryKey': { ...person, ...changes, record: [] },
  'keyhearth:PostponeRecoveryKey': { ...person, ...changes, record: [] },
  'keyhearth:ReplaceRecoveryKey': { ...person, ...changes, record: [] },
  'keyhearth:RecoverVault': { ...person, unlocked: false, mutates: true, record: [] },
  'keyhearth:RehearseRecovery': { ...person, ...changes, record: [], respond: ['SlotId'] },
  'keyhearth:ListKeySlots': { ...person, ...quiet },
  'keyhearth:BeginPasskey': { ...person, ...quiet },
  'keyhearth:AddKeySlot': { ...person, ...changes, record: [], respond: ['SlotId'] },
  'keyhearth:RenameKeySlot': { ...person, ...changes, record: ['SlotId'] },
  'keyhearth:RemoveKeySlot': { ...person, ...changes, record: ['SlotId'] },
  // Approval by several people: who they are, what needs them, and what waits for them
  'keyhearth:GetQuorum': { ...person, ...quiet, unlocked: true },
  'keyhearth:CreateQuorum': {
    ...person,
    ...changes,
    record: ['Threshold', 'Groups', 'ExpiryMinutes'],
    respond: ['SetId'],
  },
  'keyhearth:UpdateQuorum': { ...person, ...changes, record: ['Groups', 'ExpiryMinutes'] },
  'keyhearth:RemoveQuorum': { ...person, ...changes, record: [], respond: ['By'] },
  'keyhearth:ListQuorumRequests': { ...person, ...quiet, unlocked: true },
  'keyhearth:ApproveByShare': {
    ...person,
    ...changes,
    record: ['RequestId'],
    respond: ['Holder', 'Approved'],
  },
  'keyhearth:DeclineQuorumRequest': { ...person, ...changes, record: ['RequestId'] },
  'keyhearth:ExpireQuorumRequest': {
    ...person,
    unlocked: false,
    mutates: true,
    record: ['RequestId'],
  },
  // Backups: made and read in parts, which the window writes to the disk or takes from there
  'keyhearth:StartBackup': { ...person, ...quiet, unlocked: true },
  'keyhearth:ReadBackup': { ...person, ...quiet, unlocked: true },
  'keyhearth:FinishBackup': { ...person, ...changes, record: [], respond: ['Rows'] },
  'keyhearth:StartRestore': { ...person, ...quiet, mutates: true },
  'keyhearth:SendBackup': { ...person, ...quiet },
  'keyhearth:ReviewBackup': { ...person, ...quiet },
  'keyhearth:MergeBackup': {
    ...person,
    ...changes,
    record: [],
    respond: ['New', 'Changed', 'Repaired'],
  },
  'keyhearth:RestoreBackup': { ...person, unlocked: false, mutates: true, record: [] },
  'keyhearth:CheckRecords': { ...person, ...quiet, unlocked: true },
  'keyhearth:AcceptSetBack': { ...person, ...changes, record: [] },
  'keyhearth:ExportKeys': { ...person, ...changes, unlocked: true, record: [] },
  // One key that was made so that it may leave, as `Form` says: that is the window's word
  'keyhearth:ExportKey': {
    ...person,
    ...changes,
    record: ['KeyId', 'Form'],
    respond: ['KeyId', 'KeySpec', 'Mechanism'],
  },
  'keyhearth:GetSettings': { ...person, ...quiet },
  'keyhearth:PutSettings': {
    ...person,
    ...changes,
    record: [
      'AutoLockMinutes',
      'LockOnScreenLock',
      'ClipboardSeconds',
      'TrailRetentionDays',
      'BackupReminderDays',
    ],
  },
  'keyhearth:GetDraft': { ...person, ...quiet, unlocked: true },
  'keyhearth:PutDraft': { ...person, ...quiet, unlocked: true, mutates: true },

  // Messages (Encryption SDK), for the popup and for pages with the `messages` right
  'keyhearth:EncryptMessage': {
    callers: ['extension', 'page'],
    right: 'messages',
    ...reads,
    record: ['KeyId', 'BranchKeyId', 'Recipients', 'EncryptionContext', 'AlgorithmSuite'],
  },
  'keyhearth:DecryptMessage': {
    callers: ['extension', 'page'],
    right: 'messages',
    ...reads,
    reveals: true,
    record: ['EncryptionContext'],
  },
  // The same for messages whose bodies are made and opened where the plaintext is (the bulk lane)
  'keyhearth:StartMessage': {
    callers: ['extension', 'page'],
    right: 'messages',
    ...reads,
    record: [
      'KeyId',
      'BranchKeyId',
      'Recipients',
      'EncryptionContext',
      'AlgorithmSuite',
      'PlaintextLength',
    ],
  },
  'keyhearth:OpenMessage': {
    callers: ['extension', 'page'],
    right: 'messages',
    ...reads,
    reveals: true,
    record: ['EncryptionContext'],
  },
  // Branch keys (framework/branch-key-store.md): data keys that wrap the data keys of messages
  'keyhearth:CreateBranchKey': {
    callers: ['extension', 'page'],
    right: 'keys',
    ...changes,
    record: ['BranchKeyId', 'KeyId', 'EncryptionContext'],
    respond: ['BranchKeyId', 'BranchKeyVersion', 'KeyId'],
  },
  'keyhearth:VersionBranchKey': {
    callers: ['extension', 'page'],
    right: 'keys',
    ...changes,
    record: ['BranchKeyId'],
    respond: ['BranchKeyVersion', 'KeyId'],
  },
  'keyhearth:ListBranchKeys': {
    callers: ['extension', 'page'],
    right: 'keys',
    ...reads,
    record: ['Limit', 'Marker'],
  },

  // People: the person's own public identity, and those of others
  'keyhearth:GetIdentity': { ...person, ...quiet, unlocked: true },
  'keyhearth:SetIdentityName': { ...person, ...changes, record: [] },
  'keyhearth:ListPeople': { ...person, ...quiet, unlocked: true },
  'keyhearth:ReviewCard': { ...person, ...quiet, unlocked: true },
  'keyhearth:ImportPerson': {
    ...person,
    ...changes,
    record: ['Verified', 'Replace'],
    respond: ['PersonId'],
  },
  'keyhearth:UpdatePerson': { ...person, ...changes, record: ['PersonId', 'Verified'] },
  'keyhearth:RemovePerson': { ...person, ...changes, record: ['PersonId'] },

  // Documents: the certificates of the person's keys, whom they trust, and what pages ask them to sign
  'keyhearth:EnsureSigningKey': { ...person, ...changes, record: [], respond: ['KeyId'] },
  'keyhearth:ListCertificates': { ...person, ...quiet, unlocked: true },
  'keyhearth:PutCertificate': {
    ...person,
    ...changes,
    record: ['CertificateId', 'Kind', 'KeyId'],
    respond: ['CertificateId'],
  },
  'keyhearth:RevokeCertificate': { ...person, ...changes, record: ['CertificateId', 'Reason'] },
  'keyhearth:RemoveCertificate': { ...person, ...changes, record: ['CertificateId'] },
  'keyhearth:SignDocument': {
    callers: ['page'],
    right: 'sign',
    ...reads,
    record: ['Format', 'KeyId', 'SigningAlgorithm'],
    respond: ['KeyId', 'SigningAlgorithm'],
  },
  'keyhearth:GetRequestDocument': { ...person, ...quiet, unlocked: true },

  // Sites and their requests
  'keyhearth:GetSite': { ...person, ...quiet },
  'keyhearth:ListSites': { ...person, ...quiet, unlocked: true },
  'keyhearth:ListSiteGrants': { ...person, ...quiet, unlocked: true },
  'keyhearth:RevokeSite': { ...person, ...changes, record: ['Origin'] },
  'keyhearth:BlockSite': { ...person, unlocked: false, mutates: true, record: ['Origin'] },
  'keyhearth:UnblockSite': { ...person, ...changes, record: ['Origin'] },
  'keyhearth:OpenRequest': { ...person, ...quiet },
  'keyhearth:GetRequest': { ...person, ...quiet },
  'keyhearth:DecideRequest': {
    ...person,
    unlocked: true,
    mutates: true,
    record: ['RequestId', 'Decision'],
  },
  'keyhearth:RefuseRequest': { ...person, unlocked: false, mutates: true, record: ['RequestId'] },

  // Messages that pages show: whether they are marked there, and the overlay that shows what they say
  'keyhearth:GetReading': { ...person, ...quiet },
  'keyhearth:PutReading': { ...person, ...changes, record: ['Origin', 'Reading'] },
  'keyhearth:TakeView': { ...person, ...quiet },
  'keyhearth:CloseView': { ...person, ...quiet },
  'keyhearth:OpenToUnlock': { ...person, ...quiet },

  // Messages written in Keyhearth's own window, for a field of a page
  'keyhearth:Compose': { ...person, ...quiet },
  'keyhearth:GetComposition': { ...person, ...quiet },
  'keyhearth:InsertMessage': { ...person, ...quiet, unlocked: true },

  ...kmsOperations,
  ...hsmOperations,
  'keyhearth:DescribeKeyUse': { ...person, ...reads, record: null },
  'keyhearth:ExplainAccess': { ...person, ...reads, record: null },
  // What becomes of keys by itself, once its day has come
  'keyhearth:ListDueKeys': { ...person, ...reads, record: null },
  'keyhearth:DeleteKey': { ...person, ...changes, record: ['KeyId'] },
  'keyhearth:RotateKey': { ...person, ...changes, record: ['KeyId'] },
  'keyhearth:DeleteExpiredKeyMaterial': { ...person, ...changes, record: ['KeyId'] },

  // The person's own list of keys: of every account, without an event for each look at it
  'keyhearth:ListKeySummaries': { ...person, ...quiet, unlocked: true },
  'keyhearth:ViewKey': { ...person, ...quiet, unlocked: true },

  ...secretsOperations,
  ...itemOperations,

  // Trail. Looking at it is no event: a screen that refreshes would fill what it shows. Taking a copy
  // away, checking it and removing from it are.
  'keyhearth:ListEvents': { ...person, ...quiet, unlocked: true },
  'keyhearth:SummariseEvents': { ...person, ...quiet, unlocked: true },
  'keyhearth:VerifyTrail': {
    ...person,
    ...reads,
    record: [],
    respond: ['Intact', 'Events', 'Digests', 'FirstBroken', 'Problem'],
  },
  'keyhearth:ExportTrail': { ...person, ...reads, record: [], goesOn: 'After' },
  'keyhearth:RemoveOldEvents': {
    ...person,
    ...changes,
    record: ['OlderThanDays'],
    respond: ['Events', 'Through'],
  },
} as const satisfies Record<string, OperationRow>

export type OperationName = keyof typeof operations

const byName: ReadonlyMap<string, OperationRow> = new Map(Object.entries(operations))

/** The row of an operation named from outside, or `null` where there is none. */
export const findOperation = (name: string): OperationRow | null => byName.get(name) ?? null
