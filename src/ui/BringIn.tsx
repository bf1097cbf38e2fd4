// ui: what the person sees; speaks the protocol like any other client. This file: bringing in certificates and keys: a
// file or a text, its password, and what it holds.

import { useEffect, useRef, useState } from 'preact/hooks'
import { KeyFileError } from '../certificates/index.ts'
import type { Bytes } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { BroughtCertificates } from './BroughtCertificates.tsx'
import { BroughtKeys } from './BroughtKeys.tsx'
import { BroughtSigner } from './BroughtSigner.tsx'
import { type Brought, clearKeys, mostBroughtBytes, readBrought } from './bringIn.ts'
import { fileWordsOf } from './certificateErrors.ts'
import { AreaField, PassphraseField } from './Field.tsx'
import { FileChoice } from './FileChoice.tsx'
import { ErrorAlert } from './Notices.tsx'
import { onSubmit } from './task.ts'
import { t } from './words.ts'

type Step =
  | { readonly is: 'choosing'; readonly error: unknown }
  | { readonly is: 'locked'; readonly given: Given; readonly error: unknown }
  /** `done` from 0 to 1, where that can be told. */
  | { readonly is: 'reading'; readonly name: string; readonly done: number | null }
  | { readonly is: 'brought'; readonly given: Given; readonly brought: Brought }

interface Given {
  readonly name: string
  readonly bytes: Bytes
}

const atStart: Step = { is: 'choosing', error: null }

const isOfPassword = (error: unknown): error is KeyFileError =>
  error instanceof KeyFileError &&
  (error.code === 'needs-password' || error.code === 'wrong-password')

/** One file at a time; whatever ends it, what it held is cleared. */
function useBringing() {
  const [step, setStep] = useState<Step>(atStart)
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
    const go = (next: Step) => {
      if (!signal.aborted) setStep(next)
    }
    const { name, bytes } = given
    const onProgress = (done: number) => go({ is: 'reading', name, done })
    go({ is: 'reading', name, done: null })
    try {
      const brought = await readBrought(bytes, password, { signal, onProgress })
      const forget = () => {
        if (brought.is === 'keys') clearKeys(brought.file)
      }
      if (signal.aborted) return forget()
      clear.current = forget
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

export function BringIn() {
  const { step, open, restart } = useBringing()
  return (
    <section class="stack roomy" aria-labelledby="bring-in">
      <h2 id="bring-in">{t('certificates_bring_in')}</h2>
      {step.is === 'choosing' && <Choose error={step.error} onGiven={open} onError={restart} />}
      {step.is === 'reading' && (
        <Reading name={step.name} done={step.done} onCancel={() => restart()} />
      )}
      {step.is === 'locked' && (
        <Open
          given={step.given}
          error={step.error}
          onPassword={(password) => void open(step.given, password)}
          onCancel={() => restart()}
        />
      )}
      {step.is === 'brought' && (
        <>
          <BroughtView brought={step.brought} name={step.given.name} />
          <div class="row">
            <button type="button" onClick={() => restart()}>
              {t('certificates_other_file')}
            </button>
          </div>
        </>
      )}
    </section>
  )
}

function BroughtView({ brought, name }: { readonly brought: Brought; readonly name: string }) {
  switch (brought.is) {
    case 'certificates':
      return <BroughtCertificates certificates={brought.certificates} />
    case 'keys':
      return <BroughtKeys brought={brought} fileName={name} />
    case 'signer':
      return <BroughtSigner signer={brought.signer} />
    case 'request':
      return <p class="card">{t('certificates_is_request')}</p>
  }
}

function Choose({
  error,
  onGiven,
  onError,
}: {
  readonly error: unknown
  readonly onGiven: (given: Given) => Promise<void>
  readonly onError: (error: unknown) => void
}) {
  const [text, setText] = useState('')
  const take = async (file: File) => {
    if (file.size > mostBroughtBytes) return onError(t('certificates_file_large'))
    await onGiven({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
  }
  const paste = () => void onGiven({ name: t('certificates_pasted'), bytes: encodeUtf8(text) })
  return (
    <>
      <p class="lead">{t('certificates_bring_in_lead')}</p>
      <FileChoice
        label={t('certificates_file')}
        words={t('certificates_drop')}
        onFile={(file) => void take(file).catch(onError)}
      />
      <ErrorAlert error={error && fileWordsOf(error, 'any')} />
      <form class="stack" autocomplete="off" onSubmit={onSubmit(paste)}>
        <AreaField
          label={t('certificates_paste')}
          hint={t('certificates_paste_hint')}
          value={text}
          onValue={setText}
        />
        <div class="row">
          <button type="submit" disabled={text.trim() === ''}>
            {t('certificates_look')}
          </button>
        </div>
      </form>
    </>
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
