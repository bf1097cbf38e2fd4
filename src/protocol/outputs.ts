// protocol: the contract every context speaks. This file: the shape of every answer.
// Names and types are those of `@aws-sdk/client-kms` and `@aws-sdk/client-secrets-manager` where the
// operation is AWS's. Bytes are Uint8Array; times are seconds since 1970 (as on AWS's wire).

import type { HsmOutputs } from './hsmOutputs.ts'
import type { KeySpec, Mechanism, SigningAlgorithm } from './keySpecs.ts'
import type { GrantListEntry, KeyMetadata, KmsOutputs, KmsTag } from './kmsOutputs.ts'
import type { Right } from './operationRow.ts'
import type { OperationName } from './operations.ts'
import type { SecretsOutputs } from './secretsOutputs.ts'

export type VaultState = 'missing' | 'locked' | 'unlocked' | 'damaged'

/** `shown`: words wait on the screen. `unconfirmed`: put off, remind. `confirmed`: done. */
/** `stale`: proven to work, but long ago. */
export type RecoveryState = 'shown' | 'unconfirmed' | 'confirmed' | 'stale'

/** What an exported key is given away as: wrapped, or a file under a password or passphrase. */
export const keyExportForms = ['wrapped', 'pkcs8', 'jwk'] as const

/** What a backup turned out to be. */
export interface BackupReview {
  readonly VaultId: string
  /** Seconds since 1970. */
  readonly CreatedAt: number
  readonly Secrets: number
  readonly Keys: number
  readonly People: number
  readonly Certificates: number
  readonly Sites: number
  readonly Events: number
  /** How many records do not open, are missing or do not belong; 0 in a whole backup. */
  readonly Damaged: number
  readonly TrailIntact: boolean
  /** Against the open vault, where it is of that one and is to be merged. */
  readonly Difference: BackupDifference | null
}

/** `New`: only in the backup; `Changed`: later in the backup, or damaged here; `OnlyHere`: not in the backup, and stays. */
export interface BackupDifference {
  readonly New: number
  readonly Changed: number
  readonly OnlyHere: number
  /** Names of secrets and keys that are new or changed, some hundred at most. */
  readonly Names: readonly string[]
  /** New in the backup, but another secret has the name by now. */
  readonly InTheWay: readonly string[]
  /** What several people are to approve becomes as it is in the backup, which is later. */
  readonly Quorum: boolean
}

/** One way to open the vault. */
export interface KeySlot {
  readonly SlotId: string
  /** `backup`: a passphrase that opens backups, and nothing here. */
  readonly Kind: 'passphrase' | 'passkey' | 'device' | 'recovery' | 'shares' | 'backup'
  /** As the person named it; empty where they did not, or named it on another device. */
  readonly Name: string
  readonly CreatedAt: number
  readonly LastUsedAt: number | null
  /** When the person proved that they have it: of those that recover. */
  readonly ProvenAt: number | null
  /** Of shares: what their sheets name. */
  readonly SetId?: string
  readonly Threshold?: number
  readonly Shares?: number
}

/** What can be made to need several people. */
export const quorumGroups = ['delete-key', 'export-key', 'lower-lock', 'export-secrets'] as const
export type QuorumGroup = (typeof quorumGroups)[number]

/** The people of whom some together approve what one alone may not do. */
export interface Quorum {
  /** As the shares name their set: 8 hex digits. */
  readonly SetId: string
  readonly Threshold: number
  /** Names, in the order of the shares' numbers. */
  readonly Holders: readonly string[]
  readonly Groups: readonly QuorumGroup[]
  readonly ExpiryMinutes: number
  readonly CreatedAt: number
}

