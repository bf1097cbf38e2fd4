// ui: what the person sees; speaks the protocol like any other client. This file: what waits for the approval of
// several people, above every section of the manager: what it is, who is missing, and where shares are given.

import { useEffect, useRef, useState } from 'preact/hooks'
import type { QuorumRequest } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { KeptText } from './KeptInput.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { quorumAsked } from './quorumAsked.ts'
import { askedWords } from './quorumWords.ts'
import { useShown } from './shown.ts'
import { refresh, status } from './status.ts'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

export function QuorumRequests() {
  const [requests, setRequests] = useState<readonly QuorumRequest[]>([])
  const heading = useRef<HTMLHeadingElement>(null)
  const { error } = useShown(async () => {
    setRequests((await call('keyhearth:ListQuorumRequests', {})).Requests)
  }, [status.value])
  const isAsked = quorumAsked.value
  useEffect(() => {
    if (!isAsked || !heading.current) return
    quorumAsked.value = false
    heading.current.focus()
    heading.current.scrollIntoView({ block: 'start' })
  }, [isAsked, requests])
  // What cannot be read now is read with the next change.
  if (error || requests.length === 0) return null
  return (
    <section class="stack narrow" aria-labelledby="quorum-requests">
      <h2 id="quorum-requests" ref={heading} tabIndex={-1}>
        {t('quorum_waiting')}
      </h2>
      {requests.map((request) => (
        <Request key={request.RequestId} request={request} />
      ))}
    </section>
  )
}

function Request({ request }: { readonly request: QuorumRequest }) {
  const { Approved } = request
  return (
    <article class="card stack">
      <h3>{askedWords(request)}</h3>
      <p role="status">{Approved ? t('quorum_approved') : progressWords(request)}</p>
      <TimeLeft until={request.ExpiresAt} />
      {!Approved && <GiveShare request={request} />}
      {Approved && <Decline request={request} words={t('quorum_forgo')} />}
    </article>
  )
}

function progressWords({ Given, Missing, Threshold }: QuorumRequest): string {
  const names = Missing.join(', ')
  return t('quorum_progress', [String(Given.length), String(Threshold), names])
}

function GiveShare({ request }: { readonly request: QuorumRequest }) {
  const [share, setShare] = useState('')
  const task = useTask()
  const give = () =>
    task.run(async () => {
      if (share.trim() === '') return task.fail(t('quorum_share_empty'))
      await call('keyhearth:ApproveByShare', { RequestId: request.RequestId, Share: share })
      // One typed meanwhile is the next.
      setShare((typed) => (typed === share ? '' : typed))
    })
  return (
    <form class="stack" autocomplete="off" onSubmit={onSubmit(give)}>
      <KeptText label={t('quorum_share')} value={share} onValue={setShare} />
      <p class="hint">{t('quorum_share_hint')}</p>
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="submit" class="primary" disabled={task.busy} aria-busy={task.busy}>
          {t('quorum_give')}
        </button>
        <Decline request={request} words={t('quorum_decline')} />
      </div>
    </form>
  )
}

function Decline({
  request: { RequestId },
  words,
}: {
  readonly request: QuorumRequest
  readonly words: string
}) {
  const task = useTask()
  const decline = () =>
    task.run(async () => {
      await call('keyhearth:DeclineQuorumRequest', { RequestId })
      say(t('quorum_declined'))
    })
  return (
    <div class="stack tight">
      <div>
        <button type="button" disabled={task.busy} onClick={decline}>
          {words}
        </button>
      </div>
      <ErrorAlert error={task.error} />
    </div>
  )
}

/** @param until seconds since 1970 */
function TimeLeft({ until }: { readonly until: number }) {
  const left = () => Math.max(0, Math.ceil(until - Date.now() / 1000))
  const [seconds, setSeconds] = useState(left)
  const isOver = seconds === 0
  useEffect(() => {
    // The background notes what is over when it is next asked.
    if (isOver) return void refresh()
    const timer = setInterval(() => setSeconds(left), 1000)
    return () => clearInterval(timer)
  }, [isOver, until])
  return (
    <p class="hint" role="timer">
      {t('quorum_time_left', [clockWords(seconds)])}
    </p>
  )
}

const two = (number: number) => String(number).padStart(2, '0')

function clockWords(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const rest = `${two(minutes)}:${two(seconds % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}
