// ui: what the person sees; speaks the protocol like any other client. This file: secrets that are shown only after
// the person showed once more that it is they. What they show is handed on with the one request and kept nowhere.

import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import { KeyhearthError } from '../protocol/errors.ts'
import { FormEnd } from './FormEnd.tsx'
import { ErrorAlert } from './Notices.tsx'
import { ProofField, type ProofOfPerson, useProving } from './Proof.tsx'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

type Work = (proof?: ProofOfPerson) => Promise<void>

export interface AskAgain {
  readonly busy: boolean
  /** Without a proof first; where that is not enough, again with the one the person gives. */
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
  const proving = useProving()
  const task = useTask()
  const id = useId()
  const go = () => {
    if (proving.problem() !== null) return
    task.run(async () => {
      const proof = await proving.prove()
      await work(proof)
      onDone()
    })
  }
  return (
    <form class="card" aria-labelledby={id} onSubmit={onSubmit(go)}>
      <h2 id={id}>
        {proving.by === 'passphrase' ? t('item_ask_heading') : t('item_ask_heading_other')}
      </h2>
      <p class="hint">{t('item_ask_lead')}</p>
      <ProofField of={proving} autofocus />
      <FormEnd task={task} words={t('item_ask_go')} onCancel={onDone} />
    </form>
  )
}
