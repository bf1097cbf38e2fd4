// The port by which a page's calls reach the background: whatever becomes of worker, page or port, each call is
// answered once, to the one who asked, and carried out once.

import type { Browser } from 'wxt/browser'
import { connect, expect, test } from './keyhearth.ts'

/** The extension's own API, inside the worker. */
declare const chrome: typeof Browser

declare global {
  interface Window {
    // The page's own view of the provider (docs/pages.md); the tests run in the page.
    // biome-ignore lint/suspicious/noExplicitAny: pages are not typed, and must not need to be.
    keyhearth?: any
    /** What a test's page keeps between two looks at it. */
    work?: Promise<unknown>
  }
}

test('calls at once get each its own answer', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  const opened = await page.evaluate(() =>
    Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const message = await window.keyhearth.encrypt(`text ${i}`)
        return (await window.keyhearth.decrypt(message)).plaintext
      }),
    ),
  )
  expect(opened).toEqual(Array.from({ length: 20 }, (_, i) => `text ${i}`))
})

test('a worker killed in the middle of calls: each is answered, what changes something is done once', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin, 'Allow on this site', ['messages', 'keys'])
  const names = Array.from({ length: 12 }, (_, i) => `branch-${i}`)
  await page.evaluate((ids) => {
    const made = ids.map((branchKeyId) => window.keyhearth.createBranchKey({ branchKeyId }))
    const sealed = ids.map((id) => window.keyhearth.encrypt(id))
    window.work = Promise.all([...made, ...sealed])
  }, names)
  for (const milliseconds of [20, 150]) {
    await page.waitForTimeout(milliseconds)
    await keyhearth.killWorker()
  }
  // A second making of the same id would be refused, and the page would hear of it.
  const answers = await page.evaluate(() => window.work as Promise<unknown[]>)
  expect(answers).toHaveLength(24)
  const listed = await page.evaluate(() => window.keyhearth.listBranchKeys())
  expect(listed).toHaveLength(names.length)
})

test('a document that navigates away takes its port along; one that comes back has a new one', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  const seal = () => page.evaluate(() => window.keyhearth.encrypt('x') as Promise<string>)
  await page.evaluate(() => {
    for (let i = 0; i < 50; i++) void window.keyhearth.encrypt(`unheard ${i}`)
  })
  await page.goto(site.page('<title>Elsewhere</title>'))
  expect(await seal()).toContain('BEGIN KEYHEARTH')
  await page.goBack()
  expect(await seal()).toContain('BEGIN KEYHEARTH')
  await page.goForward()
  expect(await seal()).toContain('BEGIN KEYHEARTH')
})

test('a port that was idle is closed, and the next call opens another', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  const worker = await keyhearth.worker()
  await worker.evaluate(() => {
    const seen = { opened: 0, closed: 0 }
    chrome.runtime.onConnect.addListener((port) => {
      seen.opened++
      port.onDisconnect.addListener(() => {
        seen.closed++
      })
    })
    Object.assign(globalThis, { seen })
  })
  const seal = () => page.evaluate(() => window.keyhearth.encrypt('x') as Promise<string>)
  const seen = () => worker.evaluate(() => Reflect.get(globalThis, 'seen'))
  await seal()
  await seal()
  expect(await seen()).toEqual({ opened: 1, closed: 0 })
  await expect.poll(seen, { timeout: 15_000 }).toEqual({ opened: 1, closed: 1 })
  await seal()
  expect(await seen()).toEqual({ opened: 2, closed: 1 })
})
