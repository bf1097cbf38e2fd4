// The trail in a real Chromium: its signing key and its mirror where they belong, whole after locking,
// a killed worker and a restarted browser; and a database changed behind Keyhearth's back is named.

import type { Page } from '@playwright/test'
import type { Browser } from 'wxt/browser'
import { expect, passphrase, test } from './keyhearth.ts'

/** Inside extension pages. */
declare const chrome: typeof Browser

type Reply = { ok: boolean; output: Record<string, unknown>; error?: { reason: string } }

const ask = (page: Page, operation: string, input: object = {}): Promise<Reply> =>
  page.evaluate(
    ([name, value]) =>
      chrome.runtime.sendMessage({
        keyhearth: 1,
        type: 'call',
        id: crypto.randomUUID(),
        operation: name,
        input: value,
      }),
    [operation, input] as const,
  )

const verify = async (page: Page) => (await ask(page, 'keyhearth:VerifyTrail')).output

test('is signed on locking, and whole after a killed worker and a restarted browser', async ({
  keyhearth,
}) => {
  await keyhearth.createVault()
  let page = await keyhearth.open('manager.html')
  await ask(page, 'kms:ListKeys')
  await ask(page, 'keyhearth:Lock')
  const mirror = () => page.evaluate(() => chrome.storage.local.get('trail-mirror'))
  await expect.poll(mirror).toMatchObject({ 'trail-mirror': { number: 1 } })
  expect((await chromeAlarms(page)).map(({ name }) => name)).toContain('trail')
  await ask(page, 'keyhearth:Unlock', { Passphrase: 'not that one' })
  await keyhearth.killWorker()
  await ask(page, 'keyhearth:Unlock', { Passphrase: passphrase })
  expect(await verify(page)).toMatchObject({ Intact: true, Digests: 1, Unproven: 0 })
  await keyhearth.restart()
  page = await keyhearth.open('manager.html')
  await ask(page, 'keyhearth:Unlock', { Passphrase: passphrase })
  expect(await verify(page)).toMatchObject({ Intact: true, Unproven: 0, Problem: null })
  const { output } = await ask(page, 'keyhearth:ExportTrail')
  const lines = String(output['Lines']).trimEnd().split('\n')
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ digest: { number: 2 } })
  expect(await verify(page)).toMatchObject({ Intact: true, Digests: 2 })
})

const chromeAlarms = (page: Page) => page.evaluate(() => chrome.alarms.getAll())

test('names what was done to its database', async ({ keyhearth }) => {
  await keyhearth.createVault()
  const page = await keyhearth.open('manager.html')
  for (let i = 0; i < 3; i++) await ask(page, 'kms:ListKeys')
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('keyhearth')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('trail', 'readwrite')
          transaction.objectStore('trail').delete(3)
          transaction.oncomplete = () => {
            opening.result.close()
            resolve()
          }
        }
      }),
  )
  expect(await verify(page)).toMatchObject({ Problem: 'event-missing', FirstBroken: 3 })
  expect(await verify(page)).toMatchObject({ Problem: 'event-missing', FirstBroken: 3 })
})

test('has no event for a screen that refreshes, and one for an operation nobody knows', async ({
  keyhearth,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.open('manager.html')
  const count = async () => (await ask(page, 'keyhearth:ListEvents')).output['Events'] as unknown[]
  const before = (await count()).length
  for (let i = 0; i < 3; i++) await count()
  expect(await count()).toHaveLength(before)
  expect(await ask(page, 'kms:NoSuchThing', { a: 1 })).toMatchObject({
    ok: false,
    error: { reason: 'unknown-operation' },
  })
  expect((await count())[0]).toMatchObject({ eventName: 'UnknownOperation' })
})
