// When secrets were last read: to the day, as AWS has it (Secrets Manager API reference, DescribeSecret,
// LastAccessedDate), and the lists that are sorted by it.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { blankItem } from '../../src/items/item.ts'
import type { WrittenItem } from '../../src/protocol/secretsOutputs.ts'
import { Background } from './background.ts'

const dayMs = 86_400_000
const noon = Date.UTC(2026, 2, 1, 12)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: noon })
})
afterEach(() => {
  vi.useRealTimers()
})

const note = (title: string) => ({ ...blankItem('note'), title }) as unknown as WrittenItem

async function withNotes(...titles: readonly string[]) {
  const vault = await Background.withVault()
  const ids = new Map<string, string>()
  for (const title of titles) {
    ids.set(title, (await vault.call('keyhearth:PutItem', { Item: note(title) })).SecretId)
  }
  const read = (title: string) =>
    vault.call('keyhearth:GetItem', { SecretId: ids.get(title) ?? title })
  return { vault, ids, read }
}

const byUse = async (vault: Background, Descending: boolean) =>
  (await vault.call('keyhearth:ListItems', { Sort: 'used', Descending })).Items.map(
    ({ Title }) => Title,
  )

const usageRows = async ({ db }: Background) =>
  (await db.getAll('usage')).map(({ id, revision }) => `${id} ${revision}`)

test('what was used last comes first; of one day, and never used, in the order of names', async () => {
  const { vault, read } = await withNotes('A', 'B', 'C', 'D', 'E')
  await read('D')
  vi.setSystemTime(noon + dayMs)
  await read('E')
  await read('B')
  expect(await byUse(vault, true)).toEqual(['B', 'E', 'D', 'A', 'C'])
  expect(await byUse(vault, false)).toEqual(['A', 'C', 'D', 'B', 'E'])
  await vault.restart()
  expect(await byUse(vault, true)).toEqual(['B', 'E', 'D', 'A', 'C'])
  const { Items } = await vault.call('keyhearth:ListItems', {})
  const day = Date.UTC(2026, 2, 1) / 1000
  expect(Items.map(({ LastUsedAt }) => LastUsedAt)).toEqual([
    undefined,
    day + 86_400,
    undefined,
    day,
    day + 86_400,
  ])
})

test('AWS’s clients see and sort by the same day', async () => {
  const { vault, ids } = await withNotes('A', 'B', 'C')
  await vault.call('secretsmanager:GetSecretValue', { SecretId: 'B' })
  vi.setSystemTime(noon + dayMs)
  await vault.call('secretsmanager:BatchGetSecretValue', { SecretIdList: ['A'] })
  const SortBy = 'last-accessed-date'
  const listed = await vault.call('secretsmanager:ListSecrets', { SortBy, SortOrder: 'desc' })
  expect(listed.SecretList.map(({ Name }) => Name)).toEqual(['A', 'B', 'C'])
  const described = await vault.call('secretsmanager:DescribeSecret', {
    SecretId: ids.get('A') ?? '',
  })
  expect(described.LastAccessedDate).toBe(Date.UTC(2026, 2, 2) / 1000)
  expect(listed.SecretList.map(({ LastAccessedDate }) => LastAccessedDate)).toEqual([
    Date.UTC(2026, 2, 2) / 1000,
    Date.UTC(2026, 2, 1) / 1000,
    undefined,
  ])
})

test('reading writes once a day, and never the secret itself', async () => {
  const { vault, read } = await withNotes('A')
  const block = async () => (await vault.db.getAll('secretBlocks')).map(({ revision }) => revision)
  const before = await block()
  await read('A')
  const rows = await usageRows(vault)
  await read('A')
  await read('A')
  expect(await usageRows(vault)).toEqual(rows)
  await vault.restart()
  await read('A')
  expect(await usageRows(vault)).toEqual(rows)
  expect(await block()).toEqual(before)
  expect(vault.secretsChanged).toBe(1)
})

test('many read at the same time are all noted', async () => {
  const titles = Array.from({ length: 300 }, (_, at) => `N${at}`)
  const { vault, read } = await withNotes(...titles)
  await Promise.all(titles.map(read))
  await vault.restart()
  const { Items } = await vault.call('keyhearth:ListItems', { Limit: 500 })
  expect(Items.filter(({ LastUsedAt }) => LastUsedAt === undefined)).toEqual([])
})

test('one that is damaged on the disk withholds no secret', async () => {
  const { vault, read } = await withNotes('A')
  const before = await vault.db.getAllKeys('usage')
  await read('A')
  const rows = (await vault.db.getAll('usage')).filter(({ id }) => !before.includes(id))
  expect(rows).toHaveLength(1)
  for (const row of rows) {
    const sealed = row.sealed.slice()
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1
    await vault.db.put('usage', { ...row, sealed })
  }
  await vault.restart()
  expect(await byUse(vault, true)).toEqual(['A'])
  expect((await read('A')).Item.title).toBe('A')
})
