// protocol: the contract every context speaks. This file: the operations of AWS Secrets Manager, all of them,
// in the order of its API reference, and what the person's own screens do with secrets. `differs` says where
// Keyhearth is not AWS; docs/secrets.md is made from it.

import { changes, type OperationRow, reads } from './operationRow.ts'

export interface SecretsOperationRow extends OperationRow {
  /** Absent where it does what AWS documents. One sentence otherwise. */
  readonly differs?: string
}

const anyone = { callers: ['extension', 'page'], right: 'secrets' } as const
const alwaysRefused = 'Always refused: there is one region, browser-1, and so no replica.'
const noPartner = '`Type` is refused: no partner of AWS’s holds secrets for Keyhearth.'

export const secretsOperations = {
  'secretsmanager:BatchGetSecretValue': {
    ...anyone,
    ...reads,
    reveals: true,
    record: ['SecretIdList', 'Filters', 'MaxResults'],
  },
  'secretsmanager:CancelRotateSecret': {
    ...anyone,
    ...changes,
    record: ['SecretId'],
    respond: ['ARN', 'Name', 'VersionId'],
    differs: '`AWSPENDING` is taken off as well; a version with no other label goes.',
  },
  'secretsmanager:CreateSecret': {
    ...anyone,
    ...changes,
    record: ['Name', 'Description', 'KmsKeyId', 'ClientRequestToken'],
    respond: ['ARN', 'Name', 'VersionId'],
    differs: `${noPartner} So is \`AddReplicaRegions\`: there is one region.`,
  },
  'secretsmanager:DeleteResourcePolicy': { ...anyone, ...changes, record: ['SecretId'] },
  'secretsmanager:DeleteSecret': {
    ...anyone,
    ...changes,
    record: ['SecretId', 'RecoveryWindowInDays', 'ForceDeleteWithoutRecovery'],
    respond: ['ARN', 'Name', 'DeletionDate'],
  },
  'secretsmanager:DescribeSecret': { ...anyone, ...reads, record: ['SecretId'] },
  'secretsmanager:GetRandomPassword': { ...anyone, ...reads, record: ['PasswordLength'] },
  'secretsmanager:GetResourcePolicy': { ...anyone, ...reads, record: ['SecretId'] },
  'secretsmanager:GetSecretValue': {
    ...anyone,
    ...reads,
    reveals: true,
    record: ['SecretId', 'VersionId', 'VersionStage'],
  },
  'secretsmanager:ListSecretVersionIds': {
    ...anyone,
    ...reads,
    record: ['SecretId', 'IncludeDeprecated'],
  },
  'secretsmanager:ListSecrets': {
    ...anyone,
    ...reads,
    record: ['MaxResults', 'NextToken', 'IncludePlannedDeletion', 'Filters', 'SortOrder'],
  },
  'secretsmanager:PutResourcePolicy': {
    ...anyone,
    ...changes,
    record: ['SecretId', 'ResourcePolicy', 'BlockPublicPolicy'],
    differs: 'Principals are accounts and web origins (`{"Federated": "https://example.com"}`).',
  },
  'secretsmanager:PutSecretValue': {
    ...anyone,
    ...changes,
    record: ['SecretId', 'ClientRequestToken', 'VersionStages'],
    respond: ['ARN', 'VersionId', 'VersionStages'],
  },
  'secretsmanager:RemoveRegionsFromReplication': {
    ...anyone,
    ...changes,
    record: ['SecretId', 'RemoveReplicaRegions'],
    differs: alwaysRefused,
  },
  'secretsmanager:ReplicateSecretToRegions': {
    ...anyone,
    ...changes,
    record: ['SecretId', 'AddReplicaRegions'],
    differs: alwaysRefused,
  },
  'secretsmanager:RestoreSecret': { ...anyone, ...changes, record: ['SecretId'] },
  'secretsmanager:RotateSecret': {
    ...anyone,
    ...changes,
    record: [
      'SecretId',
      'ClientRequestToken',
      'RotationLambdaARN',
      'RotationRules',
      'RotateImmediately',
    ],
    respond: ['ARN', 'VersionId'],
    differs:
      '`RotationLambdaARN` names a hook of Keyhearth’s: a new password and a reminder, or the site’s own page. The two `ExternalSecret…` members are refused.',
  },
  'secretsmanager:StopReplicationToReplica': {
    ...anyone,
    ...changes,
    record: ['SecretId'],
    differs: alwaysRefused,
  },
  'secretsmanager:TagResource': { ...anyone, ...changes, record: ['SecretId'] },
  'secretsmanager:UntagResource': { ...anyone, ...changes, record: ['SecretId', 'TagKeys'] },
  'secretsmanager:UpdateSecret': {
    ...anyone,
    ...changes,
    record: ['SecretId', 'Description', 'KmsKeyId', 'ClientRequestToken'],
    respond: ['ARN', 'Name', 'VersionId'],
    differs: noPartner,
  },
  'secretsmanager:UpdateSecretVersionStage': {
    ...anyone,
    ...changes,
    record: ['SecretId', 'VersionStage', 'RemoveFromVersionId', 'MoveToVersionId'],
    respond: ['ARN', 'Name'],
  },
  'secretsmanager:ValidateResourcePolicy': { ...anyone, ...reads, record: ['SecretId'] },
} as const satisfies Record<string, SecretsOperationRow>

