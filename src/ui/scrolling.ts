// ui: what the person sees; speaks the protocol like any other client. This file: a long list of which only the
// rows in sight are drawn.

import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Span } from './secretRows.ts'

/** Rows drawn beyond the edges, so that scrolling by a line finds them there. */
const spareRows = 8

/** Which rows lie in sight, and a few around them. Pure. */
export function spanInSight(top: number, height: number, rowHeight: number, total: number): Span {
  const first = Math.max(0, Math.floor(top / rowHeight) - spareRows)
  const last = Math.min(total - 1, Math.ceil((top + height) / rowHeight) + spareRows)
  return { first, last }
}

/** Where to scroll so that a row is whole in sight, below a heading that stays. Pure. */
export function topToShow(
  at: number,
  { top, height, rowHeight, headHeight }: Place & { readonly headHeight: number },
): number {
  const rowTop = at * rowHeight
  if (rowTop < top) return rowTop
  const rowEnd = rowTop + rowHeight + headHeight
  return rowEnd > top + height ? rowEnd - height : top
}

interface Place {
  readonly top: number
  readonly height: number
  readonly rowHeight: number
}

/** A row's height follows the size of letters that the person has chosen. */
const rowRem = 3.25

const placeOf = (element: HTMLElement | null): Place => ({
  top: element?.scrollTop ?? 0,
  height: element?.clientHeight ?? 0,
  rowHeight: rowRem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
})

export interface Scrolling {
  readonly frame: RefObject<HTMLDivElement | null>
  readonly span: Span
  readonly rowHeight: number
  /** Rows that fit at once. */
  readonly page: number
  onScroll(): void
  /** Scrolls no further than needed. */
  show(at: number, headHeight: number): void
  toTop(): void
}

export function useScrolling(total: number): Scrolling {
  const frame = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState(() => placeOf(null))
  const measure = () => setPlace(placeOf(frame.current))
  useLayoutEffect(() => {
    if (!frame.current) return
    const observer = new ResizeObserver(measure)
    observer.observe(frame.current)
    return () => observer.disconnect()
  }, [])
  const scrollTo = (top: number) => {
    if (frame.current) frame.current.scrollTop = top
    measure()
  }
  return {
    frame,
    span: spanInSight(place.top, place.height, place.rowHeight, total),
    rowHeight: place.rowHeight,
    page: Math.max(1, Math.floor(place.height / place.rowHeight) - 1),
    onScroll: measure,
    show: (at, headHeight) => scrollTo(topToShow(at, { ...placeOf(frame.current), headHeight })),
    toTop: () => scrollTo(0),
  }
}
