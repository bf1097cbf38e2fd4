// The bench: the cases of design section 9 that stand today. Each measures Keyhearth and the bare thing
// in turns, in one browser, so that whatever else the machine does falls on both.

import type { Page } from '@playwright/test'
import type { Browser } from 'wxt/browser'
import { connect, type Keyhearth, passphrase } from '../../tests/e2e/keyhearth.ts'
import type { Site } from '../serve.ts'
import type { KmsCase } from './bare/kms.ts'
import type { CryptoCase, Measures } from './bare/work.ts'
import { type Figure, figure, median } from './figures.ts'

/** Inside extension pages. */
declare const chrome: typeof Browser
/** Inside the work page of the bare extension. */
declare const measures: Measures

export interface Bench {
  readonly keyhearth: Keyhearth
  /** Keyhearth's popup, unlocked. */
  readonly popup: Page
  /** The bare extension's address, and its page for cryptography. */
  readonly bare: string
  readonly work: Page
  readonly site: Site
}

export type Case = (bench: Bench) => Promise<readonly Figure[]>

const mib = 1024 * 1024
const sizes = [
  { name: '1 KiB', bytes: 1024, as: 'array', rounds: 6, aim: '' },
  { name: '16 MiB', bytes: 16 * mib, as: 'array', rounds: 6, aim: '≤ 1.0x' },
  { name: '16 MiB in a stream', bytes: 16 * mib, as: 'stream', rounds: 6, aim: '≤ 1.0x' },
  { name: '256 MiB in a stream', bytes: 256 * mib, as: 'stream', rounds: 1, aim: '≤ 1.0x' },
] as const
const suites = [
  { name: 'unsigned', suiteId: 0x0478 },
  { name: 'signed', suiteId: 0x0578 },
] as const
/** Each case comes round so often, so that a disturbance spoils a part of its rounds, not all. */
const passes = 4

export const cryptography: Case = async ({ work: page }) => {
  const cases = sizes.flatMap(({ bytes, as, rounds, ...size }) =>
    suites.flatMap(({ suiteId, ...suite }) =>
      (['encrypt', 'decrypt'] as const).map((work) => ({
        what: `${work} ${size.name}, ${suite.name}`,
        against: `crypto.subtle.${work}, one call`,
        aim: size.aim,
        measured: { work, bytes, suiteId, as, rounds } satisfies CryptoCase,
        pairs: { ours: [] as number[], bare: [] as number[] },
      })),
    ),
  )
  for (let pass = 0; pass < passes; pass++) {
    for (const { measured, pairs } of cases) {
      const { ours, bare } = await page.evaluate((one) => measures.cryptography(one), measured)
      pairs.ours.push(...ours)
      pairs.bare.push(...bare)
    }
  }
  return cases.map(({ what, against, pairs, aim }) => figure(what, against, pairs, aim))
}

const kmsCases = [
  {
    name: 'encrypt',
    what: 'kms:Encrypt 1 KiB',
    against: 'importKey and AES-GCM encrypt',
    aim: '≤ 4x',
  },
  {
    name: 'decrypt',
    what: 'kms:Decrypt 1 KiB',
    against: 'importKey and AES-GCM decrypt',
    aim: '≤ 4x',
  },
  { name: 'sign', what: 'kms:Sign, P-256', against: 'crypto.subtle.sign', aim: '≤ 1.2x' },
  {
    name: 'dispatch',
    what: 'kms:Encrypt through the gate',
    against: 'the operation alone',
    aim: '≤ 1 ms more',
  },
  {
    name: 'grant',
    what: 'the same by a page with a grant',
    against: 'the operation alone',
    aim: '≤ 1 ms more',
  },
  { name: 'describe', what: 'DescribeKey, 10,000 keys', against: '100 keys', aim: '≤ 1.5x' },
  { name: 'list', what: 'a page of ListKeys, 10,000 keys', against: '100 keys', aim: '≤ 1.5x' },
] as const satisfies readonly { name: KmsCase; what: string; against: string; aim: string }[]

/** The many keys come last: writing them keeps the database busy for a while after. */
const groups = [kmsCases.slice(0, 5), kmsCases.slice(5)]

export const keyService: Case = async ({ work: page }) => {
  const figures: Figure[] = []
  for (const group of groups) {
    const cases = group.map((one) => ({
      ...one,
      pairs: { ours: [] as number[], bare: [] as number[] },
    }))
    for (let pass = 0; pass < passes; pass++) {
      for (const { name, pairs } of cases) {
        const { ours, bare } = await page.evaluate((one) => measures.kms(one, 6), name)
        pairs.ours.push(...ours)
        pairs.bare.push(...bare)
      }
    }
    figures.push(...cases.map(({ what, against, pairs, aim }) => figure(what, against, pairs, aim)))
  }
  return figures
}

