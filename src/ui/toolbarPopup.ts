// ui: what the person sees; speaks the protocol like any other client. This file: whether this is the toolbar's popup,
// which takes its size from its content, and which closes as soon as something else has the focus.

import { browser } from 'wxt/browser'

/** Firefox gives pages of the extension that stand in a web page no views. */
export const isToolbarPopup = (): boolean =>
  browser.extension.getViews?.({ type: 'popup' }).includes(globalThis.window) ?? false

/** The same in a window of its own, which stays. */
export async function openAside(): Promise<void> {
  const url = browser.runtime.getURL('/popup.html')
  await browser.windows.create({ type: 'popup', focused: true, url, width: 400, height: 660 })
  close()
}
