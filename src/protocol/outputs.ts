// protocol: the contract every context speaks. This file: the shape of every answer.
// Names and types are those of `@aws-sdk/client-kms` and `@aws-sdk/client-secrets-manager` where the
// operation is AWS's. Bytes are Uint8Array; times are seconds since 1970 (as on AWS's wire).

import type { KmsOutputs } from './kmsOutputs.ts'
import type { Right } from './operationRow.ts'
import type { OperationName } from './operations.ts'

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
}

export interface Tag {
  readonly Key: string
  readonly Value: string
}

export interface SecretListEntry {
  readonly ARN: string
  readonly Name: string
  readonly Description?: string
  readonly KmsKeyId?: string
  readonly CreatedDate: number
  readonly LastChangedDate: number
  readonly LastAccessedDate?: number
  readonly DeletedDate?: number
  readonly Tags: readonly Tag[]
  readonly SecretVersionsToStages: Readonly<Record<string, readonly string[]>>
}

export interface Site {
  readonly Origin: string
  readonly AccountId: string
  readonly Rights: readonly Right[]
  readonly AllowedAt: number
  readonly LastUsedAt: number | null
  readonly Uses: number
}

/** What the consent window shows. `kind` decides which controls stand there. */
export interface PendingRequest {
  readonly RequestId: string
  readonly Kind: 'connect' | 'unlock'
  readonly Origin: string
  readonly Rights: readonly Right[]
  readonly CreatedAt: number
}

/** One line of the trail, CloudTrail-shaped. */
export interface TrailEvent {
  readonly sequence: number
  readonly eventID: string
  readonly eventTime: string
  readonly eventSource: string
  readonly eventName: string
  readonly userIdentity: { readonly type: string; readonly arn: string; readonly origin?: string }
  readonly requestParameters: Readonly<Record<string, unknown>>
  readonly resources: readonly { readonly ARN: string }[]
  readonly errorCode?: string
  readonly requestID: string
}

type Nothing = Readonly<Record<string, never>>
interface SecretRef {
  readonly ARN: string
  readonly Name: string
}

interface Outputs extends KmsOutputs {
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
  'keyhearth:GetSettings': Settings
  'keyhearth:PutSettings': Nothing
  'keyhearth:GetDraft': { readonly Value: string | null }
  'keyhearth:PutDraft': Nothing
  'keyhearth:EncryptMessage': { readonly Message: Uint8Array<ArrayBuffer>; readonly KeyId: string }
  'keyhearth:DecryptMessage': {
    readonly Plaintext: Uint8Array<ArrayBuffer>
    readonly EncryptionContext: Readonly<Record<string, string>>
    readonly KeyId: string
  }
  'keyhearth:GetSite': { readonly Site: Site | null; readonly Waiting: PendingRequest | null }
  'keyhearth:ListSites': { readonly Sites: readonly Site[] }
  'keyhearth:RevokeSite': Nothing
  'keyhearth:OpenRequest': Nothing
  'keyhearth:GetRequest': { readonly Request: PendingRequest }
  'keyhearth:DecideRequest': Nothing
  'keyhearth:RefuseRequest': Nothing
  'secretsmanager:CreateSecret': SecretRef & { readonly VersionId?: string }
  'secretsmanager:UpdateSecret': SecretRef & { readonly VersionId?: string }
  'secretsmanager:GetSecretValue': SecretRef & {
    readonly VersionId: string
    readonly SecretString?: string
    readonly SecretBinary?: Uint8Array<ArrayBuffer>
    readonly VersionStages: readonly string[]
    readonly CreatedDate: number
  }
  'secretsmanager:DescribeSecret': SecretListEntry & {
    readonly VersionIdsToStages: Readonly<Record<string, readonly string[]>>
  }
  'secretsmanager:ListSecrets': {
    readonly SecretList: readonly SecretListEntry[]
    readonly NextToken?: string
  }
  'secretsmanager:DeleteSecret': SecretRef & { readonly DeletionDate: number }
  'secretsmanager:RestoreSecret': SecretRef
  'secretsmanager:TagResource': Nothing
  'keyhearth:ListEvents': { readonly Events: readonly TrailEvent[] }
  'keyhearth:VerifyTrail': {
    readonly Intact: boolean
    readonly Events: number
    /** Sequence number of the first event that does not fit the chain. */
    readonly FirstBroken: number | null
  }
}

export type Output<Name extends OperationName> = Outputs[Name]
