// Where the mark of a signature stands: on the page as it is shown, and in the page's own coordinates (ISO 32000-2 section
// 8.3.2.3: y goes up, Rotate turns clockwise).

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PageBox } from '../../src/pdf/index.ts'
import { placeOf, rectangleOf, shownSize, usualPlace, within } from '../../src/ui/markPlace.ts'

const page = (rotate: PageBox['rotate']): PageBox => ({
  mediaBox: [0, 0, 700, 1000],
  cropBox: [100, 200, 600, 900],
  rotate,
})
const place = { left: 10, top: 20, width: 200, height: 60 }

describe('the upper left of what is shown is', () => {
  test.each([
    [0, [110, 820, 310, 880]],
    [90, [120, 210, 180, 410]],
    [180, [390, 220, 590, 280]],
    [270, [520, 690, 580, 890]],
  ] as const)('on a page turned by %i', (rotate, expected) => {
    expect(rectangleOf(page(rotate), place)).toEqual(expected)
  })
})

test.each([0, 90, 180, 270] as const)(
  'a rectangle on a page turned by %i is found again',
  (rotate) => {
    expect(placeOf(page(rotate), rectangleOf(page(rotate), place))).toEqual(place)
  },
)

test('a turned page is as wide as it was high', () => {
  expect(shownSize(page(0))).toEqual([500, 700])
  expect(shownSize(page(270))).toEqual([700, 500])
})

test('wherever it is dragged, it stays on the page, and large enough to be seen', () => {
  const number = fc.double({ min: -5000, max: 5000, noNaN: true })
  const rotate = fc.constantFrom<PageBox['rotate']>(0, 90, 180, 270)
  fc.assert(
    fc.property(rotate, number, number, number, number, (turn, left, top, width, height) => {
      const box = page(turn)
      const kept = within(box, { left, top, width, height })
      const [x0, y0, x1, y1] = rectangleOf(box, kept)
      const inside = x0 >= 99.999 && y0 >= 199.999 && x1 <= 600.001 && y1 <= 900.001
      return inside && kept.width >= 40 && kept.height >= 16
    }),
  )
})

test('on a page smaller than a mark the mark is as large as the page', () => {
  const tiny: PageBox = { mediaBox: [0, 0, 30, 10], cropBox: [0, 0, 30, 10], rotate: 0 }
  expect(usualPlace(tiny)).toEqual({ left: 0, top: 0, width: 30, height: 10 })
  expect(within(tiny, place)).toEqual({ left: 0, top: 0, width: 30, height: 10 })
})
