// ui: what the person sees; speaks the protocol like any other client. This file: how well the person's passwords
// protect them, found in this page and told to nobody. No password outlives the search.

import type { Health, HealthItem } from '../items/health.ts'
import { call } from './call.ts'
import type { ProofOfPerson } from './Proof.tsx'
import { everyItem, type Lost } from './pagesOfItems.ts'

export interface HealthReport extends Health, Lost {
  readonly weak: readonly string[]
  /** How many logins were. */
  readonly checked: number
  /** How many logins the person wants to be asked for again: their passwords were not looked at. */
  readonly withheld: number
  readonly titles: ReadonlyMap<string, string>
}

export interface HealthProgress {
  onRead(count: number): void
  onMeasured(count: number, total: number): void
}

/** So long at once, that what the person does meanwhile is answered without a halt they would notice. */
const turnMs = 30

/** @param proof for what the person wants to be asked for again; absent: it is left alone */
export async function examine(
  { onRead, onMeasured }: HealthProgress,
  signal: AbortSignal,
  proof?: ProofOfPerson,
): Promise<HealthReport> {
  const [{ checkHealth, weakItems }, { strengthMeter }] = await Promise.all([
    import('../items/health.ts'),
    import('../items/strength.ts'),
  ])
  const found = await everyItem(
    (NextToken) =>
      call('keyhearth:ExamineItems', {
        ...(NextToken === undefined ? {} : { NextToken }),
        ...(NextToken === undefined && proof !== undefined ? { Proof: proof } : {}),
      }),
    onRead,
    signal,
  )
  const items = found.items.map(
    (one): HealthItem => ({
      id: one.SecretId,
      title: one.Title,
      kind: one.Kind,
      password: one.Password ?? null,
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
  const { unreadable, damaged } = found
  const logins = items.filter(({ kind }) => kind === 'login')
  const withheld = logins.filter(({ password }) => password === null).length
  const checked = logins.length - withheld
  const health = checkHealth(items, Date.now())
  return { ...health, weak, titles, checked, withheld, unreadable, damaged }
}
