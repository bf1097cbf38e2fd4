// Activity in the manager: what happened in words, found by filters, counted in a chart, checked and taken
// away; and where somebody changed the record, that is said, with the place and what to do.

import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import type { Browser } from 'wxt/browser'
import { expectAccessible, expectFits } from './accessible.ts'
import { connect, expect, type Keyhearth, passphrase, test } from './keyhearth.ts'

/** Inside extension pages. */
declare const chrome: typeof Browser
/** Inside connected pages. */
declare const keyhearth: { encrypt(text: string): Promise<string> }

const ask = (page: Page, operation: string, input: object = {}) =>
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

async function openActivity(keyhearth: Keyhearth, hash = '#activity'): Promise<Page> {
  const manager = await keyhearth.open(`manager.html${hash}`)
  await manager.setViewportSize({ width: 1100, height: 800 })
  await expect(manager.getByRole('heading', { name: 'Activity', level: 1 })).toBeVisible()
  return manager
}

const events = (page: Page) => page.getByRole('listitem')

test('what a site and the person did, and tried, reads as sentences; the record is one click away', async ({
  keyhearth: home,
  site,
}) => {
  await home.createVault()
  const page = await connect(home, site.origin)
  await page.evaluate(() => keyhearth.encrypt('hello'))
  const manager = await openActivity(home)
  const { host } = new URL(site.origin)
  const encrypted = events(manager).filter({ hasText: `${host} encrypted a message with site` })
  await expect(encrypted).toContainText('Done')
  await ask(manager, 'kms:DisableKey', { KeyId: 'alias/no-such-key' })
  await manager.getByRole('button', { name: 'Refresh' }).click()
  const failed = events(manager).filter({ hasText: 'You tried to disable' })
  await expect(failed).toContainText('Failed')
  await ask(manager, 'keyhearth:Lock')
  await ask(manager, 'keyhearth:Unlock', { Passphrase: 'a stranger’s guess' })
  await ask(manager, 'keyhearth:Unlock', { Passphrase: passphrase })
  await manager.getByRole('button', { name: 'Refresh' }).click()
  const guess = events(manager).filter({ hasText: 'Somebody at this browser tried to unlock' })
  await expect(guess).toContainText('Refused')
  await encrypted.getByRole('button', { name: 'Details' }).click()
  const record = encrypted.getByLabel('Record (JSON)')
  await expect(record).toContainText('"eventName": "EncryptMessage"')
  expect(JSON.parse((await record.textContent()) ?? '')).toMatchObject({
    userIdentity: { origin: site.origin },
  })
  await encrypted.getByRole('link', { name: 'site' }).click()
  await expect(manager.getByRole('heading', { name: 'site', level: 1 })).toBeVisible()
  await manager.getByRole('link', { name: 'Activity of this key' }).click()
  await expect(manager.getByLabel('Key', { exact: true })).toHaveValue(/^[0-9a-f-]{36}$/)
  await expect(encrypted).toBeVisible()
})

test('filters are kept in the address, and the chart counts what the list shows', async ({
  keyhearth: home,
  site,
}) => {
  await home.createVault()
  const page = await connect(home, site.origin)
  for (let i = 0; i < 3; i++) await page.evaluate(() => keyhearth.encrypt('hello'))
  const manager = await openActivity(home)
  await ask(manager, 'kms:DisableKey', { KeyId: 'alias/no-such-key' })
  await manager.getByLabel('Site').selectOption(site.origin.replace('https://', ''))
  await expect(manager.getByText('3 events shown. That is all.')).toBeVisible()
  await expect(manager.getByText('3 done, 0 refused, 0 failed', { exact: true })).toBeVisible()
  await manager.getByText('The same as a table').click()
  await expect(manager.getByRole('row').nth(1)).toContainText('300')
  // Addresses go to the browser's history: no site stands in them.
  expect(manager.url()).not.toContain(new URL(site.origin).hostname)
  await manager.getByRole('button', { name: 'Clear filters' }).click()
  await manager.getByLabel('Result').selectOption('Failed')
  await manager.reload()
  await expect(manager.getByLabel('Result')).toHaveValue('failed')
  await expect(manager.getByText('1 event shown. That is all.')).toBeVisible()
  await expect(manager.getByText('0 done, 0 refused, 1 failed', { exact: true })).toBeVisible()
  await manager.getByLabel('Operation').selectOption('Encrypt')
  await expect(manager.getByText('nothing fits the filters')).toBeVisible()
  await manager.getByLabel('Time', { exact: true }).selectOption('From … to …')
  await manager.getByLabel('From', { exact: true }).fill('2020-01-01')
  await manager.getByLabel('To', { exact: true }).fill('2020-01-02')
  await manager.getByRole('button', { name: 'Clear filters' }).click()
  await expect(manager.getByText('Nothing happened in this time')).toBeVisible()
  expect(manager.url()).toContain('from=2020-01-01')
})

