// Many files: a few small ones at a time, each large one alone, and an end between them.

import { expect, test } from 'vitest'
import { eachFile } from '../../src/ui/eachFile.ts'

const mib = 1024 * 1024

/** Notes which are under way together, each for some turns of the event loop. */
function watch() {
  const running = new Set<number>()
  const together: number[][] = []
  const done: number[] = []
  const work = async (size: number) => {
    running.add(size)
    together.push([...running])
    for (let turn = 0; turn < 5; turn++) await new Promise((next) => setImmediate(next))
    running.delete(size)
    done.push(size)
  }
  return { together, done, work }
}

const bytesOf = (size: number) => size

test('small files go a few at a time, large ones alone', async () => {
  const { together, done, work } = watch()
  const sizes = [1, 2, 3, 4, 5, 6, 9 * mib, 8 * mib, 7, 8]
  await eachFile(sizes, { bytesOf, work })
  expect(done.toSorted((a, b) => a - b)).toEqual(sizes.toSorted((a, b) => a - b))
  expect(Math.max(...together.map((one) => one.length))).toBe(4)
  for (const one of together.filter((sizes) => sizes.some((size) => size > mib))) {
    expect(one).toHaveLength(1)
  }
})

test('one at a time where that is asked for', async () => {
  const { together, work } = watch()
  await eachFile([1, 2, 3], { bytesOf, work, mostAtOnce: 1 })
  expect(together).toEqual([[1], [2], [3]])
})

test('nothing is begun once it is over, and what is under way ends', async () => {
  const { together, done, work } = watch()
  let isOver = false
  const all = eachFile([1, 2, 3, 4, 5, 6], { bytesOf, work, isOver: () => isOver })
  await new Promise((next) => setImmediate(next))
  isOver = true
  await all
  expect(done.toSorted()).toEqual([1, 2, 3, 4])
  expect(together.at(-1)).toEqual([1, 2, 3, 4])
})
