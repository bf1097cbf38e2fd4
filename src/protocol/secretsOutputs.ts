// protocol: the contract every context speaks. This file: the shape of every answer about secrets. Times are
// seconds since 1970, as AWS's are.

import type { WrittenItem } from './secretsInputs.ts'

export type { WrittenItem }

type Bytes = Uint8Array<ArrayBuffer>
type Nothing = Readonly<Record<string, never>>

export interface Tag {
  readonly Key: string
  readonly Value: string
}

interface SecretRef {
  readonly ARN: string
  readonly Name: string
}

interface RotationRules {
  readonly AutomaticallyAfterDays?: number
  readonly Duration?: string
  readonly ScheduleExpression?: string
}

interface SecretFacts extends SecretRef {
  readonly Description?: string
  readonly KmsKeyId?: string
  readonly RotationEnabled?: boolean
  readonly RotationLambdaARN?: string
  readonly RotationRules?: RotationRules
  readonly LastRotatedDate?: number
  readonly LastChangedDate: number
  readonly LastAccessedDate?: number
  readonly DeletedDate?: number
  readonly NextRotationDate?: number
  readonly Tags: readonly Tag[]
  readonly CreatedDate: number
}

export interface SecretListEntry extends SecretFacts {
  readonly SecretVersionsToStages: Readonly<Record<string, readonly string[]>>
}

export interface SecretValueEntry extends SecretRef {
  readonly VersionId: string
  readonly SecretString?: string
  readonly SecretBinary?: Bytes
  readonly VersionStages: readonly string[]
  readonly CreatedDate: number
}

/** One line of a list of items. Nothing hidden stands in it. */
export interface ItemSummary {
  /** ARN of its secret. */
  readonly SecretId: string
  readonly Title: string
  readonly Kind: WrittenItem['kind']
  readonly Username: string
  readonly Uris: readonly string[]
  readonly Tags: readonly string[]
  readonly Favourite: boolean
  readonly HasOneTimeCode: boolean
  /** The passphrase is asked for before it is shown. */
  readonly AskAgain: boolean
  readonly CreatedAt: number
  readonly ChangedAt: number
  /** The day, in UTC, when its value was last read or filled in; absent where it never was. */
  readonly LastUsedAt?: number
  /** When it will be destroyed; absent where it is not in the trash. */
  readonly DeletionAt?: number
  /** A new password was made, and waits until the person has set it where it is used. */
  readonly Rotating?: boolean
  /** It is for the tab: 3 the same origin, 2 the same host, 1 the same site. */
  readonly Match?: number
}

export interface ItemVersion {
  readonly VersionId: string
  readonly CreatedAt: number
  readonly Stages: readonly string[]
}

/** One whose value is damaged, or whose key cannot be used now. */
export interface UnreadableItem {
  readonly SecretId: string
  readonly Title: string
  /** Its present value is there; one it had before is not. */
  readonly Earlier?: true
}

export interface SecretsOutputs {
  'secretsmanager:BatchGetSecretValue': {
    readonly SecretValues: readonly SecretValueEntry[]
    readonly Errors: readonly {
      readonly SecretId: string
      readonly ErrorCode: string
      readonly Message: string
    }[]
    readonly NextToken?: string
  }
  'secretsmanager:CancelRotateSecret': SecretRef & { readonly VersionId?: string }
  'secretsmanager:CreateSecret': SecretRef & { readonly VersionId?: string }
  'secretsmanager:DeleteResourcePolicy': SecretRef
  'secretsmanager:DeleteSecret': SecretRef & { readonly DeletionDate: number }
  'secretsmanager:DescribeSecret': SecretFacts & {
    readonly VersionIdsToStages: Readonly<Record<string, readonly string[]>>
  }
  'secretsmanager:GetRandomPassword': { readonly RandomPassword: string }
  'secretsmanager:GetResourcePolicy': SecretRef & { readonly ResourcePolicy?: string }
  'secretsmanager:GetSecretValue': SecretValueEntry
  'secretsmanager:ListSecretVersionIds': SecretRef & {
    readonly Versions: readonly {
      readonly VersionId: string
      readonly VersionStages: readonly string[]
      readonly CreatedDate: number
      readonly KmsKeyIds: readonly string[]
    }[]
    readonly NextToken?: string
  }
  'secretsmanager:ListSecrets': {
    readonly SecretList: readonly SecretListEntry[]
    readonly NextToken?: string
  }
  'secretsmanager:PutResourcePolicy': SecretRef
  'secretsmanager:PutSecretValue': SecretRef & {
    readonly VersionId: string
    readonly VersionStages: readonly string[]
  }
  'secretsmanager:RemoveRegionsFromReplication': Nothing
  'secretsmanager:ReplicateSecretToRegions': Nothing
  'secretsmanager:RestoreSecret': SecretRef
  'secretsmanager:RotateSecret': SecretRef & { readonly VersionId?: string }
  'secretsmanager:StopReplicationToReplica': Nothing
  'secretsmanager:TagResource': Nothing
  'secretsmanager:UntagResource': Nothing
  'secretsmanager:UpdateSecret': SecretRef & { readonly VersionId?: string }
  'secretsmanager:UpdateSecretVersionStage': SecretRef
  'secretsmanager:ValidateResourcePolicy': {
    readonly PolicyValidationPassed: boolean
    readonly ValidationErrors: readonly {
      readonly CheckName: string
      readonly ErrorMessage: string
    }[]
  }

