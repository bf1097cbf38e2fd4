// ui: what the person sees; speaks the protocol like any other client. This file: the tab "Sign": a text; and the way to
// the manager, for the PDF in the tab and for files.

import { BadgeCheck, FileSignature, FileText } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { browser } from 'wxt/browser'
import { useActivePage } from './activePage.ts'
import { hashOf } from './address.ts'
import { signText, type TextForm } from './documentSigning.ts'
import { useDraft } from './draft.ts'
import { AreaField } from './Field.tsx'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { Outcome } from './Outcome.tsx'
import { SelectField } from './SelectField.tsx'
import { SigningKeyChoice, useSigningKey } from './SigningKeyChoice.tsx'
import { signingErrorWords } from './signingWords.ts'
import { showsPdf } from './tabPdf.ts'
import { useTask } from './task.ts'
import { t } from './words.ts'

const forms: readonly (readonly [TextForm, string])[] = [
  ['clear', t('sign_text_clear')],
  ['pem', t('sign_text_pem')],
  ['jws', t('sign_text_jws')],
  ['ssh', t('sign_text_ssh')],
]

const readKept = (kept: unknown): string | null => (typeof kept === 'string' ? kept : null)

export function SignTab() {
  const draft = useDraft('sign', '', readKept)
  const [form, setForm] = useState<TextForm>('clear')
  const [signed, setSigned] = useState('')
  const choice = useSigningKey()
  const task = useTask()
  const text = draft.value.value
  const needsCertificate = form === 'clear' || form === 'pem'
  const sign = () =>
    task.run(async () => {
      setSigned('')
      if (text.trim() === '') return task.fail(t('sign_text_empty'))
      const key = await choice.ready(needsCertificate)
      if (!key) return task.fail(t('sign_name_empty'))
      setSigned(await signText(form, text, key))
    })
  return (
    <div class="stack">
      <TabDocument />
      <AreaField
        label={t('sign_text_field')}
        value={text}
        onValue={(value) => draft.set(value)}
        rows={4}
      />
      <SelectField label={t('sign_text_form')} value={form} options={forms} onValue={setForm} />
      <SigningKeyChoice choice={choice} needsCertificate={needsCertificate} />
      <div class="row">
        <button type="button" class="primary" disabled={task.busy} onClick={sign}>
          <Icon of={FileSignature} />
          {t('sign_now')}
        </button>
        <button type="button" onClick={() => openManager(['documents'])}>
          <Icon of={FileText} />
          {t('sign_files_button')}
        </button>
        <button type="button" onClick={() => openManager(['documents', 'verify'])}>
          <Icon of={BadgeCheck} />
          {t('sign_verify_button')}
        </button>
      </div>
      <ErrorAlert error={choice.error} />
      <ErrorAlert error={task.error && signingErrorWords(task.error)} />
      <Outcome label={t('sign_text_result')} value={signed} />
    </div>
  )
}

function openManager(path: readonly string[], query: Readonly<Record<string, string>> = {}): void {
  void browser.tabs.create({ url: browser.runtime.getURL(`/manager.html${hashOf(path, query)}`) })
}

/** The PDF the person is looking at. */
function TabDocument() {
  const page = useActivePage()
  const [isPdf, setIsPdf] = useState(false)
  useEffect(() => {
    setIsPdf(false)
    if (page) void showsPdf(page.tabId, page.url).then(setIsPdf)
  }, [page?.tabId, page?.url])
  if (!page || !isPdf) return null
  return (
    <section class="banner">
      <p>
        {t('sign_tab_pdf')}{' '}
        <button
          type="button"
          class="link inline"
          onClick={() => openManager(['documents'], { tab: String(page.tabId) })}
        >
          {t('sign_tab_pdf_button')}
        </button>
      </p>
    </section>
  )
}
