// ui: what the person sees; speaks the protocol like any other client. This file: the first run.

import { useState } from 'preact/hooks'
import { call } from './call.ts'
import { PassphraseField } from './Field.tsx'
import { Mark } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { refresh } from './status.ts'
import { type Score, useStrength } from './strength.ts'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

const strengthWords = (score: Score): string =>
  [t('strength_0'), t('strength_1'), t('strength_2'), t('strength_3'), t('strength_4')][score] ?? ''

export function Strength({ passphrase }: { readonly passphrase: string }) {
  const score = useStrength(passphrase)
  return (
    <div class="strength" aria-live="polite">
      {score !== null && (
        <>
          <meter
            aria-label={t('strength_label')}
            min={0}
            max={4}
            low={2}
            high={3}
            optimum={4}
            value={score}
          />
          <p class="hint">{strengthWords(score)}</p>
          {score < 3 && <p class="hint warn">{t('strength_weak_note')}</p>}
        </>
      )}
      {score === null && <p class="hint">{t('create_hint')}</p>}
    </div>
  )
}

/** What is wrong with a new passphrase typed twice, or `null`. */
export function newPassphraseProblem(passphrase: string, repeat: string): string | null {
  if (passphrase === '') return t('create_empty')
  return passphrase === repeat ? null : t('create_differ')
}

export function CreateVault() {
  const [passphrase, setPassphrase] = useState('')
  const [repeat, setRepeat] = useState('')
  const task = useTask()
  const create = () => {
    const problem = newPassphraseProblem(passphrase, repeat)
    if (problem) return task.fail(problem)
    task.run(async () => {
      await call('keyhearth:CreateVault', { Passphrase: passphrase })
      // Asks the browser not to clear this storage when space is short; workers have no such call.
      await navigator.storage.persist()
      await refresh()
    })
  }
  return (
    <main class="page centred">
      <Mark />
      <h1>{t('create_heading')}</h1>
      <p class="lead">{t('create_intro')}</p>
      <form class="stack" autocomplete="off" onSubmit={onSubmit(create)}>
        <PassphraseField
          label={t('passphrase')}
          value={passphrase}
          onValue={setPassphrase}
          fresh
          autofocus
          hint={<Strength passphrase={passphrase} />}
        />
        <PassphraseField label={t('create_repeat')} value={repeat} onValue={setRepeat} fresh />
        <ErrorAlert error={task.error} />
        <button type="submit" class="primary wide" disabled={task.busy} aria-busy={task.busy}>
          {task.busy ? t('create_busy') : t('create_button')}
        </button>
      </form>
    </main>
  )
}
