// ui: what the person sees; speaks the protocol like any other client. This file: one message of a page, read in
// place. This page stands in a frame of that page, which cannot look inside; nothing is typed or decided here.

import './overlay.css'
import { Copy, X } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import type { Output } from '../protocol/outputs.ts'
import { whereMade } from '../protocol/sites.ts'
import { call } from './call.ts'
import { copySecret } from './clipboard.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert, say, Toasts } from './Notices.tsx'
import { senderWords } from './senderWords.ts'
import { siteWords } from './siteWords.ts'
import { status } from './status.ts'
import { useTask } from './task.ts'
import { readable } from './textWork.ts'
import { t } from './words.ts'

const token = location.hash.slice(1)
/** The address is good once: nobody needs to see it any more. */
history.replaceState(null, '', location.pathname)

const close = () => void call('keyhearth:CloseView', { Token: token })

type View = Output<'keyhearth:TakeView'>

export function Overlay() {
  const [view, setView] = useState<View | null>(null)
  const task = useTask()
  useEffect(() => {
    task.run(async () => setView(await call('keyhearth:TakeView', { Token: token })))
    addEventListener('keydown', ({ key }) => key === 'Escape' && close())
  }, [])
  return (
    <main class="overlay" aria-label={t('overlay_title')}>
      <header>
        <h1>{t('overlay_title')}</h1>
        <button type="button" class="quiet icon" aria-label={t('close')} onClick={close}>
          <Icon of={X} />
        </button>
      </header>
      {view ? <Content view={view} /> : <ErrorAlert error={task.error} />}
      <Toasts />
    </main>
  )
}

function Content({ view }: { readonly view: View }) {
  const task = useTask()
  const [opened, setOpened] = useState<Output<'keyhearth:DecryptMessage'> | null>(null)
  const vault = status.value?.Vault
  useEffect(() => {
    setOpened(null)
    if (vault !== 'unlocked') return
    task.run(async () =>
      setOpened(await call('keyhearth:DecryptMessage', { Message: view.Message })),
    )
  }, [vault, view])
  if (vault === 'locked') return <Locked />
  if (!opened) return <ErrorAlert error={task.error} />
  const text = readable(opened.Plaintext)
  const copy = () => task.run(async () => say(t('copied', [String(await copySecret(text))])))
  return (
    <>
      {opened.Sender && <p class="sender">{senderWords(opened.Sender)}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls, also by the keys. */}
      <output class="plaintext" dir="auto" aria-label={t('overlay_text')} tabIndex={0}>
        {text}
      </output>
      <footer>
        <p class="hint">{whereFrom(opened, view.Origin)}</p>
        <button type="button" class="quiet" onClick={copy}>
          <Icon of={Copy} />
          {t('copy')}
        </button>
      </footer>
      <ErrorAlert error={task.error} />
    </>
  )
}

function whereFrom(
  { EncryptionContext }: Output<'keyhearth:DecryptMessage'>,
  here: string,
): string {
  const site = whereMade(EncryptionContext)
  if (site === null) return t('overlay_from_keyhearth')
  return site === here ? t('overlay_from_here') : t('overlay_from_elsewhere', [siteWords(site)])
}

function Locked() {
  const task = useTask()
  const unlock = () =>
    task.run(async () => {
      await call('keyhearth:OpenToUnlock', {})
    })
  return (
    <div class="stack">
      <p>{t('overlay_locked')}</p>
      <div class="row">
        <button type="button" class="primary" onClick={unlock}>
          {t('overlay_unlock')}
        </button>
      </div>
      <ErrorAlert error={task.error} />
    </div>
  )
}