interface RoundTrips {
  readonly signed: number[]
  readonly unsigned: number[]
  /** The bare hops, by either way the browser has. */
  readonly port: number[]
  readonly messages: number[]
}

/** In the page: all round trips, in turns. */
async function roundTrips(rounds: number): Promise<RoundTrips> {
  type Encrypt = (data: Uint8Array, options?: object) => Promise<unknown>
  const { keyhearth } = window as never as { keyhearth: { encrypt: Encrypt } }
  const echoBy = (way: 'port' | 'messages') => {
    const { port1, port2 } = new MessageChannel()
    postMessage(`bare:${way}`, location.origin, [port2])
    return (data: Uint8Array) =>
      new Promise((resolve) => {
        port1.onmessage = resolve
        port1.postMessage(data)
      })
  }
  const [byPort, byMessages] = [echoBy('port'), echoBy('messages')]
  const bytes = crypto.getRandomValues(new Uint8Array(1024))
  const batch = 5
  const time = async (work: () => unknown) => {
    const start = performance.now()
    for (let i = 0; i < batch; i++) await work()
    return (performance.now() - start) / batch
  }
  const times: RoundTrips = { signed: [], unsigned: [], port: [], messages: [] }
  const sides: readonly (readonly [keyof RoundTrips, () => unknown])[] = [
    ['signed', () => keyhearth.encrypt(bytes)],
    ['port', () => byPort(bytes)],
    ['unsigned', () => keyhearth.encrypt(bytes, { algorithmSuite: '0478' })],
    ['messages', () => byMessages(bytes)],
  ]
  for (let round = -4; round < rounds; round++) {
    for (const [side, work] of sides) {
      const measured = await time(work)
      // The first rounds wake both workers and warm all paths up.
      if (round >= 0) times[side].push(measured)
    }
  }
  return times
}

/** Against the hops by whichever way is faster here; the other one's time stands beside it. */
export const pageRoundTrip: Case = async ({ keyhearth, site }) => {
  const page = await connect(keyhearth, site.origin)
  const { signed, unsigned, port, messages } = await page.evaluate(roundTrips, 80)
  const hops = [
    { against: 'the same hops, by a port', bare: port },
    { against: 'the same hops, by messages', bare: messages },
  ]
  const [fast, slow] = median(port) <= median(messages) ? hops : hops.toReversed()
  if (!fast || !slow) throw new Error('there are two ways')
  return [
    figure('a page encrypts 1 KiB', fast.against, { ours: signed, bare: fast.bare }, '≤ 1.3x'),
    figure('the same, unsigned', fast.against, { ours: unsigned, bare: fast.bare }, '≤ 1.3x'),
    figure('a page encrypts 1 KiB', slow.against, { ours: signed, bare: slow.bare }),
  ]
}

/** From the navigation's start to the first text on the screen. */
async function firstPaint(keyhearth: Keyhearth, url: string): Promise<number> {
  const page = await keyhearth.context.newPage()
  await page.goto(url)
  const paint = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const [entry] = list.getEntriesByName('first-contentful-paint')
          if (entry) resolve(entry.startTime)
        }).observe({ type: 'paint', buffered: true })
      }),
  )
  await page.close()
  return paint
}

export const popupPaint: Case = async ({ keyhearth, bare }) => {
  const pairs = { ours: [] as number[], bare: [] as number[] }
  for (let round = -2; round < 21; round++) {
    const ours = await firstPaint(keyhearth, keyhearth.url('popup.html'))
    const empty = await firstPaint(keyhearth, `${bare}popup.html`)
    if (round < 0) continue
    pairs.ours.push(ours)
    pairs.bare.push(empty)
  }
  return [figure('popup, first contentful paint', 'an empty Preact popup', pairs, '≤ 1.3x')]
}

/** In the popup: what its Unlock button sends, until the answer. */
async function unlockOnce(Passphrase: string): Promise<number> {
  const call = (operation: string, input: object) => {
    const message = { keyhearth: 1, type: 'call', id: crypto.randomUUID(), operation, input }
    return chrome.runtime.sendMessage(message) as Promise<{ readonly ok: boolean }>
  }
  await call('keyhearth:Lock', {})
  const start = performance.now()
  const { ok } = await call('keyhearth:Unlock', { Passphrase })
  if (!ok) throw new Error('the vault did not unlock')
  return performance.now() - start
}

export const unlocking: Case = async ({ popup, work }) => {
  const pairs = { ours: [] as number[], bare: [] as number[] }
  for (let round = 0; round < 7; round++) {
    pairs.ours.push(await popup.evaluate(unlockOnce, passphrase))
    pairs.bare.push(await work.evaluate(() => measures.stretching()))
  }
  return [figure('unlock', 'Argon2id with the same parameters', pairs)]
}
