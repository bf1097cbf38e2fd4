// The bench: a large web page with Keyhearth in the browser, against the same page in a browser without.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from '@playwright/test'
import { Keyhearth } from '../../tests/e2e/keyhearth.ts'
import { chromiumFlags, findChromium } from '../browser.ts'
import type { Case } from './cases.ts'
import { type Figure, figure } from './figures.ts'

const nodes = 50_000
const rounds = 12
/** What comes to rest after a load, Keyhearth's look at the page among it, has come by then. */
const restMs = 3000

export const nodesOfPost = 11
export const postOf = (at: number): string =>
  `<article><h2>Post ${at}</h2><p>Some words of <b>number ${at}</b>, and <a href="#${at}">a link</a>.</p></article>`

/** Text and elements, as a long thread has them. */
export function largePage(): string {
  const posts = Array.from({ length: Math.ceil(nodes / nodesOfPost) }, (_, at) => postOf(at))
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

/** The same browser with an extension that does nothing. */
async function withoutKeyhearth(folder: string): Promise<BrowserContext> {
  const extension = join(folder, 'nothing')
  mkdirSync(extension)
  const manifest = { manifest_version: 3, name: 'Nothing', version: '1' }
  writeFileSync(join(extension, 'manifest.json'), JSON.stringify(manifest))
  return chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: findChromium(),
    args: chromiumFlags(extension),
    viewport: { width: 380, height: 600 },
  })
}

export const pageLoad: Case = async ({ site }) => {
  const url = site.page(largePage())
  const folder = mkdtempSync(join(tmpdir(), 'keyhearth-bench-'))
  const keyhearth = await Keyhearth.start()
  const bare = await withoutKeyhearth(folder)
  const loads: { ours: Load; bare: Load }[] = []
  try {
    await load(keyhearth.context, url)
    await load(bare, url)
    for (let round = 0; round < rounds; round++) {
      const ours = await load(keyhearth.context, url)
      loads.push({ ours, bare: await load(bare, url) })
    }
  } finally {
    await Promise.all([keyhearth.dispose(), bare.close()])
    rmSync(folder, { recursive: true, force: true })
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
