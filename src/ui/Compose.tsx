// ui: what the person sees; speaks the protocol like any other client. This file: writing a message in Keyhearth's
// own window, for a field of a page that cannot read the typing here.

import { Copy, LockKeyhole } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { madeAt, readSite } from '../protocol/sites.ts'
import { call } from './call.ts'
import { copyPlain } from './clipboard.ts'
import { useDraft } from './draft.ts'
import { AreaField } from './Field.tsx'
import { Icon, Mark } from './Icon.tsx'
import { messageForm } from './messageDraft.ts'
import { ErrorAlert, say, Toasts } from './Notices.tsx'
import { RecipientPicker } from './RecipientPicker.tsx'
import { Origin } from './SiteTab.tsx'
import { status } from './status.ts'
import { useTask } from './task.ts'
import { encryptText } from './textWork.ts'
import { UnlockForm } from './Unlock.tsx'
import { t } from './words.ts'

const composeId = new URLSearchParams(location.search).get('id') ?? ''

export function Compose() {
  useEffect(() => {
    document.title = t('compose_title')
  }, [])
  const vault = status.value?.Vault
  return (
    <div class="popup">
      <main class="page stack" aria-busy={vault === undefined}>
        <Mark />
        <h1>{t('compose_title')}</h1>
        {vault === 'unlocked' && <Form />}
        {vault === 'locked' && (
          <>
            <p class="hint">{t('compose_unlock_first')}</p>
            <UnlockForm />
          </>
        )}
        {(vault === 'missing' || vault === 'damaged') && <p>{t('compose_no_vault')}</p>}
      </main>
      <Toasts />
    </div>
  )
}

interface Kept {
  readonly text: string
  readonly recipients: readonly string[]
}

const nothing: Kept = { text: '', recipients: [] }

function readKept(kept: unknown): Kept | null {
  const { text, recipients } = (kept ?? {}) as Partial<Kept>
  if (typeof text !== 'string') return null
  return { text, recipients: Array.isArray(recipients) ? recipients : [] }
}

interface Place {
  /** `null` where there is no field of a page. */
  readonly origin: string | null
  /** Of the draft. */
  readonly form: string
}

function Form() {
  const [place, setPlace] = useState<Place | null>(null)
  const task = useTask()
  useEffect(
    () =>
      task.run(async () => {
        const { Origin: origin } = await call('keyhearth:GetComposition', { ComposeId: composeId })
        setPlace({ origin, form: await messageForm(origin ?? '') })
      }),
    [],
  )
  return place ? <Writing {...place} /> : <ErrorAlert error={task.error} />
}

function Writing({ origin, form }: Place) {
  const [made, setMade] = useState<string | null>(null)
  const draft = useDraft(form, nothing, readKept)
  const task = useTask()
  const { text, recipients } = draft.value.value
  const finish = () => {
    if (text.trim() === '') return task.fail(t('text_empty'))
    task.run(async () => {
      const context = origin ? madeAt(readSite(origin)) : {}
      const sealed = (await encryptText(text, context, recipients)).text.trimEnd()
      draft.clear()
      if (origin && (await insert(sealed))) return window.close()
      setMade(sealed)
    })
  }
  if (made !== null) return <Made text={made} wanted={Boolean(origin)} />
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        finish()
      }}
    >
      {origin && <Origin origin={origin} />}
      <p class="hint">{origin ? t('compose_hint') : t('compose_no_field')}</p>
      <AreaField
        label={t('compose_field')}
        value={text}
        onValue={(next) => draft.set({ text: next, recipients })}
        rows={10}
        autofocus
      />
      <RecipientPicker
        selected={recipients}
        onSelected={(next) => draft.set({ text, recipients: next })}
      />
      <div class="row">
        <button type="submit" class="primary" disabled={task.busy}>
          <Icon of={LockKeyhole} />
          {origin ? t('compose_insert') : t('text_encrypt')}
        </button>
      </div>
      <ErrorAlert error={task.error} />
    </form>
  )
}

const insert = async (Text: string): Promise<boolean> =>
  (await call('keyhearth:InsertMessage', { ComposeId: composeId, Text })).Inserted

/** It is not lost: where the field is gone, the person puts the message where they like. */
function Made({ text, wanted }: { readonly text: string; readonly wanted: boolean }) {
  const task = useTask()
  const copy = () =>
    task.run(async () => {
      await copyPlain(text)
      say(t('copied_plain'))
    })
  return (
    <section class="stack">
      {wanted && <p role="alert">{t('compose_field_gone')}</p>}
      <output class="mono armoured" aria-label={t('text_result')}>
        {text}
      </output>
      <div class="row">
        <button type="button" class="primary" onClick={copy}>
          <Icon of={Copy} />
          {t('copy')}
        </button>
      </div>
      <ErrorAlert error={task.error} />
    </section>
  )
}