const person = { callers: ['extension'] } as const
const quiet = { unlocked: true, mutates: false, record: null } as const

/** The person's own items: what the screens show and change. */
export const itemOperations = {
  'keyhearth:ListItems': { ...person, ...quiet },
  'keyhearth:GetItem': { ...person, ...reads, record: ['SecretId', 'VersionId'] },
  'keyhearth:PutItem': {
    ...person,
    ...changes,
    record: ['SecretId'],
    respond: ['SecretId', 'VersionId'],
  },
  'keyhearth:ChangeItems': {
    ...person,
    ...changes,
    record: ['SecretIds', 'Change'],
  },
  'keyhearth:GetItemDraft': { ...person, ...quiet },
  'keyhearth:PutItemDraft': { ...person, ...quiet, mutates: true },
  'keyhearth:ListItemDrafts': { ...person, ...quiet },
  'keyhearth:FillItem': { ...person, ...reads, record: ['SecretId'] },
  'keyhearth:FinishRotation': { ...person, ...changes, record: ['SecretId'] },
  /** All at once for the screen that compares passwords; its pages are one event. */
  'keyhearth:ExamineItems': { ...person, ...reads, record: [], goesOn: 'NextToken' },
  'keyhearth:CompareItems': { ...person, ...reads, record: [] },
  'keyhearth:ExportItems': { ...person, ...reads, record: [], goesOn: 'NextToken' },
  // A file of an item: it is sent in parts and belongs to nothing until an item is written that names it.
  'keyhearth:StartAttachment': { ...person, ...quiet, mutates: true },
  'keyhearth:AddToAttachment': { ...person, ...quiet, mutates: true },
  'keyhearth:OpenAttachment': {
    ...person,
    ...reads,
    record: ['SecretId', 'VersionId', 'AttachmentId'],
  },
  'keyhearth:GetAttachmentPart': { ...person, ...quiet },
  // An import: its items come in parts and count from the last one on, all or none.
  'keyhearth:StartImport': { ...person, ...quiet, mutates: true },
  'keyhearth:AddToImport': { ...person, ...quiet, mutates: true },
  'keyhearth:FinishImport': { ...person, ...changes, record: [], respond: ['Items'] },
  'keyhearth:AbortImport': { ...person, ...quiet, mutates: true },
  // What was sent in parts and never finished
  'keyhearth:RemoveAbandoned': { ...person, ...quiet, mutates: true },
  // What becomes of secrets by itself, once its day has come
  'keyhearth:ListDueSecrets': { ...person, ...reads, record: null },
  'keyhearth:DeleteDueSecret': { ...person, ...changes, record: ['SecretId'] },
  'keyhearth:RotateDueSecret': { ...person, ...changes, record: ['SecretId'] },
} as const satisfies Record<string, OperationRow>
