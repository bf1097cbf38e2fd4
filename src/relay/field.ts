// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: marked text in an input or a textarea, replaced so that the page's own framework sees it as
// typing (input events, undo).

import type { Replaceable } from './replaceable.ts'

export type Field = HTMLInputElement | HTMLTextAreaElement

interface Place {
  readonly field: Field
  readonly start: number
  readonly end: number
}

/** Time for a page to put back what it does not want in its field. */
const settleMs = 60

const isFixed = (field: Field): boolean => field.readOnly || field.disabled

const markedIn = (field: Field) => [field.selectionStart ?? 0, field.selectionEnd ?? 0] as const

/** Where the caret is, when it comes to that: the person may go on typing meanwhile. `null` where text is marked. */
export function caretIn(field: Field): Replaceable | null {
  const [start, end] = markedIn(field)
  if (start !== end || isFixed(field)) return null
  return {
    text: '',
    replace: (text: string) => {
      const [, caret] = markedIn(field)
      return replace({ field, start: caret, end: caret }, '', text)
    },
  }
}

/** @returns the text alone where the field may not be changed */
export function readField(field: Field): string | Replaceable {
  const marked = markedIn(field)
  if (isFixed(field)) return field.value.slice(...marked)
  // Nothing marked: the person means all of it.
  const [start, end] = marked[0] === marked[1] ? [0, field.value.length] : marked
  const text = field.value.slice(start, end)
  return { text, replace: (other: string) => replace({ field, start, end }, text, other) }
}

async function replace({ field, start, end }: Place, marked: string, text: string) {
  const before = field.value
  const fitting = fit(field, text)
  // The page may have changed its field since it was read: then other text stands there now.
  if (!field.isConnected || isFixed(field) || before.slice(start, end) !== marked) return false
  if (fitting === null) return false
  const wanted = before.slice(0, start) + fitting + before.slice(end)
  if (field.maxLength >= 0 && wanted.length > field.maxLength) return false
  field.focus()
  field.setSelectionRange(start, end)
  document.execCommand('insertText', false, fitting)
  // Only where the editing command did nothing at all: a page that changed what was typed has it already.
  if (field.value === before) setLikeTyping({ field, start, end }, fitting)
  await new Promise((resolve) => setTimeout(resolve, settleMs))
  return field.value === wanted
}

/**
 * An input holds one line. Armour reads as well with spaces for its line ends; any other text would be
 * changed by that, so it does not fit (`null`).
 */
function fit(field: Field, text: string): string | null {
  if (field instanceof HTMLTextAreaElement || !text.includes('\n')) return text
  return text.startsWith('-----BEGIN ') ? text.replaceAll('\n', ' ') : null
}

/** Where the editing command is refused: the change and the event frameworks listen for. */
function setLikeTyping({ field, start, end }: Place, text: string): void {
  field.setRangeText(text, start, end, 'end')
  const init = { bubbles: true, inputType: 'insertText', data: text }
  field.dispatchEvent(new InputEvent('input', init))
}
