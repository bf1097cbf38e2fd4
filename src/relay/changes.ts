// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: what changed in a page since it was looked at last, and the text there. What changes little is read
// little of, however large the page is: each place with the few characters that stand next to it, since a sign
// may be split over neighbours.

import { messageSigns as signs } from '../protocol/messageSigns.ts'

/** Nodes side by side, all of them new; or one text that changed. */
export interface Place {
  readonly first: Node
  readonly last: Node
}

/** As far as a sign reaches (protocol/messageSigns), with white space in it. */
const reach = 80
/** Texts may be as short as one character. */
const mostNeighbours = 100
/** A page that brings more than this between two looks is read as a whole. */
const mostNodes = 20_000

export const wholePage = (): HTMLElement => document.body ?? document.documentElement

export class Changes {
  #nodes = new Set<Node>()

  addPage(): void {
    this.#nodes = new Set([wholePage()])
  }

  add(records: readonly MutationRecord[]): void {
    for (const { type, target, addedNodes } of records) {
      if (type === 'characterData') this.#nodes.add(target)
      else for (const node of addedNodes) this.#nodes.add(node)
    }
    if (this.#nodes.size > mostNodes) this.addPage()
  }

  /** What is still there of it, once. */
  take(): readonly Place[] {
    const nodes = this.#nodes
    this.#nodes = new Set()
    const page = wholePage()
    const places: Place[] = []
    for (const first of nodes) {
      const { previousSibling, parentNode } = first
      // Read with what it stands in, or with what it stands behind.
      if (first.contains(page)) return [{ first: page, last: page }]
      if (hasNode(nodes, parentNode) || hasNode(nodes, previousSibling)) continue
      if (!page.contains(first)) continue
      let last = first
      while (hasNode(nodes, last.nextSibling)) last = last.nextSibling
      places.push({ first, last })
    }
    return places
  }
}

const hasNode = (nodes: ReadonlySet<Node>, node: Node | null): node is Node =>
  node !== null && nodes.has(node)

/** A place's own text, from `start` to `end`, and a little of what stands next to it. */
export interface Surrounded {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** With all that is in it, scripts among it: by the browser, at once. */
export function roughText({ first, last }: Place): Surrounded {
  let own = textOf(first)
  for (let node: Node = first; node !== last && node.nextSibling; ) {
    node = node.nextSibling
    own += textOf(node)
  }
  if (!/\S/.test(own)) return { text: '', start: 0, end: 0 }
  const before = textBefore(first)
  const end = before.length + own.length
  return { text: before + own + textBehind(last), start: before.length, end }
}

/** Scripts are no text that anybody reads. They rarely hold such a sign; only then each text is looked at. */
export const showsMessage = (place: Place): boolean =>
  signs.test(roughText(place).text) && signs.test(readText(place))

/** Without what nobody reads, text by text. */
function readText({ first, last }: Place): string {
  const end = textsBehind(last).nextNode()
  const texts = textsFrom(first)
  let text = first instanceof Text && isRead(first) ? first.data : ''
  for (let node = texts.nextNode(); node && node !== end; node = texts.nextNode()) {
    if (isRead(node)) text += node.nodeValue
  }
  return textBefore(first) + text + textBehind(last)
}

const textOf = (node: Node): string =>
  node.nodeType === Node.COMMENT_NODE ? '' : (node.textContent ?? '')

const unread: ReadonlySet<string> = new Set(['SCRIPT', 'STYLE', 'TEMPLATE', 'NOSCRIPT'])
const isRead = ({ parentNode }: Node): boolean => !unread.has(parentNode?.nodeName ?? '')

export function textsFrom(node: Node): TreeWalker {
  const texts = document.createTreeWalker(wholePage(), NodeFilter.SHOW_TEXT)
  texts.currentNode = node
  return texts
}

/** Those that come when all of `node` is past. */
export function textsBehind(node: Node): TreeWalker {
  let last = node
  while (last.lastChild) last = last.lastChild
  return textsFrom(last)
}

function textBefore(node: Node): string {
  const texts = textsFrom(node)
  let text = ''
  for (let left = mostNeighbours; left > 0 && text.length < reach; left--) {
    const before = texts.previousNode()
    if (!before) break
    if (isRead(before)) text = before.nodeValue?.slice(-reach) + text
  }
  return text
}

function textBehind(node: Node): string {
  const texts = textsBehind(node)
  let text = ''
  for (let left = mostNeighbours; left > 0 && text.length < reach; left--) {
    const next = texts.nextNode()
    if (!next) break
    if (isRead(next)) text += next.nodeValue?.slice(0, reach)
  }
  return text
}
