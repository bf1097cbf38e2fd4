// gate: who asks, may they, dispatch, record. This file: reaching the documents of web pages.

import { browser } from 'wxt/browser'
import type { Notice } from '../protocol/messages.ts'
import type { PagePrincipal } from '../protocol/principals.ts'

export type Document = Pick<PagePrincipal, 'tabId' | 'frameId' | 'documentId'>

/** One name for a document; where the browser has no document ids, the frame stands for it. */
export const documentKey = ({ tabId, frameId, documentId }: Document): string =>
  documentId === '' ? `${tabId}/${frameId}` : documentId

const target = ({ frameId, documentId }: Document) =>
  documentId === '' ? { frameId } : { documentId }

/** The relay's answer, or `null` where the document is gone or its relay is from before an update. */
export async function notify(document: Document, notice: Notice): Promise<unknown> {
  try {
    return await browser.tabs.sendMessage(document.tabId, notice, target(document))
  } catch {
    return null
  }
}

/** All frames of a tab hear it; an answer comes from the first that has one. */
export async function notifyTab(tabId: number, notice: Notice): Promise<unknown> {
  try {
    return await browser.tabs.sendMessage(tabId, notice)
  } catch {
    return null
  }
}

/** Runs the provider in one document, if it is still there. */
export const injectProvider = (document: Document): Promise<boolean> =>
  inject(document, 'MAIN', '/provider.js')

/** The same for the reader, which the page's own scripts cannot reach. */
export const injectReader = (document: Document): Promise<boolean> =>
  inject(document, 'ISOLATED', '/reader.js')

/** What fills forms, in each frame of a tab: the one with the focus goes on. */
export async function injectFiller(tabId: number): Promise<void> {
  try {
    await browser.scripting.executeScript({
      target: { tabId, allFrames: true },
      injectImmediately: true,
      files: ['/filler.js'],
    })
  } catch {
    // A tab that may not be reached is one that nobody answers from.
  }
}

async function inject(
  { tabId, frameId, documentId }: Document,
  world: 'MAIN' | 'ISOLATED',
  file: '/provider.js' | '/reader.js',
): Promise<boolean> {
  try {
    await browser.scripting.executeScript({
      target:
        documentId === '' ? { tabId, frameIds: [frameId] } : { tabId, documentIds: [documentId] },
      world,
      injectImmediately: true,
      files: [file],
    })
    return true
  } catch {
    return false
  }
}

/**
 * A match pattern for an origin. Chromium matches ports; Firefox has no ports in patterns, so there the
 * script also runs on other ports of the host and finds itself not attached (provider).
 */
function originPattern(origin: string): string {
  const { protocol, hostname, host } = new URL(origin)
  return `${protocol}//${import.meta.env.FIREFOX ? hostname : host}/*`
}

export async function documentsOf(origins: readonly string[]): Promise<Document[]> {
  if (origins.length === 0) return []
  const tabs = await browser.tabs.query({ url: origins.map(originPattern) })
  return tabs.flatMap(({ id }) =>
    id === undefined ? [] : [{ tabId: id, frameId: 0, documentId: '' }],
  )
}

/**
 * Brings the browser's registered scripts in line with the connected origins. They are not persisted by
 * the browser, which would keep the origins in clear in the profile; every start registers them anew.
 */
export async function registerProviders(origins: readonly string[]): Promise<void> {
  const registered = await browser.scripting.getRegisteredContentScripts()
  const present = new Set(registered.map(({ id }) => id))
  const gone = [...present].filter((id) => !origins.includes(id))
  if (gone.length > 0) await browser.scripting.unregisterContentScripts({ ids: gone })
  const missing = origins.filter((origin) => !present.has(origin))
  if (missing.length === 0) return
  await browser.scripting.registerContentScripts(
    missing.map((origin) => ({
      id: origin,
      matches: [originPattern(origin)],
      js: ['/provider.js'],
      world: 'MAIN',
      runAt: 'document_start',
      // A frame learns from its relay whether it is one of this site alone.
      allFrames: true,
      persistAcrossSessions: false,
    })),
  )
}
