// ui: what the person sees; speaks the protocol like any other client. This file: how many events there
// were when, and how they ended: as bars, and as a table for whoever does not see bars.

import { useState } from 'preact/hooks'
import type { TrailBucket } from '../protocol/outputs.ts'
import { resultWords } from './ActivityFilters.tsx'
import { barsOf, type EventFilter, type Span, sumOf } from './activityFilter.ts'
import { call } from './call.ts'
import { useLatest } from './latest.ts'
import { ErrorAlert } from './Notices.tsx'
import { dateWords, dayWords, t } from './words.ts'

const height = 96
const barWidth = 12
const gap = 2
const day = 86_400

interface Seen {
  readonly bars: readonly TrailBucket[]
  readonly whole: boolean
}

export function ActivityChart({
  wanted,
  span,
  sight,
}: {
  readonly wanted: EventFilter
  readonly span: Span
  /** Says when it is another one. */
  readonly sight: string
}) {
  const [{ bars, whole }, setSeen] = useState<Seen>({ bars: barsOf(span, []), whole: false })
  const { error } = useLatest(sight, (signal) => count(wanted, span, setSeen, signal))
  const sum = sumOf(bars)
  const total = [sum.Ok, sum.Refused, sum.Failed].map(String) as [string, string, string]
  return (
    <section class="card chart" aria-labelledby="chart-heading">
      <div class="label-row">
        <h2 id="chart-heading">{t('activity_chart')}</h2>
        <p class="hint" role="status">
          {whole
            ? t('activity_chart_sum', total)
            : t('activity_chart_counting', [String(sum.Ok + sum.Refused + sum.Failed)])}
        </p>
      </div>
      <ErrorAlert error={error} />
      <p class="hint axis">{t('activity_chart_most', mostOf(bars))}</p>
      <Bars bars={bars} label={t('activity_chart_sum', total)} />
      <div class="label-row hint">
        <span>{dateWords(span.start)}</span>
        <Legend />
        <span>{dateWords(span.end)}</span>
      </div>
      <details>
        <summary>{t('activity_chart_table')}</summary>
        <Table bars={bars} span={span} />
      </details>
    </section>
  )
}

/** Summaries come in pieces; what is there already is shown. */
async function count(
  wanted: EventFilter,
  span: Span,
  show: (seen: Seen) => void,
  signal: AbortSignal,
): Promise<void> {
  const buckets: TrailBucket[] = []
  let Before: number | undefined
  do {
    const page = await call('keyhearth:SummariseEvents', {
      ...wanted,
      StartTime: span.start,
      EndTime: span.end,
      BucketSeconds: span.bucketSeconds,
      ...(Before === undefined ? {} : { Before }),
    })
    if (signal.aborted) return
    buckets.push(...page.Buckets)
    Before = page.NextBefore
    show({ bars: barsOf(span, buckets), whole: Before === undefined })
  } while (Before !== undefined)
}

const mostOf = (bars: readonly TrailBucket[]): number =>
  Math.max(0, ...bars.map(({ Ok, Refused, Failed }) => Ok + Refused + Failed))

function Bars({ bars, label }: { readonly bars: readonly TrailBucket[]; readonly label: string }) {
  const most = Math.max(1, mostOf(bars))
  const width = bars.length * (barWidth + gap)
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <defs>
        <pattern id="hatched" width="4" height="4" patternUnits="userSpaceOnUse">
          <rect class="bar-refused" width="4" height="4" />
          <path class="bar-lines" d="M0 4 4 0" />
        </pattern>
      </defs>
      {bars.map((bar, at) => (
        <Bar key={bar.StartTime} bar={bar} x={at * (barWidth + gap)} scale={height / most} />
      ))}
      <path class="bar-ground" d={`M0 ${height - 0.5}H${width}`} />
    </svg>
  )
}

function Bar({
  bar: { StartTime, Ok, Refused, Failed },
  x,
  scale,
}: {
  readonly bar: TrailBucket
  readonly x: number
  readonly scale: number
}) {
  const counts = [String(Ok), String(Refused), String(Failed)] as const
  const piece = (className: string, from: number, count: number, fill?: string) =>
    count > 0 && (
      <rect
        class={className}
        x={x}
        y={height - (from + count) * scale}
        width={barWidth}
        height={count * scale}
        {...(fill ? { fill } : {})}
      />
    )
  return (
    <g>
      <title>{t('activity_chart_bar', [dateWords(StartTime), ...counts])}</title>
      <rect class="bar-space" x={x} y={0} width={barWidth + gap} height={height} />
      {piece('bar-ok', 0, Ok)}
      {piece('bar-hatched', Ok, Refused, 'url(#hatched)')}
      {piece('bar-failed', Ok + Refused, Failed)}
    </g>
  )
}

function Legend() {
  return (
    <span class="legend" aria-hidden="true">
      <span class="swatch ok" /> {resultWords.ok}
      <span class="swatch refused" /> {resultWords.refused}
      <span class="swatch failed" /> {resultWords.failed}
    </span>
  )
}

function Table({ bars, span }: { readonly bars: readonly TrailBucket[]; readonly span: Span }) {
  const words = span.bucketSeconds >= day ? dayWords : dateWords
  return (
    <table class="listing numbers">
      <thead>
        <tr>
          <th scope="col">{t('activity_chart_time')}</th>
          <th scope="col">{resultWords.ok}</th>
          <th scope="col">{resultWords.refused}</th>
          <th scope="col">{resultWords.failed}</th>
        </tr>
      </thead>
      <tbody>
        {bars
          .filter(({ Ok, Refused, Failed }) => Ok + Refused + Failed > 0)
          .map(({ StartTime, Ok, Refused, Failed }) => (
            <tr key={StartTime}>
              <th scope="row">{words(StartTime)}</th>
              <td>{Ok}</td>
              <td>{Refused}</td>
              <td>{Failed}</td>
            </tr>
          ))}
      </tbody>
    </table>
  )
}
