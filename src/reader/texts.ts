// reader: finds and marks messages in a page the person reads on; in the isolated world, trusts nothing.
// This file: the text of a page as it is read, with the place of each character, so that what is found in the
// text can be pointed at in the page.

/** Elements that begin a line; what is inside others goes on in the same one. */
const lines: ReadonlySet<string> = new Set(
  'ADDRESS ARTICLE ASIDE BLOCKQUOTE BR DD DIV DL DT FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN NAV OL P PRE SECTION TABLE TD TH TR UL'.split(
    ' ',
  ),
)
/** What nobody reads there, or edits just now. */
const passed: ReadonlySet<string> = new Set(
  'SCRIPT STYLE TEMPLATE NOSCRIPT TEXTAREA INPUT SELECT OPTION IFRAME SVG CANVAS'.split(' '),
)

interface Piece {
  readonly node: Text
  /** Where it begins in the whole text. */
  readonly start: number
}

export class PageTexts {
  readonly #pieces: Piece[] = []
  readonly #parts: string[] = []
  #length = 0

  /** From `root`, all of it. */
  constructor(root: Node) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, {
      acceptNode: (node) =>
        node instanceof Element && isPassed(node)
          ? NodeFilter.FILTER_REJECT
          : NodeFilter.FILTER_ACCEPT,
    })
    for (let node: Node | null = walker.currentNode; node; node = walker.nextNode()) {
      if (node instanceof Text) this.#addText(node)
      else if (beginsLine(node)) this.#add('\n')
    }
  }

  get text(): string {
    return this.#parts.join('')
  }

  #addText(node: Text): void {
    this.#pieces.push({ node, start: this.#length })
    this.#add(node.data)
  }

  #add(part: string): void {
    this.#parts.push(part)
    this.#length += part.length
  }

  /** Where in the page that stretch of the text stands; `null` where it is no text of the page. */
  rangeOf(start: number, end: number): Range | null {
    const [from, to] = [this.#at(start), this.#at(end - 1)]
    if (!from || !to) return null
    const range = new Range()
    range.setStart(from.node, start - from.start)
    range.setEnd(to.node, end - to.start)
    return range
  }

  /** All that have a part in that stretch. */
  *between(start: number, end: number): Generator<Text> {
    for (let at = this.#indexOf(start); at < this.#pieces.length; at++) {
      const piece = this.#pieces[at]
      if (!piece || piece.start >= end) return
      yield piece.node
    }
  }

  /** The piece that holds this character. */
  #at(place: number): Piece | null {
    const piece = this.#pieces[this.#indexOf(place)]
    return piece && place < piece.start + piece.node.length ? piece : null
  }

  /** Of the last piece that does not begin behind it. */
  #indexOf(place: number): number {
    let [low, high] = [0, this.#pieces.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#pieces[middle]?.start ?? 0) <= place) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}

export const beginsLine = (node: Node): boolean =>
  node instanceof Element && lines.has(node.tagName)

/** It, or what it stands in, is passed over. */
export function isUnread(node: Node): boolean {
  const element = node instanceof Element ? node : node.parentElement
  if (!element) return false
  return isPassed(element) || isUnread(element.parentNode ?? document)
}

const isPassed = (element: Element): boolean =>
  passed.has(element.tagName.toUpperCase()) ||
  (element instanceof HTMLElement && element.isContentEditable)
