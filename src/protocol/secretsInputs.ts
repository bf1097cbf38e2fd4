// protocol: the contract every context speaks. This file: the shape of every request about secrets. Limits are
// those of the Secrets Manager API reference; items are the person's own.

import * as v from 'valibot'
import { bytes, integer, keyId, optional, recipient, text } from './fields.ts'
import { attachmentMaxBytes, attachmentPartBytes, mostFiles, mostOlder } from './limits.ts'
import { unlocking } from './proofs.ts'

const secretId = text(2048)
const clientRequestToken = text(64, 32)
const versionStage = text(256)
const versionStages = v.pipe(v.array(versionStage), v.minLength(1), v.maxLength(20))
const secretString = text(65536)
const secretBinary = bytes(65536, 1)
const description = text(2048, 0)
const secretName = v.pipe(
  text(512),
  v.regex(/^[\w/+=.@-]+$/, 'may hold letters, digits and /_+=.@- only'),
)
const tagKey = text(128)
const tags = v.pipe(v.array(v.strictObject({ Key: tagKey, Value: text(256, 0) })), v.maxLength(50))
const nextToken = text(4096)
const regionName = v.pipe(text(64), v.regex(/^([a-z]+-)+\d+$/, 'is no region'))
const replicaRegions = v.pipe(
  v.array(v.strictObject({ Region: regionName, KmsKeyId: optional(keyId) })),
  v.minLength(1),
)
const policy = text(20_480)
const filters = v.pipe(
  v.array(
    v.strictObject({
      Key: optional(
        v.picklist([
          'description',
          'name',
          'tag-key',
          'tag-value',
          'primary-region',
          'owning-service',
          'all',
        ]),
      ),
      Values: optional(v.pipe(v.array(text(512)), v.maxLength(10))),
    }),
  ),
  v.maxLength(10),
)
const rotationRules = v.strictObject({
  AutomaticallyAfterDays: optional(integer(1, 1000)),
  Duration: optional(v.pipe(text(3, 2), v.regex(/^\d{1,2}h$/, 'is hours, as 3h'))),
  ScheduleExpression: optional(text(256)),
})
/** Secrets that another company holds (managed external secrets): read, so that they are refused in words. */
const secretType = optional(text(256))
const externalRotation = {
  ExternalSecretRotationMetadata: optional(
    v.array(v.strictObject({ Key: optional(text(256, 0)), Value: optional(text(2048, 0)) })),
  ),
  ExternalSecretRotationRoleArn: optional(text(2048)),
}
const value = { SecretString: optional(secretString), SecretBinary: optional(secretBinary) }

