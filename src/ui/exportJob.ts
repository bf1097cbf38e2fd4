// ui: what the person sees; speaks the protocol like any other client. This file: all secrets in one file, among the
// downloads.

import type { OlderWritten } from '../interchange/bitwardenWrite.ts'
import type { AttachedFile } from '../interchange/bitwardenZip.ts'
import type { ImportedItem, Unmapped } from '../interchange/format.ts'
import type { ItemFile } from '../items/item.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { SecretsOutputs } from '../protocol/secretsOutputs.ts'
import { readFile } from './attachments.ts'
import { call } from './call.ts'
import { save } from './fileStreams.ts'
import { intoDownloads } from './fileTargets.ts'
import { sealExport } from './ownExport.ts'
import type { ProofOfPerson } from './Proof.tsx'
import { everyItem } from './pagesOfItems.ts'
import { t } from './words.ts'

export const exportFormats = ['encrypted', 'bitwarden-zip', 'bitwarden-json', 'csv'] as const
export type ExportFormat = (typeof exportFormats)[number]

export interface ExportProgress {
  readonly items: number
  /** Attached files; 0 until all items have come. */
  readonly files: number
}

export interface ExportOrder {
  readonly format: ExportFormat
  /** Shows that it is the person: asked for once, and again for each file of a secret that asks again. */
  readonly prove: () => Promise<ProofOfPerson>
  /** Of the file, where it is encrypted. */
  readonly filePassphrase: string
  readonly tell: (progress: ExportProgress) => void
  readonly signal: AbortSignal
}

export interface MadeExport extends ExportProgress {
  readonly name: string
  readonly lost: readonly Unmapped[]
  /** Groups of secrets that are not in it, since they cannot be read. */
  readonly damaged: number
}

type Exported = SecretsOutputs['keyhearth:ExportItems']['Items'][number]

/** The file as it is before it is encrypted, where it is. */
interface Inner {
  readonly content: ReadableStream<Uint8Array>
  readonly type: string
  readonly extension: string
  /** Attached files that went into it; all of them once the content has been read. */
  readonly written: { files: number }
  readonly lost: Unmapped[]
}

/** @throws KeyhearthError `wrong-passphrase`, `wrong-passkey`, `too-many-attempts` */
export async function makeExport(order: ExportOrder): Promise<MadeExport> {
  const { format, signal } = order
  const { items, unreadable, damaged } = await everyExported(order)
  const inner = await innerOf(items, order)
  const name = `keyhearth-${new Date().toISOString().slice(0, 10)}.${inner.extension}`
  const isSealed = format === 'encrypted'
  const content = isSealed
    ? sealExport(inner.content, { name, type: inner.type }, order.filePassphrase)
    : inner.content
  const target = await intoDownloads({
    name: isSealed ? `${name}.keyhearth` : name,
    folders: [],
    type: isSealed ? 'application/octet-stream' : inner.type,
  })
  const saved = await save(content, target, signal)
  const lost = [
    ...unreadable.map(({ Title, Earlier }) => ({
      entry: Title,
      what: Earlier ? t('export_secrets_not_read_earlier') : t('export_secrets_not_read'),
    })),
    ...inner.lost,
  ]
  return { name: saved, items: items.length, files: inner.written.files, lost, damaged }
}

const everyExported = ({ prove, tell, signal }: ExportOrder) =>
  everyItem(
    async (NextToken) =>
      call(
        'keyhearth:ExportItems',
        NextToken === undefined ? { Proof: await prove() } : { NextToken },
      ),
    (items) => tell({ items, files: 0 }),
    signal,
  )

const importedOf = ({
  Item,
  Older = [],
  AskAgain,
  CreatedAt,
  ChangedAt,
}: Exported): ImportedItem => ({
  item: Item,
  createdAt: CreatedAt * 1000,
  changedAt: ChangedAt * 1000,
  ...(AskAgain ? { askAgain: true } : {}),
  ...(Older.length === 0
    ? {}
    : { older: Older.map(({ Item: item, At }) => ({ item, at: At * 1000 })) }),
})

/** Encrypted, it is what holds the most: with files where there are any. */
async function innerOf(items: readonly Exported[], order: ExportOrder): Promise<Inner> {
  const hasFiles = items.some(({ Item }) => Item.files?.length)
  const withFiles = order.format === 'bitwarden-zip' || (order.format === 'encrypted' && hasFiles)
  if (withFiles) return zipOf(items, order)
  const { writeExport } = await import('../interchange/writeExport.ts')
  const format = order.format === 'csv' ? 'csv' : 'bitwarden-json'
  const older = olderIn(order)
  const made = await writeExport(items.map(importedOf), format, older)
  const { bytes, mediaType, extension, lost } = made
  const content = new Blob([bytes]).stream()
  return { content, type: mediaType, extension, written: { files: 0 }, lost: [...lost] }
}

/** Other programs know of older passwords alone; what is sealed is for Keyhearth to read again. */
const olderIn = ({ format }: ExportOrder): OlderWritten =>
  format === 'encrypted' ? 'whole' : 'passwords'

interface ToAttach {
  readonly at: number
  readonly of: Exported
  readonly file: ItemFile
}

async function zipOf(items: readonly Exported[], order: ExportOrder): Promise<Inner> {
  const [{ filesWithRoom, writeBitwardenZip }, { olderLost }] = await Promise.all([
    import('../interchange/bitwardenZip.ts'),
    import('../interchange/writeExport.ts'),
  ])
  const imported = items.map(importedOf)
  const all = items.flatMap((of, at) => (of.Item.files ?? []).map((file) => ({ at, of, file })))
  const room = filesWithRoom(all.map(({ file }) => file.size))
  const lost: Unmapped[] = all.slice(room).map(({ of, file }) => ({
    entry: of.Item.title,
    what: t('export_secrets_no_room', [file.name]),
  }))
  if (olderIn(order) === 'passwords') lost.push(...imported.flatMap(olderLost))
  const written = { files: 0 }
  const files = attachedFiles(all.slice(0, room), order, lost, () => {
    written.files++
    order.tell({ items: items.length, files: written.files })
  })
  const pieces = writeBitwardenZip(imported, files, olderIn(order))
  return { content: streamOf(pieces), type: 'application/zip', extension: 'zip', written, lost }
}

/** One that is damaged is left out and named: the others are wanted all the more. */
async function* attachedFiles(
  files: readonly ToAttach[],
  { prove, signal }: ExportOrder,
  lost: Unmapped[],
  onFile: () => void,
): AsyncGenerator<AttachedFile> {
  for (const { at, of, file } of files) {
    try {
      // Read to its end first, which proves it: what stands in a ZIP cannot be taken back.
      const blob = await readFile(file, {
        secretId: of.SecretId,
        ...(of.AskAgain ? { proof: await prove() } : {}),
        signal,
        tell: () => {},
      })
      yield { at, name: file.name, content: blob.stream() }
      onFile()
    } catch (error) {
      if (!isDamage(error)) throw error
      lost.push({ entry: of.Item.title, what: t('export_secrets_unreadable', [file.name]) })
    }
  }
}

const damage: ReadonlySet<string> = new Set([
  'record-damaged',
  'attachment-gone',
  'message-malformed',
  'message-context-mismatch',
  'invalid-ciphertext',
])

const isDamage = (error: unknown): boolean =>
  error instanceof KeyhearthError && damage.has(error.reason)

/** Made as it is read. */
const streamOf = (pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>(
    {
      async pull(output) {
        const { done, value } = await pieces.next()
        if (done) output.close()
        else output.enqueue(value)
      },
      async cancel() {
        await pieces.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
