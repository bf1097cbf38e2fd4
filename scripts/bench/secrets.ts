// The bench: secrets by the hundred thousand. The popup asks as its own screens do; what is measured is from
// the question to the answer, against the same with a thousand secrets, since that is the curve one feels.

import type { Page } from '@playwright/test'
import type { Browser } from 'wxt/browser'
import { type Keyhearth, passphrase } from '../../tests/e2e/keyhearth.ts'
import type { Case } from './cases.ts'
import { type Figure, figure } from './figures.ts'
import { WorkerHeap } from './workerHeap.ts'
import { WrittenBytes } from './writtenBytes.ts'

/** Inside extension pages. */
declare const chrome: typeof Browser

const few = 1000
const steps = [10_000, 100_000] as const
const rounds = 7

interface Times {
  /** Milliseconds, by round. */
  readonly first: readonly number[]
  readonly stroke: readonly number[]
}

/** In the popup: adds secrets as an import does. Gives the milliseconds it took. */
export async function fill([from, to]: readonly [number, number]): Promise<number> {
  const call = async (operation: string, input: object) => {
    const message = { keyhearth: 1, type: 'call', id: crypto.randomUUID(), operation, input }
    const reply = await chrome.runtime.sendMessage(message)
    if (!reply.ok) throw new Error(`${operation}: ${reply.error?.message}`)
    return reply.output
  }
  const item = (i: number) => ({
    kind: 'login',
    title: `Site number ${i}`,
    fields: { username: `person${i % 500}@example.com`, password: `a password ${i * 7919}` },
    uris: [`https://site${i}.example/login`],
    notes: '',
    own: [],
    tags: [],
    favourite: false,
  })
  const start = performance.now()
  const { ImportId } = await call('keyhearth:StartImport', {})
  for (let at = from; at < to; at += 500) {
    const length = Math.min(500, to - at)
    const Items = Array.from({ length }, (_one, i) => ({ Item: item(at + i) }))
    await call('keyhearth:AddToImport', { ImportId, Items })
  }
  await call('keyhearth:FinishImport', { ImportId })
  return performance.now() - start
}

/** In the popup: unlocking to the first page of the list, key strokes of a search. */
async function read([Passphrase, count]: readonly [string, number]): Promise<Times> {
  const call = async (operation: string, input: object) => {
    const message = { keyhearth: 1, type: 'call', id: crypto.randomUUID(), operation, input }
    const reply = await chrome.runtime.sendMessage(message)
    if (!reply.ok) throw new Error(`${operation}: ${reply.error?.message}`)
    return reply.output
  }
  const timed = async (operation: string, input: object) => {
    const start = performance.now()
    await call(operation, input)
    return performance.now() - start
  }
  const times = { first: [] as number[], stroke: [] as number[] }
  for (let round = 0; round < count; round++) {
    await call('keyhearth:Lock', {})
    await call('keyhearth:Unlock', { Passphrase })
    times.first.push(await timed('keyhearth:ListItems', { Limit: 100 }))
    for (const Query of ['s', 'si', 'site 4', 'person77', 'site 4 person77']) {
      times.stroke.push(await timed('keyhearth:ListItems', { Query, Limit: 100 }))
    }
  }
  return times
}

/** What PutItem takes for other notes in one that is there, or for one more. */
type Writing = { readonly Item: object; readonly SecretId?: string; readonly Revision?: number }

/** In the popup. */
async function prepare([what, round]: readonly ['add' | 'edit', number]): Promise<Writing> {
  const call = async (operation: string, input: object) => {
    const message = { keyhearth: 1, type: 'call', id: crypto.randomUUID(), operation, input }
    const reply = await chrome.runtime.sendMessage(message)
    if (!reply.ok) throw new Error(`${operation}: ${reply.error?.message}`)
    return reply.output
  }
  const { Items } = await call('keyhearth:ListItems', { Start: round, Limit: 1 })
  const { SecretId } = Items[0]
  const { Item, Revision } = await call('keyhearth:GetItem', { SecretId })
  const now = performance.now()
  return what === 'edit'
    ? { SecretId, Revision, Item: { ...Item, notes: `round ${round} ${now}` } }
    : { Item: { ...Item, title: `Added in round ${round} at ${now}` } }
}

