// The built extension in a real Chromium, as every end-to-end test gets it: a fresh profile, the sample
// page on this machine, and the means to lock, kill and restart.

import { createHash } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import {
  type BrowserContext,
  test as base,
  chromium,
  expect,
  type Frame,
  type Page,
  type Worker,
} from '@playwright/test'
import type { Browser } from 'wxt/browser'
import { chromiumFlags, findChromium } from '../../scripts/browser.ts'
import { type Site, serve } from '../../scripts/serve.ts'
import { isUntouched, putAside, renew, startOn } from './renewal.ts'

export { expect }

/** The extension's own API, inside the worker. */
declare const chrome: typeof Browser

/** Argon2id on a busy machine; `npm start` and the bench come here, too, without the tests' own limits. */
const unlockMs = 30_000

export const passphrase = 'correct horse battery staple'
const extension = resolve(process.env['KEYHEARTH_BUILD'] ?? '.output/chrome-mv3')
const sample = resolve('assets/sample')
/** A file of the extension that runs nothing of it. */
const inert = 'icon/16.png'

/** The id Chromium gives an unpacked extension: 128 bits of its path's hash, in the letters a to p. */
export function extensionId(folder: string): string {
  const hash = createHash('sha256').update(realpathSync(folder)).digest('hex')
  return hash.slice(0, 32).replace(/./g, (digit) => 'abcdefghijklmnop'.charAt(parseInt(digit, 16)))
}

/** A browser with the extension, on a profile that outlives it. */
export class Keyhearth {
  readonly profile = mkdtempSync(join(tmpdir(), 'keyhearth-'))
  readonly id = extensionId(extension)
  readonly #extensions: readonly string[]
  #context: BrowserContext | null = null
  /** The vault of a browser that many tests use in turn; `null` in any other. */
  #vault: 'to be made' | 'aside' | null = null

  /** @param others folders of extensions to load as well */
  constructor(others: readonly string[] = []) {
    this.#extensions = [extension, ...others]
  }

  static async start(others?: readonly string[]): Promise<Keyhearth> {
    const keyhearth = new Keyhearth(others)
    await keyhearth.launch()
    return keyhearth
  }

  /** A browser that can be renewed; the vault of its first test serves the others too. */
  static async startForMany(): Promise<Keyhearth> {
    const keyhearth = await Keyhearth.start()
    keyhearth.#vault = 'to be made'
    return keyhearth
  }

  /** Whether another test can have this browser: not where one ended it, as a person or a power cut does. */
  get isRenewable(): boolean {
    return this.#vault !== null
  }

  /** To what it was when it had just started. */
  renew(): Promise<void> {
    return renew(this.context, this.url(inert))
  }

  get context(): BrowserContext {
    if (!this.#context) throw new Error('the browser is not running')
    return this.#context
  }

  /** Now and then a browser under load starts without its extension; it is started again then. */
  async launch(): Promise<void> {
    for (let tries = 3; ; tries--) {
      this.#context = await chromium.launchPersistentContext(this.profile, {
        executablePath: findChromium(),
        headless: process.env['HEADED'] !== '1',
        args: chromiumFlags(this.#extensions.join(',')),
        viewport: { width: 380, height: 600 },
        // Where no language is set, Chromium gives files whose names are not ASCII none of their own.
        env: { ...process.env, LC_ALL: 'C.UTF-8' },
      })
      if (await this.#isLoaded()) return
      if (tries === 0) throw new Error(`the browser does not load ${extension}`)
      console.log('the browser started without its extension; once more')
      await this.end()
    }
  }

  async #isLoaded(): Promise<boolean> {
    const page = await this.context.newPage()
    try {
      for (let i = 0; i < 40; i++) {
        const answer = await page.goto(this.url(inert)).catch(() => null)
        if (answer?.ok()) return true
        await page.waitForTimeout(100)
      }
      return false
    } finally {
      await page.close()
    }
  }

  /** The background. One that is not running is woken, as any message would wake it. */
  async worker(): Promise<Worker> {
    const isOurs = (worker: Worker) => new URL(worker.url()).host === this.id
    const running = this.context.serviceWorkers().find(isOurs)
    if (running) return running
    const page = await this.open('manager.html')
    await expect.poll(() => this.context.serviceWorkers().some(isOurs)).toBe(true)
    await page.close()
    return this.worker()
  }

  url(page: string): string {
    return `chrome-extension://${this.id}/${page}`
  }

  async open(page: string): Promise<Page> {
    const opened = await this.context.newPage()
    await opened.goto(this.url(page))
    return opened
  }

  popup(): Promise<Page> {
    return this.open('popup.html')
  }

