// ui: what the person sees; speaks the protocol like any other client. This file: the web page before the person.

import { useEffect, useState } from 'preact/hooks'
import { browser } from 'wxt/browser'

export interface WebPage {
  readonly tabId: number
  readonly url: string
  readonly origin: string
}

/** The active tab; where Keyhearth itself stands in that, the web page last looked at. */
export async function activePage(): Promise<WebPage | null> {
  const [active] = await browser.tabs.query({ active: true, currentWindow: true })
  const isOwn = active?.url?.startsWith(browser.runtime.getURL('/')) ?? true
  const tabs = isOwn ? await browser.tabs.query({}) : []
  const [recent] = tabs
    .filter(({ url }) => webOrigin(url) !== null)
    .sort((left, right) => (right.lastAccessed ?? 0) - (left.lastAccessed ?? 0))
  const { id, url } = recent ?? active ?? {}
  const origin = webOrigin(url)
  return origin !== null && url !== undefined && id !== undefined
    ? { tabId: id, url, origin }
    : null
}

function webOrigin(url: string | undefined): string | null {
  if (url === undefined || !URL.canParse(url)) return null
  const { protocol, origin } = new URL(url)
  return protocol === 'https:' || protocol === 'http:' ? origin : null
}

/** `undefined` until it is known. A page that the tab is led to while the popup is open is another one. */
export function useActivePage(): WebPage | null | undefined {
  const [page, setPage] = useState<WebPage | null>()
  useEffect(() => {
    const look = () => void activePage().then(setPage, () => setPage(null))
    const updated = (_tabId: number, { url }: { readonly url?: string }) => url && look()
    look()
    browser.tabs.onActivated.addListener(look)
    browser.tabs.onUpdated.addListener(updated)
    return () => {
      browser.tabs.onActivated.removeListener(look)
      browser.tabs.onUpdated.removeListener(updated)
    }
  }, [])
  return page
}
