// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: the text the person marked, and other text in its place.

import type { Selection as Marked } from '../protocol/messages.ts'
import { caretIn, type Field, readField } from './field.ts'
import { deepestActive, selectionIn } from './focus.ts'
import type { Replaceable } from './replaceable.ts'
import { readRich } from './richText.ts'

/** What `token` stands for until the next read. The page sees neither. */
let remembered: { readonly token: string; readonly place: Replaceable | null } | null = null

const textTypes: ReadonlySet<string> = new Set(['text', 'search', 'url', 'tel', ''])

function isTextField(element: Element | null): element is Field {
  if (element instanceof HTMLTextAreaElement) return true
  return element instanceof HTMLInputElement && textTypes.has(element.type)
}

/** @param bare what is meant where nothing is marked: all of the field, or the caret's place in it */
export function readSelection(bare: 'all' | 'caret' = 'all'): Marked {
  remembered = null
  const active = deepestActive()
  if (isTextField(active)) {
    return describe((bare === 'caret' ? caretIn(active) : null) ?? readField(active))
  }
  // The browser would give what is marked in it, like any other text.
  if (active instanceof HTMLInputElement && active.type === 'password') return describe('')
  const selection = selectionIn(active)
  return describe(selection && selection.rangeCount > 0 ? readRich(selection, bare) : '')
}

export const isRemembered = (token: string): boolean => remembered?.token === token

/** @param found text alone where it stands in nothing that can be edited */
function describe(found: string | Replaceable): Marked {
  const token = crypto.randomUUID()
  const { origin } = self
  if (typeof found === 'string') {
    remembered = { token, place: null }
    return { origin, text: found, editable: false, token }
  }
  remembered = { token, place: found }
  return { origin, text: found.text, editable: true, token }
}

export async function replaceSelection(token: string, text: string): Promise<boolean> {
  if (remembered?.token !== token) return false
  const { place } = remembered
  remembered = null
  if (!place) return false
  return place.replace(text.replace(/\r\n?/g, '\n'))
}
