// What an edit writes is bounded by blocks of secrets, in bytes: whatever letters people write in.

import { afterEach, expect, test, vi } from 'vitest'
import { blankItem } from '../../src/items/item.ts'
import type { WrittenItem } from '../../src/protocol/secretsInputs.ts'
import { Background } from './background.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const item = (title: string) => {
  const blank = { ...blankItem('login'), title, fields: { password: 'x' } }
  return blank as unknown as WrittenItem
}

/** Bytes of every array in a row, and of its letters. */
function sizeOf(value: unknown): number {
  if (value instanceof Uint8Array) return value.byteLength
  if (typeof value === 'string') return 2 * value.length
  if (typeof value !== 'object' || value === null) return 8
  return Object.entries(value).reduce((sum, [name, part]) => sum + name.length + sizeOf(part), 0)
}

/** What goes into the database while something is done. */
async function writtenBy(work: () => Promise<unknown>): Promise<number> {
  let bytes = 0
  for (const method of ['put', 'add'] as const) {
    const original = IDBObjectStore.prototype[method]
    function counted(this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
      bytes += sizeOf(value)
      return key === undefined ? original.call(this, value) : original.call(this, value, key)
    }
    vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(counted)
  }
  await work()
  vi.restoreAllMocks()
  return bytes
}

const writings = [
  ['plain letters', 'a long title in plain letters '],
  ['Chinese', '很长的标题写在这里'],
  ['emoji', '🔐🗝️'],
] as const

test.each(writings)(
  'adding and editing write at most 64 KiB, with long titles in %s',
  async (_, words) => {
    const vault = await Background.withVault()
    const long = (i: number) => `${i} ${words.repeat(60).slice(0, 240)}`
    const ids: string[] = []
    const put = (input: { SecretId?: string; Item: WrittenItem }) => async () => {
      ids.push((await vault.call('keyhearth:PutItem', input)).SecretId)
    }
    let most = 0
    for (let i = 0; i < 120; i++) {
      const Item = item(i % 10 === 0 ? long(i) : `${i}`)
      most = Math.max(most, await writtenBy(put({ Item })))
    }
    // They grow where they are: it is then that blocks become as large as they may be.
    for (const [i, SecretId] of ids.slice().entries()) {
      most = Math.max(most, await writtenBy(put({ SecretId, Item: item(long(i)) })))
    }
    expect(most).toBeLessThanOrEqual(64 * 1024)
    expect(most).toBeGreaterThan(32 * 1024)
  },
)
