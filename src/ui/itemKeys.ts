// ui: what the person sees; speaks the protocol like any other client. This file: the keys that work in the list of
// secrets.

import type { Quick } from './itemWork.ts'

const isMac = /mac/i.test(navigator.platform)

const letters = { username: 'B', main: 'C', code: 'E' } as const satisfies Record<Quick, string>

/** As it is written on the keyboard. */
export const keyWords = (what: Quick): string =>
  isMac ? `⌘${letters[what]}` : `Ctrl+${letters[what]}`

/** As screen readers are told (WAI-ARIA, aria-keyshortcuts). */
export const ariaKeys = (what: Quick): string => `${isMac ? 'Meta' : 'Control'}+${letters[what]}`

/** What a key press asks to be copied, or `null`. Marked text is what the browser copies. */
export function quickOf(event: KeyboardEvent): Quick | null {
  const held = isMac ? event.metaKey : event.ctrlKey
  if (!held || event.shiftKey || event.altKey) return null
  const pressed = event.key.toUpperCase()
  const what = (['username', 'main', 'code'] as const).find((one) => letters[one] === pressed)
  return what === undefined || (what === 'main' && isTextMarked()) ? null : what
}

function isTextMarked(): boolean {
  const { activeElement } = document
  if (activeElement instanceof HTMLInputElement) {
    return activeElement.selectionStart !== activeElement.selectionEnd
  }
  return getSelection()?.isCollapsed === false
}
