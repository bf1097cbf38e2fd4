// One browser for many tests: what a test leaves behind in it is gone before the next one begins, and the vault
// that nearly every test begins with is made once and put back.

import type { BrowserContext, Page } from '@playwright/test'
import type { Browser } from 'wxt/browser'

/** Inside extension pages. */
declare const chrome: typeof Browser

/** What the extension keeps: nothing, as in a new profile, or the vault that was put aside. */
export type Content = 'nothing' | 'vault'

/** What the browser keeps of web pages, IndexedDB aside: no test's page uses it, and the vault lies there. */
const storageOfPages = 'cookies,local_storage,cache_storage'

/** An address that is no page of any site, nor one of the extension. */
const nowhere = 'about:blank'

export const isUntouched = (context: BrowserContext): boolean =>
  context.pages().every((page) => page.url() === nowhere)

/**
 * Puts the vault that is there now aside, in a database of its own: its keys can be copied within the
 * browser, and not be read out of it.
 * @param file an address of the extension that runs nothing of it
 */
export async function putAside(context: BrowserContext, file: string): Promise<void> {
  const page = await context.newPage()
  await page.goto(file)
  await page.evaluate(copyAside)
  await page.close()
}

/** Leaves the browser with one empty page, and nothing of what a test did. */
export async function renew(context: BrowserContext, file: string): Promise<void> {
  const before = context.pages()
  const page = await context.newPage()
  await Promise.all(before.map((one) => one.close()))
  await context.unrouteAll()
  await context.clearPermissions()
  await startOn('nothing', page, file)
  const session = await context.newCDPSession(page)
  await session.send('Storage.clearDataForOrigin', { origin: '*', storageTypes: storageOfPages })
  await session.detach()
}

/** By a page of no worth: the extension ends, and will start on this content. */
export async function startOn(content: Content, page: Page, file: string): Promise<void> {
  await page.goto(file)
  const session = await page.context().newCDPSession(page)
  await session.send('ServiceWorker.enable')
  await session.send('ServiceWorker.stopAllWorkers')
  await page.evaluate(putBack, content)
  // One that woke up meanwhile, because a page was closed, may have read what was there before.
  await session.send('ServiceWorker.stopAllWorkers')
  await session.detach()
  await page.goto(nowhere)
}

interface Aside {
  readonly rows: readonly (readonly [store: string, rows: readonly unknown[]])[]
  readonly local: Record<string, unknown>
  readonly session: Record<string, unknown>
}

/** Runs in a page of the extension, as the next one does. */
async function copyAside(): Promise<void> {
  const result = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  const vault = await result(indexedDB.open('keyhearth'))
  const stores = [...vault.objectStoreNames]
  const transaction = vault.transaction(stores)
  const read = async (store: string) =>
    [store, await result(transaction.objectStore(store).getAll())] as const
  const aside: Aside = {
    rows: await Promise.all(stores.map(read)),
    local: await chrome.storage.local.get(),
    session: await chrome.storage.session.get(),
  }
  vault.close()
  const opening = indexedDB.open('aside')
  opening.onupgradeneeded = () => opening.result.createObjectStore('aside')
  const database = await result(opening)
  await result(database.transaction('aside', 'readwrite').objectStore('aside').put(aside, 'vault'))
  database.close()
}

async function putBack(content: Content): Promise<void> {
  const result = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  let aside: Aside = { rows: [], local: {}, session: {} }
  if (content === 'vault') {
    const database = await result(indexedDB.open('aside'))
    aside = await result(database.transaction('aside').objectStore('aside').get('vault'))
    database.close()
  }
  const vault = await result(indexedDB.open('keyhearth'))
  const stores = [...vault.objectStoreNames]
  const transaction = vault.transaction(stores, 'readwrite', { durability: 'strict' })
  for (const store of stores) transaction.objectStore(store).clear()
  for (const [store, rows] of aside.rows) {
    for (const row of rows) transaction.objectStore(store).put(row)
  }
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve
    transaction.onabort = () => reject(transaction.error)
  })
  vault.close()
  await chrome.storage.local.clear()
  await chrome.storage.session.clear()
  await chrome.storage.local.set(aside.local)
  await chrome.storage.session.set(aside.session)
  await chrome.alarms.clearAll()
  await chrome.scripting.unregisterContentScripts()
  await chrome.action.setBadgeText({ text: '' })
}
