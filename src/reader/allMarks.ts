// reader: finds and marks messages in a page the person reads on; in the isolated world, trusts nothing.
// This file: all marks of a page. Where a part of it changed, the marks there are brought in line with what stands
// there now; all others stay as they are.

import { type Layer, Mark } from './marks.ts'
import { type FoundMessage, findMessages, isSame, mostMessages } from './places.ts'
import { openView } from './view.ts'

export class Marks {
  readonly #layer: Layer
  readonly #words: string
  /** In the page's order. */
  #marks: readonly Mark[] = []

  constructor(layer: Layer, words: string) {
    this.#layer = layer
    this.#words = words
  }

  place(): void {
    for (const mark of this.#marks) mark.place()
  }

  /** @param parts of the page, none inside another */
  renew(parts: readonly Node[]): void {
    this.#layer.show()
    const known = new Known(this.#marks)
    const found = parts.flatMap(findMessages).slice(0, mostMessages)
    const stay = new Set(found.flatMap((message) => known.find(message) ?? []))
    const isGone = (mark: Mark) =>
      !stay.has(mark) && (!isThere(mark.message) || isIn(parts, mark.message))
    for (const mark of this.#marks) if (isGone(mark)) mark.remove()
    const marks = this.#marks.filter((mark) => !isGone(mark))
    const fresh = found.filter((message) => !known.find(message))
    this.#marks = fresh.length > 0 ? this.#with(fresh, marks) : marks
    this.place()
  }

  #with(fresh: readonly FoundMessage[], marks: readonly Mark[]): readonly Mark[] {
    const all = [...marks.map((mark) => ({ message: mark.message, mark })), ...fresh.map(unmarked)]
      .slice(0, mostMessages)
      .sort(({ message: one }, { message: other }) => order(one, other))
    let next: Mark | null = null
    const inOrder: Mark[] = []
    for (const { message, mark } of all.toReversed()) {
      next = mark ?? this.#mark(message, next)
      inOrder.unshift(next)
    }
    return inOrder
  }

  #mark(message: FoundMessage, next: Mark | null): Mark {
    const open = (mark: Mark) => void openView(this.#layer, mark)
    return new Mark(this.#layer, message, this.#words, open, next)
  }
}

const unmarked = (message: FoundMessage) => ({ message, mark: null })

/** Marks by where their messages begin. */
class Known {
  readonly #byStart = new Map<Node, Map<number, Mark>>()

  constructor(marks: readonly Mark[]) {
    for (const mark of marks) {
      const { startContainer, startOffset } = mark.message.range
      const here = this.#byStart.get(startContainer) ?? new Map<number, Mark>()
      this.#byStart.set(startContainer, here.set(startOffset, mark))
    }
  }

  /** The mark of this very message, if it has one. */
  find(message: FoundMessage): Mark | null {
    const { startContainer, startOffset } = message.range
    const mark = this.#byStart.get(startContainer)?.get(startOffset)
    return mark && isSame(mark.message, message) ? mark : null
  }
}

const isIn = (parts: readonly Node[], { range }: FoundMessage): boolean =>
  parts.some((part) => part.contains(range.commonAncestorContainer))

const order = (one: FoundMessage, other: FoundMessage): number =>
  one.range.compareBoundaryPoints(Range.START_TO_START, other.range)

/** A range whose text was taken out of the page is empty, and stands where it was. */
const isThere = ({ range }: FoundMessage): boolean =>
  !range.collapsed && range.startContainer.isConnected
