// secrets: Secrets Manager: secrets, their versions and staging labels. This file: files of an item, read.

import type { Handler } from '../hsm/context.ts'
import { openMessage } from '../kms/messages.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { contextOf, filesOf, partRow, parts } from './attachments.ts'
import { secretFor } from './find.ts'
import { versionOf } from './items.ts'
import type { StoredFile, VersionSummary } from './records.ts'

/** @throws KeyhearthError `attachment-gone` */
function fileIn(versions: readonly VersionSummary[], id: string): StoredFile {
  const file = filesOf(versions).get(id)
  if (!file) throw new KeyhearthError('attachment-gone')
  return file
}

export const openAttachment: Handler<'keyhearth:OpenAttachment'> = async (context, input) => {
  const { SecretId, VersionId, AttachmentId, Header, Recipient, Proof } = input
  const { version } = await versionOf(context, SecretId, {
    ...(VersionId === undefined ? {} : { versionId: VersionId }),
    ...(Proof === undefined ? {} : { proof: Proof }),
  })
  const { id } = fileIn([version], AttachmentId)
  const EncryptionContext = contextOf(id)
  const { MessageKey } = await openMessage(context, { Recipient, Header, EncryptionContext })
  return { MessageKey }
}

/** As it lies there: without the message's key it says nothing. */
export const getAttachmentPart: Handler<'keyhearth:GetAttachmentPart'> = async (
  context,
  { SecretId, AttachmentId, Part },
) => {
  const secret = await secretFor(context, SecretId, 'secretsmanager:GetSecretValue')
  const file = fileIn(secret.versions, AttachmentId)
  const row = await context.records.revisionNow(parts, partRow(file.id, Part))
  if (!row) throw new KeyhearthError('record-damaged', { what: 'attachment' })
  return { Content: row.value.content, Parts: file.parts }
}
