// ui: what the person sees; speaks the protocol like any other client. This file: the events of the trail in which a
// secret's contents left the vault. The trail opens so many events at a time: who stops after the first of them knows
// nothing of the others.

import type { Output, TrailEvent } from '../protocol/outputs.ts'
import type { Input } from '../protocol/schemas.ts'

/** By their names in the trail; in each the contents leave the vault. */
const readings: ReadonlySet<string> = new Set([
  'GetItem',
  'FillItem',
  'OpenAttachment',
  'GetSecretValue',
  'BatchGetSecretValue',
])
/** Takes all secrets along, and names none. */
const wholeReading = 'ExportItems'

/** Enough to be read, and as far as is looked without being told to go on: some seconds' worth. */
const wanted = { events: 30, pages: 10 } as const

export interface Readings {
  /** Newest first. */
  readonly events: readonly TrailEvent[]
  /** Where older ones begin; absent where the trail ends. */
  readonly before?: number
}

export const noReadings: Readings = { events: [] }

type Ask = (input: Input<'keyhearth:ListEvents'>) => Promise<Output<'keyhearth:ListEvents'>>

/** @param createdAt of the secret, in seconds: what was exported before was exported without it */
export async function olderReadings(
  ask: Ask,
  { secretId, createdAt }: { readonly secretId: string; readonly createdAt: number },
  { events: seen, before: start }: Readings,
): Promise<Readings> {
  const found: TrailEvent[] = []
  let before = start
  for (let pages = 0; pages < wanted.pages && found.length < wanted.events; pages++) {
    const from = before === undefined ? {} : { Before: before }
    const page = await ask({ ResourceArn: secretId, Limit: 1000, ...from })
    // Of the same stretch, so that what is shown has no gap.
    const whole = await ask({
      EventName: wholeReading,
      Result: 'ok',
      Limit: 1000,
      ...from,
      ...(page.NextBefore === undefined ? {} : { After: page.NextBefore - 1 }),
    })
    const mine = page.Events.filter(({ eventName }) => readings.has(eventName))
    const since = whole.Events.filter(({ eventTime }) => Date.parse(eventTime) / 1000 >= createdAt)
    found.push(...[...mine, ...since].sort((one, other) => other.sequence - one.sequence))
    before = page.NextBefore
    if (before === undefined) break
  }
  return { events: [...seen, ...found], ...(before === undefined ? {} : { before }) }
}
