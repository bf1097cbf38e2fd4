// ui: what the person sees; speaks the protocol like any other client. This file: secrets that are shown only after
// the passphrase was typed once more. It is handed on with the one request and kept nowhere.

import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import { KeyhearthError } from '../protocol/errors.ts'
import { PassphraseField } from './Field.tsx'
import { ErrorAlert } from './Notices.tsx'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

type Work = (passphrase?: string) => Promise<void>

export interface AskAgain {
  readonly busy: boolean
  /** Without a passphrase first; where that is not enough, again with the one the person types. */
  run(work: Work): void
  fail(error: unknown): void
  /** Where the person is asked, and what went wrong. */
  readonly prompt: ComponentChildren
  readonly asking: boolean
}

export function useAskAgain(): AskAgain {
  const task = useTask()
  const [waiting, setWaiting] = useState<Work | null>(null)
  const run = (work: Work) => {
    setWaiting(null)
    task.run(async () => {
      try {
        await work()
      } catch (error) {
        if (!isNeeded(error)) throw error
        setWaiting(() => work)
      }
    })
  }
  return {
    busy: task.busy,
    run,
    fail: task.fail,
    asking: waiting !== null,
    prompt: waiting ? (
      <Prompt work={waiting} onDone={() => setWaiting(null)} />
    ) : (
      <ErrorAlert error={task.error} />
    ),
  }
}

const isNeeded = (error: unknown): boolean =>
  error instanceof KeyhearthError && error.reason === 'passphrase-needed'

function Prompt({ work, onDone }: { readonly work: Work; readonly onDone: () => void }) {
  const [passphrase, setPassphrase] = useState('')
  const task = useTask()
  const id = useId()
  const go = () => {
    if (passphrase === '') return
    task.run(async () => {
      await work(passphrase)
      onDone()
    })
  }
  return (
    <form class="card" aria-labelledby={id} onSubmit={onSubmit(go)}>
      <h2 id={id}>{t('item_ask_heading')}</h2>
      <p class="hint">{t('item_ask_lead')}</p>
      <PassphraseField
        label={t('passphrase')}
        value={passphrase}
        onValue={setPassphrase}
        autofocus
      />
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="submit" class="primary" disabled={task.busy}>
          {t('item_ask_go')}
        </button>
        <button type="button" onClick={onDone}>
          {t('cancel')}
        </button>
      </div>
    </form>
  )
}