  'keyhearth:ListItems': {
    readonly Items: readonly ItemSummary[]
    /** How many there are without `Limit`. */
    readonly Total: number
    /** Groups of items that cannot be read: their rows are missing or were changed. */
    readonly Damaged: number
    /** The person's own tags, of all items that are not in the trash, in order. */
    readonly Tags: readonly string[]
  }
  'keyhearth:GetItem': {
    readonly Item: WrittenItem
    readonly SecretId: string
    readonly VersionId: string
    /** To be given back with a change. */
    readonly Revision: number
    readonly AskAgain: boolean
    /** Of the secret; its oldest version may be gone. */
    readonly CreatedAt: number
    /** Newest first. */
    readonly Versions: readonly ItemVersion[]
  }
  'keyhearth:PutItem': {
    readonly SecretId: string
    readonly VersionId: string
    readonly Revision: number
  }
  'keyhearth:ChangeItems': { readonly Changed: number }
  'keyhearth:GetItemDraft': { readonly Value: string | null }
  'keyhearth:PutItemDraft': Nothing
  /** The newest first; what is in them is read one by one. */
  'keyhearth:ListItemDrafts': {
    readonly Drafts: readonly {
      readonly DraftId: string
      readonly Title: string
      readonly AskAgain: boolean
      /** Absent for a new one. */
      readonly SecretId?: string
    }[]
  }
  /** The fields of the page that now hold something: names of the item's fields. */
  'keyhearth:FillItem': { readonly Filled: readonly string[] }
  'keyhearth:FinishRotation': Nothing
  /** Logins and API keys. */
  'keyhearth:ExamineItems': {
    readonly Items: readonly {
      readonly SecretId: string
      readonly Title: string
      readonly Kind: 'login' | 'api-key'
      /** Of a login, empty for none; absent where the person wants to be asked again, and was not. */
      readonly Password?: string
      readonly HasOneTimeCode: boolean
      readonly Uris: readonly string[]
      /** When the value was last changed: a mark or a tag changes none. */
      readonly ChangedAt: number
    }[]
    /** Of this page. */
    readonly Unreadable: readonly UnreadableItem[]
    /** Groups of items that cannot be read. */
    readonly Damaged: number
    readonly NextToken?: string
  }
  'keyhearth:CompareItems': {
    /** In the order of the request. */
    readonly Found: readonly {
      /** One that has all of it; files are compared by their names and sizes alone. */
      readonly Same?: string
      /** Those of that kind, title, user name and hosts that can be read; so many at most. */
      readonly Alike: readonly string[]
    }[]
    readonly Unreadable: readonly UnreadableItem[]
  }
  'keyhearth:ExportItems': {
    readonly Items: readonly {
      readonly SecretId: string
      readonly Item: WrittenItem
      /** What it was before, newest first; absent where it was never another. */
      readonly Older?: readonly { readonly Item: WrittenItem; readonly At: number }[]
      readonly AskAgain: boolean
      readonly CreatedAt: number
      readonly ChangedAt: number
    }[]
    /** Of this page. */
    readonly Unreadable: readonly UnreadableItem[]
    /** Groups of items that cannot be read. */
    readonly Damaged: number
    readonly NextToken?: string
  }
  /** Of the message that it is kept as (encryption-sdk/keyHandover). */
  'keyhearth:StartAttachment': {
    readonly AttachmentId: string
    readonly Header: Bytes
    readonly MessageKey: Bytes
  }
  'keyhearth:AddToAttachment': Nothing
  'keyhearth:OpenAttachment': { readonly MessageKey: Bytes }
  'keyhearth:GetAttachmentPart': {
    readonly Content: Bytes
    /** How many there are. */
    readonly Parts: number
  }
  'keyhearth:StartImport': { readonly ImportId: string }
  'keyhearth:AddToImport': { readonly Items: number }
  'keyhearth:FinishImport': { readonly Items: number }
  'keyhearth:AbortImport': Nothing
  'keyhearth:RemoveAbandoned': Nothing
  'keyhearth:ListDueSecrets': {
    readonly Secrets: readonly {
      readonly SecretId: string
      readonly Operation: 'keyhearth:DeleteDueSecret' | 'keyhearth:RotateDueSecret'
    }[]
  }
  'keyhearth:DeleteDueSecret': Nothing
  'keyhearth:RotateDueSecret': Nothing
}
