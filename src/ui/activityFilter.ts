// ui: what the person sees; speaks the protocol like any other client. This file: which events are looked
// at, as the address says it (all but the site: see aside.ts), and the stretches of time the chart counts
// by. Pure.

import type { TrailBucket } from '../protocol/outputs.ts'
import type { Input } from '../protocol/schemas.ts'

export const ranges = ['hour', 'day', 'week', 'month', 'year', 'own'] as const
export type Range = (typeof ranges)[number]
export const results = ['ok', 'refused', 'failed'] as const
export type Result = (typeof results)[number]

/** Empty texts are no filter. */
export interface ActivityFilter {
  readonly range: Range
  /** Of the range `own`: days as a date field has them, local time; the last day is meant whole. */
  readonly from: string
  readonly to: string
  readonly origin: string
  readonly keyId: string
  /** As the operation table names it, such as `kms:Encrypt`. */
  readonly operation: string
  readonly result: Result | ''
}

const usualRange: Range = 'week'

export function readFilter(query: URLSearchParams, origin: string): ActivityFilter {
  const text = (name: string) => query.get(name) ?? ''
  return {
    range: ranges.find((name) => name === text('range')) ?? usualRange,
    from: text('from'),
    to: text('to'),
    origin,
    keyId: text('key'),
    operation: text('operation'),
    result: results.find((name) => name === text('result')) ?? '',
  }
}

export const writeFilter = (filter: ActivityFilter): Readonly<Record<string, string>> => ({
  range: filter.range === usualRange ? '' : filter.range,
  from: filter.range === 'own' ? filter.from : '',
  to: filter.range === 'own' ? filter.to : '',
  key: filter.keyId,
  operation: filter.operation,
  result: filter.result,
})

/** Times in seconds since 1970. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly bucketSeconds: number
}

const minute = 60
const hour = 60 * minute
const day = 24 * hour

const steps = {
  hour: { length: hour, bucketSeconds: 2 * minute },
  day: { length: day, bucketSeconds: hour },
  week: { length: 7 * day, bucketSeconds: 6 * hour },
  month: { length: 30 * day, bucketSeconds: day },
  year: { length: 364 * day, bucketSeconds: 7 * day },
} as const

/** Whole stretches of local time that end with the one `now` is in. */
export function spanOf(filter: ActivityFilter, now: number): Span {
  if (filter.range === 'own') return ownSpan(filter, now)
  const { length, bucketSeconds } = steps[filter.range]
  const zone = new Date(now * 1000).getTimezoneOffset() * minute
  const step = Math.min(bucketSeconds, day)
  const end = Math.ceil((now + 1 - zone) / step) * step + zone
  return { start: end - length, end, bucketSeconds }
}

function ownSpan({ from, to }: ActivityFilter, now: number): Span {
  const start = Date.parse(`${from}T00:00`) / 1000 || now - 7 * day
  const last = Date.parse(`${to}T00:00`) / 1000
  const end = Math.max(start + hour, Number.isNaN(last) ? now : last + day)
  const bucketSeconds = bucketFor(end - start)
  return {
    start,
    end: start + Math.ceil((end - start) / bucketSeconds) * bucketSeconds,
    bucketSeconds,
  }
}

/** Of the usual lengths the first that makes at most 60 bars, else as many days as it takes. */
function bucketFor(length: number): number {
  const usual = [5 * minute, 15 * minute, hour, 6 * hour, day, 7 * day]
  return usual.find((step) => length / step <= 60) ?? Math.ceil(length / 60 / day) * day
}

export type EventFilter = Omit<Input<'keyhearth:ListEvents'>, 'Limit' | 'Before' | 'After'>

const sources: Readonly<Record<string, string>> = {
  kms: 'kms.amazonaws.com',
  secretsmanager: 'secretsmanager.amazonaws.com',
  keyhearth: 'keyhearth',
}

/** @param keyArn of the filter's key, where there is one */
export function eventFilter(filter: ActivityFilter, span: Span, keyArn: string): EventFilter {
  const [service = '', name = ''] = filter.operation.split(':')
  const source = Object.hasOwn(sources, service) ? sources[service] : undefined
  return {
    StartTime: span.start,
    EndTime: span.end,
    ...(filter.origin === '' ? {} : { Origin: filter.origin }),
    ...(keyArn === '' ? {} : { ResourceArn: keyArn }),
    ...(name === '' ? {} : { EventName: name }),
    ...(source === undefined ? {} : { EventSource: source }),
    ...(filter.result === '' ? {} : { Result: filter.result }),
  }
}

/** Every stretch of a span, also those in which nothing happened; pages of a summary are added up. */
export function barsOf(span: Span, buckets: readonly TrailBucket[]): readonly TrailBucket[] {
  const count = Math.round((span.end - span.start) / span.bucketSeconds)
  const bars = Array.from({ length: count }, (_, at) => ({
    StartTime: span.start + at * span.bucketSeconds,
    Ok: 0,
    Refused: 0,
    Failed: 0,
  }))
  for (const { StartTime, Ok, Refused, Failed } of buckets) {
    const bar = bars[Math.floor((StartTime - span.start) / span.bucketSeconds)]
    if (!bar) continue
    bar.Ok += Ok
    bar.Refused += Refused
    bar.Failed += Failed
  }
  return bars
}

export const sumOf = (buckets: readonly TrailBucket[]): Omit<TrailBucket, 'StartTime'> => ({
  Ok: buckets.reduce((sum, { Ok }) => sum + Ok, 0),
  Refused: buckets.reduce((sum, { Refused }) => sum + Refused, 0),
  Failed: buckets.reduce((sum, { Failed }) => sum + Failed, 0),
})
