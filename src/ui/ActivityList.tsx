// ui: what the person sees; speaks the protocol like any other client. This file: events, newest first, by
// days.

import { useEffect, useState } from 'preact/hooks'
import type { TrailEvent } from '../protocol/outputs.ts'
import { type ActivityFilter, eventFilter, type Span } from './activityFilter.ts'
import { call } from './call.ts'
import { EventItem } from './EventItem.tsx'
import { ErrorAlert } from './Notices.tsx'
import { useTask } from './task.ts'
import { dayWords, t } from './words.ts'

const pageSize = 50

interface Seen {
  readonly events: readonly TrailEvent[]
  readonly unreadable: number
  /** Where older ones begin; absent at the end. */
  readonly before?: number
}

/** Looks on until there is a page, or nothing more: a search may find little in each piece it opens. */
async function older(filter: ActivityFilter, span: Span, seen: Seen): Promise<Seen> {
  const events: TrailEvent[] = []
  let { unreadable, before } = seen
  do {
    const page = await call('keyhearth:ListEvents', {
      ...eventFilter(filter, span),
      Limit: pageSize - events.length,
      ...(before === undefined ? {} : { Before: before }),
    })
    events.push(...page.Events)
    unreadable += page.Unreadable
    before = page.NextBefore
  } while (before !== undefined && events.length < pageSize)
  const all = [...seen.events, ...events]
  return { events: all, unreadable, ...(before === undefined ? {} : { before }) }
}

export function ActivityList({
  filter,
  span,
}: {
  readonly filter: ActivityFilter
  readonly span: Span
}) {
  const [seen, setSeen] = useState<Seen | null>(null)
  const task = useTask()
  const more = () =>
    task.run(async () => setSeen(await older(filter, span, seen ?? { events: [], unreadable: 0 })))
  useEffect(more, [])
  return (
    <div class="stack" aria-busy={task.busy}>
      <ErrorAlert error={task.error} />
      {seen && seen.unreadable > 0 && (
        <p class="hint warn">{t('activity_unreadable', seen.unreadable)}</p>
      )}
      {seen && byDays(seen.events).map((of) => <Day key={of.day} {...of} />)}
      <p class="hint" role="status">
        {outcome(seen, task.busy)}
      </p>
      {seen?.before !== undefined && (
        <div class="row">
          <button type="button" disabled={task.busy} aria-busy={task.busy} onClick={more}>
            {t('activity_older')}
          </button>
        </div>
      )}
    </div>
  )
}

function outcome(seen: Seen | null, busy: boolean): string {
  if (!seen || busy) return busy ? t('activity_loading') : ''
  if (seen.events.length === 0) return t('activity_none')
  const shown = t('activity_shown', seen.events.length)
  return seen.before === undefined ? `${shown}. ${t('activity_end')}` : `${shown}.`
}

interface OneDay {
  readonly day: string
  readonly events: readonly TrailEvent[]
}

function byDays(events: readonly TrailEvent[]): readonly OneDay[] {
  const days = Map.groupBy(events, ({ eventTime }) => dayWords(Date.parse(eventTime) / 1000))
  return [...days].map(([day, those]) => ({ day, events: those }))
}

function Day({ day, events }: OneDay) {
  return (
    <section class="stack tight">
      <h2 class="day">{day}</h2>
      <ul class="events">
        {events.map((event) => (
          <EventItem key={event.sequence} event={event} />
        ))}
      </ul>
    </section>
  )
}
