// reader: finds and marks messages in a page the person reads on; in the isolated world, trusts nothing.
// This file: where messages stand in a page, and keeping that up to date while the page changes.

import { findArmoured } from '../codec/armour.ts'
import { type Bytes, equalBytes } from '../codec/bytes.ts'
import {
  Changes,
  type Place,
  roughText,
  textsBehind,
  textsFrom,
  wholePage,
} from '../relay/changes.ts'
import { beginsLine, isUnread, PageTexts } from './texts.ts'

export interface FoundMessage {
  readonly range: Range
  readonly bytes: Bytes
}

export const isSame = (one: FoundMessage, other: FoundMessage): boolean =>
  one.range.compareBoundaryPoints(Range.START_TO_START, other.range) === 0 &&
  one.range.compareBoundaryPoints(Range.END_TO_END, other.range) === 0 &&
  equalBytes(one.bytes, other.bytes)

/** Between two looks at a page that never rests. */
const restMs = 400
/** A page of more text than this is not looked through while the person waits for it. */
const mostText = 20 * 1024 * 1024
export const mostMessages = 2000

/** The texts of messages that were found. */
const ofMessages = new WeakSet<Node>()

/** Every whole message that is shown there, in order. */
export function findMessages(root: Node): readonly FoundMessage[] {
  if (isUnread(root)) return []
  const texts = new PageTexts(root)
  const { text } = texts
  if (text.length > mostText) return []
  const found: FoundMessage[] = []
  for (const block of findArmoured(text)) {
    if (!('bytes' in block) || found.length === mostMessages) continue
    const range = texts.rangeOf(block.start, block.end)
    if (!range) continue
    found.push({ range, bytes: block.bytes })
    for (const node of texts.between(block.start, block.end)) ofMessages.add(node)
  }
  return found
}

/**
 * Calls `changed` with the parts of the page in which messages may have come or gone, none of them inside another,
 * and with none for any other change; not at once, but after a moment, however often the page changes.
 * @returns ends it
 */
export function watchPage(changed: (parts: readonly Node[]) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  const changes = new Changes()
  const observer = new MutationObserver((records) => {
    changes.add(records)
    timer ??= setTimeout(() => {
      timer = null
      changed(partsOf(changes.take()))
    }, restMs)
  })
  observer.observe(document, { childList: true, subtree: true, characterData: true })
  return () => {
    observer.disconnect()
    if (timer !== null) clearTimeout(timer)
  }
}

function partsOf(places: readonly Place[]): readonly Node[] {
  const around = places.filter(mayBringMessage).flatMap((place) => wholeAround(place) ?? [])
  const parts = [...new Set(around)]
  return parts.filter((part) => !parts.some((other) => part !== other && other.contains(part)))
}

/** What it shows, or shows a piece of, of a message's first line, its last one, and the form of one line. */
function signsIn(place: Place): readonly string[] {
  const { text, start, end } = roughText(place)
  return [...text.matchAll(/(BEGIN|END)\s*KEYHEARTH\s*MESSAGE|keyhearth:[\w-]*/g)]
    .filter(({ 0: sign, index }) => index < end && index + sign.length > start)
    .map(({ 1: edge = 'line' }) => edge)
}

const mayBringMessage = (place: Place): boolean => isOfMessage(place) || signsIn(place).length > 0

/** Inside one that was found already. */
const isOfMessage = ({ first, last }: Place): boolean =>
  isKnown(first) ||
  (isKnown(textsFrom(first).previousNode()) && isKnown(textsBehind(last).nextNode()))

const isKnown = (node: Node | null): boolean => node !== null && ofMessages.has(node)

/**
 * The least part of the page that holds as many beginnings as ends: no message reaches out of it. `null` for a
 * beginning whose end is still to come.
 */
function wholeAround(place: Place): Node | null {
  const { first, last } = place
  const page = wholePage()
  let part: Node = first === last ? first : (first.parentNode ?? page)
  while (part !== page && !(beginsLine(part) && isWhole(part))) part = part.parentNode ?? page
  if (part !== page || isWhole(page)) return part
  const signs = signsIn(place)
  return signs.length > 0 && signs.every((sign) => sign === 'BEGIN') ? null : page
}

function isWhole(part: Node): boolean {
  const text = part.textContent ?? ''
  const begins = text.match(/BEGIN\s*KEYHEARTH\s*MESSAGE/g)?.length ?? 0
  const ends = text.match(/END\s*KEYHEARTH\s*MESSAGE/g)?.length ?? 0
  return begins === ends && (begins > 0 || text.includes('keyhearth:'))
}