/** What waits for them. */
export interface QuorumRequest {
  /** The requestID, in the trail, of the call that has to wait. */
  readonly RequestId: string
  readonly Operation: OperationName
  /** What of that very call decides, read by the gate, for those who approve it. */
  readonly About: Readonly<Record<string, string>>
  readonly ExpiresAt: number
  readonly Threshold: number
  /** Who gave their share, and who did not. */
  readonly Given: readonly string[]
  readonly Missing: readonly string[]
  /** Enough did: the same call goes through, once. */
  readonly Approved: boolean
}

export interface VaultStatus {
  readonly Vault: VaultState
  readonly Recovery: RecoveryState
  /** `due`: the last one is longer ago than the person chose, or there never was one. */
  readonly Backup: { readonly LastAt: number | null; readonly Due: boolean }
  /** The vault was set back to an earlier day, and the person has not said yet that they know. */
  readonly SetBack: boolean
  /** What the vault opens by on this device. */
  readonly OpensBy: readonly ('passphrase' | 'passkey' | 'device')[]
  readonly AccountId: string | null
  /** Seconds until another passphrase may be tried; 0 when one may be tried now. */
  readonly RetryAfterSeconds: number
  /** Requests of pages that wait for the person, without a window of their own. */
  readonly WaitingRequests: number
  /** What waits for the approval of several people, or has it and was not done yet. */
  readonly QuorumRequests: number
}

export interface Settings {
  readonly AutoLockMinutes: number
  readonly LockOnScreenLock: boolean
  readonly ClipboardSeconds: number
  /** 0: events are kept for ever. */
  readonly TrailRetentionDays: number
  /** After how many days without a backup the person is reminded; 0: never. */
  readonly BackupReminderDays: number
}

export interface Site {
  readonly Origin: string
  readonly AccountId: string
  readonly Rights: readonly Right[]
  readonly AllowedAt: number
  readonly LastUsedAt: number | null
  readonly Uses: number
}

/** One key as the manager lists it. */
export interface KeySummary
  extends Pick<
    KeyMetadata,
    | 'AWSAccountId'
    | 'KeyId'
    | 'Arn'
    | 'CreationDate'
    | 'Description'
    | 'KeySpec'
    | 'KeyUsage'
    | 'KeyState'
    | 'DeletionDate'
  > {
  readonly Aliases: readonly string[]
  readonly LastUsedAt: number | null
}

/** One call of a page that the person is asked about each time. */
export interface AskedOperation {
  readonly Operation: OperationName
  readonly KeyArn: string
  readonly KeyName: string
  readonly EncryptionContext: Readonly<Record<string, string>>
  /** Size of what is encrypted, signed or decrypted; `null` where the operation takes nothing. */
  readonly Bytes: number | null
  /** Only a digest of what is signed is there: nobody can see what it is of. */
  readonly Blind: boolean
  /** Its beginning, where it is text; `null` where it is not, or is not readable before. */
  readonly Text: string | null
}

/**
 * Messages on the pages of a site: `on`: marked there, to be read; `ask`: a sign on the toolbar says that there
 * are some; `off`: not looked for.
 */
export const readings = ['ask', 'on', 'off'] as const
export type Reading = (typeof readings)[number]

export interface BranchKeyNames {
  readonly BranchKeyId: string
  /** The active one: a UUID. */
  readonly BranchKeyVersion: string
  /** ARN of the KMS key that it is under. */
  readonly KeyId: string
}

export interface BranchKeyListEntry extends BranchKeyNames {
  readonly EncryptionContext: Readonly<Record<string, string>>
  readonly CreationDate: number
  /** When the active version was made. */
  readonly VersionDate: number
  readonly Versions: number
}

/** What the person gives to others. */
interface PublicIdentity {
  readonly Name: string
  readonly Card: string
  /** Words to compare. */
  readonly Fingerprint: readonly string[]
}

export interface Person {
  readonly PersonId: string
  readonly Name: string
  /** As they gave it. */
  readonly Card: string
  readonly Fingerprint: readonly string[]
  readonly Verified: boolean
  readonly AddedAt: number
  /** When their keys became others. */
  readonly ChangedAt?: number
}

