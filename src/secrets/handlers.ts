// secrets: Secrets Manager: secrets, their versions and staging labels. This file: which handler does what.

import type { Handler, Handlers } from '../hsm/context.ts'
import { type RandomPasswordProblem, randomPassword } from '../items/randomPassword.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { itemOperations, secretsOperations } from '../protocol/secretsOperations.ts'
import { getAttachmentPart, openAttachment } from './attachmentReading.ts'
import { addToAttachment, startAttachment } from './attachments.ts'
import { compareItems } from './comparing.ts'
import { listDueSecrets } from './due.ts'
import { examineItems, exportItems } from './exports.ts'
import { abortImport, addToImport, finishImport, removeAbandoned, startImport } from './imports.ts'
import { getItemDraft, listItemDrafts, putItemDraft } from './itemDrafts.ts'
import { listItems } from './itemListing.ts'
import { changeItems, getItem, putItem } from './items.ts'
import * as secrets from './operations.ts'
import * as policies from './policies.ts'
import * as reading from './reading.ts'
import * as regions from './regions.ts'
import * as rotation from './rotation.ts'

const getRandomPassword: Handler<'secretsmanager:GetRandomPassword'> = async (_context, input) => {
  const made = randomPassword(input)
  if ('problem' in made) {
    throw new KeyhearthError('secret-invalid', { what: problems[made.problem] })
  }
  return { RandomPassword: made.password }
}

const problems = {
  'length-out-of-range': 'PasswordLength is from 1 to 4096',
  'too-many-excluded-characters': 'ExcludeCharacters has at most 4096 characters',
  'nothing-left': 'Nothing is left to make a password of: exclude less',
  'too-short-for-each-type': 'PasswordLength is too short for one character of each included type',
} as const satisfies Record<RandomPasswordProblem, string>

type Name = keyof typeof secretsOperations | keyof typeof itemOperations

/** All but what asks a page of the web, which the gate does. */
export const secretsHandlers: Pick<Handlers, Exclude<Name, 'keyhearth:FillItem'>> = {
  'secretsmanager:BatchGetSecretValue': reading.batchGetSecretValue,
  'secretsmanager:CancelRotateSecret': rotation.cancelRotateSecret,
  'secretsmanager:CreateSecret': secrets.createSecret,
  'secretsmanager:DeleteResourcePolicy': policies.deleteResourcePolicy,
  'secretsmanager:DeleteSecret': secrets.deleteSecret,
  'secretsmanager:DescribeSecret': reading.describeSecret,
  'secretsmanager:GetRandomPassword': getRandomPassword,
  'secretsmanager:GetResourcePolicy': policies.getResourcePolicy,
  'secretsmanager:GetSecretValue': reading.getSecretValue,
  'secretsmanager:ListSecretVersionIds': reading.listSecretVersionIds,
  'secretsmanager:ListSecrets': reading.listSecrets,
  'secretsmanager:PutResourcePolicy': policies.putResourcePolicy,
  'secretsmanager:PutSecretValue': secrets.putSecretValue,
  'secretsmanager:RemoveRegionsFromReplication': regions.removeRegionsFromReplication,
  'secretsmanager:ReplicateSecretToRegions': regions.replicateSecretToRegions,
  'secretsmanager:RestoreSecret': secrets.restoreSecret,
  'secretsmanager:RotateSecret': rotation.rotateSecret,
  'secretsmanager:StopReplicationToReplica': regions.stopReplicationToReplica,
  'secretsmanager:TagResource': secrets.tagResource,
  'secretsmanager:UntagResource': secrets.untagResource,
  'secretsmanager:UpdateSecret': secrets.updateSecret,
  'secretsmanager:UpdateSecretVersionStage': secrets.updateSecretVersionStage,
  'secretsmanager:ValidateResourcePolicy': policies.validateResourcePolicy,
  'keyhearth:ListItems': listItems,
  'keyhearth:GetItem': getItem,
  'keyhearth:PutItem': putItem,
  'keyhearth:ChangeItems': changeItems,
  'keyhearth:GetItemDraft': getItemDraft,
  'keyhearth:PutItemDraft': putItemDraft,
  'keyhearth:ListItemDrafts': listItemDrafts,
  'keyhearth:FinishRotation': rotation.finishRotation,
  'keyhearth:ExamineItems': examineItems,
  'keyhearth:CompareItems': compareItems,
  'keyhearth:ExportItems': exportItems,
  'keyhearth:StartAttachment': startAttachment,
  'keyhearth:AddToAttachment': addToAttachment,
  'keyhearth:OpenAttachment': openAttachment,
  'keyhearth:GetAttachmentPart': getAttachmentPart,
  'keyhearth:StartImport': startImport,
  'keyhearth:AddToImport': addToImport,
  'keyhearth:FinishImport': finishImport,
  'keyhearth:AbortImport': abortImport,
  'keyhearth:RemoveAbandoned': removeAbandoned,
  'keyhearth:ListDueSecrets': listDueSecrets,
  'keyhearth:DeleteDueSecret': secrets.deleteDueSecret,
  'keyhearth:RotateDueSecret': rotation.rotateDueSecret,
}
