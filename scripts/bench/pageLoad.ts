// The bench: a large web page with Keyhearth in the browser, against the same page in a browser without.

import { type BrowserContext, chromium } from '@playwright/test'
import { findChromium } from '../browser.ts'
import type { Case } from './cases.ts'
import { type Figure, figure } from './figures.ts'

const nodes = 50_000
const rounds = 12
/** What comes to rest after a load, Keyhearth's look at the page among it, has come by then. */
const restMs = 3000

/** Text and elements, as a long thread has them. */
function largePage(): string {
  const post = (at: number) =>
    `<article><h2>Post ${at}</h2><p>Some words of <b>number ${at}</b>, and <a href="#${at}">a link</a>.</p></article>`
  const nodesOfPost = 11
  const posts = Array.from({ length: Math.ceil(nodes / nodesOfPost) }, (_, at) => post(at))
  return `<!doctype html><title>Thread</title><main>${posts.join('\n')}</main>`
}

interface Load {
  /** From the start of the navigation to the end of the load event. */
  readonly loadMs: number
  /** The main thread's work, until it rests. */
  readonly taskMs: number
}

async function load(context: BrowserContext, url: string): Promise<Load> {
  const page = await context.newPage()
  const client = await context.newCDPSession(page)
  await client.send('Performance.enable')
  await page.goto(url, { waitUntil: 'load' })
  await page.waitForTimeout(restMs)
  const { metrics } = await client.send('Performance.getMetrics')
  const taskMs = 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN)
  const loadMs = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation')
    return (navigation as PerformanceNavigationTiming).loadEventEnd
  })
  await page.close()
  return { loadMs, taskMs }
}

export const pageLoad: Case = async ({ keyhearth, site }) => {
  const url = site.page(largePage())
  const bare = await chromium.launch({
    executablePath: findChromium(),
    channel: 'chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  const loads: { ours: Load; bare: Load }[] = []
  try {
    const context = await bare.newContext()
    await load(keyhearth.context, url)
    await load(context, url)
    for (let round = 0; round < rounds; round++) {
      const ours = await load(keyhearth.context, url)
      loads.push({ ours, bare: await load(context, url) })
    }
  } finally {
    await bare.close()
  }
  const of = (what: string, measure: keyof Load, aim: string): Figure => {
    const pairs = {
      ours: loads.map(({ ours }) => ours[measure]),
      bare: loads.map((one) => one.bare[measure]),
    }
    return figure(what, 'a browser without Keyhearth', pairs, aim)
  }
  return [
    of('a page of 50,000 nodes, to its load event', 'loadMs', '≤ 1.02x'),
    of('the same, all work of the main thread', 'taskMs', '≤ 10 ms more'),
  ]
}
