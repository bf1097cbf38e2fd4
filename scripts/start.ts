// `npm start`: builds Keyhearth and opens it in Chromium, beside a sample page. Where there is no
// display it walks the same way by itself, says what it saw and leaves screenshots.

import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { type BrowserContext, chromium } from '@playwright/test'
import type { Browser } from 'wxt/browser'
import { chromiumFlags, findChromium } from './browser.ts'
import { journey } from './journey.ts'
import { buildSample } from './sample.ts'
import { type Site, serve } from './serve.ts'

/** The extension's own API, inside the worker. */
declare const chrome: typeof Browser

const extension = resolve('.output/chrome-mv3')
const profile = resolve('.output/profile')

const hasDisplay = (): boolean =>
  process.platform !== 'linux' ||
  Boolean(process.env['DISPLAY']) ||
  Boolean(process.env['WAYLAND_DISPLAY'])

function build(): void {
  const { status } = spawnSync('wxt', ['build'], { stdio: 'inherit' })
  if (status !== 0) throw new Error('The build failed; what is wrong stands above.')
}

/** The popup in a window of its own, where it stays open while the person marks text elsewhere. */
async function openPopup(context: BrowserContext): Promise<void> {
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))
  await worker.evaluate(async () => {
    const { left = 0, width = 0 } = await chrome.windows.getLastFocused()
    const place = { left: left + width - 420, top: 120, width: 400, height: 660 }
    await chrome.windows.create({ url: 'popup.html', type: 'popup', ...place })
  })
}

async function open(executablePath: string, site: Site): Promise<void> {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: false,
    args: chromiumFlags(extension),
    // A browser for a person, who sizes the window and wants no notice of being controlled.
    ignoreDefaultArgs: ['--enable-automation'],
    viewport: null,
  })
  const closed = new Promise((resolve) => context.once('close', resolve))
  const [first] = context.pages()
  await (first ?? (await context.newPage())).goto(site.origin)
  await openPopup(context)
  console.log(`
Keyhearth runs. Beside the sample page (${site.origin}) its popup stands open; it also opens from
the toolbar (the puzzle piece, then Keyhearth). Create a vault, mark text on the sample page and choose
"Encrypt selection" in the context menu.
The vault stays in ${profile} until you delete that folder.
Close the browser to end.`)
  await closed
}

async function main(): Promise<boolean> {
  const executablePath = findChromium()
  build()
  const site = await serve(await buildSample('.output/sample'))
  try {
    if (!hasDisplay()) return await journey(site)
    await open(executablePath, site)
    return true
  } finally {
    site.close()
  }
}

try {
  process.exit((await main()) ? 0 : 1)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
