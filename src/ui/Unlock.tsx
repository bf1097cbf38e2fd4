// ui: what the person sees; speaks the protocol like any other client. This file: unlocking, and
// recovering where the passphrase or this browser's key is gone.

import { useEffect, useState } from 'preact/hooks'
import { KeyhearthError } from '../protocol/errors.ts'
import { call } from './call.ts'
import { AreaField, PassphraseField } from './Field.tsx'
import { Mark } from './Icon.tsx'
import { NewPassphraseFields, useNewPassphrase } from './NewPassphrase.tsx'
import { ErrorAlert } from './Notices.tsx'
import { refresh, status } from './status.ts'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

/** Counts down to when another passphrase may be tried. */
function useWait(): [seconds: number, start: (seconds: number) => void] {
  const [until, setUntil] = useState(
    () => Date.now() + (status.value?.RetryAfterSeconds ?? 0) * 1000,
  )
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (until <= now) return
    const timer = setTimeout(() => setNow(Date.now()), 500)
    return () => clearTimeout(timer)
  }, [until, now])
  const start = (seconds: number) => {
    setUntil(Date.now() + seconds * 1000)
    setNow(Date.now())
  }
  return [Math.max(0, Math.ceil((until - now) / 1000)), start]
}

export function UnlockForm() {
  const [passphrase, setPassphrase] = useState('')
  const [wait, startWait] = useWait()
  const task = useTask()
  const unlock = () => {
    if (passphrase === '') return task.fail(t('unlock_empty'))
    task.run(async () => {
      try {
        await call('keyhearth:Unlock', { Passphrase: passphrase })
        await refresh()
      } catch (error) {
        await refresh()
        startWait(status.value?.RetryAfterSeconds ?? 0)
        if (!(error instanceof KeyhearthError && error.reason === 'too-many-attempts')) throw error
      }
    })
  }
  return (
    <form class="stack" autocomplete="off" onSubmit={onSubmit(unlock)}>
      <PassphraseField
        label={t('passphrase')}
        value={passphrase}
        onValue={setPassphrase}
        autofocus
      />
      <ErrorAlert error={wait > 0 ? t('unlock_wait') : task.error} />
      {wait > 0 && (
        <p class="hint" role="timer">
          {t('unlock_countdown', [String(wait)])}
        </p>
      )}
      <button
        type="submit"
        class="primary wide"
        disabled={task.busy || wait > 0}
        aria-busy={task.busy}
      >
        {task.busy ? t('unlock_busy') : t('unlock_button')}
      </button>
    </form>
  )
}

export function Unlock() {
  const [forgotten, setForgotten] = useState(false)
  if (forgotten) return <Recover onBack={() => setForgotten(false)} />
  return (
    <main class="page centred">
      <Mark />
      <h1>{t('unlock_heading')}</h1>
      <UnlockForm />
      <button type="button" class="link" onClick={() => setForgotten(true)}>
        {t('unlock_forgot')}
      </button>
    </main>
  )
}

/** Never offers a fresh vault: what is stored is still the person's. */
export function Recover({ onBack }: { readonly onBack?: () => void }) {
  const [words, setWords] = useState('')
  const passphrase = useNewPassphrase()
  const task = useTask()
  const recover = () =>
    task.run(async () => {
      const problem = words.trim() === '' ? t('recover_empty') : passphrase.problem()
      if (problem) return task.fail(problem)
      await call('keyhearth:RecoverVault', { RecoveryKey: words, Passphrase: passphrase.value })
      await refresh()
    })
  return (
    <main class="page">
      <h1>{t('recover_heading')}</h1>
      <p class="lead">{onBack ? t('recover_intro') : t('recover_damaged')}</p>
      <form class="stack" autocomplete="off" onSubmit={onSubmit(recover)}>
        <AreaField label={t('recover_words')} value={words} onValue={setWords} autofocus />
        <NewPassphraseFields
          of={passphrase}
          label={t('recover_new')}
          repeatLabel={t('recover_repeat')}
        />
        <ErrorAlert error={task.error} />
        <div class="row">
          <button type="submit" class="primary" disabled={task.busy} aria-busy={task.busy}>
            {task.busy ? t('recover_busy') : t('recover_button')}
          </button>
          {onBack && (
            <button type="button" onClick={onBack}>
              {t('back')}
            </button>
          )}
        </div>
      </form>
    </main>
  )
}