export const secretsInputs = {
  'secretsmanager:BatchGetSecretValue': v.strictObject({
    SecretIdList: optional(v.pipe(v.array(secretId), v.minLength(1), v.maxLength(20))),
    Filters: optional(filters),
    MaxResults: optional(integer(1, 20)),
    NextToken: optional(nextToken),
  }),
  'secretsmanager:CancelRotateSecret': v.strictObject({ SecretId: secretId }),
  'secretsmanager:CreateSecret': v.strictObject({
    Name: secretName,
    ...value,
    Description: optional(description),
    KmsKeyId: optional(keyId),
    ClientRequestToken: optional(clientRequestToken),
    Tags: optional(tags),
    AddReplicaRegions: optional(replicaRegions),
    ForceOverwriteReplicaSecret: optional(v.boolean()),
    Type: secretType,
  }),
  'secretsmanager:DeleteResourcePolicy': v.strictObject({ SecretId: secretId }),
  'secretsmanager:DeleteSecret': v.strictObject({
    SecretId: secretId,
    RecoveryWindowInDays: optional(integer(7, 30)),
    ForceDeleteWithoutRecovery: optional(v.boolean()),
  }),
  'secretsmanager:DescribeSecret': v.strictObject({ SecretId: secretId }),
  'secretsmanager:GetRandomPassword': v.strictObject({
    PasswordLength: optional(integer(1, 4096)),
    ExcludeCharacters: optional(text(4096, 0)),
    ExcludeNumbers: optional(v.boolean()),
    ExcludePunctuation: optional(v.boolean()),
    ExcludeUppercase: optional(v.boolean()),
    ExcludeLowercase: optional(v.boolean()),
    IncludeSpace: optional(v.boolean()),
    RequireEachIncludedType: optional(v.boolean()),
  }),
  'secretsmanager:GetResourcePolicy': v.strictObject({ SecretId: secretId }),
  'secretsmanager:GetSecretValue': v.strictObject({
    SecretId: secretId,
    VersionId: optional(clientRequestToken),
    VersionStage: optional(versionStage),
  }),
  'secretsmanager:ListSecretVersionIds': v.strictObject({
    SecretId: secretId,
    MaxResults: optional(integer(1, 100)),
    NextToken: optional(nextToken),
    IncludeDeprecated: optional(v.boolean()),
  }),
  'secretsmanager:ListSecrets': v.strictObject({
    IncludePlannedDeletion: optional(v.boolean()),
    MaxResults: optional(integer(1, 100)),
    NextToken: optional(nextToken),
    Filters: optional(filters),
    SortOrder: optional(v.picklist(['asc', 'desc'])),
    SortBy: optional(
      v.picklist(['created-date', 'last-accessed-date', 'last-changed-date', 'name']),
    ),
  }),
  'secretsmanager:PutResourcePolicy': v.strictObject({
    SecretId: secretId,
    ResourcePolicy: policy,
    BlockPublicPolicy: optional(v.boolean()),
  }),
  'secretsmanager:PutSecretValue': v.strictObject({
    SecretId: secretId,
    ClientRequestToken: optional(clientRequestToken),
    ...value,
    VersionStages: optional(versionStages),
    RotationToken: optional(text(256, 36)),
  }),
  'secretsmanager:RemoveRegionsFromReplication': v.strictObject({
    SecretId: secretId,
    RemoveReplicaRegions: v.pipe(v.array(regionName), v.minLength(1)),
  }),
  'secretsmanager:ReplicateSecretToRegions': v.strictObject({
    SecretId: secretId,
    AddReplicaRegions: replicaRegions,
    ForceOverwriteReplicaSecret: optional(v.boolean()),
  }),
  'secretsmanager:RestoreSecret': v.strictObject({ SecretId: secretId }),
  'secretsmanager:RotateSecret': v.strictObject({
    SecretId: secretId,
    ClientRequestToken: optional(clientRequestToken),
    RotationLambdaARN: optional(text(2048, 0)),
    RotationRules: optional(rotationRules),
    RotateImmediately: optional(v.boolean()),
    ...externalRotation,
  }),
  'secretsmanager:StopReplicationToReplica': v.strictObject({ SecretId: secretId }),
  'secretsmanager:TagResource': v.strictObject({ SecretId: secretId, Tags: tags }),
  'secretsmanager:UntagResource': v.strictObject({
    SecretId: secretId,
    TagKeys: v.pipe(v.array(tagKey), v.maxLength(50)),
  }),
  'secretsmanager:UpdateSecret': v.strictObject({
    SecretId: secretId,
    ...value,
    Description: optional(description),
    KmsKeyId: optional(keyId),
    ClientRequestToken: optional(clientRequestToken),
    Type: secretType,
  }),
  'secretsmanager:UpdateSecretVersionStage': v.strictObject({
    SecretId: secretId,
    VersionStage: versionStage,
    RemoveFromVersionId: optional(clientRequestToken),
    MoveToVersionId: optional(clientRequestToken),
  }),
  'secretsmanager:ValidateResourcePolicy': v.strictObject({
    SecretId: optional(secretId),
    ResourcePolicy: policy,
  }),
} as const

