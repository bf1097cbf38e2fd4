// The popup as the toolbar opens it, where it takes its size from its content; a tab does not show that.

import type { Browser } from 'wxt/browser'
import { expect, type Keyhearth, test } from './keyhearth.ts'

declare const chrome: typeof Browser

/** Opens the toolbar popup; gives the size its content asks for, seen from another page of Keyhearth. */
async function toolbarPopupSize(keyhearth: Keyhearth) {
  const manager = await keyhearth.open('manager.html')
  const worker = await keyhearth.worker()
  await worker.evaluate(() => chrome.action.openPopup())
  const measure = () =>
    manager.evaluate(() => {
      const views = chrome.extension.getViews({ type: 'popup' })
      const [popup] = views as unknown as (Window | undefined)[]
      if (!popup?.document.querySelector('h1')) return null
      const { offsetWidth: width, scrollWidth, offsetHeight: height } = popup.document.body
      return { width, height, scrollsSideways: scrollWidth > width }
    })
  await expect.poll(measure).not.toBeNull()
  return measure()
}

// The window itself is smaller here than a person's: headless Chromium fits it to a small screen.
test('the toolbar popup asks for 380 by 600 pixels', async ({ keyhearth }) => {
  const size = { width: 380, height: 600, scrollsSideways: false }
  expect(await toolbarPopupSize(keyhearth), 'first run').toEqual(size)
})

test('the unlocked toolbar popup asks for 380 by 600 pixels', async ({ keyhearth }) => {
  await (await keyhearth.createVault()).close()
  const size = { width: 380, height: 600, scrollsSideways: false }
  expect(await toolbarPopupSize(keyhearth), 'unlocked').toEqual(size)
})
