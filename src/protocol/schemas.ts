// protocol: the contract every context speaks. This file: the shape of every request.
//
// Requests are strict: an unknown member is an error, not a surprise (a `DryRun` that is silently
// ignored would run for real). Parsing yields a fresh snapshot; nothing later reads the original.
// Limits are AWS's where AWS has them (KMS and Secrets Manager API references).

import * as v from 'valibot'
import { bytes, encryptionContext, integer, keyId, optional, recipient, text } from './fields.ts'
import { hsmInputs } from './hsmInputs.ts'
import { signingAlgorithms } from './keySpecs.ts'
import { explainableOperations, kmsInputs } from './kmsInputs.ts'
import { backupPartMaxBytes, certificateMaxBytes, documentMaxBytes } from './limits.ts'
import type { OperationName } from './operations.ts'
import {
  certificateKinds,
  documentFormats,
  keyExportForms,
  quorumGroups,
  readings,
} from './outputs.ts'
import {
  fromPasskey,
  passphrase,
  recovering,
  recoveryKey,
  recoveryShares,
  unlocking,
} from './proofs.ts'
import { itemInputs, secretsInputs } from './secretsInputs.ts'
import { isOrigin, isSite } from './sites.ts'

const nothing = v.strictObject({})
const proof = v.union([...unlocking, ...recovering])
const slotId = v.pipe(text(64), v.uuid())
const slotName = text(100, 0)
const jobId = v.pipe(text(64), v.uuid())
const mostShares = 16
/** Messages go through the worker whole, so their size is bounded by what one message may carry. */
const messageMaxBytes = 16 * 1024 * 1024
/** Every message under it names it. Text that can be shown: it stands in clear. */
const branchKeyId = v.pipe(text(256), v.regex(/^[^\p{C}]+$/u, 'may hold no control characters'))
const certificateId = v.pipe(text(64), v.uuid())
const personId = v.pipe(text(64), v.uuid())
/** As cards carry it (codec/identityCard). */
const personName = v.pipe(
  text(100),
  v.check((name) => name.trim() === name && !/[\p{C}\p{Zl}\p{Zp}]/u.test(name), 'is no name'),
)
const recipients = v.pipe(v.array(personId), v.minLength(1), v.maxLength(50))
/** Of people who need not be known here: a page has their cards from them. */
const recipientCards = v.pipe(v.array(text(10_000)), v.minLength(1), v.maxLength(50))

/** Of web pages, in their one written form. */
const origin = v.pipe(text(2048), v.check(isOrigin, 'is the origin of a web page'))
const site = v.pipe(text(4200), v.check(isSite, 'is no website'))

const ofQuorum = {
  Groups: v.pipe(
    v.array(v.picklist(quorumGroups)),
    v.minLength(1),
    v.check((groups) => new Set(groups).size === groups.length, 'names one twice'),
  ),
  /** How long a request waits, and may be carried out. */
  ExpiryMinutes: integer(5, 24 * 60),
}

const mostDays = 36_500
const sequence = integer(1, Number.MAX_SAFE_INTEGER)
/** Seconds since 1970; as far as a JavaScript date reaches. */
const time = v.pipe(v.number(), v.minValue(0), v.maxValue(8_640_000_000_000))
/** Of the trail; times are of the first and the last event wanted. */
const eventFilter = {
  StartTime: optional(time),
  EndTime: optional(time),
  Origin: optional(text(4200)),
  ResourceArn: optional(text(2048)),
  EventName: optional(text(128)),
  EventSource: optional(text(128)),
  Result: optional(v.picklist(['ok', 'refused', 'failed'])),
}

