// ui: what the person sees; speaks the protocol like any other client. This file: one event: a sentence,
// and the record itself on demand.

import { Ban, CircleAlert, CircleCheck } from 'lucide'
import { useId, useState } from 'preact/hooks'
import type { TrailEvent } from '../protocol/outputs.ts'
import { resultWords } from './ActivityFilters.tsx'
import { hashOf } from './address.ts'
import { CopyButton } from './CopyButton.tsx'
import { type EventObject, resultOf, sentenceOf } from './eventWords.ts'
import { Icon } from './Icon.tsx'
import { keyRows } from './keyList.ts'
import { siteWords } from './siteWords.ts'
import { t, timeWords } from './words.ts'

const looks = {
  ok: { icon: CircleCheck, tone: 'good' },
  refused: { icon: Ban, tone: 'bad' },
  failed: { icon: CircleAlert, tone: 'wait' },
} as const

export function EventItem({ event }: { readonly event: TrailEvent }) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const { who, before, what, after } = sentenceOf(event, keyRows.value ?? [])
  const result = resultOf(event)
  const { icon, tone } = looks[result]
  return (
    <li class="event">
      <div class="event-head">
        <time class="hint" dateTime={event.eventTime}>
          {timeWords(Date.parse(event.eventTime) / 1000)}
        </time>
        <p
          class="event-words"
          id={`${id}-words`}
          title={siteWords(event.userIdentity.origin ?? '')}
        >
          <bdi class="who" dir="ltr">
            {who}
          </bdi>{' '}
          {before}
          {what && <What what={what} />}
          {after}
        </p>
        <span class={result === 'ok' ? 'badge off plain-ok' : `badge ${tone}`}>
          <Icon of={icon} />
          {resultWords[result]}
        </span>
        <button
          type="button"
          class="quiet"
          aria-expanded={open}
          aria-controls={id}
          aria-describedby={`${id}-words`}
          onClick={() => setOpen(!open)}
        >
          {t('text_details')}
        </button>
      </div>
      <div id={id}>{open && <Record event={event} />}</div>
    </li>
  )
}

function What({ what: { words, keyId } }: { readonly what: EventObject }) {
  if (keyId === null) return <bdi>{words}</bdi>
  return <a href={hashOf(['keys', keyId])}>{words}</a>
}

function Record({ event }: { readonly event: TrailEvent }) {
  const json = JSON.stringify(event, null, 2)
  return (
    <div class="stack tight record">
      {event.errorMessage !== undefined && (
        <p>
          <span class="mono">{event.errorCode}</span>: {event.errorMessage}
        </p>
      )}
      <div class="label-row">
        <span class="label">{t('activity_record')}</span>
        <CopyButton label={t('activity_record_copy')} text={() => json} />
      </div>
      <output class="mono whole" aria-label={t('activity_record')}>
        {json}
      </output>
    </div>
  )
}
