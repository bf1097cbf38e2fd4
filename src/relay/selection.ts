// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: the text the person marked, and other text in its place, so that the page's own framework
// sees the change as typing (input events, undo).

import type { Selection as Marked } from '../protocol/messages.ts'

type Field = HTMLInputElement | HTMLTextAreaElement

interface FieldPlace {
  readonly field: Field
  readonly start: number
  readonly end: number
}
interface RangePlace {
  readonly host: HTMLElement
  readonly range: Range
}

/** What `token` stands for until the next read. The page sees neither. */
let remembered: { readonly token: string; readonly place: FieldPlace | RangePlace } | null = null

const textTypes: ReadonlySet<string> = new Set(['text', 'search', 'url', 'tel', ''])

/** The focused element, through open shadow roots. */
function deepestActive(): Element | null {
  let active = document.activeElement
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
  return active
}

function isTextField(element: Element | null): element is Field {
  if (element instanceof HTMLTextAreaElement) return true
  return element instanceof HTMLInputElement && textTypes.has(element.type)
}

export function readSelection(): Marked {
  remembered = null
  const active = deepestActive()
  if (isTextField(active)) return readField(active)
  const selection = getSelection()
  if (!selection || selection.rangeCount === 0) return plain('')
  const host = editingHost(selection.anchorNode)
  if (!host) return plain(selection.toString())
  return remember({ host, range: selection.getRangeAt(0).cloneRange() }, selection.toString())
}

function readField(field: Field): Marked {
  const [start, end] = [field.selectionStart ?? 0, field.selectionEnd ?? 0]
  const text = field.value.slice(start, end)
  if (field.readOnly || field.disabled) return plain(text)
  // Nothing marked: the person means all of it.
  if (text !== '') return remember({ field, start, end }, text)
  return remember({ field, start: 0, end: field.value.length }, field.value)
}

const plain = (text: string): Marked => ({ text, editable: false, token: '' })

function remember(place: FieldPlace | RangePlace, text: string): Marked {
  const token = crypto.randomUUID()
  remembered = { token, place }
  return { text, editable: true, token }
}

function editingHost(node: Node | null): HTMLElement | null {
  let element = node instanceof HTMLElement ? node : (node?.parentElement ?? null)
  if (!element?.isContentEditable) return null
  while (element.parentElement?.isContentEditable) element = element.parentElement
  return element
}

/** True only where the new text now stands where the old one stood. */
export function replaceSelection(token: string, text: string): boolean {
  if (remembered?.token !== token) return false
  const { place } = remembered
  remembered = null
  return 'field' in place ? replaceInField(place, text) : replaceInHost(place, text)
}

function replaceInField({ field, start, end }: FieldPlace, text: string): boolean {
  const before = field.value
  const wanted = before.slice(0, start) + singleLine(field, text) + before.slice(end)
  if (!field.isConnected || (field.maxLength >= 0 && wanted.length > field.maxLength)) return false
  field.focus()
  field.setSelectionRange(start, end)
  const typed = document.execCommand('insertText', false, singleLine(field, text))
  if (!typed || field.value !== wanted) setLikeTyping(field, start, end, singleLine(field, text))
  return field.value === wanted
}

/** An input holds one line; armour reads as well with spaces for its line ends. */
const singleLine = (field: Field, text: string): string =>
  field instanceof HTMLInputElement ? text.trim().replace(/\n/g, ' ') : text

/** Where the editing command is refused: the change and the event frameworks listen for. */
function setLikeTyping(field: Field, start: number, end: number, text: string): void {
  field.setRangeText(text, start, end, 'end')
  const init = { bubbles: true, inputType: 'insertText', data: text }
  field.dispatchEvent(new InputEvent('input', init))
}

function replaceInHost({ host, range }: RangePlace, text: string): boolean {
  const selection = getSelection()
  if (!host.isConnected || !selection) return false
  host.focus()
  selection.removeAllRanges()
  selection.addRange(range)
  const before = rendered(host)
  const trimmed = text.replace(/\n$/, '')
  if (!document.execCommand('insertText', false, trimmed)) return false
  const after = rendered(host)
  return after !== before && after.includes(squeeze(trimmed))
}

const squeeze = (value: string): string => value.replace(/\s+/g, '')

/** Text content would run blocks together and count hidden text; white space is the page's affair. */
const rendered = (host: HTMLElement): string => {
  const selection = new Range()
  selection.selectNodeContents(host)
  return squeeze(selection.toString())
}
