// ui: what the person sees; speaks the protocol like any other client. This file: what of a file comes into the vault,
// as the person is shown it before anything does. Pure.

import type {
  Attachment,
  Imported,
  ImportedItem,
  OlderItem,
  Unmapped,
} from '../interchange/format.ts'
import { type ItemKind, itemKinds, writeSecretString } from '../items/item.ts'
import { attachmentMaxBytes, mostFiles, mostOlder } from '../protocol/limits.ts'
import type { Duplicates } from './importDuplicates.ts'
import { fitItem } from './importFit.ts'
import type { SentItem, ToSend } from './importSending.ts'
import { t } from './words.ts'

interface Planned {
  readonly sent: ToSend
  /** It is in the vault already, or stands in the file before. */
  readonly duplicate: boolean
  /** ARN of the secret that is in the vault with something else in it; `null`: none. */
  readonly changes: string | null
}

/** What is to become of what is in the vault. */
export interface Answers {
  readonly duplicates: 'leave-out' | 'both'
  readonly changed: 'both' | 'replace'
}

export interface Plan {
  readonly fileName: string
  readonly format: string
  readonly items: readonly Planned[]
  readonly unmapped: readonly Unmapped[]
}

export function planOf(
  fileName: string,
  { format, items, unmapped }: Imported,
  { same, changed, unreadable }: Duplicates,
): Plan {
  const planned: Planned[] = []
  const lost = [...unmapped]
  for (const [at, imported] of items.entries()) {
    const { sent, entry, left } = sendable(imported)
    for (const what of left) lost.push({ entry, what })
    if (sent) planned.push({ sent, duplicate: same.has(at), changes: changed.get(at) ?? null })
  }
  for (const { Title } of unreadable) lost.push({ entry: Title, what: t('import_not_compared') })
  return { fileName, format, items: planned, unmapped: lost }
}

/** An item of a file as it would be sent; `null`: it cannot be kept at all. */
export function sendable(imported: ImportedItem): {
  readonly sent: ToSend | null
  readonly entry: string
  /** What of it is not kept, in words. */
  readonly left: readonly string[]
} {
  const { item, lost } = fitItem(imported.item)
  if (!item) return { sent: null, entry: imported.item.title, left: lost }
  const { kept, left } = olderOf(imported)
  const { files, tooLarge } = filesOf(imported)
  const sent = {
    Item: item as SentItem['Item'],
    ...timesOf(imported),
    ...(imported.askAgain ? { AskAgain: true } : {}),
    ...(kept.length === 0 ? {} : { Older: kept }),
  }
  return { sent: { item: sent, files }, entry: item.title, left: [...lost, ...left, ...tooLarge] }
}

function filesOf({ attachments = [] }: ImportedItem) {
  const fits = ({ bytes }: Attachment) => bytes.byteLength <= attachmentMaxBytes
  const files = attachments.filter(fits).slice(0, mostFiles)
  const left = attachments.filter((one) => !files.includes(one))
  return { files, tooLarge: left.map(({ name }) => t('import_lost_file', [name])) }
}

/** What it was before becomes its earlier versions: those that differ from what came after them. */
function olderOf({ item, older = [] }: ImportedItem): {
  readonly kept: NonNullable<SentItem['Older']>
  readonly left: readonly string[]
} {
  const kept: NonNullable<SentItem['Older']> = []
  let after = writeSecretString(item)
  let lost = 0
  for (const one of older) {
    const fitted = fitItem(one.item)
    const value = fitted.item && writeSecretString(fitted.item)
    if (value === after) continue
    if (!fitted.item || kept.length === mostOlder) lost++
    else kept.push({ Item: fitted.item as SentItem['Item'], ...atOf(one) })
    after = value ?? after
  }
  return { kept, left: lost === 0 ? [] : [t('import_lost_older', lost)] }
}

const atOf = ({ at }: OlderItem) => (isTime(at) ? { At: at / 1000 } : {})

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

export const comingIn = ({ items }: Plan, { duplicates, changed }: Answers): readonly ToSend[] =>
  items
    .filter(({ duplicate }) => duplicates === 'both' || !duplicate)
    .map(({ sent, changes }) =>
      changes === null || changed === 'both'
        ? sent
        : { ...sent, item: { ...sent.item, Replaces: changes } },
    )

/** How many of which kind, those there are. */
export const countsOf = (
  items: readonly ToSend[],
): readonly (readonly [kind: ItemKind, count: number])[] => {
  const counts = Map.groupBy(items, ({ item }) => item.Item.kind)
  return itemKinds.flatMap((kind) => {
    const count = counts.get(kind)?.length ?? 0
    return count === 0 ? [] : [[kind, count] as const]
  })
}