export const inputs = {
  'keyhearth:GetStatus': nothing,
  'keyhearth:CreateVault': v.strictObject({ Passphrase: passphrase }),
  'keyhearth:Unlock': v.union(unlocking),
  'keyhearth:Lock': nothing,
  'keyhearth:ChangePassphrase': v.strictObject({
    CurrentPassphrase: passphrase,
    NewPassphrase: passphrase,
  }),
  'keyhearth:GetPendingRecoveryKey': nothing,
  'keyhearth:ConfirmRecoveryKey': v.strictObject({
    Words: v.pipe(
      v.array(v.strictObject({ Position: integer(1, 24), Word: text(32, 0) })),
      v.length(3),
    ),
  }),
  'keyhearth:PostponeRecoveryKey': nothing,
  'keyhearth:ReplaceRecoveryKey': v.union(unlocking),
  'keyhearth:RecoverVault': v.union([
    v.strictObject({ RecoveryKey: recoveryKey, Passphrase: passphrase }),
    v.strictObject({ Shares: recoveryShares, Passphrase: passphrase }),
  ]),
  'keyhearth:RehearseRecovery': v.strictObject({ Proof: proof }),
  'keyhearth:ListKeySlots': nothing,
  'keyhearth:BeginPasskey': v.strictObject({ For: v.picklist(['create', 'get']) }),
  'keyhearth:AddKeySlot': v.strictObject({
    Proof: proof,
    Name: slotName,
    Slot: v.variant('Kind', [
      v.strictObject({ Kind: v.literal('passphrase'), Passphrase: passphrase }),
      v.strictObject({
        Kind: v.literal('passkey'),
        ...fromPasskey,
        PublicKey: bytes(1024, 16),
        Algorithm: integer(-65_535, 0),
      }),
      v.strictObject({ Kind: v.literal('backup'), Passphrase: passphrase }),
      v.strictObject({ Kind: v.literal('device') }),
      v.strictObject({ Kind: v.literal('recovery') }),
      v.strictObject({
        Kind: v.literal('shares'),
        Threshold: integer(2, mostShares),
        Shares: integer(2, mostShares),
      }),
    ]),
  }),
  'keyhearth:RenameKeySlot': v.strictObject({ SlotId: slotId, Name: slotName }),
  'keyhearth:RemoveKeySlot': v.strictObject({ SlotId: slotId, Proof: proof }),
  'keyhearth:GetQuorum': nothing,
  'keyhearth:CreateQuorum': v.strictObject({
    Proof: v.union(unlocking),
    /** Of the share of that number, so that a screen can say who is missing. */
    Holders: v.pipe(v.array(personName), v.minLength(2), v.maxLength(mostShares)),
    Threshold: integer(2, mostShares),
    ...ofQuorum,
  }),
  'keyhearth:UpdateQuorum': v.strictObject({ Proof: v.union(unlocking), ...ofQuorum }),
  /** Absent: the people of the quorum themselves approve it. */
  'keyhearth:RemoveQuorum': v.strictObject({ RecoveryProof: optional(v.union(recovering)) }),
  'keyhearth:ListQuorumRequests': nothing,
  'keyhearth:ApproveByShare': v.strictObject({ RequestId: text(64), Share: text(1024, 0) }),
  'keyhearth:DeclineQuorumRequest': v.strictObject({ RequestId: text(64) }),
  'keyhearth:ExpireQuorumRequest': v.strictObject({ RequestId: text(64) }),
  'keyhearth:StartBackup': nothing,
  'keyhearth:ReadBackup': v.strictObject({ BackupId: jobId, Part: integer(0, 1_000_000_000) }),
  'keyhearth:FinishBackup': v.strictObject({ BackupId: jobId }),
  'keyhearth:StartRestore': v.strictObject({
    Purpose: v.picklist(['verify', 'merge', 'replace']),
    /** Absent: by the open vault itself. */
    Kept: optional(v.union([...recovering, v.strictObject({ BackupPassphrase: passphrase })])),
  }),
  'keyhearth:SendBackup': v.strictObject({
    RestoreId: jobId,
    Part: integer(0, 1_000_000_000),
    Bytes: bytes(backupPartMaxBytes),
  }),
  'keyhearth:ReviewBackup': v.strictObject({ RestoreId: jobId }),
  'keyhearth:MergeBackup': v.strictObject({ RestoreId: jobId }),
  'keyhearth:RestoreBackup': v.strictObject({ RestoreId: jobId, Passphrase: passphrase }),
  'keyhearth:CheckRecords': v.strictObject({ From: optional(integer(0, 100_000_000)) }),
  'keyhearth:AcceptSetBack': nothing,
  'keyhearth:ExportKeys': v.union(unlocking),
  'keyhearth:ExportKey': v.strictObject({
    KeyId: keyId,
    Proof: v.union(unlocking),
    /** What the window that asks makes of it, for the trail. */
    Form: v.picklist(keyExportForms),
    /** Who can open it: the holder of an RSA key (subject public key info, DER), or an AES key of the vault. */
    Receiver: v.union([
      v.strictObject({ PublicKey: bytes(8192, 1) }),
      v.strictObject({ KeyId: keyId }),
    ]),
  }),
  'keyhearth:GetSettings': nothing,
  'keyhearth:PutSettings': v.strictObject({
    AutoLockMinutes: integer(1, 24 * 60),
    LockOnScreenLock: v.boolean(),
    ClipboardSeconds: integer(5, 600),
    TrailRetentionDays: optional(integer(0, mostDays)),
    BackupReminderDays: optional(integer(0, mostDays)),
  }),
  'keyhearth:GetDraft': v.strictObject({ Form: text(64) }),
  'keyhearth:PutDraft': v.strictObject({ Form: text(64), Value: v.nullable(text(1_000_000, 0)) }),

  'keyhearth:EncryptMessage': v.strictObject({
    Plaintext: bytes(messageMaxBytes),
    KeyId: optional(keyId),
    BranchKeyId: optional(branchKeyId),
    Recipients: optional(recipients),
    RecipientCards: optional(recipientCards),
    EncryptionContext: optional(encryptionContext),
    AlgorithmSuite: optional(v.picklist(['0478', '0578'])),
    FrameLength: optional(integer(1, 0xffff_ffff)),
  }),
  'keyhearth:DecryptMessage': v.strictObject({
    Message: bytes(messageMaxBytes + (1 << 20), 1),
    EncryptionContext: optional(encryptionContext),
  }),
  'keyhearth:StartMessage': v.strictObject({
    Recipient: recipient,
    PlaintextLength: integer(0, Number.MAX_SAFE_INTEGER),
    KeyId: optional(keyId),
    BranchKeyId: optional(branchKeyId),
    Recipients: optional(recipients),
    RecipientCards: optional(recipientCards),
    EncryptionContext: optional(encryptionContext),
    AlgorithmSuite: optional(v.picklist(['0478', '0578'])),
    FrameLength: optional(integer(1, 0xffff_ffff)),
  }),
  'keyhearth:OpenMessage': v.strictObject({
    Recipient: recipient,
    Header: bytes(1 << 20, 1),
    EncryptionContext: optional(encryptionContext),
  }),

  'keyhearth:CreateBranchKey': v.strictObject({
    BranchKeyId: optional(branchKeyId),
    KeyId: optional(keyId),
    EncryptionContext: optional(encryptionContext),
  }),
  'keyhearth:VersionBranchKey': v.strictObject({ BranchKeyId: branchKeyId }),
  'keyhearth:ListBranchKeys': v.strictObject({
    Limit: optional(integer(1, 1000)),
    Marker: optional(text(1024)),
  }),

  'keyhearth:GetIdentity': nothing,
  'keyhearth:SetIdentityName': v.strictObject({ Name: personName }),
  'keyhearth:ListPeople': nothing,
  'keyhearth:ReviewCard': v.strictObject({ Card: text(100_000) }),
  'keyhearth:ImportPerson': v.strictObject({
    Card: text(100_000),
    Verified: optional(v.boolean()),
    Replace: optional(personId),
  }),
  'keyhearth:UpdatePerson': v.strictObject({
    PersonId: personId,
    Name: optional(personName),
    Verified: optional(v.boolean()),
  }),
  'keyhearth:RemovePerson': v.strictObject({ PersonId: personId }),

  'keyhearth:EnsureSigningKey': nothing,
  'keyhearth:ListCertificates': nothing,
  'keyhearth:PutCertificate': v.strictObject({
    CertificateId: optional(certificateId),
    Kind: v.picklist(certificateKinds),
    KeyId: optional(keyId),
    Chain: v.pipe(v.array(bytes(certificateMaxBytes, 1)), v.minLength(1), v.maxLength(10)),
    Name: optional(text(200, 0)),
  }),
  'keyhearth:RevokeCertificate': v.strictObject({
    CertificateId: certificateId,
    Reason: integer(0, 10),
  }),
  'keyhearth:RemoveCertificate': v.strictObject({ CertificateId: certificateId }),
  'keyhearth:SignDocument': v.strictObject({
    Data: bytes(documentMaxBytes),
    Format: v.picklist(documentFormats),
    KeyId: optional(keyId),
    SigningAlgorithm: optional(v.picklist(signingAlgorithms)),
  }),
  'keyhearth:GetRequestDocument': v.strictObject({ RequestId: text(64) }),

  'keyhearth:GetSite': v.strictObject({ Origin: text(2048) }),
  'keyhearth:ListSites': nothing,
  'keyhearth:ListSiteGrants': v.strictObject({ Origin: site }),
  'keyhearth:BlockSite': v.strictObject({ Origin: site }),
  'keyhearth:UnblockSite': v.strictObject({ Origin: text(4200) }),
  'keyhearth:RevokeSite': v.strictObject({ Origin: text(4200) }),
  'keyhearth:OpenRequest': v.strictObject({ Origin: text(2048) }),
  'keyhearth:GetRequest': v.strictObject({ RequestId: text(64) }),
  'keyhearth:DecideRequest': v.strictObject({
    RequestId: text(64),
    Decision: v.picklist(['once', 'site']),
    /** Of a page's `keyhearth:SignDocument` alone: what the person's window made of the document it showed. */
    Signed: optional(
      v.strictObject({
        Signature: bytes(documentMaxBytes + (4 << 20), 1),
        KeyId: keyId,
        SigningAlgorithm: v.picklist(signingAlgorithms),
        Certificates: v.pipe(v.array(text(200_000)), v.maxLength(10)),
      }),
    ),
  }),
  'keyhearth:RefuseRequest': v.strictObject({ RequestId: text(64) }),

  'keyhearth:GetReading': v.strictObject({ Origin: text(2048) }),
  'keyhearth:PutReading': v.strictObject({ Origin: origin, Reading: v.picklist(readings) }),
  'keyhearth:TakeView': v.strictObject({ Token: text(64) }),
  'keyhearth:CloseView': v.strictObject({ Token: text(64) }),
  'keyhearth:OpenToUnlock': nothing,

  'keyhearth:Compose': v.strictObject({ TabId: integer(0, Number.MAX_SAFE_INTEGER) }),
  'keyhearth:GetComposition': v.strictObject({ ComposeId: text(64, 0) }),
  'keyhearth:InsertMessage': v.strictObject({ ComposeId: text(64), Text: text(24_000_000) }),

  ...kmsInputs,
  ...hsmInputs,
  'keyhearth:DescribeKeyUse': v.strictObject({ KeyId: keyId }),
  'keyhearth:ExplainAccess': v.strictObject({
    KeyId: keyId,
    Operation: v.picklist(explainableOperations),
    /** Absent: the person. */
    Origin: optional(text(4200)),
    EncryptionContext: optional(encryptionContext),
  }),
  'keyhearth:ListDueKeys': nothing,
  'keyhearth:DeleteKey': v.strictObject({ KeyId: keyId }),
  'keyhearth:RotateKey': v.strictObject({ KeyId: keyId }),
  'keyhearth:DeleteExpiredKeyMaterial': v.strictObject({ KeyId: keyId }),
  'keyhearth:ListKeySummaries': nothing,
  'keyhearth:ViewKey': v.strictObject({ KeyId: keyId }),

  ...secretsInputs,
  ...itemInputs,

  'keyhearth:ListEvents': v.strictObject({
    Limit: optional(integer(1, 1000)),
    Before: optional(sequence),
    After: optional(sequence),
    ...eventFilter,
  }),
  'keyhearth:SummariseEvents': v.strictObject({
    ...eventFilter,
    StartTime: time,
    EndTime: time,
    BucketSeconds: integer(1, mostDays * 86_400),
    Before: optional(sequence),
  }),
  'keyhearth:VerifyTrail': nothing,
  'keyhearth:ExportTrail': v.strictObject({
    Limit: optional(integer(1, 1000)),
    After: optional(sequence),
  }),
  'keyhearth:RemoveOldEvents': v.strictObject({ OlderThanDays: integer(1, mostDays) }),
} as const satisfies Record<OperationName, v.GenericSchema>

export type Input<Name extends OperationName> = v.InferOutput<(typeof inputs)[Name]>