  /** The first run up to the unlocked popup. Where nobody looks on, a vault made before is put back. */
  async createVault(secret = passphrase): Promise<Page> {
    const [page] = this.context.pages()
    const isOrdinary = secret === passphrase && isUntouched(this.context)
    if (this.#vault === null || !isOrdinary || !page) return this.#firstRun(secret)
    if (this.#vault === 'to be made') {
      const popup = await this.#firstRun(secret)
      await putAside(this.context, this.url(inert))
      this.#vault = 'aside'
      return popup
    }
    await startOn('vault', page, this.url(inert))
    const popup = await this.popup()
    await expect(popup.getByRole('tab', { name: 'Secrets' })).toBeVisible({ timeout: unlockMs })
    return popup
  }

  async #firstRun(secret: string): Promise<Page> {
    const popup = await this.popup()
    await popup.getByLabel('Passphrase', { exact: true }).fill(secret)
    await popup.getByLabel('Repeat passphrase').fill(secret)
    await popup.getByRole('button', { name: 'Create vault' }).click()
    await popup.getByRole('button', { name: 'Later' }).click()
    await expect(popup.getByRole('tab', { name: 'Secrets' })).toBeVisible({ timeout: unlockMs })
    return popup
  }

  async unlock(popup: Page, secret = passphrase): Promise<void> {
    await popup.getByLabel('Passphrase', { exact: true }).fill(secret)
    await popup.getByRole('button', { name: 'Unlock' }).click()
    await expect(popup.getByRole('tab', { name: 'Secrets' })).toBeVisible({ timeout: unlockMs })
  }

  /** A text encrypted by the person in the popup. */
  async encryptText(text: string): Promise<string> {
    const popup = await this.open('popup.html?view=text')
    await fillText(popup, text)
    await popup.getByRole('button', { name: 'Encrypt', exact: true }).click()
    const message = await popup.getByLabel('Result', { exact: true }).textContent()
    await popup.close()
    return message ?? ''
  }

  async addSecret(popup: Page, name: string, value: string): Promise<void> {
    await popup.getByRole('tab', { name: 'Secrets' }).click()
    await popup.getByRole('button', { name: 'Add secret' }).click()
    await popup.getByLabel('Name', { exact: true }).fill(name)
    await popup.getByLabel('Value', { exact: true }).fill(value)
    await popup.getByRole('button', { name: 'Save' }).click()
    await expect(popup.getByRole('button', { name, exact: true })).toBeVisible()
  }

  /** Ends the service worker as Chromium does after 30 idle seconds. */
  async killWorker(): Promise<void> {
    const page = await this.context.newPage()
    const session = await this.context.newCDPSession(page)
    await session.send('ServiceWorker.enable')
    await session.send('ServiceWorker.stopAllWorkers')
    await page.close()
  }

  /** Ends the browser: as a person does, or as a power cut does. */
  async end(how: 'close' | 'kill' = 'close'): Promise<void> {
    this.#vault = null
    if (how === 'kill') await this.#killProcesses()
    await this.context.close().catch(() => {})
    this.#context = null
  }

