// ui: what the person sees; speaks the protocol like any other client. This file: unlocking.

import { Fingerprint, LockOpen } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { KeyhearthError } from '../protocol/errors.ts'
import { call } from './call.ts'
import { PassphraseField } from './Field.tsx'
import { Icon, Mark } from './Icon.tsx'
import { later } from './Later.tsx'
import { ErrorAlert } from './Notices.tsx'
import { RestoreLink } from './RestoreLink.tsx'
import { refresh, status } from './status.ts'
import { onSubmit, useTask } from './task.ts'
import { isToolbarPopup, openAside } from './toolbarPopup.ts'
import { t } from './words.ts'

export const Recover = later<{ readonly onBack?: () => void }>(
  async () => (await import('./Recover.tsx')).Recover,
)

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

/** By whichever of its ways the vault opens here; the passphrase, where there is one, has the focus. */
export function UnlockForm() {
  const ways = status.value?.OpensBy ?? []
  return (
    <div class="stack">
      {ways.includes('passphrase') && <UnlockByPassphrase />}
      {ways.includes('passkey') && <UnlockAtOnce by="passkey" />}
      {ways.includes('device') && <UnlockAtOnce by="device" />}
    </div>
  )
}

/** Few have one: it comes when it is asked for. */
const ask = async () => (await import('./passkeys.ts')).askPasskey()

/** Without anything typed: by the authenticator, or where there is no lock. */
function UnlockAtOnce({ by }: { readonly by: 'passkey' | 'device' }) {
  const task = useTask()
  const unlock = () => {
    // The browser's own window would close the toolbar's popup, and the question with it.
    if (by === 'passkey' && isToolbarPopup()) return void openAside()
    task.run(async () => {
      const proof = by === 'device' ? ({ Device: true } as const) : await ask()
      await call('keyhearth:Unlock', proof)
      await refresh()
    })
  }
  return (
    <div class="stack tight">
      <button
        type="button"
        class="wide"
        disabled={task.busy}
        aria-busy={task.busy}
        onClick={unlock}
      >
        <Icon of={by === 'passkey' ? Fingerprint : LockOpen} />
        {by === 'passkey' ? t('unlock_passkey') : t('unlock_device')}
      </button>
      <UnlockError error={task.error} />
    </div>
  )
}

/** What opens, but is damaged inside, comes back from a backup. */
function UnlockError({ error }: { readonly error: unknown }) {
  const isDamaged = error instanceof KeyhearthError && error.reason === 'record-damaged'
  return (
    <>
      <ErrorAlert error={error} />
      {isDamaged && <RestoreLink words={t('health_repair')} />}
    </>
  )
}

function UnlockByPassphrase() {
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
      <UnlockError error={wait > 0 ? t('unlock_wait') : task.error} />
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
