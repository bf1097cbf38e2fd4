// Design section 2, "Lock": by idleness, by a locked screen, by the shortcut; and every window follows.

import type { Browser } from 'wxt/browser'
import { connect, expect, expectProvider, type Keyhearth, test } from './keyhearth.ts'

/** The extension's own API, inside the worker. */
declare const chrome: typeof Browser

/** What the browser tells the worker. */
async function tell(keyhearth: Keyhearth, event: 'idle' | 'command', word: string): Promise<void> {
  const worker = await keyhearth.worker()
  await worker.evaluate(
    ([which, argument]) => {
      const source = which === 'idle' ? chrome.idle.onStateChanged : chrome.commands.onCommand
      ;(source as unknown as { dispatch(word: string): void }).dispatch(argument)
    },
    [event, word] as const,
  )
}

for (const [event, word] of [
  ['idle', 'idle'],
  ['idle', 'locked'],
  ['command', 'lock'],
] as const) {
  test(`${event} “${word}” locks, and an open popup shows it at once`, async ({ keyhearth }) => {
    const popup = await keyhearth.createVault()
    await keyhearth.addSecret(popup, 'visible title', 'value')
    await tell(keyhearth, event, word)
    await expect(popup.getByRole('button', { name: 'Unlock' })).toBeVisible()
    await expect(popup.getByText('visible title')).toHaveCount(0)
  })
}

test('a locked screen does not lock where the person chose so', async ({ keyhearth }) => {
  const popup = await keyhearth.createVault()
  const manager = await keyhearth.open('manager.html')
  await manager.getByLabel('Lock when the screen locks').uncheck()
  await manager.getByRole('button', { name: 'Save settings' }).click()
  await expect(manager.getByText('Settings saved.')).toBeVisible()
  await tell(keyhearth, 'idle', 'locked')
  await popup.reload()
  await expect(popup.getByRole('tab', { name: 'Secrets' })).toBeVisible()
  await tell(keyhearth, 'idle', 'idle')
  await expect(popup.getByRole('button', { name: 'Unlock' })).toBeVisible()
})

test('a page hears of locking and unlocking, and can leave for good', async ({
  keyhearth,
  site,
}) => {
  const popup = await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  await page.evaluate(() => {
    const heard: string[] = []
    Object.assign(window, { heard })
    for (const name of ['lock', 'unlock']) {
      window.keyhearth.addEventListener(name, () => heard.push(name))
    }
  })
  await popup.bringToFront()
  await popup.getByRole('button', { name: 'Lock' }).click()
  await keyhearth.unlock(popup)
  await expect.poll(() => page.evaluate('heard')).toEqual(['lock', 'unlock'])
  await page.evaluate(() => window.keyhearth.disconnect())
  await expectProvider(page, false)
  await page.reload()
  await expectProvider(page, false)
})