  /** All of them, so that the one that writes files gets no time to finish either. */
  async #killProcesses(): Promise<void> {
    const session = await this.context.browser()?.newBrowserCDPSession()
    const { processInfo } = (await session?.send('SystemInfo.getProcessInfo')) ?? {}
    if (!processInfo?.length) throw new Error('the browser did not say what processes it has')
    for (const { id } of processInfo) killIfThere(id)
  }

  async restart(how: 'close' | 'kill' = 'close'): Promise<void> {
    await this.end(how)
    await this.launch()
  }

  /** The consent window that opens because of `act`. */
  consent(act: () => Promise<unknown>): Promise<Page> {
    return this.opened('consent.html', act)
  }

  /** The window of the extension that opens because of `act`. Its address may arrive after it does. */
  async opened(address: string, act: () => Promise<unknown>): Promise<Page> {
    const before = new Set(this.context.pages())
    await act()
    const find = () =>
      this.context.pages().find((page) => !before.has(page) && page.url().includes(address))
    await expect.poll(() => find() !== undefined, { message: `${address} opens` }).toBe(true)
    const page = find()
    if (!page) throw new Error(`${address} closed at once`)
    await page.waitForLoadState()
    return page
  }

  /** What a click on the context menu's entry does, in the browser's own words to the extension. */
  async chooseMenu(
    page: Page,
    menuItemId: 'encrypt-selection' | 'decrypt-selection' | 'compose',
    frame: Frame = page.mainFrame(),
  ) {
    const selectionText = await frame.evaluate(() => String(getSelection()))
    const frameUrl = frame === page.mainFrame() ? null : frame.url()
    const worker = await this.worker()
    await worker.evaluate(
      async ([id, selection, pageUrl, frameAddress]) => {
        const [tab] = await chrome.tabs.query({ url: `${new URL(pageUrl).origin}/*` })
        const event = chrome.contextMenus.onClicked as unknown as {
          dispatch(info: object, tab: object | undefined): void
        }
        const info = { menuItemId: id, frameId: 0, pageUrl, selectionText: selection }
        if (frameAddress === null) return event.dispatch(info, tab)
        const all = await chrome.scripting.executeScript({
          target: { tabId: tab?.id ?? -1, allFrames: true },
          func: () => location.href,
        })
        const frameId = all.find(({ result }) => result === frameAddress)?.frameId
        if (frameId === undefined) throw new Error(`no frame shows ${frameAddress}`)
        event.dispatch({ ...info, frameId, frameUrl: frameAddress }, tab)
      },
      [menuItemId, selectionText, page.url(), frameUrl] as const,
    )
  }

  async dispose(): Promise<void> {
    await this.end().catch(() => {})
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

function killIfThere(processId: number): void {
  try {
    process.kill(processId, 'SIGKILL')
  } catch {
    // It went with the browser's own process, the first in the list.
  }
}

/** One browser after the other, each for as many tests as it is good for. */
class Browsers {
  #last: Keyhearth | null = null

  async next(): Promise<Keyhearth> {
    if (this.#last?.isRenewable) {
      await this.#last.renew()
      return this.#last
    }
    await this.end()
    this.#last = await Keyhearth.startForMany()
    return this.#last
  }

  async end(): Promise<void> {
    await this.#last?.dispose()
    this.#last = null
  }
}

interface Fixtures {
  readonly keyhearth: Keyhearth
  /** The sample page, and whatever pages a test makes. */
  readonly site: Site
  /** Another origin. */
  readonly otherSite: Site
  /** For tests that look into the profile or reload the extension: a browser no other test has. */
  readonly ownBrowser: boolean
}

export const test = base.extend<Fixtures, { readonly browsers: Browsers }>({
  browsers: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture needs here.
    async ({}, use) => {
      const browsers = new Browsers()
      await use(browsers)
      await browsers.end()
    },
    { scope: 'worker' },
  ],
  ownBrowser: [false, { option: true }],
  keyhearth: async ({ browsers, ownBrowser }, use) => {
    if (ownBrowser) {
      const keyhearth = await Keyhearth.start()
      await use(keyhearth)
      await keyhearth.dispose()
    } else {
      await use(await browsers.next())
    }
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  site: async ({}, use) => {
    const site = await serve(sample)
    await use(site)
    site.close()
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  otherSite: async ({}, use) => {
    const site = await serve(sample)
    await use(site)
    site.close()
  },
})

/** Opens a page of a site and connects it, as the person would. */
export async function connect(
  keyhearth: Keyhearth,
  url: string,
  answer: 'Allow once' | 'Allow on this site' = 'Allow on this site',
  rights: readonly string[] = ['messages'],
): Promise<Page> {
  const page = await keyhearth.context.newPage()
  await page.goto(url)
  const consent = await keyhearth.consent(() => page.evaluate(requestRights, rights))
  await consent.getByRole('button', { name: answer }).click()
  await expectProvider(page, true)
  return page
}

/** Asked by clock: a page behind another window draws no frames to be asked at. */
export async function expectProvider(page: Page, there: boolean): Promise<void> {
  await expect.poll(() => page.evaluate(() => 'keyhearth' in window)).toBe(there)
}

/** What a page does to ask. Runs in the page. */
export function requestProvider(): void {
  dispatchEvent(new CustomEvent('keyhearth:request', { detail: { rights: ['messages'] } }))
}

/** The same for other rights. */
export function requestRights(rights: readonly string[]): void {
  dispatchEvent(new CustomEvent('keyhearth:request', { detail: { rights } }))
}

/** Into the popup's Text tab. What was half-typed before comes back there first, and would mix with it. */
export async function fillText(popup: Page, text: string): Promise<void> {
  const kept = await operate<{ Value: string | null }>(popup, 'keyhearth:GetDraft', {
    Form: 'text',
  })
  const field = popup.getByRole('textbox', { name: 'Text' })
  if (kept.Value !== null) await expect(field).toHaveValue(JSON.parse(kept.Value).text)
  await field.fill(text)
}

/** What pressing the shortcut does, in the browser's own words to the extension. */
export async function compose(keyhearth: Keyhearth, page: Page): Promise<Page> {
  await page.bringToFront()
  const worker = await keyhearth.worker()
  const press = (url: string) =>
    worker.evaluate(async (address) => {
      const inFront = await chrome.tabs.query({ active: true, windowType: 'normal' })
      const tab = inFront.find((one) => one.url === address)
      const event = chrome.commands.onCommand as unknown as {
        dispatch(command: string, tab: object): void
      }
      if (tab) event.dispatch('compose', tab)
      return tab !== undefined
    }, url)
  return keyhearth.opened('compose.html', () => expect.poll(() => press(page.url())).toBe(true))
}

/** An operation, asked for by a page of the extension. Rejects with the code it is refused with. */
export const operate = <Output = Readonly<Record<string, never>>>(
  page: Page | Frame,
  operation: string,
  input: object,
): Promise<Output> =>
  page.evaluate(
    async ([name, given]) => {
      const id = crypto.randomUUID()
      const call = { keyhearth: 1, type: 'call', id, operation: name, input: given }
      const reply = await chrome.runtime.sendMessage(call)
      if (!reply?.ok) throw new Error(reply?.error?.code ?? 'no answer')
      return reply.output
    },
    [operation, input] as const,
  )