/**
 * `own`: of a key of the person's, with its chain. `trusted`: what chains may end in. `issued`: made by a key of the
 * person's, as an authority of their own. `signer`: a public key, in the written form of its kind, of somebody who
 * signs without certificates (OpenSSH, minisign, JWK).
 */
export const certificateKinds = ['own', 'trusted', 'issued', 'signer'] as const
export type CertificateKind = (typeof certificateKinds)[number]

export interface CertificateEntry {
  readonly CertificateId: string
  readonly Kind: CertificateKind
  /** ARN of the person's key: the certified one of `own`, the authority's of `issued`. */
  readonly KeyId?: string
  /** DER, the certificate itself first; of a `signer`, its public key's text. */
  readonly Chain: readonly Uint8Array<ArrayBuffer>[]
  /** As the person calls it. */
  readonly Name: string
  readonly AddedAt: number
  readonly RevokedAt?: number
  /** RFC 5280 section 5.3.1. */
  readonly RevocationReason?: number
}

/** How a page can have a document signed (design section 4). */
export const documentFormats = ['raw', 'cms', 'jws', 'pades'] as const
export type DocumentFormat = (typeof documentFormats)[number]

/** Of a page's document; `Certificates` in PEM. */
export interface SignedDocument {
  readonly Signature: Uint8Array<ArrayBuffer>
  readonly KeyId: string
  readonly SigningAlgorithm: SigningAlgorithm
  readonly Certificates: readonly string[]
}

/** Who sent a message; `PersonId` is `null` for somebody who is not known. */
export interface Sender extends Pick<Person, 'Name' | 'Fingerprint' | 'Verified'> {
  readonly PersonId: string | null
}

/** What the consent window shows. `kind` decides which controls stand there. */
export interface PendingRequest {
  readonly RequestId: string
  readonly Kind: 'connect' | 'unlock' | 'operation'
  readonly Origin: string
  readonly Rights: readonly Right[]
  readonly CreatedAt: number
  /** Of kind `operation` alone. */
  readonly Asked?: AskedOperation
}

export interface TrailResource {
  readonly ARN: string
  readonly accountId: string
  readonly type: string
}

/** One line of the trail, as CloudTrail's record, with its place in the chain. */
export interface TrailEvent {
  readonly sequence: number
  readonly eventVersion: string
  readonly eventID: string
  /** ISO 8601, UTC. */
  readonly eventTime: string
  readonly eventSource: string
  readonly eventName: string
  readonly eventType: string
  readonly awsRegion: string
  readonly userIdentity: {
    readonly type: string
    readonly arn: string
    readonly accountId: string
    readonly origin?: string
  }
  /** `null` where the request did not parse. */
  readonly requestParameters: Readonly<Record<string, unknown>> | null
  readonly responseElements: Readonly<Record<string, unknown>> | null
  readonly errorCode?: string
  readonly errorMessage?: string
  readonly readOnly: boolean
  readonly resources: readonly TrailResource[]
  readonly requestID: string
  readonly recipientAccountId?: string
}

/** What is wrong with a trail, at its first broken place (docs/trail.md explains each). */
export type TrailProblem =
  | 'event-edited'
  | 'event-missing'
  | 'event-inserted'
  | 'event-moved'
  | 'event-forged'
  | 'beginning-cut'
  | 'end-cut'
  | 'head-forged'
  | 'digest-edited'
  | 'digest-missing'
  | 'digest-signature'
  | 'set-back'
  | 'mirror-edited'
  | 'mirror-missing'

/** How many events of a stretch of time ended how. */
export interface TrailBucket {
  /** Seconds since 1970. */
  readonly StartTime: number
  readonly Ok: number
  readonly Refused: number
  readonly Failed: number
}

type Nothing = Readonly<Record<string, never>>

/** How a key was used so far. */
export interface KeyLastUse {
  readonly Uses: number
  readonly LastUsedAt: number | null
  /** Web origins that used it, the latest last; at most 20. */
  readonly Origins: readonly string[]
}

