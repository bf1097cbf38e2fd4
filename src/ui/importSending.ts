// ui: what the person sees; speaks the protocol like any other client. This file: giving the background many items:
// in parts, and all or none. An import lives as long as the background's worker: when that ends in between, nothing
// was kept, and it begins again.

import { encodeUtf8 } from '../codec/text.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Input } from '../protocol/schemas.ts'
import { call } from './call.ts'

export type SentItem = Input<'keyhearth:AddToImport'>['Items'][number]

const part = { items: 500, bytes: 4 * 1024 * 1024 } as const
const mostTries = 3

/** In order, each within the bounds; an item larger than them has a part to itself. Pure. */
export function* partsOf(
  items: readonly SentItem[],
  bounds: { readonly items: number; readonly bytes: number } = part,
): Generator<SentItem[]> {
  let gathered: SentItem[] = []
  let bytes = 0
  for (const item of items) {
    const size = encodeUtf8(JSON.stringify(item)).byteLength
    const isFull = gathered.length === bounds.items || bytes + size > bounds.bytes
    if (gathered.length > 0 && isFull) {
      yield gathered
      gathered = []
      bytes = 0
    }
    gathered.push(item)
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
export async function sendItems(items: readonly SentItem[], sending: Sending): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      return await sendOnce(items, sending)
    } catch (error) {
      if (!isCutOff(error) || tries === mostTries) throw error
    }
  }
}

async function sendOnce(
  items: readonly SentItem[],
  { signal, onSent, onFinishing }: Sending,
): Promise<number> {
  onSent(0)
  const { ImportId } = await call('keyhearth:StartImport', {})
  let sent = 0
  for (const Items of partsOf(items)) {
    signal.throwIfAborted()
    await call('keyhearth:AddToImport', { ImportId, Items })
    sent += Items.length
    onSent(sent)
  }
  signal.throwIfAborted()
  onFinishing()
  return finish(ImportId, items.length)
}

/** An answer may be lost while what was asked for is done: then the count of all items tells. */
async function finish(ImportId: string, count: number): Promise<number> {
  const before = await countItems()
  try {
    const { Items } = await call('keyhearth:FinishImport', { ImportId })
    return Items
  } catch (error) {
    if (isCutOff(error) && (await countItems()) >= before + count) return count
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
