// ui: what the person sees; speaks the protocol like any other client. This file: where the mark of a signature stands:
// on the page as it is shown, and in the page's own coordinates. Pure.

import type { PageBox, Rectangle } from '../pdf/index.ts'

/** On the page as it is shown, in points from its upper left corner. */
export interface Place {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

const usualSize = { width: 200, height: 60 } as const
const margin = 36
const leastSize = { width: 40, height: 16 } as const

/** Width and height of the page as it is shown, in points. */
export function shownSize({ cropBox: [x0, y0, x1, y1], rotate }: PageBox): [number, number] {
  const [width, height] = [x1 - x0, y1 - y0]
  return rotate === 90 || rotate === 270 ? [height, width] : [width, height]
}

/** Below, on the right. */
export function usualPlace(page: PageBox): Place {
  const [width, height] = shownSize(page)
  const size = {
    width: Math.min(usualSize.width, width),
    height: Math.min(usualSize.height, height),
  }
  return within(page, {
    left: width - size.width - margin,
    top: height - size.height - margin,
    ...size,
  })
}

/** Wholly on the page, and large enough to be seen. */
export function within(page: PageBox, place: Place): Place {
  const [most, highest] = shownSize(page)
  const width = Math.min(most, Math.max(leastSize.width, place.width))
  const height = Math.min(highest, Math.max(leastSize.height, place.height))
  const left = Math.min(most - width, Math.max(0, place.left))
  const top = Math.min(highest - height, Math.max(0, place.top))
  return { left, top, width, height }
}

/** ISO 32000-2 section 8.3.2.3: y goes up, and `Rotate` turns the page clockwise. */
export function rectangleOf(page: PageBox, { left, top, width, height }: Place): Rectangle {
  const one = pointOf(page, left, top)
  const other = pointOf(page, left + width, top + height)
  return [
    Math.min(one[0], other[0]),
    Math.min(one[1], other[1]),
    Math.max(one[0], other[0]),
    Math.max(one[1], other[1]),
  ]
}

/** The same the other way round. */
export function placeOf(page: PageBox, [left, bottom, right, top]: Rectangle): Place {
  const [x0, y0, x1, y1] = page.cropBox
  const [width, height] = [right - left, top - bottom]
  switch (page.rotate) {
    case 0:
      return { left: left - x0, top: y1 - top, width, height }
    case 90:
      return { left: bottom - y0, top: left - x0, width: height, height: width }
    case 180:
      return { left: x1 - right, top: bottom - y0, width, height }
    case 270:
      return { left: y1 - top, top: x1 - right, width: height, height: width }
  }
}

function pointOf({ cropBox: [x0, y0, x1, y1], rotate }: PageBox, right: number, down: number) {
  switch (rotate) {
    case 0:
      return [x0 + right, y1 - down] as const
    case 90:
      return [x0 + down, y0 + right] as const
    case 180:
      return [x1 - right, y0 + down] as const
    case 270:
      return [x1 - down, y1 - right] as const
  }
}