/** As items/item has it; a test holds the two together. */
const itemKinds = [
  'login',
  'note',
  'card',
  'identity',
  'api-key',
  'ssh-key',
  'totp',
  'attachment',
  'value',
] as const
const mostText = 65_536
const ownText = text(mostText, 0)
const attachmentId = v.pipe(text(64), v.uuid())
const fileName = text(1024)
const mediaType = text(256, 0)
const item = v.strictObject({
  kind: v.picklist(itemKinds),
  title: text(256),
  fields: v.record(text(64), ownText),
  uris: v.pipe(v.array(text(2048)), v.maxLength(50)),
  notes: ownText,
  own: v.pipe(
    v.array(v.strictObject({ name: text(256, 0), value: ownText, hidden: v.boolean() })),
    v.maxLength(200),
  ),
  files: optional(
    v.pipe(
      v.array(
        v.strictObject({
          id: attachmentId,
          name: fileName,
          type: mediaType,
          size: integer(0, attachmentMaxBytes),
        }),
      ),
      v.maxLength(mostFiles),
      v.readonly(),
    ),
  ),
  tags: v.pipe(v.array(tagKey), v.maxLength(50)),
  favourite: v.boolean(),
})
/** The person's item as the screens write it: items/item's `Item`. */
export type WrittenItem = v.InferOutput<typeof item>

/** Seconds since 1970. */
const time = v.pipe(v.number(), v.minValue(0), v.maxValue(8_640_000_000_000))
const draftId = v.pipe(text(64), v.uuid())
const importId = v.pipe(text(64), v.uuid())
const start = optional(integer(0, 10_000_000))

