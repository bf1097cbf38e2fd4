// The built extension in a real Firefox: create a vault, encrypt, decrypt, be a page's keyhearth.
// Run by itself (scripts/test.ts): Firefox is driven by WebDriver BiDi, which Playwright's own runner
// does not speak to a Firefox as people have it.

import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core'
import { findFirefox } from '../../scripts/browser.ts'
import { serve } from '../../scripts/serve.ts'

const addonId = 'keyhearth@keyhearth.example'
/** Fixed here, so that the test knows the address; otherwise Firefox draws one at random. */
const address = 'moz-extension://11111111-2222-4333-8444-555555555555'
const passphrase = 'correct horse battery staple'
const patienceMs = 30_000

const selectors = {
  button: 'button',
  tab: '[role="tab"]',
  field: 'input, textarea',
} as const

/** The one enabled control of that name. Firefox's own search by name also finds parts of names. */
async function control(page: Page, kind: keyof typeof selectors, name: string) {
  const found = await page.waitForFunction(
    (selector, wanted) => {
      const words = (element: Element) =>
        (element as HTMLInputElement).labels?.[0]?.textContent ??
        element.getAttribute('aria-label') ??
        element.textContent
      const all = [...document.querySelectorAll(`:is(${selector}):enabled`)]
      return all.find((element) => words(element)?.trim() === wanted)
    },
    { timeout: patienceMs },
    selectors[kind],
    name,
  )
  return (found as ElementHandle<HTMLInputElement>).asLocator().setTimeout(patienceMs)
}

async function press(page: Page, kind: 'button' | 'tab', name: string): Promise<void> {
  await (await control(page, kind, name)).click()
}

async function fill(page: Page, name: string, text: string): Promise<void> {
  await (await control(page, 'field', name)).fill(text)
}

async function launch(path: string): Promise<Browser> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: path,
    headless: true,
    // Without it only web pages can be driven, not the extension's own.
    args: ['--remote-allow-system-access'],
    extraPrefsFirefox: {
      'extensions.webextensions.uuids': JSON.stringify({ [addonId]: new URL(address).host }),
    },
  })
  await browser.installExtension(resolve('.output/firefox-mv3'))
  return browser
}

async function openPopup(browser: Browser): Promise<Page> {
  const page = await browser.newPage()
  // Firefox goes there and never says so: what counts is where it arrives.
  page.goto(`${address}/popup.html`, { timeout: 2_000 }).catch(() => {})
  await page.waitForFunction(
    (url) => location.href.startsWith(url),
    { timeout: patienceMs },
    address,
  )
  return page
}

async function createVault(popup: Page): Promise<void> {
  await fill(popup, 'Passphrase', passphrase)
  await fill(popup, 'Repeat passphrase', passphrase)
  await press(popup, 'button', 'Create vault')
  await press(popup, 'button', 'Later')
}

async function unlock(popup: Page): Promise<void> {
  await press(popup, 'button', 'Lock')
  await fill(popup, 'Passphrase', passphrase)
  await press(popup, 'button', 'Unlock')
}

/** What the Text tab makes of a text. */
async function onTextTab(popup: Page, text: string, button: 'Encrypt' | 'Decrypt') {
  await press(popup, 'tab', 'Text')
  await fill(popup, 'Text', text)
  await press(popup, 'button', button)
  const output = await popup.waitForSelector('output[aria-label="Result"]', { timeout: patienceMs })
  return (await output?.evaluate((element) => element.textContent)) ?? ''
}

/** Each page is asked where it is: of pages of extensions the browser itself reports `about:blank`. */
async function consentWindow(browser: Browser): Promise<Page> {
  const end = Date.now() + patienceMs
  while (Date.now() < end) {
    for (const page of await browser.pages()) {
      const path = await page.evaluate(() => location.pathname).catch(() => '')
      if (path === '/consent.html') return page
    }
    await setTimeout(100)
  }
  throw new Error('no consent window opened')
}

async function noteOf(page: Page, pattern: string): Promise<string> {
  await page.waitForFunction(
    (wanted) => new RegExp(wanted).test(document.querySelector('textarea')?.value ?? ''),
    { timeout: patienceMs },
    pattern,
  )
  return page.$eval('textarea', (area) => area.value)
}

async function pageApi(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage()
  await page.goto(url)
  assert.equal(await page.evaluate(() => 'keyhearth' in window), false, 'nothing before consent')
  const before = await noteOf(page, '.')
  await press(page, 'button', 'Connect Keyhearth')
  await press(await consentWindow(browser), 'button', 'Allow on this site')
  await press(page, 'button', 'Encrypt note')
  await noteOf(page, '^-----BEGIN KEYHEARTH MESSAGE-----')
  await press(page, 'button', 'Decrypt note')
  await noteOf(page, `^${before.slice(0, 12)}`)
}

async function journey(browser: Browser, url: string): Promise<void> {
  const popup = await openPopup(browser)
  await createVault(popup)
  console.log('created a vault')
  const message = await onTextTab(popup, 'seen in Firefox', 'Encrypt')
  assert.match(message, /^-----BEGIN KEYHEARTH MESSAGE-----/)
  console.log('encrypted a text')
  await unlock(popup)
  assert.equal(await onTextTab(popup, message, 'Decrypt'), 'seen in Firefox')
  console.log('locked, unlocked, decrypted it')
  await pageApi(browser, url)
  console.log('a page connected, encrypted and decrypted its note')
}

const found = findFirefox()
if ('missing' in found) {
  console.log(`skipped: Firefox: ${found.missing}`)
  process.exit(0)
}
const site = await serve(resolve('assets/sample'))
const browser = await launch(found.path)
try {
  await journey(browser, site.origin)
} finally {
  await browser.close()
  site.close()
}