/** Why an operation on a key is allowed, or refused. */
export type AccessReason =
  | { readonly Kind: 'policy-allows' | 'policy-denies'; readonly Statement: string }
  | { readonly Kind: 'grant-allows'; readonly GrantId: string; readonly Asks: boolean }
  | { readonly Kind: 'plaintext-withheld'; readonly GrantId: string }
  | { readonly Kind: 'service' | 'person-always' | 'other-account' | 'nothing-allows' }

interface Outputs extends KmsOutputs, HsmOutputs, SecretsOutputs {
  'keyhearth:ExplainAccess': { readonly Allowed: boolean; readonly Reason: AccessReason }
  'keyhearth:DescribeKeyUse': KeyLastUse & {
    /** Secrets of the same account that are under the key; their names, at most 20. */
    readonly Secrets: number
    readonly SecretNames: readonly string[]
    readonly Aliases: readonly string[]
    readonly Grants: number
  }
  'keyhearth:ListDueKeys': {
    readonly Keys: readonly {
      readonly KeyId: string
      readonly Operation:
        | 'keyhearth:DeleteKey'
        | 'keyhearth:RotateKey'
        | 'keyhearth:DeleteExpiredKeyMaterial'
    }[]
  }
  'keyhearth:DeleteKey': Nothing
  'keyhearth:RotateKey': Nothing
  'keyhearth:DeleteExpiredKeyMaterial': Nothing
  'keyhearth:GetStatus': VaultStatus
  'keyhearth:CreateVault': { readonly RecoveryKey: readonly string[] }
  'keyhearth:Unlock': Nothing
  'keyhearth:Lock': Nothing
  'keyhearth:ChangePassphrase': Nothing
  'keyhearth:GetPendingRecoveryKey': { readonly RecoveryKey: readonly string[] | null }
  'keyhearth:ConfirmRecoveryKey': Nothing
  'keyhearth:PostponeRecoveryKey': Nothing
  'keyhearth:ReplaceRecoveryKey': { readonly RecoveryKey: readonly string[] }
  'keyhearth:RecoverVault': Nothing
  'keyhearth:RehearseRecovery': { readonly SlotId: string }
  'keyhearth:ListKeySlots': { readonly Slots: readonly KeySlot[] }
  /** `Algorithms` in COSE's numbers, the best first. `Salt`: for a passkey that is made now. */
  'keyhearth:BeginPasskey': {
    readonly Challenge: Uint8Array<ArrayBuffer>
    readonly Salt: Uint8Array<ArrayBuffer>
    readonly Algorithms: readonly number[]
    readonly Passkeys: readonly {
      readonly CredentialId: Uint8Array<ArrayBuffer>
      readonly Salt: Uint8Array<ArrayBuffer>
    }[]
  }
  /** `RecoveryKey`, `Shares`: words, shown once. */
  'keyhearth:AddKeySlot': {
    readonly SlotId: string
    readonly RecoveryKey?: readonly string[]
    readonly Shares?: readonly (readonly string[])[]
    /** As the shares name their set. */
    readonly SetId?: string
  }
  /** `Damaged` of those looked at now. */
  'keyhearth:CheckRecords': {
    readonly Checked: number
    readonly All: number
    readonly Damaged: number
    readonly Done: boolean
  }
  'keyhearth:AcceptSetBack': Nothing
  'keyhearth:GetQuorum': { readonly Quorum: Quorum | null }
  /** `Shares`: words, in the order of the holders, shown once. */
  'keyhearth:CreateQuorum': {
    readonly SetId: string
    readonly Shares: readonly (readonly string[])[]
  }
  'keyhearth:UpdateQuorum': Nothing
  'keyhearth:RemoveQuorum': { readonly By: 'approval' | 'recovery' }
  'keyhearth:ListQuorumRequests': { readonly Requests: readonly QuorumRequest[] }
  /** `Holder`: the number of the share. */
  'keyhearth:ApproveByShare': { readonly Holder: number; readonly Approved: boolean }
  'keyhearth:DeclineQuorumRequest': Nothing
  'keyhearth:ExpireQuorumRequest': Nothing
  'keyhearth:StartBackup': { readonly BackupId: string }
  /** `Rows` of about `AllRows` are in what was read so far. */
  'keyhearth:ReadBackup': {
    readonly Bytes: Uint8Array<ArrayBuffer>
    readonly Done: boolean
    readonly Rows: number
    readonly AllRows: number
  }
  'keyhearth:FinishBackup': { readonly Rows: number }
  'keyhearth:StartRestore': { readonly RestoreId: string }
  'keyhearth:SendBackup': { readonly Rows: number }
  'keyhearth:ReviewBackup': BackupReview
  /** `Repaired`: records that could not be read before, and can now. */
  'keyhearth:MergeBackup': {
    readonly New: number
    readonly Changed: number
    readonly Repaired: number
  }
  'keyhearth:RestoreBackup': Nothing
  'keyhearth:RenameKeySlot': Nothing
  'keyhearth:RemoveKeySlot': Nothing
  'keyhearth:ExportKey': {
    readonly KeyId: string
    readonly KeySpec: KeySpec
    /** How the key is written inside. */
    readonly Format: 'raw' | 'pkcs8'
    readonly Mechanism: Mechanism
    readonly WrappedKey: Uint8Array<ArrayBuffer>
  }
  'keyhearth:ExportKeys': { readonly File: Uint8Array<ArrayBuffer>; readonly Keys: number }
  'keyhearth:GetSettings': Settings
  'keyhearth:PutSettings': Nothing
  'keyhearth:GetDraft': { readonly Value: string | null }
  'keyhearth:PutDraft': Nothing
  'keyhearth:EncryptMessage': { readonly Message: Uint8Array<ArrayBuffer>; readonly KeyId: string }
  'keyhearth:DecryptMessage': {
    readonly Plaintext: Uint8Array<ArrayBuffer>
    readonly EncryptionContext: Readonly<Record<string, string>>
    readonly KeyId: string
    /** To the person alone, where somebody else sent it. */
    readonly Sender?: Sender
  }
  /** `MessageKey`: wrapped for the recipient (encryption-sdk/keyHandover). */
  'keyhearth:StartMessage': {
    readonly Header: Uint8Array<ArrayBuffer>
    readonly MessageKey: Uint8Array<ArrayBuffer>
    readonly KeyId: string
  }
  'keyhearth:OpenMessage': {
    readonly MessageKey: Uint8Array<ArrayBuffer>
    readonly EncryptionContext: Readonly<Record<string, string>>
    readonly KeyId: string
    readonly Sender?: Sender
  }
  'keyhearth:CreateBranchKey': BranchKeyNames
  'keyhearth:VersionBranchKey': BranchKeyNames
  'keyhearth:ListBranchKeys': {
    readonly BranchKeys: readonly BranchKeyListEntry[]
    readonly Truncated: boolean
    readonly NextMarker?: string
  }
  'keyhearth:GetIdentity': { readonly Identity: PublicIdentity | null }
  'keyhearth:SetIdentityName': Nothing
  'keyhearth:ListPeople': { readonly People: readonly Person[] }
  /**
   * `changed`: of somebody who is known with other keys. `alike`: of a name that looks like that of somebody who is
   * known, in other letters. `Person`: whom it is like.
   */
  'keyhearth:ReviewCard': {
    readonly Name: string
    readonly Fingerprint: readonly string[]
    readonly Known: 'new' | 'same' | 'changed' | 'alike' | 'you'
    /** One word of the name is in letters of two scripts that look alike. */
    readonly MixedScripts: boolean
    readonly Person: Person | null
  }
  'keyhearth:ImportPerson': { readonly PersonId: string }
  'keyhearth:UpdatePerson': Nothing
  'keyhearth:RemovePerson': Nothing
  'keyhearth:EnsureSigningKey': { readonly KeyId: string }
  'keyhearth:ListCertificates': { readonly Certificates: readonly CertificateEntry[] }
  'keyhearth:PutCertificate': { readonly CertificateId: string }
  'keyhearth:RevokeCertificate': Nothing
  'keyhearth:RemoveCertificate': Nothing
  'keyhearth:SignDocument': SignedDocument
  /** The very bytes that the page gave. */
  'keyhearth:GetRequestDocument': {
    readonly Data: Uint8Array<ArrayBuffer>
    readonly Format: DocumentFormat
    readonly KeyId: string | null
    readonly SigningAlgorithm: SigningAlgorithm | null
  }
  'keyhearth:GetSite': { readonly Site: Site | null; readonly Waiting: PendingRequest | null }
  'keyhearth:ListSites': { readonly Sites: readonly Site[]; readonly Blocked: readonly string[] }
  'keyhearth:ListSiteGrants': { readonly Grants: readonly GrantListEntry[] }
  'keyhearth:RevokeSite': Nothing
  'keyhearth:BlockSite': Nothing
  'keyhearth:UnblockSite': Nothing
  'keyhearth:OpenRequest': Nothing
  'keyhearth:GetRequest': { readonly Request: PendingRequest }
  'keyhearth:DecideRequest': Nothing
  'keyhearth:RefuseRequest': Nothing
  'keyhearth:GetReading': { readonly Reading: Reading; readonly Found: boolean }
  'keyhearth:PutReading': Nothing
  'keyhearth:TakeView': { readonly Message: Uint8Array<ArrayBuffer>; readonly Origin: string }
  'keyhearth:CloseView': Nothing
  'keyhearth:OpenToUnlock': Nothing
  'keyhearth:Compose': Nothing
  /** `null` where the window is for no field of a page. */
  'keyhearth:GetComposition': { readonly Origin: string | null }
  'keyhearth:InsertMessage': { readonly Inserted: boolean }
  'keyhearth:ListKeySummaries': { readonly Keys: readonly KeySummary[] }
  'keyhearth:ViewKey': {
    readonly KeyMetadata: KeyMetadata
    readonly Tags: readonly KmsTag[]
    /** Subject public key info, DER; `null` where the key has none, or none yet. */
    readonly PublicKey: Uint8Array<ArrayBuffer> | null
  }
  'keyhearth:ListEvents': {
    readonly Events: readonly TrailEvent[]
    /** Events that do not open: altered, or sealed by a device key that is gone. */
    readonly Unreadable: number
    /** Where the next page goes on; there may be one even where this one is short. */
    readonly NextBefore?: number
  }
  'keyhearth:SummariseEvents': {
    /** Those that hold something, oldest first. Pages of one summary are to be added up. */
    readonly Buckets: readonly TrailBucket[]
    readonly NextBefore?: number
  }
  'keyhearth:VerifyTrail': {
    readonly Intact: boolean
    readonly Events: number
    readonly Digests: number
    /** Events that the chain covers but no key can vouch for: of version 1, or of a device key that is gone. */
    readonly Unproven: number
    /** Sequence number of the first event that does not fit, or that a bad digest covers. */
    readonly FirstBroken: number | null
    readonly Problem: TrailProblem | null
    readonly LastDigestAt: number | null
    /** SHA-256 of the public key that signed the newest digest, hex. */
    readonly KeyFingerprint: string | null
  }
  'keyhearth:ExportTrail': {
    /** JSON Lines, oldest first, each ended by a line feed. */
    readonly Lines: string
    readonly NextAfter?: number
  }
  'keyhearth:RemoveOldEvents': {
    readonly Events: number
    /** The last event that was removed. */
    readonly Through: number | null
  }
}

export type Output<Name extends OperationName> = Outputs[Name]