/** In the popup. Gives the milliseconds it took. */
async function write(input: Writing): Promise<number> {
  const message = { keyhearth: 1, type: 'call', id: crypto.randomUUID(), input }
  const start = performance.now()
  const reply = await chrome.runtime.sendMessage({ ...message, operation: 'keyhearth:PutItem' })
  if (!reply.ok) throw new Error(`PutItem: ${reply.error?.message}`)
  return performance.now() - start
}

interface Writings {
  /** Milliseconds, by round. */
  readonly times: readonly number[]
  readonly kib: readonly number[]
}

async function writings(
  popup: Page,
  written: WrittenBytes,
  what: 'add' | 'edit',
): Promise<Writings> {
  const times: number[] = []
  const amounts: number[] = []
  for (let round = 0; round < rounds; round++) {
    const input = await popup.evaluate(prepare, [what, round] as const)
    const { result, kib } = await written.during(() => popup.evaluate(write, input))
    times.push(result)
    amounts.push(kib)
  }
  return { times, kib: amounts }
}

const reading = [
  { name: 'first', what: 'unlocked, to the first page', aim: '≤ 500 ms' },
  { name: 'stroke', what: 'a key stroke of a search', aim: '≤ 16 ms' },
] as const
const writing = [
  { name: 'edit', what: 'an edit' },
  { name: 'add', what: 'one more' },
] as const

/** MiB that the background holds in its heap, garbage aside. */
async function workerMemory(keyhearth: Keyhearth): Promise<number> {
  const worker = await WorkerHeap.of(keyhearth)
  const { heap } = await worker.collected()
  await worker.end()
  return heap
}

export const manySecrets: Case = async ({ popup, keyhearth }) => {
  const figures: Figure[] = []
  const written = await WrittenBytes.of(keyhearth)
  let there = 0
  const fillTo = async (count: number) => {
    const took = await popup.evaluate(fill, [there, count] as const)
    const added = count - there
    there = count
    return (took / added) * 10_000
  }
  const measure = async () => ({
    ...(await popup.evaluate(read, [passphrase, rounds] as const)),
    edit: await writings(popup, written, 'edit'),
    add: await writings(popup, written, 'add'),
  })
  const firstImport = await fillTo(few)
  const bare = await measure()
  const bareMemory = await workerMemory(keyhearth)
  for (const count of steps) {
    const importing = await fillTo(count)
    const ours = await measure()
    const named = `${count.toLocaleString('en')} secrets`
    const against = `${few.toLocaleString('en')} secrets`
    const pairs = { ours: [importing], bare: [firstImport] }
    const what = `importing 10,000 more, up to ${named}`
    figures.push(figure(what, `10,000, at the speed of the first ${few}`, pairs, '≤ 15 s'))
    for (const row of reading) {
      const both = { ours: ours[row.name], bare: bare[row.name] }
      figures.push(figure(`${row.what}, ${named}`, against, both, row.aim))
    }
    for (const row of writing) {
      const times = { ours: ours[row.name].times, bare: bare[row.name].times }
      figures.push(figure(`${row.what}, ${named}`, against, times, '≤ 30 ms'))
      const amounts = { ours: ours[row.name].kib, bare: bare[row.name].kib }
      figures.push(figure(`written by it, ${named}`, against, amounts, '≤ 64 KiB', 'KiB'))
    }
    const memory = { ours: [await workerMemory(keyhearth)], bare: [bareMemory] }
    const held = `memory of the background, ${named}`
    figures.push(figure(held, against, memory, '≤ 150 MiB', 'MiB'))
  }
  return figures
}
