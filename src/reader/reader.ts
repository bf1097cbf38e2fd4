// reader: finds and marks messages in a page the person reads on; in the isolated world, trusts nothing.
// This file: the reader as a whole. The background puts it into documents of sites where the person said so.

import { type Browser, browser } from 'wxt/browser'
import type { Notice } from '../protocol/messages.ts'
import { wholePage } from '../relay/changes.ts'
import { Marks } from './allMarks.ts'
import { Layer } from './marks.ts'
import { watchPage } from './places.ts'
import { closeView } from './view.ts'

/** One for each document, however often it is put there. */
const running = Symbol.for('keyhearth reader')

export function startReader(): void {
  if (Reflect.get(globalThis, running) === true) return
  Reflect.set(globalThis, running, true)
  const layer = new Layer()
  const marks = new Marks(layer, browser.i18n.getMessage('reader_mark' as never))
  const move = followPage(() => marks.place())
  const unwatch = watchPage((parts) => marks.renew(parts))
  marks.renew([wholePage()])
  listen(() => {
    unwatch()
    move()
    closeView()
    layer.remove()
    Reflect.deleteProperty(globalThis, running)
  })
}

/** Marks follow what they mark; at most once for each frame that is drawn. */
function followPage(place: () => void): () => void {
  let planned = false
  const plan = () => {
    if (planned) return
    planned = true
    requestAnimationFrame(() => {
      planned = false
      place()
    })
  }
  addEventListener('scroll', plan, { capture: true, passive: true })
  addEventListener('resize', plan, { passive: true })
  return () => {
    removeEventListener('scroll', plan, { capture: true })
    removeEventListener('resize', plan)
  }
}

function listen(stop: () => void): void {
  const hear = (notice: Notice, sender: Browser.runtime.MessageSender) => {
    if (sender.id !== browser.runtime.id || sender.tab !== undefined || notice?.keyhearth !== 1)
      return
    if (notice.type === 'close-view') closeView()
    if (notice.type !== 'stop-reading') return
    browser.runtime.onMessage.removeListener(hear)
    stop()
  }
  browser.runtime.onMessage.addListener(hear)
  // A click beside it closes it, as any key Escape does outside of it.
  addEventListener('pointerdown', (event) => event.isTrusted && closeView(), { capture: true })
  addEventListener(
    'keydown',
    ({ key, isTrusted }) => isTrusted && key === 'Escape' && closeView(),
    {
      capture: true,
    },
  )
}
