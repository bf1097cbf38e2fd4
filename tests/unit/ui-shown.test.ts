// What a screen shows is read by one run at a time, and a run that began before the asking answers for nobody.

import { expect, test } from 'vitest'
import { oneAfterAnother } from '../../src/ui/shown.ts'

/** Runs that end when they are told to. */
function watch() {
  const ends: PromiseWithResolvers<void>[] = []
  const again = oneAfterAnother(() => {
    const end = Promise.withResolvers<void>()
    ends.push(end)
    return end.promise
  })
  return { ends, again }
}

const turns = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise((next) => setImmediate(next))
}

test('what changed while it was read is read once more, however often it changed', async () => {
  const { ends, again } = watch()
  const first = again()
  await turns()
  const heard: string[] = []
  const asked = [again(), again(), again()].map((one, i) => one.then(() => heard.push(`${i}`)))
  await turns()
  expect(ends).toHaveLength(1)
  ends[0]?.resolve()
  await first
  await turns()
  expect([ends.length, heard]).toEqual([2, []])
  ends[1]?.resolve()
  await Promise.all(asked)
  await turns()
  expect([ends.length, heard]).toEqual([2, ['0', '1', '2']])
})

test('one that failed is heard by those who asked for it, and the next is read', async () => {
  const { ends, again } = watch()
  const first = again()
  await turns()
  const second = again()
  ends[0]?.reject(new Error('gone'))
  await expect(first).rejects.toThrow('gone')
  await turns()
  ends[1]?.resolve()
  await expect(second).resolves.toBeUndefined()
})
