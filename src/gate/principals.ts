// gate: who asks, may they, dispatch, record. This file: who asks, from the browser's word alone.

import { type Browser, browser } from 'wxt/browser'
import type { ExtensionPage, PagePrincipal, Principal } from '../protocol/principals.ts'

export type Sender = Browser.runtime.MessageSender

const extensionPages: ReadonlyMap<string, ExtensionPage> = new Map([
  ['/popup.html', 'popup'],
  ['/manager.html', 'manager'],
  ['/consent.html', 'consent'],
])

const parseUrl = (url: string | undefined): URL | null =>
  url !== undefined && URL.canParse(url) ? new URL(url) : null

/** The principal behind a message, or `null` for anyone Keyhearth does not talk to. */
export function principalOf(sender: Sender): Principal | null {
  if (sender.id !== browser.runtime.id) return null
  const url = parseUrl(sender.url)
  if (!url) return null
  if (url.href.startsWith(browser.runtime.getURL('/'))) {
    const page = extensionPages.get(url.pathname)
    return page ? { kind: 'person', page } : null
  }
  return pagePrincipal(sender, url)
}

/**
 * Only the top document of a tab, on an origin the network cannot forge. A frame inside another site
 * could borrow that site's look and the person's trust in it.
 */
function pagePrincipal(sender: Sender, url: URL): PagePrincipal | null {
  const origin = sender.origin ?? url.origin
  const tabId = sender.tab?.id
  if (tabId === undefined || sender.frameId !== 0 || !isTrustworthy(origin)) return null
  return { kind: 'page', origin, tabId, frameId: 0, documentId: sender.documentId ?? '' }
}

/** HTTPS, or this machine (W3C Secure Contexts section 3.1). Opaque origins are the string "null". */
export function isTrustworthy(origin: string): boolean {
  const url = parseUrl(origin)
  if (!url || url.origin !== origin) return false
  if (url.protocol === 'https:') return true
  const { hostname } = url
  const here =
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  return url.protocol === 'http:' && here
}
