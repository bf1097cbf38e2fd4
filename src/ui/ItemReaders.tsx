// ui: what the person sees; speaks the protocol like any other client. This file: who read a secret, as the trail has
// it. A site's name is the browser's word, not the site's.

import { useState } from 'preact/hooks'
import type { TrailEvent } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { sentenceOf } from './eventWords.ts'
import { useLatest } from './latest.ts'
import { ErrorAlert } from './Notices.tsx'
import { dateWords, t } from './words.ts'

/** By their names in the trail; in each the contents leave the vault. */
const readings: ReadonlySet<string> = new Set([
  'GetItem',
  'FillItem',
  'ExportItems',
  'GetSecretValue',
  'BatchGetSecretValue',
])
const mostLooked = 200
const mostShown = 30

export function ItemReaders({ secretId }: { readonly secretId: string }) {
  const [events, setEvents] = useState<readonly TrailEvent[] | null>(null)
  const { error } = useLatest(secretId, async (signal) => {
    const page = await call('keyhearth:ListEvents', { ResourceArn: secretId, Limit: mostLooked })
    if (!signal.aborted) setEvents(page.Events.filter(({ eventName }) => readings.has(eventName)))
  })
  if (!events) return <ErrorAlert error={error} />
  if (events.length === 0) return <p class="hint">{t('item_readers_none')}</p>
  return (
    <>
      <ul class="readers">
        {events.slice(0, mostShown).map((event) => (
          <Reader key={event.eventID} event={event} />
        ))}
      </ul>
      {events.length > mostShown && <p class="hint">{t('item_readers_more')}</p>}
    </>
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
