// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: the relay as a whole.

import { type Browser, browser } from 'wxt/browser'
import type { Notice, Selection } from '../protocol/messages.ts'
import { standsUnderTopAlone } from './ancestors.ts'
import { hasTheFocus } from './fillPlace.ts'
import { hasFound, lookForMessages, watchForMessages } from './finding.ts'
import { connect, hasAsked, listenForRequests } from './knocking.ts'
import { hangUp } from './line.ts'
import {
  abandon,
  attachAgain,
  isAttached,
  listenForPorts,
  refuse,
  resume,
  sendAgain,
  succeed,
  tell,
} from './port.ts'
import { isRemembered, readSelection, replaceSelection } from './selection.ts'
import { sendKnock } from './wire.ts'

export function startRelay(): void {
  listenForNotices()
  // A frame of an opaque origin is nobody's: whoever is in it, it says nothing of itself.
  if (self.origin !== 'null') watchForMessages()
  // A page of a tab, or a frame right in it. What they may do is the background's to say.
  if (!standsUnderTopAlone()) return
  listenForRequests()
  listenForPorts()
  if (document.readyState !== 'loading') void succeed()
  addEventListener('pagehide', () => {
    if (!isAttached() && !hasAsked()) return
    // A page put aside has no port; what is under way is sent again if it comes back.
    hangUp()
    abandon()
    void sendKnock({ keyhearth: 1, type: 'detach', disconnect: false })
  })
  // The port says in which frame it was made, and a page made ready beforehand is in none yet.
  document.addEventListener('prerenderingchange', hangUp)
  // Come back to: what the person allowed may have ended while nobody could be told.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted && isAttached()) void attachAgain()
  })
}

/** From the background alone: an extension page or another extension has a URL or another id. */
function isBackground(sender: Browser.runtime.MessageSender): boolean {
  return sender.id === browser.runtime.id && sender.tab === undefined
}

function listenForNotices(): void {
  browser.runtime.onMessage.addListener((notice: Notice, sender, send) => {
    if (!isBackground(sender) || notice?.keyhearth !== 1) return false
    // Every frame is asked at once: those without a message leave the answer to others, and what is the
    // reader's is not for here.
    if (notice.type === 'found' && !hasFound()) return false
    if (notice.type === 'replace-selection' && !isRemembered(notice.token)) return false
    if (notice.type === 'present' && !stands(notice)) return false
    if (notice.type === 'mark-field') {
      return (notice.chosen || hasTheFocus()) && sendIfEditable(send)
    }
    if (notice.type === 'stop-reading' || notice.type === 'close-view') return false
    if (notice.type === 'look') {
      if (self.origin !== 'null') lookForMessages(notice.wanted)
      return false
    }
    Promise.resolve(obey(notice)).then(send, () => send(undefined))
    return true
  })
}

/** Whether what is asked for is here: the document, or what was read in it. */
const stands = ({ token }: Extract<Notice, { readonly type: 'present' }>): boolean =>
  token === undefined || isRemembered(token)

type RelayNotice = Exclude<
  Notice,
  { readonly type: 'stop-reading' | 'close-view' | 'mark-field' | 'look' }
>

/** What has no field leaves the answer to others. */
function sendIfEditable(send: (marked: Selection) => void): boolean {
  const marked = readSelection('caret')
  if (marked.editable) send(marked)
  return marked.editable
}

function obey(notice: RelayNotice): unknown {
  switch (notice.type) {
    case 'resume':
      if (notice.wait === 'knock') void connect()
      else resume(notice.wait)
      return true
    case 'refused':
      refuse(notice.wait)
      return true
    case 'again':
      sendAgain(notice.wait)
      return true
    case 'revoked':
      return isAttached() && attachAgain()
    case 'present':
      return true
    case 'event':
      tell(notice.event)
      return true
    case 'found':
      return true
    case 'read-selection':
      return readSelection()
    case 'replace-selection':
      return replaceSelection(notice.token, notice.text).then((replaced) => ({ replaced }))
  }
}
