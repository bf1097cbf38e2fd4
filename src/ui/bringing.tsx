// ui: what the person sees; speaks the protocol like any other client. This file: a file that is brought in, on its way:
// chosen, perhaps locked by a password, read (a password's derivation can take minutes, and be given up), and there.

import { useEffect, useRef, useState } from 'preact/hooks'
import { KeyFileError, type KeyFileOptions } from '../certificates/index.ts'
import type { Bytes } from '../codec/bytes.ts'
import { fileWordsOf } from './certificateErrors.ts'
import { PassphraseField } from './Field.tsx'
import { ErrorAlert } from './Notices.tsx'
import { onSubmit } from './task.ts'
import { t } from './words.ts'

type Step<Brought> =
  | { readonly is: 'choosing'; readonly error: unknown }
  | { readonly is: 'locked'; readonly given: Given; readonly error: unknown }
  /** `done` from 0 to 1, where that can be told. */
  | { readonly is: 'reading'; readonly name: string; readonly done: number | null }
  | { readonly is: 'brought'; readonly given: Given; readonly brought: Brought }

export interface Given {
  readonly name: string
  readonly bytes: Bytes
}

const atStart = { is: 'choosing', error: null } as const

const isOfPassword = (error: unknown): error is KeyFileError =>
  error instanceof KeyFileError &&
  (error.code === 'needs-password' || error.code === 'wrong-password')

interface Bringing<Brought> {
  read(bytes: Bytes, password: string | undefined, options: KeyFileOptions): Promise<Brought>
  forget(brought: Brought): void
}

/** One file at a time; whatever ends it, what it held is cleared. */
export function useBringing<Brought>({ read, forget }: Bringing<Brought>) {
  const [step, setStep] = useState<Step<Brought>>(atStart)
  const running = useRef(new AbortController())
  const clear = useRef(() => {})
  const leave = () => {
    running.current.abort()
    clear.current()
    clear.current = () => {}
  }
  useEffect(() => leave, [])
  const open = async (given: Given, password?: string): Promise<void> => {
    leave()
    const controller = new AbortController()
    running.current = controller
    const { signal } = controller
    const go = (next: Step<Brought>) => {
      if (!signal.aborted) setStep(next)
    }
    const { name, bytes } = given
    const onProgress = (done: number) => go({ is: 'reading', name, done })
    go({ is: 'reading', name, done: null })
    try {
      const brought = await read(bytes, password, { signal, onProgress })
      if (signal.aborted) return forget(brought)
      clear.current = () => forget(brought)
      go({ is: 'brought', given, brought })
    } catch (error) {
      if (!isOfPassword(error)) return go({ is: 'choosing', error })
      go({ is: 'locked', given, error: error.code === 'wrong-password' ? error : null })
    }
  }
  const restart = (error: unknown = null) => {
    leave()
    setStep({ is: 'choosing', error })
  }
  return { step, open, restart }
}

/** What stands between the choosing of a file and what was in it. */
export function OnItsWay<Brought>({
  of: { step, open, restart },
}: {
  readonly of: ReturnType<typeof useBringing<Brought>>
}) {
  if (step.is === 'reading') {
    return <Reading name={step.name} done={step.done} onCancel={() => restart()} />
  }
  if (step.is !== 'locked') return null
  return (
    <Open
      given={step.given}
      error={step.error}
      onPassword={(password) => void open(step.given, password)}
      onCancel={() => restart()}
    />
  )
}

function Reading({
  name,
  done,
  onCancel,
}: {
  readonly name: string
  readonly done: number | null
  readonly onCancel: () => void
}) {
  return (
    <div class="stack" aria-busy="true">
      <p role="status">{t('certificates_opening', [name])}</p>
      <progress
        class="wide"
        aria-label={t('certificates_progress')}
        {...(done === null ? {} : { value: done })}
      />
      <div class="row">
        <button type="button" onClick={onCancel}>
          {t('cancel')}
        </button>
      </div>
    </div>
  )
}

function Open({
  given,
  error,
  onPassword,
  onCancel,
}: {
  readonly given: Given
  readonly error: unknown
  readonly onPassword: (password: string) => void
  readonly onCancel: () => void
}) {
  const [password, setPassword] = useState('')
  return (
    <form class="stack narrow" autocomplete="off" onSubmit={onSubmit(() => onPassword(password))}>
      <p>{t('certificates_locked', [given.name])}</p>
      <PassphraseField
        label={t('certificates_password')}
        value={password}
        onValue={setPassword}
        autofocus
      />
      <ErrorAlert error={error && fileWordsOf(error, 'any')} />
      <div class="row">
        <button type="submit" class="primary">
          {t('certificates_open')}
        </button>
        <button type="button" onClick={onCancel}>
          {t('cancel')}
        </button>
      </div>
    </form>
  )
}
