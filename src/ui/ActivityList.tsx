// ui: what the person sees; speaks the protocol like any other client. This file: events, newest first, by
// days.

import { useState } from 'preact/hooks'
import type { TrailEvent } from '../protocol/outputs.ts'
import type { EventFilter } from './activityFilter.ts'
import { call } from './call.ts'
import { EventItem } from './EventItem.tsx'
import { useLatest } from './latest.ts'
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

const nothing: Seen = { events: [], unreadable: 0 }

/** Looks on until there is a page, or nothing more: a search may find little in each piece it opens. */
async function older(wanted: EventFilter, seen: Seen): Promise<Seen> {
  const events: TrailEvent[] = []
  let { unreadable, before } = seen
  do {
    const page = await call('keyhearth:ListEvents', {
      ...wanted,
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
  wanted,
  sight,
}: {
  readonly wanted: EventFilter
  /** Says when it is another one. */
  readonly sight: string
}) {
  const [seen, setSeen] = useState<Seen | null>(null)
  const more = useTask()
  const latest = useLatest(sight, async (signal) => {
    const found = await older(wanted, nothing)
    if (!signal.aborted) setSeen(found)
  })
  const busy = latest.busy || more.busy
  const showOlder = () =>
    more.run(async () => {
      const longer = await older(wanted, seen ?? nothing)
      // Meanwhile somebody may look at something else.
      setSeen((now) => (now === seen ? longer : now))
    })
  return (
    <div class={latest.busy ? 'stack stale' : 'stack'} aria-busy={busy}>
      <ErrorAlert error={latest.error ?? more.error} />
      {seen && seen.unreadable > 0 && (
        <p class="hint warn">{t('activity_unreadable', seen.unreadable)}</p>
      )}
      {seen && byDays(seen.events).map((of) => <Day key={of.day} {...of} />)}
      <p class="hint" role="status">
        {outcome(seen, busy)}
      </p>
      {seen?.before !== undefined && (
        <div class="row">
          <button type="button" disabled={busy} aria-busy={busy} onClick={showOlder}>
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
