// gate: who asks, may they, dispatch, record. This file: answers of calls that changed something, kept for a
// few minutes. A relay whose worker died sends its call again, under the same id; where the first one was
// carried out after all, the second gets its answer and changes nothing.

import type { Opened } from '../hsm/module.ts'
import { recordKind, type Staged } from '../hsm/records.ts'
import type { OperationName } from '../protocol/operations.ts'
import type { Output } from '../protocol/outputs.ts'

interface Answered {
  /** The row's own id, to be removed by. */
  readonly row: string
  readonly operation: OperationName
  /** Milliseconds since 1970. */
  readonly at: number
  readonly output: Output<OperationName>
}

const answered = recordKind<Answered>('usage')
const keptMs = 5 * 60 * 1000

/** Ids are the relay's, so a page cannot choose one; they count for their site alone. */
const rowOf = ({ vault }: Opened, site: string, id: string): string =>
  vault.label('answered', JSON.stringify([site, id]))
const groupOf = ({ vault }: Opened): string => vault.label('all answered', '')

/** To be committed with what it answers. Older answers go in the same commit. */
export async function stageAnswer(
  opened: Opened,
  staged: Staged,
  call: { readonly site: string; readonly id: string; readonly operation: OperationName },
  output: Output<OperationName>,
  now: number,
): Promise<void> {
  const group = groupOf(opened)
  for (const { row, at } of await opened.records.list(answered, group)) {
    if (now - at > keptMs) staged.remove(answered, row)
  }
  const row = rowOf(opened, call.site, call.id)
  staged.put(answered, row, group, { row, operation: call.operation, at: now, output })
}

/** What the very call was answered before, or `null`. */
export async function earlierAnswer(
  opened: Opened,
  {
    site,
    id,
    operation,
  }: { readonly site: string; readonly id: string; readonly operation: OperationName },
): Promise<Output<OperationName> | null> {
  const found = await opened.records.getIfWhole(answered, rowOf(opened, site, id))
  return found?.operation === operation ? found.output : null
}
