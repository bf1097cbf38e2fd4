// gate: who asks, may they, dispatch, record. This file: who asks, from the browser's word alone.

import { type Browser, browser } from 'wxt/browser'
import type { ExtensionPage, PagePrincipal, Principal } from '../protocol/principals.ts'

export type Sender = Browser.runtime.MessageSender

const extensionPages: ReadonlyMap<string, ExtensionPage> = new Map([
  ['/popup.html', 'popup'],
  ['/manager.html', 'manager'],
  ['/consent.html', 'consent'],
  ['/compose.html', 'compose'],
])

export const overlayPath = '/overlay.html'

const parseUrl = (url: string | undefined): URL | null =>
  url !== undefined && URL.canParse(url) ? new URL(url) : null

/** The principal behind a message, or `null` for anyone Keyhearth does not talk to. */
export function principalOf(sender: Sender): Principal | null {
  if (sender.id !== browser.runtime.id) return null
  const url = parseUrl(sender.url)
  if (!url) return null
  if (url.href.startsWith(browser.runtime.getURL('/'))) {
    const tabId = sender.tab?.id
    if (url.pathname === overlayPath) {
      const framed = tabId !== undefined && sender.frameId !== 0
      return framed ? { kind: 'person', page: 'overlay', tabId } : null
    }
    const page = extensionPages.get(url.pathname)
    return page ? { kind: 'person', page } : null
  }
  return pagePrincipal(sender, url)
}

/**
 * A document on an origin the network cannot forge: a tab's top one, or a frame. A frame of the top's very origin
 * is of the same site; one of another origin is a site of its own, which both origins name. What stands between
 * a frame and its top the browser does not say: the relay keeps out whoever has strangers there.
 */
function pagePrincipal(sender: Sender, url: URL): PagePrincipal | null {
  const { tab, frameId, documentId = '', documentLifecycle = 'active' } = sender
  const { origin = url.origin } = sender
  if (tab?.id === undefined || frameId === undefined || !isTrustworthy(origin)) return null
  const document = { tabId: tab.id, frameId, documentId }
  const top = frameId === 0 ? origin : parseUrl(tab.url)?.origin
  if (top === origin) return { kind: 'page', origin, ...document }
  // A page that is loaded ahead is no frame of the one the person still looks at.
  if (top === undefined || !isTrustworthy(top) || documentLifecycle !== 'active') return null
  return { kind: 'page', origin, top, ...document }
}

/** A frame that is being left: the tab may show another page by now, whose frame it never was. */
export const isLeaving = ({ frameId, documentLifecycle }: Sender): boolean =>
  frameId !== 0 && (documentLifecycle === 'pending_deletion' || documentLifecycle === 'cached')

/** A document whose messages the person may read in place. */
export interface Readable {
  readonly origin: string
  readonly tabId: number
  readonly frameId: number
  readonly documentId: string
}

/**
 * A document of a tab's own site: the top one, or a frame of the very same origin. A frame of another site
 * could put words beside a message that seem to be the site's.
 */
export function readableOf(sender: Sender): Readable | null {
  const { tab, frameId, documentId = '', origin = parseUrl(sender.url)?.origin } = sender
  if (sender.id !== browser.runtime.id || tab?.id === undefined || frameId === undefined)
    return null
  if (origin === undefined || !/^https?:/.test(origin)) return null
  if (parseUrl(tab.url)?.origin !== origin) return null
  return { origin, tabId: tab.id, frameId, documentId }
}

/**
 * HTTPS, or this machine (W3C Secure Contexts section 3.1). Opaque origins are the string "null". A host with a dot at its
 * end is another origin than the one without, and looks the same to people and to the browser's own patterns.
 */
export function isTrustworthy(origin: string): boolean {
  const url = parseUrl(origin)
  if (!url || url.origin !== origin || url.hostname.endsWith('.')) return false
  if (url.protocol === 'https:') return true
  const { hostname } = url
  const here =
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  return url.protocol === 'http:' && here
}
