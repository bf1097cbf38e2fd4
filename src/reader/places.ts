// reader: finds and marks messages in a page the person reads on; in the isolated world, trusts nothing.
// This file: where messages stand in a page, and keeping that up to date while the page changes.

import { findArmoured } from '../codec/armour.ts'
import type { Bytes } from '../codec/bytes.ts'
import { PageTexts } from './texts.ts'

export interface FoundMessage {
  readonly range: Range
  readonly bytes: Bytes
}

/** Between two looks at a page that never rests. */
const restMs = 400
/** A page of more text than this is not looked through while the person waits for it. */
const mostText = 20 * 1024 * 1024
const mostMessages = 2000

/** Every whole message that the page shows, in order. */
export function findMessages(root: Node): readonly FoundMessage[] {
  const texts = new PageTexts(root)
  const { text } = texts
  if (text.length > mostText) return []
  const found: FoundMessage[] = []
  for (const block of findArmoured(text)) {
    if (!('bytes' in block) || found.length === mostMessages) continue
    const range = texts.rangeOf(block.start, block.end)
    if (range) found.push({ range, bytes: block.bytes })
  }
  return found
}

/**
 * Calls `changed` once the page shows text that may be a message, and `moved` for any other change; both not at
 * once, but after a moment, however often the page changes.
 * @returns ends it
 */
export function watchPage(changed: () => void, moved: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  let signs = false
  const observer = new MutationObserver((records) => {
    signs ||= records.some(bringsSigns)
    timer ??= setTimeout(() => {
      timer = null
      if (signs) changed()
      else moved()
      signs = false
    }, restMs)
  })
  observer.observe(document, { childList: true, subtree: true, characterData: true })
  return () => {
    observer.disconnect()
    if (timer !== null) clearTimeout(timer)
  }
}

/** A message that comes in pieces has a sign in its first and in its last one. */
function bringsSigns({ type, target, addedNodes }: MutationRecord): boolean {
  if (type === 'characterData') return isSign(target.parentNode)
  return [...addedNodes].some(isSign)
}

const isSign = (node: Node | null): boolean => /KEYHEARTH|keyhearth:/.test(node?.textContent ?? '')
