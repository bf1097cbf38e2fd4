// ui: what the person sees; speaks the protocol like any other client. This file: who read a secret, as the trail has
// it. A site's name is the browser's word, not the site's.

import { useState } from 'preact/hooks'
import type { TrailEvent } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { sentenceOf } from './eventWords.ts'
import { noReadings, olderReadings, type Readings } from './itemReadings.ts'
import { useLatest } from './latest.ts'
import { ErrorAlert } from './Notices.tsx'
import { useTask } from './task.ts'
import { dateWords, t } from './words.ts'

export function ItemReaders({
  secretId,
  createdAt,
}: {
  readonly secretId: string
  /** In seconds. */
  readonly createdAt: number
}) {
  const [seen, setSeen] = useState<Readings | null>(null)
  const more = useTask()
  const older = (readings: Readings) =>
    olderReadings((input) => call('keyhearth:ListEvents', input), { secretId, createdAt }, readings)
  const { error } = useLatest(secretId, async (signal) => {
    const found = await older(noReadings)
    if (!signal.aborted) setSeen(found)
  })
  if (!seen) return <ErrorAlert error={error} />
  const { events, before } = seen
  const showOlder = () =>
    more.run(async () => {
      const longer = await older(seen)
      setSeen((now) => (now === seen ? longer : now))
    })
  return (
    <div class="stack tight">
      {events.length > 0 && (
        <ul class="readers">
          {events.map((event) => (
            <Reader key={event.eventID} event={event} />
          ))}
        </ul>
      )}
      {events.length === 0 && (
        <p class="hint">
          {before === undefined ? t('item_readers_none') : t('item_readers_none_yet')}
        </p>
      )}
      <ErrorAlert error={more.error} />
      {before !== undefined && (
        <div class="row">
          <button
            type="button"
            class="quiet"
            disabled={more.busy}
            aria-busy={more.busy}
            onClick={showOlder}
          >
            {t('item_readers_older')}
          </button>
        </div>
      )}
    </div>
  )
}

function Reader({ event }: { readonly event: TrailEvent }) {
  const { who, before, after, what } = sentenceOf(event, [])
  return (
    <li>
      <time class="hint" dateTime={event.eventTime}>
        {dateWords(Date.parse(event.eventTime) / 1000)}
      </time>
      <p>
        <bdi class="who" dir="ltr">
          {who}
        </bdi>{' '}
        {before}
        {what?.words}
        {after}
      </p>
    </li>
  )
}
