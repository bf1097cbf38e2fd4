// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: whether a page shows a message at all. It looks once when the page is idle and then only at what
// changed; the reader, which finds and marks messages, comes where the person wants it (gate/reading).

import { messageSigns as signs } from '../protocol/messageSigns.ts'
import { sendFinding } from './wire.ts'

/** Between two looks at a page that never rests. */
const restMs = 500
/** More places than these are looked at as one: the whole page. */
const mostPlaces = 50

let found = false
let places = new Set<Node>()
let planned = false

export const hasFound = (): boolean => found

export function watchForMessages(): void {
  const observer = new MutationObserver((records) => {
    for (const { target } of records) {
      if (places.size > mostPlaces) break
      places.add(target)
    }
    plan(observer)
  })
  const begin = () => {
    places.add(document.body ?? document.documentElement)
    observer.observe(document, { childList: true, subtree: true, characterData: true })
    plan(observer)
  }
  // The browser takes the sign on the toolbar away with the page, and does not bring it back.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted && found) void sendFinding()
  })
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', begin, { once: true })
  else begin()
}

function plan(observer: MutationObserver): void {
  if (planned) return
  planned = true
  setTimeout(() => whenIdle(() => look(observer)), restMs)
}

const whenIdle = (work: () => void): void => {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: 2000 })
  else setTimeout(work)
}

function look(observer: MutationObserver): void {
  planned = false
  const changed = places.size > mostPlaces ? [document.documentElement] : [...places]
  places = new Set()
  if (!changed.some(showsMessage)) return
  found = true
  observer.disconnect()
  void sendFinding()
}

function showsMessage(place: Node): boolean {
  if (!place.isConnected || !signs.test(textAround(place))) return false
  // Scripts are no text that anybody reads. They rarely hold such a sign; only then each text is looked at.
  const scripts = [...document.querySelectorAll('script')]
  return !scripts.some(({ text }) => signs.test(text)) || anyTextShows(document.documentElement)
}

function anyTextShows(root: Node): boolean {
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const { nodeValue, parentNode } = texts.currentNode
    if (!(parentNode instanceof HTMLScriptElement) && signs.test(nodeValue ?? '')) return true
  }
  return false
}

/** A text that changed may be one of several that make a sign together. */
const textAround = (place: Node): string =>
  (place.nodeType === Node.TEXT_NODE ? place.parentNode : place)?.textContent ?? ''
