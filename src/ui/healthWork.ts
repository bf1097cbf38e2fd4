// ui: what the person sees; speaks the protocol like any other client. This file: how well the person's passwords
// protect them, found in this page and told to nobody. No password outlives the search.

import type { Health, HealthItem } from '../items/health.ts'
import { call } from './call.ts'
import { everyItem } from './pagesOfItems.ts'

export interface HealthReport extends Health {
  readonly weak: readonly string[]
  readonly titles: ReadonlyMap<string, string>
}

export interface HealthProgress {
  onRead(count: number): void
  onMeasured(count: number, total: number): void
}

/** So long at once, that what the person does meanwhile is answered without a halt they would notice. */
const turnMs = 30

export async function examine(
  { onRead, onMeasured }: HealthProgress,
  signal: AbortSignal,
): Promise<HealthReport> {
  const [{ checkHealth, weakItems }, { strengthMeter }] = await Promise.all([
    import('../items/health.ts'),
    import('../items/strength.ts'),
  ])
  const found = await everyItem(
    (NextToken) => call('keyhearth:ExamineItems', NextToken === undefined ? {} : { NextToken }),
    onRead,
    signal,
  )
  const items = found.map(
    (one): HealthItem => ({
      id: one.SecretId,
      title: one.Title,
      password: one.Password,
      hasTotp: one.HasOneTimeCode,
      uris: one.Uris,
      changedAt: one.ChangedAt * 1000,
    }),
  )
  const { compare } = new Intl.Collator()
  items.sort((one, other) => compare(one.title, other.title))
  const weak: string[] = []
  let measured = 0
  let turn = performance.now()
  onMeasured(0, items.length)
  for (const one of weakItems(items, await strengthMeter())) {
    measured++
    if (one.weak) weak.push(one.id)
    if (performance.now() - turn < turnMs) continue
    onMeasured(measured, items.length)
    await new Promise((resolve) => setTimeout(resolve, 0))
    signal.throwIfAborted()
    turn = performance.now()
  }
  const titles = new Map(items.map(({ id, title }) => [id, title]))
  return { ...checkHealth(items, Date.now()), weak, titles }
}