export const itemInputs = {
  'keyhearth:ListItems': v.strictObject({
    Query: optional(text(1024, 0)),
    /** Of the tab: what is for it comes first. */
    Url: optional(text(16_384, 0)),
    Kind: optional(v.picklist(itemKinds)),
    Tag: optional(text(256)),
    /** What is in the trash, instead of what is not. */
    Deleted: optional(v.boolean()),
    Favourite: optional(v.boolean()),
    Sort: optional(v.picklist(['title', 'changed', 'created', 'used'])),
    Descending: optional(v.boolean()),
    Start: start,
    Limit: optional(integer(1, 500)),
  }),
  'keyhearth:GetItem': v.strictObject({
    SecretId: secretId,
    VersionId: optional(clientRequestToken),
    /** Where the person wants to be asked again. */
    Proof: optional(v.union(unlocking)),
  }),
  'keyhearth:PutItem': v.strictObject({
    /** Absent: a new one. */
    SecretId: optional(secretId),
    Item: item,
    /** What the change is based on; another since then is a conflict. */
    Revision: optional(integer(0, Number.MAX_SAFE_INTEGER)),
    AskAgain: optional(v.boolean()),
    /** Where the person wants to be asked again, and from now on no more. */
    Proof: optional(v.union(unlocking)),
  }),
  'keyhearth:ChangeItems': v.strictObject({
    SecretIds: v.pipe(v.array(secretId), v.minLength(1), v.maxLength(10_000)),
    Change: v.variant('Kind', [
      v.strictObject({ Kind: v.literal('favourite'), Favourite: v.boolean() }),
      v.strictObject({ Kind: v.literal('tag'), Tag: tagKey }),
      v.strictObject({ Kind: v.literal('untag'), Tag: tagKey }),
      v.strictObject({ Kind: v.literal('delete') }),
      v.strictObject({ Kind: v.literal('restore') }),
      v.strictObject({ Kind: v.literal('destroy') }),
    ]),
  }),
  // Half-written, so that a window that closes loses nothing.
  'keyhearth:GetItemDraft': v.strictObject({
    DraftId: draftId,
    /** Where its secret is to be asked for again. */
    Proof: optional(v.union(unlocking)),
  }),
  'keyhearth:PutItemDraft': v.strictObject({
    DraftId: draftId,
    /** `null`: it is given up, or saved. */
    Draft: v.nullable(
      v.strictObject({
        Value: text(1_000_000, 0),
        /** Absent for a new one. */
        SecretId: optional(secretId),
        Title: text(256, 0),
        AskAgain: v.boolean(),
      }),
    ),
  }),
  'keyhearth:ListItemDrafts': v.strictObject({}),
  'keyhearth:FillItem': v.strictObject({
    SecretId: secretId,
    TabId: integer(0, Number.MAX_SAFE_INTEGER),
    Proof: optional(v.union(unlocking)),
  }),
  'keyhearth:FinishRotation': v.strictObject({ SecretId: secretId }),
  'keyhearth:ExamineItems': v.strictObject({
    /** With the first page: for the passwords of what is to be asked for again as well. */
    Proof: optional(v.union(unlocking)),
    NextToken: optional(nextToken),
  }),
  /** Of a file, before it comes in: which are there already, and whole. */
  'keyhearth:CompareItems': v.strictObject({
    Items: v.pipe(
      v.array(
        v.strictObject({
          Item: item,
          AskAgain: optional(v.boolean()),
          Older: optional(v.pipe(v.array(item), v.maxLength(mostOlder))),
          /** What is to be kept with it. */
          Files: optional(
            v.pipe(
              v.array(v.strictObject({ Name: fileName, Size: integer(0, attachmentMaxBytes) })),
              v.maxLength(mostFiles),
            ),
          ),
        }),
      ),
      v.minLength(1),
      v.maxLength(1000),
    ),
  }),
  'keyhearth:ExportItems': v.strictObject({
    /** With the first page. */
    Proof: optional(v.union(unlocking)),
    NextToken: optional(nextToken),
  }),
  'keyhearth:StartAttachment': v.strictObject({
    /** The secret it will belong to, where there is one already: for the key it has chosen. */
    SecretId: optional(secretId),
    Size: integer(0, attachmentMaxBytes),
    Recipient: recipient,
  }),
  'keyhearth:AddToAttachment': v.strictObject({
    AttachmentId: attachmentId,
    /** Which it is, from 0. */
    Part: integer(0, 1000),
    Content: bytes(attachmentPartBytes, 1),
    /** Nothing comes after it. */
    Last: v.boolean(),
  }),
  'keyhearth:OpenAttachment': v.strictObject({
    SecretId: secretId,
    VersionId: optional(clientRequestToken),
    AttachmentId: attachmentId,
    Header: bytes(1 << 20, 1),
    Recipient: recipient,
    /** Where the person wants to be asked again. */
    Proof: optional(v.union(unlocking)),
  }),
  'keyhearth:GetAttachmentPart': v.strictObject({
    SecretId: secretId,
    AttachmentId: attachmentId,
    Part: integer(0, 1000),
  }),
  'keyhearth:StartImport': v.strictObject({}),
  'keyhearth:AddToImport': v.strictObject({
    ImportId: importId,
    Items: v.pipe(
      v.array(
        v.strictObject({
          Item: item,
          /** The secret whose value it becomes; absent: it is a new one. */
          Replaces: optional(secretId),
          /** For a new one, and for one whose value is replaced; `false` takes nothing back. */
          AskAgain: optional(v.boolean()),
          CreatedAt: optional(time),
          ChangedAt: optional(time),
          /** What it was before, newest first. */
          Older: optional(
            v.pipe(
              v.array(v.strictObject({ Item: item, At: optional(time) })),
              v.maxLength(mostOlder),
            ),
          ),
        }),
      ),
      v.minLength(1),
      v.maxLength(1000),
    ),
  }),
  'keyhearth:FinishImport': v.strictObject({ ImportId: importId }),
  'keyhearth:AbortImport': v.strictObject({
    ImportId: importId,
    /** Of files that were sent for it, and not yet added with an item. */
    AttachmentIds: optional(v.pipe(v.array(attachmentId), v.maxLength(50_000))),
  }),
  'keyhearth:RemoveAbandoned': v.strictObject({}),
  'keyhearth:ListDueSecrets': v.strictObject({}),
  'keyhearth:DeleteDueSecret': v.strictObject({ SecretId: secretId }),
  'keyhearth:RotateDueSecret': v.strictObject({ SecretId: secretId }),
} as const
