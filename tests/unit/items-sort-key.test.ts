// Keys to sort titles by: case, accents and spaces at the ends do not count, numbers are in the order of their size.

import { describe, expect, test } from 'vitest'
import { sortKey } from '../../src/items/sortKey.ts'

describe('the order of titles', () => {
  test.each([
    ['a2', 'a10'],
    ['a', 'B'],
    ['Ärger', 'Zoo'],
    ['zebra', 'Żubr 2'],
    ['file 9', 'file 10 b'],
    ['v1.9', 'v1.10'],
    ['7', 'a'],
    ['999999999', '1000000000'],
    ['999999999999999999', '1000000000000000000'],
    ['x 0000000000000000000000005', 'x 6'],
    ['', 'a'],
  ])('%j before %j', (first, second) => {
    expect(sortKey(first) < sortKey(second)).toBe(true)
  })

  test.each([
    ['Émile', ' emile '],
    ['a  b', 'A B'],
    ['a007', 'a7'],
    ['ﬁsh', 'fish'],
  ])('%j as %j', (first, second) => {
    expect(sortKey(first)).toBe(sortKey(second))
  })
})
