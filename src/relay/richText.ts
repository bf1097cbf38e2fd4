// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: marked text in a contenteditable, replaced so that the page's own editor knows of it.
//
// Many editors keep a document of their own behind what is seen. The browser's editing command changes
// only what is seen (it fires no `beforeinput`), so such an editor would go on holding, and send, the old
// text. All of them handle a paste themselves; so the text is offered as one, and the command serves
// where nobody took it.

import { deepestActive, selectionIn } from './focus.ts'
import type { Replaceable } from './replaceable.ts'

interface Place {
  readonly host: HTMLElement
  readonly range: Range
}

const longestWaitMs = 1000
const lookMs = 40
/** Editors put back what they do not know of, and hear of a moved selection, within this time. */
const settleMs = 150

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/**
 * @param bare what is meant where nothing is marked: all of the text, or the caret's place
 * @returns the text alone where it stands in nothing that can be edited
 */
export function readRich(selection: Selection, bare: 'all' | 'caret'): string | Replaceable {
  const host = editingHost(selection.anchorNode)
  if (!host || isPartial(host)) return selection.toString()
  const range = selection.getRangeAt(0).cloneRange()
  const all = range.collapsed && bare === 'all'
  if (all) range.selectNodeContents(host)
  // biome-ignore lint/performance/useDomNodeTextContent: as it is seen, with its line ends, which no text content has.
  const text = all ? host.innerText.replace(/\n$/, '') : selection.toString()
  const marked = range.toString()
  return {
    text,
    // The page may have changed its text since it was read: then the range holds something else.
    replace: async (other: string) =>
      range.toString() === marked && replace({ host, range }, other),
  }
}

/** CodeMirror shows a part of a long document, and gaps: what is marked may reach further than what is here. */
const isPartial = (host: HTMLElement): boolean => host.querySelector('.cm-gap') !== null

function editingHost(node: Node | null): HTMLElement | null {
  let element = node instanceof HTMLElement ? node : (node?.parentElement ?? null)
  if (!element?.isContentEditable) return null
  while (element.parentElement?.isContentEditable) element = element.parentElement
  return element
}

async function replace(place: Place, text: string): Promise<boolean> {
  const { host, range } = place
  if (!host.isConnected || !host.isContentEditable || !(await select(place))) return false
  const wanted = squeeze(textBefore(place) + text + textAfter(place))
  const lines = text.replace(/\n$/, '')
  if (!offerPaste(range.startContainer, lines)) document.execCommand('insertText', false, lines)
  return comesToStay(() => squeeze(textOf(host)) === wanted)
}

/** Touches neither focus nor selection where both are right already: editors move things on either. */
async function select({ host, range }: Place): Promise<boolean> {
  const selection = selectionIn(host)
  if (!selection) return false
  const current = selection.rangeCount > 0 ? selection.getRangeAt(0) : null
  if (current && isSame(current, range) && host.contains(deepestActive())) return true
  host.focus()
  selection.removeAllRanges()
  selection.addRange(range)
  await pause(settleMs)
  return host.isConnected
}

const isSame = (one: Range, other: Range): boolean =>
  one.startContainer === other.startContainer &&
  one.startOffset === other.startOffset &&
  one.endContainer === other.endContainer &&
  one.endOffset === other.endOffset

/** Whether an editor took the text. One that takes it and does nothing with it is not asked twice. */
function offerPaste(node: Node, text: string): boolean {
  const clipboardData = new DataTransfer()
  clipboardData.setData('text/plain', text)
  const init = { bubbles: true, cancelable: true, composed: true, clipboardData }
  const target = node instanceof Element ? node : node.parentElement
  return target?.dispatchEvent(new ClipboardEvent('paste', init)) === false
}

async function comesToStay(isThere: () => boolean): Promise<boolean> {
  const deadline = Date.now() + longestWaitMs
  while (!isThere() && Date.now() < deadline) await pause(lookMs)
  await pause(settleMs)
  return isThere()
}

const textOf = (host: HTMLElement): string => {
  const all = new Range()
  all.selectNodeContents(host)
  return all.toString()
}

function textBefore({ host, range }: Place): string {
  const before = new Range()
  before.selectNodeContents(host)
  before.setEnd(range.startContainer, range.startOffset)
  return before.toString()
}

function textAfter({ host, range }: Place): string {
  const after = new Range()
  after.selectNodeContents(host)
  after.setStart(range.endContainer, range.endOffset)
  return after.toString()
}

/** White space and invisible marks are the editor's affair. */
const squeeze = (value: string): string => value.replace(/[\s\u200b-\u200d\u2060]+/g, '')
