// ui: what the person sees; speaks the protocol like any other client. This file: the tab "Text".

import { Copy, LockKeyhole, LockKeyholeOpen } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { copyPlain, copySecret } from './clipboard.ts'
import { useDraft } from './draft.ts'
import { AreaField } from './Field.tsx'
import { Icon } from './Icon.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { useTask } from './task.ts'
import { decryptText, encryptText, type TextResult } from './textWork.ts'
import { t } from './words.ts'

interface Kept {
  readonly text: string
}

const nothing: Kept = { text: '' }

function readKept(kept: unknown): Kept | null {
  const text = (kept as Kept | null)?.text
  return typeof text === 'string' ? { text } : null
}

/** `decryptAtOnce`: the person asked for it in the context menu of a page. */
export function TextTab({ decryptAtOnce }: { readonly decryptAtOnce: boolean }) {
  const draft = useDraft('text', nothing, readKept)
  const [result, setResult] = useState<TextResult | null>(null)
  const task = useTask()
  const { text } = draft.value.value
  const work = (how: (text: string) => Promise<TextResult>) => {
    setResult(null)
    if (text.trim() === '') return task.fail(t('text_empty'))
    task.run(async () => setResult(await how(text)))
  }
  const ready = draft.ready.value
  useEffect(() => {
    if (decryptAtOnce && ready) work(decryptText)
  }, [ready])
  return (
    <div class="stack">
      <AreaField
        label={t('text_field')}
        value={text}
        onValue={(next) => draft.set({ text: next })}
        rows={5}
        hint={<p class="hint">{t('text_hint')}</p>}
      />
      <div class="row">
        <button
          type="button"
          class="primary"
          disabled={task.busy}
          onClick={() => work(encryptText)}
        >
          <Icon of={LockKeyhole} />
          {t('text_encrypt')}
        </button>
        <button type="button" disabled={task.busy} onClick={() => work(decryptText)}>
          <Icon of={LockKeyholeOpen} />
          {t('text_decrypt')}
        </button>
        {text !== '' && (
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
      {result && <Result result={result} />}
    </div>
  )
}

function Result({ result }: { readonly result: TextResult }) {
  const task = useTask()
  const copy = () =>
    task.run(async () => {
      if (result.encrypted) {
        await copyPlain(result.text)
        say(t('copied_plain'))
      } else say(t('copied', [String(await copySecret(result.text))]))
    })
  return (
    <section class="result" ref={(element) => element?.scrollIntoView({ block: 'nearest' })}>
      <div class="label-row">
        <span class="label">{t('text_result')}</span>
        <button type="button" class="quiet" onClick={copy}>
          <Icon of={Copy} />
          {t('copy')}
        </button>
      </div>
      <output class="mono" aria-label={t('text_result')}>
        {result.text}
      </output>
      {result.encrypted && <p class="hint">{t('text_encrypted_note')}</p>}
      <ErrorAlert error={task.error} />
      <Details result={result} />
    </section>
  )
}

function Details({ result: { keyId, context } }: { readonly result: TextResult }) {
  const { 'keyhearth:origin': origin, ...rest } = context
  const bound = Object.entries(rest).filter(([key]) => !key.startsWith('aws-crypto-'))
  return (
    <details>
      <summary>{t('text_details')}</summary>
      <dl class="facts">
        <dt>{t('text_detail_key')}</dt>
        <dd class="mono">{keyId}</dd>
        {origin !== undefined && (
          <>
            <dt>{t('text_detail_origin')}</dt>
            <dd>
              <bdi dir="ltr">{origin}</bdi>
            </dd>
          </>
        )}
        {bound.map(([key, value]) => (
          <>
            <dt>{t('text_detail_context')}</dt>
            <dd>
              <bdi>{key}</bdi>: <bdi>{value}</bdi>
            </dd>
          </>
        ))}
      </dl>
    </details>
  )
}
