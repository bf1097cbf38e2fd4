// ui: what the person sees; speaks the protocol like any other client. This file: the recovery key on
// the screen and on paper, and the proof that it was written down.

import { Printer } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { call } from './call.ts'
import { TextField } from './Field.tsx'
import { FormEnd } from './FormEnd.tsx'
import { Icon } from './Icon.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { ProofField, useProving } from './Proof.tsx'
import { QrCode } from './QrCode.tsx'
import { refresh, status } from './status.ts'
import { onSubmit, useTask } from './task.ts'
import { dateWords, t } from './words.ts'

export function RecoveryKey() {
  const [words, setWords] = useState<readonly string[]>([])
  const [confirming, setConfirming] = useState(false)
  const task = useTask()
  useEffect(() => {
    task.run(async () => {
      const { RecoveryKey: found } = await call('keyhearth:GetPendingRecoveryKey', {})
      setWords(found ?? [])
    })
  }, [])
  const later = () =>
    task.run(async () => {
      await call('keyhearth:PostponeRecoveryKey', {})
      await refresh()
    })
  return (
    <main class="page">
      <h1>{t('recovery_heading')}</h1>
      {confirming ? (
        <ConfirmWords onBack={() => setConfirming(false)} />
      ) : (
        <>
          <p class="lead">{t('recovery_intro')}</p>
          <Words words={words} />
          <ErrorAlert error={task.error} />
          <div class="row">
            <button type="button" class="primary" onClick={() => setConfirming(true)}>
              {t('recovery_continue')}
            </button>
            <button type="button" onClick={later} disabled={task.busy}>
              {t('recovery_later')}
            </button>
            <button type="button" class="quiet push" onClick={() => print()}>
              <Icon of={Printer} />
              {t('recovery_print')}
            </button>
          </div>
          <Sheet words={words} />
        </>
      )}
    </main>
  )
}

export function Words({ words }: { readonly words: readonly string[] }) {
  return (
    <ol class="words" aria-label={t('recovery_words')}>
      {words.map((word, at) => (
        // A word may well come twice.
        <li key={at}>{word}</li>
      ))}
    </ol>
  )
}

/** Only on paper: the words again with a QR code of them, and what to do with the sheet. */
function Sheet({ words }: { readonly words: readonly string[] }) {
  return (
    <section class="sheet" aria-hidden="true">
      <h1>{t('recovery_sheet')}</h1>
      <p>{t('recovery_sheet_note')}</p>
      <p>
        {t('account')} {status.value?.AccountId}, {dateWords(Date.now() / 1000)}
      </p>
      <Words words={words} />
      <QrCode text={words.join(' ')} label={t('recovery_qr')} />
    </section>
  )
}

/** Three different places among 24, by the platform's randomness. */
function threePositions(): number[] {
  const positions = new Set<number>()
  while (positions.size < 3) {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1))
    positions.add((byte % 24) + 1)
  }
  return [...positions].sort((left, right) => left - right)
}

function ConfirmWords({ onBack }: { readonly onBack: () => void }) {
  const [positions] = useState(threePositions)
  const [typed, setTyped] = useState<Readonly<Record<number, string>>>({})
  const task = useTask()
  const confirm = () =>
    task.run(async () => {
      const Words = positions.map((Position) => ({ Position, Word: typed[Position] ?? '' }))
      await call('keyhearth:ConfirmRecoveryKey', { Words })
      say(t('recovery_confirmed'))
      await refresh()
    })
  return (
    <form class="stack" autocomplete="off" onSubmit={onSubmit(confirm)}>
      <p class="lead">{t('recovery_confirm_intro')}</p>
      {positions.map((position, i) => (
        <TextField
          key={position}
          label={t('recovery_word', [String(position)])}
          value={typed[position] ?? ''}
          onValue={(word) => setTyped({ ...typed, [position]: word })}
          autofocus={i === 0}
        />
      ))}
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="submit" class="primary" disabled={task.busy}>
          {t('recovery_confirm')}
        </button>
        <button type="button" onClick={onBack}>
          {t('recovery_show_again')}
        </button>
      </div>
    </form>
  )
}

/** Makes new words once the person proved who they are; the screen above then shows them. */
export function ReplaceRecoveryKey({ onCancel }: { readonly onCancel: () => void }) {
  const proving = useProving()
  const task = useTask()
  const replace = () =>
    task.run(async () => {
      const problem = proving.problem()
      if (problem) return task.fail(problem)
      const proof = await proving.prove()
      await call('keyhearth:ReplaceRecoveryKey', proof)
      await refresh()
    })
  return (
    <form class="stack" autocomplete="off" onSubmit={onSubmit(replace)}>
      <h2>{t('recovery_replace_heading')}</h2>
      <p class="lead">{t('recovery_replace_intro')}</p>
      <ProofField of={proving} autofocus />
      <FormEnd task={task} words={t('recovery_replace_button')} onCancel={onCancel} />
    </form>
  )
}
