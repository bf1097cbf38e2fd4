// protocol: the contract every context speaks. This file: the shape of every request.
//
// Requests are strict: an unknown member is an error, not a surprise (a `DryRun` that is silently
// ignored would run for real). Parsing yields a fresh snapshot; nothing later reads the original.
// Limits are AWS's where AWS has them (KMS and Secrets Manager API references).

import * as v from 'valibot'
import { bytes, encryptionContext, integer, keyId, optional, recipient, text } from './fields.ts'
import { signingAlgorithms } from './keySpecs.ts'
import { explainableOperations, kmsInputs } from './kmsInputs.ts'
import { certificateMaxBytes, documentMaxBytes } from './limits.ts'
import type { OperationName } from './operations.ts'
import { certificateKinds, documentFormats, readings } from './outputs.ts'
import { itemInputs, secretsInputs } from './secretsInputs.ts'
import { isOrigin, isSite } from './sites.ts'

const nothing = v.strictObject({})
const passphrase = text(1024, 0)
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
  'keyhearth:Unlock': v.strictObject({ Passphrase: passphrase }),
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
  'keyhearth:ReplaceRecoveryKey': v.strictObject({ Passphrase: passphrase }),
  'keyhearth:RecoverVault': v.strictObject({
    RecoveryKey: text(1024, 0),
    Passphrase: passphrase,
  }),
  'keyhearth:ExportKeys': v.strictObject({ Passphrase: passphrase }),
  'keyhearth:GetSettings': nothing,
  'keyhearth:PutSettings': v.strictObject({
    AutoLockMinutes: integer(1, 24 * 60),
    LockOnScreenLock: v.boolean(),
    ClipboardSeconds: integer(5, 600),
    TrailRetentionDays: optional(integer(0, mostDays)),
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