test('older events are shown on demand, none twice', async ({ keyhearth: home }) => {
  await home.createVault()
  const setting = await openActivity(home)
  for (let i = 0; i < 70; i++) await ask(setting, 'kms:ListKeys')
  await setting.reload()
  await expect(events(setting)).toHaveCount(50)
  await setting.getByRole('button', { name: 'Show older' }).click()
  await expect(setting.getByText(/That is all/)).toBeVisible()
  await expect(events(setting).filter({ hasText: 'You listed keys' })).toHaveCount(70)
  await expect(events(setting).last()).toContainText('You created the vault')
})

test('the record is checked and taken away; every line of the copy is JSON', async ({
  keyhearth: home,
}) => {
  await home.createVault()
  const manager = await openActivity(home, '#activity/record')
  await manager.getByRole('button', { name: 'Check record' }).click()
  await expect(manager.getByText('The record is intact.')).toBeVisible()
  await expect(manager.getByText(/All \d+ events follow one from the other/)).toBeVisible()
  const downloading = manager.waitForEvent('download')
  await manager.getByRole('button', { name: 'Export' }).click()
  const file = await downloading
  expect(file.suggestedFilename()).toMatch(/^keyhearth-activity-\d{4}-\d\d-\d\d\.jsonl$/)
  const lines = readFileSync(await file.path(), 'utf8')
    .trimEnd()
    .split('\n')
  const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(parsed.some((line) => 'digest' in line)).toBe(true)
  expect(parsed.filter((line) => 'event' in line).length).toBeGreaterThan(2)
  await manager.getByRole('button', { name: 'Check record' }).click()
  await expect(manager.getByText(/1 signed digest confirms them/)).toBeVisible()
})

test('a record that was tampered with is named, with the place and what to do', async ({
  keyhearth: home,
}) => {
  await home.createVault()
  const manager = await openActivity(home, '#activity/record')
  for (let i = 0; i < 3; i++) await ask(manager, 'kms:ListKeys')
  await manager.evaluate(
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
  await manager.getByRole('button', { name: 'Check record' }).click()
  const alert = manager.getByRole('alert')
  await expect(alert).toContainText('The record is not intact. An event is missing.')
  await expect(alert).toContainText('event 3')
  await expect(alert).toContainText('Export what is left')
  await expectAccessible(manager)
})

test('how long activity is kept is chosen, and taken back', async ({ keyhearth: home }) => {
  await home.createVault()
  const manager = await openActivity(home, '#activity/record')
  await manager.getByLabel('Keep events').selectOption('For 90 days')
  await expect(manager.getByText('Setting saved.')).toBeVisible()
  await manager.reload()
  await expect(manager.getByLabel('Keep events')).toHaveValue('90')
  await manager.getByLabel('Keep events').selectOption('For ever')
  await manager.getByRole('button', { name: 'Undo' }).click()
  await expect(manager.getByLabel('Keep events')).toHaveValue('90')
  // The other settings are left as they were.
  const { output } = await ask(manager, 'keyhearth:GetSettings')
  expect(output).toMatchObject({ AutoLockMinutes: 15, TrailRetentionDays: 90 })
})

test('both sides pass axe and fit 320 pixels and 200% zoom; locking leaves no event on the screen', async ({
  keyhearth: home,
  site,
}) => {
  test.setTimeout(120_000)
  const popup = await home.createVault()
  await connect(home, site.origin)
  const manager = await openActivity(home)
  await ask(manager, 'kms:DisableKey', { KeyId: 'alias/no-such-key' })
  await manager.getByRole('button', { name: 'Refresh' }).click()
  await events(manager).first().getByRole('button', { name: 'Details' }).click()
  await manager.getByText('The same as a table').click()
  await expectAccessible(manager)
  await expectFits(manager)
  await manager.getByRole('link', { name: 'Check and export' }).click()
  await manager.getByRole('button', { name: 'Check record' }).click()
  await expect(manager.getByText('The record is intact.')).toBeVisible()
  await expectAccessible(manager)
  await expectFits(manager)
  await manager.getByRole('link', { name: 'Events', exact: true }).click()
  await expect(events(manager).first()).toBeVisible()
  await popup.bringToFront()
  await popup.getByRole('button', { name: 'Lock' }).click()
  await manager.bringToFront()
  await expect(manager.getByLabel('Passphrase', { exact: true })).toBeVisible()
  await expect(events(manager)).toHaveCount(0)
})
