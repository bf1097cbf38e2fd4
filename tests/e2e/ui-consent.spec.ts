// The consent window where the vault is locked: unlocking is one act, allowing another.

import type { Browser } from 'wxt/browser'
import { expect, passphrase, requestProvider, test } from './keyhearth.ts'

/** The extension's own API, inside the worker. */
declare const chrome: typeof Browser

/** Milliseconds from when "Allow once" appears, asleep, to when it can be pressed; `null`: awake at once. */
function watchAllow(): Promise<number | null> {
  const find = () =>
    [...document.querySelectorAll('button')].find((one) => one.textContent === 'Allow once')
  return new Promise((resolve) => {
    let appeared: number | null = null
    const look = () => {
      const button = find()
      if (button && appeared === null) {
        if (!button.disabled) return resolve(null)
        appeared = performance.now()
      }
      if (button && !button.disabled && appeared !== null) {
        return resolve(performance.now() - appeared)
      }
      requestAnimationFrame(look)
    }
    look()
  })
}

test('after unlocking in the consent window the allowing buttons sleep anew', async ({
  keyhearth,
  site,
}) => {
  const popup = await keyhearth.createVault()
  await popup.getByRole('button', { name: 'Lock' }).click()
  await expect(popup.getByRole('button', { name: 'Unlock' })).toBeVisible()
  const page = await keyhearth.context.newPage()
  await page.goto(site.origin)
  const consent = await keyhearth.consent(() => page.evaluate(requestProvider))
  await expect(consent.getByRole('button', { name: 'Deny' })).toBeVisible()
  await expect(consent.getByRole('button', { name: 'Allow once' })).toHaveCount(0)
  await consent.getByLabel('Passphrase').fill(passphrase)
  // Longer than the buttons sleep: time spent before they are there must not count.
  await consent.waitForTimeout(800)
  const asleep = consent.evaluate(watchAllow)
  await consent.getByRole('button', { name: 'Unlock' }).click()
  expect(await asleep).toBeGreaterThanOrEqual(500)
  await expect(consent.getByRole('button', { name: 'Deny' })).toBeFocused()
  await consent.getByRole('button', { name: 'Allow on this site' }).click()
  await page.waitForFunction(() => 'keyhearth' in window)
})

test('a request that is over says so, and Escape refuses one that is not', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const over = await keyhearth.open('consent.html?id=00000000-0000-4000-8000-000000000000')
  await expect(over.getByRole('heading', { name: 'This request is over' })).toBeVisible()
  const page = await keyhearth.context.newPage()
  await page.goto(site.origin)
  const consent = await keyhearth.consent(() => page.evaluate(requestProvider))
  await expect(consent.getByRole('button', { name: 'Deny' })).toBeFocused()
  const closed = consent.waitForEvent('close')
  await consent.keyboard.press('Escape').catch(() => {})
  await closed
  expect(await page.evaluate(() => 'keyhearth' in window)).toBe(false)
})

test('a site that is blocked in the prompt asks no more, until it is unblocked', async ({
  keyhearth,
  site,
}, info) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.origin)
  const ask = () => page.getByRole('button', { name: 'Connect Keyhearth' }).click()
  const consent = await keyhearth.consent(ask)
  await consent.screenshot({ path: info.outputPath('consent.png') })
  const closed = consent.waitForEvent('close')
  await consent.getByRole('button', { name: 'Block this site' }).click()
  await closed
  const before = keyhearth.context.pages().length
  await page.reload()
  await ask()
  await page.waitForTimeout(1500)
  expect(keyhearth.context.pages()).toHaveLength(before)
  const sites = await keyhearth.open('manager.html#sites')
  await sites.getByRole('button', { name: `Unblock ${site.origin}` }).click()
  await expect(sites.getByText('Blocked sites')).toBeHidden()
  await page.bringToFront()
  await page.reload()
  const again = await keyhearth.consent(ask)
  await again.getByRole('button', { name: 'Allow once' }).click()
  await expect(page.getByRole('status')).toContainText('Connected')
})

test('the tab closed while its site asks: the window goes with it, and nothing of the question stays', async ({
  keyhearth,
  site,
}) => {
  const popup = await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.origin)
  const consent = await keyhearth.consent(() => page.evaluate(requestProvider))
  const waiting = async () =>
    (await keyhearth.worker()).evaluate(async () => {
      const { gate } = await chrome.storage.session.get<{ gate: { requests: object[] } }>('gate')
      return { requests: gate.requests, badge: await chrome.action.getBadgeText({}) }
    })
  expect((await waiting()).requests).toHaveLength(1)
  const closed = consent.waitForEvent('close')
  await page.close()
  await closed
  await expect.poll(waiting).toEqual({ requests: [], badge: '' })
  await popup.getByRole('tab', { name: 'This site' }).click()
  await expect(popup.getByRole('alert')).toHaveCount(0)
  // Neither is it held against the site: it may ask again.
  const again = await keyhearth.context.newPage()
  await again.goto(site.origin)
  await keyhearth.consent(() => again.evaluate(requestProvider))
})
