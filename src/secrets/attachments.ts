// secrets: Secrets Manager: secrets, their versions and staging labels. This file: files that belong to an item.
// A file is a message of the Encryption SDK's format, made and opened where the plaintext is (design section 4,
// "Bulk lane"), and lies in rows of a MiB. It belongs to nothing until a version is written whose value names it,
// and goes with the last such version. What was sent and never named is removed after a day.

import type { Bytes } from '../codec/bytes.ts'
import type { Context, Handler } from '../hsm/context.ts'
import { recordKind } from '../hsm/records.ts'
import type { ItemFile } from '../items/item.ts'
import { startMessage } from '../kms/messages.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { liveSecretFor } from './find.ts'
import type { SecretRecord, StoredFile, VersionSummary } from './records.ts'

/** One that no version names yet. */
interface Upload extends StoredFile {
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly complete: boolean
}

const uploads = recordKind<Upload>('attachments')
export const parts = recordKind<{ readonly content: Bytes }>('attachments')
export const partRow = (id: string, part: number): string => `${id}/${part}`

const keptMs = 86_400_000
const groupOf = ({ vault }: Context) => vault.label('unfinished attachments', '')
/** Holds a message to the file it is: rows put in another's place open nothing. */
export const contextOf = (id: string) => ({ 'keyhearth:attachment': id })

/** Their rows go with the commit. */
export function removeFiles(context: Context, files: readonly StoredFile[]): void {
  for (const file of files) {
    for (let part = 0; part < file.parts; part++) {
      context.staged.remove(parts, partRow(file.id, part))
    }
  }
}

export async function removeUploads(
  context: Context,
  which: (upload: Upload) => boolean,
): Promise<void> {
  for (const upload of await context.records.list(uploads, groupOf(context))) {
    if (!which(upload)) continue
    removeFiles(context, [upload])
    context.staged.remove(uploads, upload.id)
  }
}

export const removeOldUploads = (context: Context): Promise<void> =>
  removeUploads(context, ({ startedAt }) => startedAt + keptMs <= context.now)

export const startAttachment: Handler<'keyhearth:StartAttachment'> = async (
  context,
  { SecretId, Size, Recipient },
) => {
  await removeOldUploads(context)
  const secret =
    SecretId === undefined
      ? null
      : await liveSecretFor(context, SecretId, 'secretsmanager:PutSecretValue')
  const id = crypto.randomUUID()
  const { Header, MessageKey } = await startMessage(context, {
    Recipient,
    PlaintextLength: Size,
    AlgorithmSuite: '0478',
    EncryptionContext: contextOf(id),
    ...(secret?.kmsKeyId ? { KeyId: secret.kmsKeyId } : {}),
  })
  const upload: Upload = { id, parts: 0, startedAt: context.now, complete: false }
  context.staged.put(uploads, id, groupOf(context), upload)
  return { AttachmentId: id, Header, MessageKey }
}

/** @throws KeyhearthError `attachment-gone` */
async function uploadOf({ records }: Context, id: string): Promise<Upload> {
  const found = await records.revisionNow(uploads, id)
  if (!found) throw new KeyhearthError('attachment-gone')
  return found.value
}

export const addToAttachment: Handler<'keyhearth:AddToAttachment'> = async (
  context,
  { AttachmentId, Part, Content, Last },
) => {
  const upload = await uploadOf(context, AttachmentId)
  if (upload.complete || upload.parts !== Part) throw new KeyhearthError('attachment-gone')
  context.staged.put(parts, partRow(AttachmentId, Part), null, { content: Content })
  const next: Upload = { ...upload, parts: Part + 1, complete: Last }
  context.staged.put(uploads, AttachmentId, groupOf(context), next)
  return {}
}

/**
 * What a version is to keep of the files its item names: those the secret has already, and those that were sent
 * for it, which belong to it with this commit.
 *
 * @throws KeyhearthError `attachment-gone` for one that is neither, or was not sent whole
 */
export async function takeFiles(
  context: Context,
  secret: Pick<SecretRecord, 'versions'>,
  named: readonly ItemFile[],
): Promise<readonly StoredFile[]> {
  const known = filesOf(secret.versions)
  const taken: StoredFile[] = []
  for (const id of new Set(named.map((file) => file.id))) {
    const has = known.get(id)
    taken.push(has ?? (await takeUpload(context, id)))
  }
  return taken
}

async function takeUpload(context: Context, id: string): Promise<StoredFile> {
  const upload = await uploadOf(context, id)
  if (!upload.complete) throw new KeyhearthError('attachment-gone')
  context.staged.remove(uploads, id)
  return { id, parts: upload.parts }
}

/** By id, all that versions name. */
export const filesOf = (versions: readonly VersionSummary[]): ReadonlyMap<string, StoredFile> =>
  new Map(versions.flatMap(({ files = [] }) => files.map((file) => [file.id, file] as const)))
