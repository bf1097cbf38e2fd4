// ui: what the person sees; speaks the protocol like any other client. This file: what of a file comes into the vault,
// as the person is shown it before anything does. Pure.

import type { Imported, ImportedItem, Unmapped } from '../interchange/format.ts'
import { type ItemKind, itemKinds } from '../items/item.ts'
import { fitItem } from './importFit.ts'
import type { SentItem } from './importSending.ts'
import { t } from './words.ts'

interface Planned {
  readonly sent: SentItem
  /** It is in the vault already, or stands in the file before. */
  readonly duplicate: boolean
}

export interface Plan {
  readonly fileName: string
  readonly format: string
  readonly items: readonly Planned[]
  readonly unmapped: readonly Unmapped[]
}

/** @param duplicates by their place among the file's items */
export function planOf(
  fileName: string,
  { format, items, unmapped }: Imported,
  duplicates: ReadonlySet<number>,
): Plan {
  const planned: Planned[] = []
  const lost = [...unmapped]
  for (const [at, imported] of items.entries()) {
    const fitted = fitItem(imported.item)
    const entry = fitted.item?.title ?? imported.item.title
    for (const what of [...fitted.lost, ...besideOf(imported)]) lost.push({ entry, what })
    if (!fitted.item) continue
    const sent = { Item: fitted.item as SentItem['Item'], ...timesOf(imported) }
    planned.push({ sent, duplicate: duplicates.has(at) })
  }
  return { fileName, format, items: planned, unmapped: lost }
}

function besideOf({ attachments = [], older = [] }: ImportedItem): readonly string[] {
  return [
    ...attachments.map(({ name }) => t('import_lost_file', [name])),
    ...(older.length > 0 ? [t('import_lost_older', older.length)] : []),
  ]
}

/** Files say milliseconds, operations seconds. */
function timesOf({ createdAt, changedAt }: ImportedItem) {
  return {
    ...(isTime(createdAt) ? { CreatedAt: createdAt / 1000 } : {}),
    ...(isTime(changedAt) ? { ChangedAt: changedAt / 1000 } : {}),
  }
}

/** A clock that was wrong in another program is no reason to refuse its file. */
const isTime = (time: number | undefined): time is number =>
  time !== undefined && time >= 0 && time <= 8_640_000_000_000

export const comingIn = ({ items }: Plan, withDuplicates: boolean): readonly SentItem[] =>
  items.filter(({ duplicate }) => withDuplicates || !duplicate).map(({ sent }) => sent)

/** How many of which kind, those there are. */
export const countsOf = (
  items: readonly SentItem[],
): readonly (readonly [kind: ItemKind, count: number])[] => {
  const counts = Map.groupBy(items, ({ Item }) => Item.kind)
  return itemKinds.flatMap((kind) => {
    const count = counts.get(kind)?.length ?? 0
    return count === 0 ? [] : [[kind, count] as const]
  })
}
