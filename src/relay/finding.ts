// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: whether a page shows a message at all. It looks once when the page is idle and then only at what
// changed; the reader, which finds and marks messages, comes where the person wants it (gate/reading).

import { Changes, showsMessage } from './changes.ts'
import { isQuiet, setQuiet } from './quiet.ts'
import { sendFinding } from './wire.ts'

/** Between two looks at a page that never rests. */
const restMs = 500

const changes = new Changes()
/** Made with the page, not with the script. */
let observer: MutationObserver | null = null
let found = false
let planned = false

export const hasFound = (): boolean => found

export function watchForMessages(): void {
  observer = new MutationObserver((records) => {
    changes.add(records)
    plan()
  })
  // The browser takes the sign on the toolbar away with the page, and does not bring it back.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted && found && !isQuiet()) void sendFinding()
  })
  if (document.readyState === 'loading') {
    addEventListener('DOMContentLoaded', begin, { once: true })
  } else begin()
}

/** What the person chose for this site while the page was open. */
export function lookForMessages(wanted: boolean): void {
  setQuiet(!wanted)
  if (!wanted) observer?.disconnect()
  else if (found) void sendFinding()
  else begin()
}

function begin(): void {
  changes.addPage()
  observer?.observe(document, { childList: true, subtree: true, characterData: true })
  plan()
}

function plan(): void {
  if (planned) return
  planned = true
  setTimeout(() => whenIdle(look), restMs)
}

const whenIdle = (work: () => void): void => {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: 2000 })
  else setTimeout(work)
}

function look(): void {
  planned = false
  const places = changes.take()
  if (!isQuiet()) found = places.some(showsMessage)
  if (isQuiet() || found) observer?.disconnect()
  if (found) void sendFinding()
}
