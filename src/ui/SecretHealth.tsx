// ui: what the person sees; speaks the protocol like any other client. This file: which passwords to change, and why.

import { CircleCheck, ShieldCheck } from 'lucide'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { KeyhearthError } from '../protocol/errors.ts'
import { useAskAgain } from './AskAgain.tsx'
import { hashOf } from './address.ts'
import { setAside } from './aside.ts'
import { DamagedSecrets } from './DamagedSecrets.tsx'
import { examine, type HealthReport } from './healthWork.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import type { ProofOfPerson } from './Proof.tsx'
import { useTask } from './task.ts'
import { t } from './words.ts'

interface Progress {
  readonly words: string
  readonly done: number
  /** 0: not known yet. */
  readonly total: number
}

export function SecretHealth() {
  const [progress, setProgress] = useState<Progress | null>(null)
  const [report, setReport] = useState<HealthReport | null>(null)
  const task = useTask()
  const cancel = useRef(new AbortController())
  const run = (proof?: ProofOfPerson) =>
    task.run(async () => {
      setReport(null)
      const told = {
        onRead: (count: number) =>
          setProgress({ words: t('health_reading', count), done: 0, total: 0 }),
        onMeasured: (done: number, total: number) =>
          setProgress({
            words: t('health_measuring', [String(done), String(total)]),
            done,
            total,
          }),
      }
      told.onRead(0)
      try {
        setReport(await examine(told, cancel.current.signal, proof))
      } finally {
        setProgress(null)
      }
    })
  useEffect(() => {
    run()
    return () => cancel.current.abort()
  }, [])
  return (
    <section class="stack roomy" aria-labelledby="health-heading">
      <h2 id="health-heading">{t('health_heading')}</h2>
      <p class="lead">{t('health_lead')}</p>
      <ErrorAlert error={task.error} />
      {progress && (
        <div class="stack tight" aria-busy="true">
          <p>{progress.words}</p>
          <progress
            class="wide"
            aria-label={t('health_progress')}
            {...(progress.total > 0 ? { max: progress.total, value: progress.done } : {})}
          />
        </div>
      )}
      <p role="status" class={report ? '' : 'unseen'}>
        {report && t('health_checked', report.checked)}
      </p>
      {report && <NotChecked of={report} onProof={run} />}
      {report && report.titles.size > 0 && <Report of={report} />}
      {!task.busy && (
        <div class="row">
          <button type="button" onClick={() => run()}>
            <Icon of={ShieldCheck} />
            {report ? t('health_again') : t('health_start')}
          </button>
        </div>
      )}
    </section>
  )
}

/** What the findings below say nothing of, and why. */
function NotChecked({
  of: { withheld, unreadable, damaged },
  onProof,
}: {
  readonly of: HealthReport
  readonly onProof: (proof: ProofOfPerson) => void
}) {
  const ask = useAskAgain()
  const look = () =>
    ask.run(async (proof) => {
      if (proof === undefined) throw new KeyhearthError('passphrase-needed')
      onProof(proof)
    })
  return (
    <>
      <DamagedSecrets groups={damaged} />
      {unreadable.length > 0 && (
        <div role="alert" class="alert">
          <p>{t('health_unreadable', unreadable.length)}</p>
          <Logins
            ids={unreadable.map(({ SecretId }) => SecretId)}
            titles={new Map(unreadable.map(({ SecretId, Title }) => [SecretId, Title]))}
          />
        </div>
      )}
      {withheld > 0 && !ask.asking && (
        <div class="banner banner-line">
          <p>{t('health_withheld', withheld)}</p>
          <button type="button" disabled={ask.busy} onClick={look}>
            {t('health_withheld_go')}
          </button>
        </div>
      )}
      {ask.prompt}
    </>
  )
}

function Report({ of: report }: { readonly of: HealthReport }) {
  const { reused, weak, old, unencrypted, withoutOneTimeCode, titles } = report
  const list = (ids: readonly string[]) => <Logins ids={ids} titles={titles} />
  return (
    <>
      <Finding
        name={t('health_reused')}
        hint={t('health_reused_hint')}
        count={reused.reduce((sum, group) => sum + group.length, 0)}
      >
        <ul class="stack">
          {reused.slice(0, mostGroups).map((ids) => (
            <li key={ids[0]} class="stack tight">
              <span class="label">{t('health_reused_group', ids.length)}</span>
              {list(ids)}
            </li>
          ))}
        </ul>
      </Finding>
      <Finding name={t('health_weak')} hint={t('health_weak_hint')} count={weak.length}>
        {list(weak)}
      </Finding>
      <Finding
        name={t('health_unencrypted')}
        hint={t('health_unencrypted_hint')}
        count={unencrypted.length}
      >
        {list(unencrypted)}
      </Finding>
      <Finding name={t('health_old')} hint={t('health_old_hint')} count={old.length}>
        {list(old)}
      </Finding>
      <Finding
        name={t('health_codes')}
        hint={t('health_codes_hint')}
        count={withoutOneTimeCode.length}
      >
        {list(withoutOneTimeCode)}
      </Finding>
    </>
  )
}

/** Nobody changes more than these before checking again; the largest come first. */
const mostGroups = 100

function Finding({
  name,
  hint,
  count,
  children,
}: {
  readonly name: string
  readonly hint: string
  readonly count: number
  readonly children: ComponentChildren
}) {
  return (
    <section class="card" aria-label={name}>
      <div class="label-row">
        <h3>{name}</h3>
        <span class={count === 0 ? 'badge good' : 'badge wait'}>
          {count === 0 ? (
            <>
              <Icon of={CircleCheck} />
              {t('health_none')}
            </>
          ) : (
            t('health_count', count)
          )}
        </span>
      </div>
      {count > 0 && (
        <>
          <p class="hint">{hint}</p>
          {children}
        </>
      )}
    </section>
  )
}

const step = 20

function Logins({
  ids,
  titles,
}: {
  readonly ids: readonly string[]
  readonly titles: ReadonlyMap<string, string>
}) {
  const [shown, setShown] = useState(step)
  const more = ids.length - shown
  return (
    <>
      <ul class="bullets">
        {ids.slice(0, shown).map((id) => (
          <li key={id}>
            <a href={hashOf(['secrets', 'item'])} onClick={() => setAside({ secret: id })}>
              {titles.get(id)}
            </a>
          </li>
        ))}
      </ul>
      {more > 0 && (
        <div class="row">
          <button type="button" class="quiet" onClick={() => setShown(shown + step * 5)}>
            {t('health_more', more)}
          </button>
        </div>
      )}
    </>
  )
}
