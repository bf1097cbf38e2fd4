// ui: what the person sees; speaks the protocol like any other client. This file: giving the background many items:
// in parts, and all or none. An import lives as long as the background's worker: when that ends in between, nothing
// was kept, and it begins again.

import { encodeUtf8 } from '../codec/text.ts'
import type { Attachment } from '../interchange/format.ts'
import type { ItemFile } from '../items/item.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Input } from '../protocol/schemas.ts'
import { addFile } from './attachments.ts'
import { call } from './call.ts'
import { t } from './words.ts'

export type SentItem = Input<'keyhearth:AddToImport'>['Items'][number]

/** An item, and the files that are to be kept with it. */
export interface ToSend {
  readonly item: SentItem
  readonly files: readonly Attachment[]
}

export const isReplacing = ({ item }: ToSend): boolean => item.Replaces !== undefined

const part = { items: 500, bytes: 4 * 1024 * 1024 } as const
const mostTries = 3

/** In order, each within the bounds; an item larger than them has a part to itself. Pure. */
export function* partsOf(
  items: readonly ToSend[],
  bounds: { readonly items: number; readonly bytes: number } = part,
): Generator<ToSend[]> {
  let gathered: ToSend[] = []
  let bytes = 0
  for (const one of items) {
    const size = encodeUtf8(JSON.stringify(one.item)).byteLength
    const isFull = gathered.length === bounds.items || bytes + size > bounds.bytes
    if (gathered.length > 0 && isFull) {
      yield gathered
      gathered = []
      bytes = 0
    }
    gathered.push(one)
    bytes += size
  }
  if (gathered.length > 0) yield gathered
}

export interface Sending {
  readonly signal: AbortSignal
  /** How many have been taken; fewer than before where it began again. */
  readonly onSent: (count: number) => void
  /** From here on it cannot be given up. */
  readonly onFinishing: () => void
}

/** @returns how many are in the vault now, by this import. Rejects where none is. */
export async function sendItems(items: readonly ToSend[], sending: Sending): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      return await sendOnce(items, sending)
    } catch (error) {
      if (!isCutOff(error) || tries === mostTries) throw error
    }
  }
}

async function sendOnce(items: readonly ToSend[], sending: Sending): Promise<number> {
  sending.onSent(0)
  const { ImportId } = await call('keyhearth:StartImport', {})
  const unnamed: string[] = []
  try {
    return await sendParts(ImportId, items, sending, unnamed)
  } catch (error) {
    // Where it cannot, as behind a lock, the background does so when the vault is next opened.
    await call('keyhearth:AbortImport', { ImportId, AttachmentIds: unnamed }).catch(() => {})
    throw error
  }
}

/** @param unnamed is given the files that were sent, until the items they belong to have been */
async function sendParts(
  ImportId: string,
  items: readonly ToSend[],
  { signal, onSent, onFinishing }: Sending,
  unnamed: string[],
): Promise<number> {
  let sent = 0
  for (const part of partsOf(items)) {
    signal.throwIfAborted()
    const Items: SentItem[] = []
    for (const one of part) Items.push(await withFiles(one, signal, unnamed))
    await call('keyhearth:AddToImport', { ImportId, Items })
    unnamed.length = 0
    sent += Items.length
    onSent(sent)
  }
  signal.throwIfAborted()
  onFinishing()
  return finish(ImportId, items)
}

/** Its files are sent before it; they are its own once the import is finished. */
async function withFiles(
  { item, files }: ToSend,
  signal: AbortSignal,
  unnamed: string[],
): Promise<SentItem> {
  if (files.length === 0) return item
  const kept: ItemFile[] = []
  for (const { name, bytes } of files) {
    const content = new Blob([bytes]).stream()
    const given = { name: name || t('item_files'), type: '', size: bytes.byteLength, content }
    const onId = (id: string) => unnamed.push(id)
    kept.push(await addFile(given, { secretId: null, signal, tell: () => {}, onId }))
  }
  return { ...item, Item: { ...item.Item, files: kept } }
}

/**
 * An answer may be lost while what was asked for is done: then the count of all items tells. Where none of them is new,
 * it is asked for again: what has been replaced already stays as it is.
 */
async function finish(ImportId: string, items: readonly ToSend[]): Promise<number> {
  const fresh = items.filter((one) => !isReplacing(one)).length
  const before = await countItems()
  try {
    const { Items } = await call('keyhearth:FinishImport', { ImportId })
    return Items
  } catch (error) {
    const isDone = fresh > 0 && isCutOff(error) && (await countItems()) >= before + fresh
    if (isDone) return items.length
    throw error
  }
}

async function countItems(): Promise<number> {
  const { Total } = await call('keyhearth:ListItems', { Limit: 1 })
  return Total
}

/** `internal` is also what a call gives whose worker ended before it could answer. */
const isCutOff = (error: unknown): boolean =>
  error instanceof KeyhearthError && ['import-gone', 'internal'].includes(error.reason)
