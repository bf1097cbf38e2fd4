// reader: finds and marks messages in a page the person reads on; in the isolated world, trusts nothing.
// This file: the reader as a whole. The background puts it into documents of sites where the person said so.

import { type Browser, browser } from 'wxt/browser'
import type { Notice } from '../protocol/messages.ts'
import { Layer, Mark } from './marks.ts'
import { type FoundMessage, findMessages, watchPage } from './places.ts'
import { closeView, openView } from './view.ts'

/** One for each document, however often it is put there. */
const running = Symbol.for('keyhearth reader')

export function startReader(): void {
  if (Reflect.get(globalThis, running) === true) return
  Reflect.set(globalThis, running, true)
  const layer = new Layer()
  let marks: readonly Mark[] = []
  const words = browser.i18n.getMessage('reader_mark' as never)
  const place = () => {
    for (const mark of marks) mark.place()
  }
  const draw = () => {
    layer.show()
    const found = findMessages(document.body ?? document.documentElement)
    for (const mark of marks) mark.remove()
    marks = found.map((message) => markOf(layer, message, words))
  }
  const move = followPage(place)
  const unwatch = watchPage(draw, () => {
    if (marks.some(({ message }) => message.range.collapsed)) draw()
    else place()
  })
  draw()
  listen(() => {
    unwatch()
    move()
    closeView()
    layer.remove()
    Reflect.deleteProperty(globalThis, running)
  })
}

const markOf = (layer: Layer, message: FoundMessage, words: string): Mark =>
  new Mark(layer, message, words, (mark) => void openView(layer, mark))

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
