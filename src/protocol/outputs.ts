// protocol: the contract every context speaks. This file: the shape of every answer.
// Names and types are those of `@aws-sdk/client-kms` and `@aws-sdk/client-secrets-manager` where the
// operation is AWS's. Bytes are Uint8Array; times are seconds since 1970 (as on AWS's wire).

import type { SigningAlgorithm } from './keySpecs.ts'
import type { GrantListEntry, KeyMetadata, KmsOutputs, KmsTag } from './kmsOutputs.ts'
import type { Right } from './operationRow.ts'
import type { OperationName } from './operations.ts'
import type { SecretsOutputs } from './secretsOutputs.ts'

export type VaultState = 'missing' | 'locked' | 'unlocked' | 'damaged'

/** `shown`: words wait on the screen. `unconfirmed`: put off, remind. `confirmed`: done. */
export type RecoveryState = 'shown' | 'unconfirmed' | 'confirmed'

export interface VaultStatus {
  readonly Vault: VaultState
  readonly Recovery: RecoveryState
  readonly AccountId: string | null
  /** Seconds until another passphrase may be tried; 0 when one may be tried now. */
  readonly RetryAfterSeconds: number
  /** Requests of pages that wait for the person, without a window of their own. */
  readonly WaitingRequests: number
}

export interface Settings {
  readonly AutoLockMinutes: number
  readonly LockOnScreenLock: boolean
  readonly ClipboardSeconds: number
  /** 0: events are kept for ever. */
  readonly TrailRetentionDays: number
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

interface Outputs extends KmsOutputs, SecretsOutputs {
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
