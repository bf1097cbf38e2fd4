// trail: what happened, CloudTrail-shaped, append-only and hash-chained. This file: looking for events.
//
// Everything one could look by is sealed, so looking means opening events one by one. Each call opens so
// many at most and says where to go on; times first narrow the stretch by halving.

import { KeyhearthError } from '../protocol/errors.ts'
import type { Output, TrailBucket, TrailEvent } from '../protocol/outputs.ts'
import type { Input } from '../protocol/schemas.ts'
import type { Database } from '../store/database.ts'
import type { TrailRow } from '../store/schema.ts'
import { readEnds, rowsDown } from './reading.ts'
import { type OpenedEvent, openEvent, type SealedEvent, type TrailKeys } from './sealing.ts'

/** About half a second's worth. */
const mostOpened = 4000
const mostBuckets = 2000

type Filter = Pick<
  Input<'keyhearth:ListEvents'>,
  'StartTime' | 'EndTime' | 'Origin' | 'ResourceArn' | 'EventName' | 'EventSource' | 'Result'
>

const secondsOf = ({ eventTime }: SealedEvent): number => Date.parse(eventTime) / 1000

const resultOf = ({ errorCode }: SealedEvent): NonNullable<Filter['Result']> => {
  if (errorCode === undefined) return 'ok'
  return errorCode === 'AccessDeniedException' ? 'refused' : 'failed'
}

function matches(filter: Filter, event: SealedEvent): boolean {
  const { StartTime, EndTime, Origin, ResourceArn, EventName, EventSource, Result } = filter
  const time = secondsOf(event)
  return (
    (StartTime === undefined || time >= StartTime) &&
    (EndTime === undefined || time <= EndTime) &&
    (Origin === undefined || event.userIdentity.origin === Origin) &&
    (ResourceArn === undefined || event.resources.some(({ ARN }) => ARN === ResourceArn)) &&
    (EventName === undefined || event.eventName === EventName) &&
    (EventSource === undefined || event.eventSource === EventSource) &&
    (Result === undefined || resultOf(event) === Result)
  )
}

export async function listEvents(
  db: Database,
  keys: TrailKeys,
  { Limit = 50, Before, After = 0, ...filter }: Input<'keyhearth:ListEvents'>,
): Promise<Output<'keyhearth:ListEvents'>> {
  const found: TrailEvent[] = []
  let unreadable = 0
  const stretch = await stretchOf(db, keys, filter, { before: Before, after: After })
  const NextBefore = await scan(db, keys, stretch, ({ sequence }, opened) => {
    if (!opened) unreadable += 1
    else if (matches(filter, opened.event)) found.push({ sequence, ...opened.event })
    return found.length < Limit
  })
  const goOn = NextBefore === null ? {} : { NextBefore }
  return { Events: found, Unreadable: unreadable, ...goOn }
}

export async function summariseEvents(
  db: Database,
  keys: TrailKeys,
  { BucketSeconds, Before, ...filter }: Input<'keyhearth:SummariseEvents'>,
): Promise<Output<'keyhearth:SummariseEvents'>> {
  const { StartTime, EndTime } = filter
  if ((EndTime - StartTime) / BucketSeconds > mostBuckets) {
    throw new KeyhearthError('invalid-input', {
      what: `BucketSeconds: makes more than ${mostBuckets} buckets`,
    })
  }
  const buckets = new Map<number, TrailBucket>()
  const stretch = await stretchOf(db, keys, filter, { before: Before, after: 0 })
  const NextBefore = await scan(db, keys, stretch, (_row, opened) => {
    if (opened && matches(filter, opened.event)) {
      const place = Math.floor((secondsOf(opened.event) - StartTime) / BucketSeconds)
      count(buckets, StartTime + place * BucketSeconds, opened.event)
    }
    return true
  })
  const Buckets = [...buckets.values()].sort((left, right) => left.StartTime - right.StartTime)
  return { Buckets, ...(NextBefore === null ? {} : { NextBefore }) }
}

const columns = { ok: 'Ok', refused: 'Refused', failed: 'Failed' } as const

function count(buckets: Map<number, TrailBucket>, StartTime: number, event: SealedEvent): void {
  const bucket = buckets.get(StartTime) ?? { StartTime, Ok: 0, Refused: 0, Failed: 0 }
  const column = columns[resultOf(event)]
  buckets.set(StartTime, { ...bucket, [column]: bucket[column] + 1 })
}

interface Stretch {
  readonly first: number
  readonly last: number
}

/** From the newest down until `take` has enough or too many were opened; then where to go on. */
async function scan(
  db: Database,
  keys: TrailKeys,
  { first, last }: Stretch,
  take: (row: TrailRow, opened: OpenedEvent | null) => boolean,
): Promise<number | null> {
  let left = mostOpened
  for await (const rows of rowsDown(db, last, first)) {
    const opened = await Promise.all(rows.map((row) => openEvent(keys, row)))
    for (const [i, row] of rows.entries()) {
      const enough = !take(row, opened[i] ?? null)
      left -= 1
      if (enough || left === 0) return row.sequence > first ? row.sequence : null
    }
  }
  return null
}

async function stretchOf(
  db: Database,
  keys: TrailKeys,
  { StartTime, EndTime }: Filter,
  { before, after }: { readonly before: number | undefined; readonly after: number },
): Promise<Stretch> {
  const { firstRow, lastRow } = await readEnds(db)
  const whole = {
    first: Math.max(firstRow, after + 1),
    last: Math.min(lastRow, (before ?? Number.MAX_SAFE_INTEGER) - 1),
  }
  const first =
    StartTime === undefined
      ? whole.first
      : await halve(db, keys, whole, (event) => secondsOf(event) >= StartTime)
  const behind =
    EndTime === undefined
      ? whole.last + 1
      : await halve(db, keys, { ...whole, first }, (event) => secondsOf(event) > EndTime)
  return { first, last: behind - 1 }
}

/** Times grow with the sequence; a clock set back makes a search by time miss what it tore apart. */
async function halve(
  db: Database,
  keys: TrailKeys,
  { first, last }: Stretch,
  late: (event: SealedEvent) => boolean,
): Promise<number> {
  let [low, high] = [first, last + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const found = await readableFrom(db, keys, middle, high)
    if (found && !late(found.event)) low = found.sequence + 1
    else high = middle
  }
  return low
}

/** The next event that opens; those that do not decide nothing. */
async function readableFrom(
  db: Database,
  keys: TrailKeys,
  from: number,
  end: number,
): Promise<{ readonly sequence: number; readonly event: SealedEvent } | null> {
  for (let sequence = from; sequence < end; sequence++) {
    const row = await db.get('trail', sequence)
    const opened = row && (await openEvent(keys, row))
    if (opened) return { sequence, event: opened.event }
  }
  return null
}
