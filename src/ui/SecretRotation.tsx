// ui: what the person sees; speaks the protocol like any other client. This file: a new password for a login, every so
// many days or now, and the reminder to set it where it is used.

import { Copy, Eye, EyeOff, RefreshCw } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { useAskAgain } from './AskAgain.tsx'
import { call } from './call.ts'
import { NumberField, TextField } from './Field.tsx'
import { focusAgain } from './focus.ts'
import { Icon } from './Icon.tsx'
import { copyAndSay, readItem } from './itemWork.ts'
import { ErrorAlert, say } from './Notices.tsx'
import type { SecretFacts } from './SecretPane.tsx'
import { onSubmit, useTask } from './task.ts'
import { dayWords, t } from './words.ts'

export interface RotationProps {
  readonly facts: SecretFacts
  /** After a change: reads them again. */
  readonly onChanged: () => Promise<void>
}

/** RotateSecret, RotationRules. */
const days = { least: 1, most: 1000 } as const
const usualDays = 90

/** The hook that makes a new password and reminds the person (secrets/rotation). */
const newPasswordHook = (secretArn: string): string =>
  `arn:aws:lambda:browser-1:${secretArn.split(':')[4]}:function:new-password`

/** The version that waits for the person; `undefined` where none does. */
function pendingVersion({ VersionIdsToStages }: SecretFacts): string | undefined {
  const waiting = Object.entries(VersionIdsToStages).find(
    ([, stages]) => stages.includes('AWSPENDING') && !stages.includes('AWSCURRENT'),
  )
  return waiting?.[0]
}

/** Nothing where no new password waits. */
export function RotationReminder({ facts, onChanged }: RotationProps) {
  const [fresh, setFresh] = useState<string | null>(null)
  const ask = useAskAgain()
  const task = useTask()
  const pending = pendingVersion(facts)
  const SecretId = facts.ARN
  useEffect(() => setFresh(null), [pending])
  if (pending === undefined) return null
  const withFresh = (work: (password: string) => void | Promise<void>) =>
    ask.run(async (proof) => {
      const { Item } = await readItem(SecretId, proof, pending)
      await work(newPart(Item.fields))
    })
  const finish = () =>
    task.run(async () => {
      await call('keyhearth:FinishRotation', { SecretId })
      await onChanged()
      say(t('rotating_done'))
    })
  const cancel = () =>
    task.run(async () => {
      await call('secretsmanager:CancelRotateSecret', { SecretId })
      await onChanged()
      say(t('rotating_cancelled'))
    })
  return (
    <section class="card rotating" aria-labelledby="rotating-heading">
      <h2 id="rotating-heading">{t('rotating_heading')}</h2>
      <p>{t('rotating_body')}</p>
      <p class="secret-value mono">{fresh ?? '••••••••••••'}</p>
      <div class="row">
        {fresh === null ? (
          <button type="button" class="quiet" onClick={() => withFresh(setFresh)}>
            <Icon of={Eye} />
            {t('rotating_show')}
          </button>
        ) : (
          <button type="button" class="quiet" onClick={() => setFresh(null)}>
            <Icon of={EyeOff} />
            {t('rotating_hide')}
          </button>
        )}
        <button type="button" class="quiet" onClick={() => withFresh(copyAndSay)}>
          <Icon of={Copy} />
          {t('rotating_copy')}
        </button>
      </div>
      {ask.prompt}
      <div class="row">
        <button type="button" class="primary" disabled={task.busy} onClick={finish}>
          {t('rotating_finish')}
        </button>
        <button type="button" disabled={task.busy} onClick={cancel}>
          {t('rotating_cancel')}
        </button>
      </div>
      <ErrorAlert error={task.error} />
    </section>
  )
}

/** What a rotation makes anew (secrets/rotation). */
const newPart = (fields: Readonly<Record<string, string>>): string =>
  fields['password'] ?? fields['key'] ?? fields['value'] ?? ''

/** When a new password is made by itself. */
export function RotationSchedule({ facts, onChanged }: RotationProps) {
  const SecretId = facts.ARN
  const waits = pendingVersion(facts) !== undefined
  const { RotationEnabled: on = false, RotationRules, NextRotationDate, LastRotatedDate } = facts
  const [every, setEvery] = useState(RotationRules?.AutomaticallyAfterDays ?? usualDays)
  const [expression, setExpression] = useState(RotationRules?.ScheduleExpression ?? '')
  const [isExact, setExact] = useState(expression !== '')
  const exactly = isExact ? expression.trim() : ''
  const rules = exactly === '' ? { AutomaticallyAfterDays: every } : { ScheduleExpression: exactly }
  const done = exactly === '' ? t('schedule_done', [String(every)]) : t('schedule_done_exactly')
  const task = useTask()
  const rotate = (now: boolean, words: string) =>
    task.run(async () => {
      await call('secretsmanager:RotateSecret', {
        SecretId,
        RotationLambdaARN: newPasswordHook(SecretId),
        ...(now ? {} : { RotationRules: rules }),
        RotateImmediately: now,
      })
      await onChanged()
      focusAgain('secret-pane')
      say(words)
    })
  const stop = () =>
    task.run(async () => {
      await call('secretsmanager:CancelRotateSecret', { SecretId })
      await onChanged()
      focusAgain('secret-pane')
      say(t('schedule_off_done'))
    })
  return (
    <form class="stack" autocomplete="off" onSubmit={onSubmit(() => rotate(false, done))}>
      <p class="hint">{t('schedule_hint')}</p>
      {on && NextRotationDate !== undefined && (
        <p>{t('schedule_next', [dayWords(NextRotationDate)])}</p>
      )}
      {LastRotatedDate !== undefined && (
        <p class="hint">{t('schedule_last', [dayWords(LastRotatedDate)])}</p>
      )}
      {isExact ? (
        <TextField
          label={t('schedule_expression')}
          value={expression}
          hint={t('schedule_expression_hint')}
          maxLength={256}
          onValue={setExpression}
        />
      ) : (
        <NumberField label={t('schedule_days')} value={every} {...days} onValue={setEvery} />
      )}
      <div>
        <button type="button" class="link" onClick={() => setExact(!isExact)}>
          {isExact ? t('schedule_by_days') : t('schedule_by_expression')}
        </button>
      </div>
      <div class="row">
        <button type="submit" disabled={task.busy || waits}>
          {on ? t('schedule_change') : t('schedule_on')}
        </button>
        {on && !waits && (
          <button type="button" disabled={task.busy} onClick={stop}>
            {t('schedule_off')}
          </button>
        )}
        <button
          type="button"
          class="quiet"
          disabled={task.busy || waits}
          onClick={() => rotate(true, t('schedule_now_done'))}
        >
          <Icon of={RefreshCw} />
          {t('schedule_now')}
        </button>
      </div>
      <ErrorAlert error={task.error} />
    </form>
  )
}
