// Design section 4: what a page may put into `detail`. Anything odd asks for nothing.

import { expect, test } from 'vitest'
import { readRights } from '../../src/relay/knocking.ts'

test.each([
  [undefined, ['messages']],
  [null, ['messages']],
  [{}, ['messages']],
  [{ rights: ['messages', 'sign'] }, ['messages', 'sign']],
  [{ rights: [] }, null],
  [{ rights: 'messages' }, null],
  [{ rights: ['everything'] }, null],
  [{ rights: ['messages', 7] }, null],
  [{ rights: Array(9).fill('messages') }, null],
])('%j is read as %j', (detail, expected) => {
  expect(readRights(detail)).toEqual(expected)
})

test('the list is read once: a getter that changes its mind is not heard twice', () => {
  let reads = 0
  const detail = {
    get rights() {
      reads++
      return reads === 1 ? ['messages'] : ['everything']
    },
  }
  expect(readRights(detail)).toEqual(['messages'])
  expect(reads).toBe(1)
})
