// ui: what the person sees; speaks the protocol like any other client. This file: the tab "Text".

import { LockKeyhole, LockKeyholeOpen } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { KeyhearthError } from '../protocol/errors.ts'
import { type ContextRow, ContextRows } from './ContextRows.tsx'
import { readContext } from './contextInput.ts'
import { contextProblemWords } from './contextWords.ts'
import { Disclosure } from './Disclosure.tsx'
import { useDraft } from './draft.ts'
import { AreaField } from './Field.tsx'
import { Icon } from './Icon.tsx'
import { later } from './Later.tsx'
import { ErrorAlert } from './Notices.tsx'
import { RecipientPicker } from './RecipientPicker.tsx'
import { TextOutcome } from './TextOutcome.tsx'
import { useTask } from './task.ts'
import { decryptText, encryptText, type TextResult } from './textWork.ts'
import { t } from './words.ts'

/** Argon2id and the message format come when they are first needed. */
const SealWithPassphrase = later(async () => (await passphraseForms()).SealWithPassphrase)
const OpenWithPassphrase = later(async () => (await passphraseForms()).OpenWithPassphrase)
const passphraseForms = () => import('./PassphraseMessage.tsx')

interface Kept {
  readonly text: string
  readonly context: readonly ContextRow[]
  /** Ids of people. */
  readonly recipients: readonly string[]
}

const nothing: Kept = { text: '', context: [], recipients: [] }

/** The context menu's drafts have no context. */
function readKept(kept: unknown): Kept | null {
  const { text, context, recipients } = (kept ?? {}) as Partial<Kept>
  if (typeof text !== 'string') return null
  return {
    text,
    context: Array.isArray(context) ? context : [],
    recipients: Array.isArray(recipients) ? recipients : [],
  }
}

type Work = (text: string, context: Readonly<Record<string, string>>) => Promise<TextResult>

/** `decryptAtOnce`: the person asked for it in the context menu of a page. */
export function TextTab({ decryptAtOnce }: { readonly decryptAtOnce: boolean }) {
  const draft = useDraft('text', nothing, readKept)
  const [result, setResult] = useState<TextResult | null>(null)
  const task = useTask()
  const kept = draft.value.value
  const work = (how: Work) => {
    setResult(null)
    if (kept.text.trim() === '') return task.fail(t('text_empty'))
    const input = readContext(kept.context)
    if ('problem' in input) return task.fail(contextProblemWords(input.problem, input.key))
    task.run(async () => setResult(await how(kept.text, input.context)))
  }
  const ready = draft.ready.value
  useEffect(() => {
    if (!decryptAtOnce || !ready) return
    // Once: coming back to this tab, or loading the window again, is not asking again.
    history.replaceState(null, '', '?view=text')
    work(decryptText)
  }, [ready])
  return (
    <div class="stack">
      <AreaField
        label={t('text_field')}
        value={kept.text}
        onValue={(text) => draft.set({ ...kept, text })}
        rows={5}
        hint={<p class="hint">{t('text_hint')}</p>}
      />
      <RecipientPicker
        selected={kept.recipients}
        onSelected={(recipients) => draft.set({ ...kept, recipients })}
      />
      <ContextRows rows={kept.context} onRows={(context) => draft.set({ ...kept, context })} />
      <div class="row">
        <button
          type="button"
          class="primary"
          disabled={task.busy}
          onClick={() => work((text, context) => encryptText(text, context, kept.recipients))}
        >
          <Icon of={LockKeyhole} />
          {t('text_encrypt')}
        </button>
        <button type="button" disabled={task.busy} onClick={() => work(decryptText)}>
          <Icon of={LockKeyholeOpen} />
          {t('text_decrypt')}
        </button>
        {(kept.text !== '' || kept.context.length > 0) && (
          <button
            type="button"
            class="quiet push"
            onClick={() => {
              draft.clear()
              setResult(null)
            }}
          >
            {t('text_clear')}
          </button>
        )}
      </div>
      <ErrorAlert error={task.error} />
      {isForAnother(task.error) && (
        <Disclosure summary={t('passphrase_offer')}>
          <OpenWithPassphrase
            text={kept.text}
            onOpened={(text) => {
              task.fail(null)
              setResult({ text, encrypted: false, messages: [], failures: [], total: 1 })
            }}
          />
        </Disclosure>
      )}
      {result && (
        <TextOutcome
          result={result}
          onUse={() => {
            draft.set({ ...kept, text: result.text })
            setResult(null)
          }}
        />
      )}
      <Disclosure summary={t('passphrase_for')}>
        <SealWithPassphrase text={kept.text} />
      </Disclosure>
    </div>
  )
}

/** Perhaps it is under a passphrase: then no vault has its key. */
const isForAnother = (error: unknown): boolean =>
  error instanceof KeyhearthError && error.reason === 'message-key-missing'
