// gate: who asks, may they, dispatch, record. This file: Keyhearth's own window, which no page can draw over.

import { browser } from 'wxt/browser'

export async function openWindow(query: string): Promise<void> {
  const url = browser.runtime.getURL('/popup.html') + query
  await browser.windows.create({ type: 'popup', focused: true, url, width: 400, height: 660 })
}
